"""The way in reaches exactly the planned ports, waits for streams and answers known hosts alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.gcp.ingress import PROBES, Ingress, IngressArgs
from sizing.plans.edge import IngressPlan
from tests.components.gcp import edge_samples, samples
from tests.components.support import Recorder, Registered, children_of, record

COMPONENT = "aigw:gcp:Ingress"
SUBNET = f"projects/{samples.PROJECT}/regions/{samples.REGION}/subnetworks/nodes"
NODES = f"nodes@{samples.PROJECT}.iam.gserviceaccount.com"
PROXIES = "10.64.96.0/20"
BUILT: list[Ingress] = []


def deploy(
    plan: IngressPlan | None = None,
    *,
    policy: str | None = None,
    protect: bool = True,
    access_logs: bool = True,
    stack: str = "prod-large-gcp",
) -> Recorder:
    args = IngressArgs(
        plan=plan or edge_samples.ingress(),
        stack=stack,
        project=samples.PROJECT,
        region=samples.REGION,
        domain="ai.example.com",
        zone="ai-example-com",
        zones=samples.ZONES,
        network=samples.NETWORK,
        nodes_subnet=SUBNET,
        proxy_subnet="proxies-id",
        proxy_cidr=PROXIES,
        node_service_account=NODES,
        policy=policy,
        labels=samples.LABELS,
        protect=protect,
        access_logs=access_logs,
    )
    BUILT.clear()
    return record(lambda: BUILT.append(Ingress("ingress", args)))


def backend(recorder: Recorder, target: str) -> dict[str, Any]:
    return recorder.one("RegionBackendService", f"-{target}-").inputs


def hosts(recorder: Recorder) -> dict[str, str]:
    """Which service each host leads to."""
    routes = recorder.one("RegionUrlMap", "routes").inputs
    services = {one["name"]: one["defaultService"] for one in routes["pathMatchers"]}
    return {
        host: services[rule["pathMatcher"]]
        for rule in routes["hostRules"]
        for host in rule["hosts"]
    }


def test_a_stream_ends_by_itself_and_clients_keep_their_connections() -> None:
    recorder = deploy()
    assert {one.inputs["timeoutSec"] for one in recorder.all("RegionBackendService")} == {3600}
    proxy = recorder.one("RegionTargetHttpsProxy").inputs
    assert proxy["httpKeepAliveTimeoutSec"] == 600


def test_pods_are_chosen_drained_and_weighed_alike_in_every_zone() -> None:
    recorder = deploy()
    service = backend(recorder, "api")
    assert service["localityLbPolicy"] == "LEAST_REQUEST"
    assert service["connectionDrainingTimeoutSec"] == 120
    assert len(service["backends"]) == len(samples.ZONES)
    weights = {
        (one["balancingMode"], one["maxRatePerEndpoint"], one["capacityScaler"])
        for one in service["backends"]
    }
    assert len(weights) == 1


def test_health_is_asked_where_each_target_answers() -> None:
    check = deploy().one("RegionHealthCheck", "mcp").inputs
    asked = check["httpHealthCheck"]
    assert (asked["requestPath"], asked["port"]) == ("/healthz/ready", 15021)
    assert asked["portSpecification"] == "USE_FIXED_PORT"
    assert check["timeoutSec"] < check["checkIntervalSec"]
    assert (check["healthyThreshold"], check["unhealthyThreshold"]) == (2, 3)


def test_a_target_s_groups_share_a_name_that_gke_adopts_in_every_zone() -> None:
    recorder = deploy()
    groups = [one for one in recorder.all("NetworkEndpointGroup") if "-api-" in one.name]
    assert {one.inputs["zone"] for one in groups} == set(samples.ZONES)
    (name,) = {one.inputs["name"] for one in groups}
    assert name == "aigw-prod-large-gcp-api-0123abcd"
    for one in groups:
        assert one.inputs["networkEndpointType"] == "GCE_VM_IP_PORT"
        # an empty description, or one as GKE writes it, is another owner's to GKE
        assert one.inputs["description"]
        assert not one.inputs["description"].startswith("{")


def test_another_network_draws_another_name_of_the_groups() -> None:
    suffix = deploy().one("RandomId", "api")
    assert suffix.inputs["keepers"] == {"network": samples.NETWORK, "subnetwork": SUBNET}


@pytest.mark.parametrize("stack", ["dev-small-gcp", samples.LONGEST_STACK, "s" * 63])
def test_a_group_s_name_is_short_enough(stack: str) -> None:
    names = {one.inputs["name"] for one in deploy(stack=stack).all("NetworkEndpointGroup")}
    assert len(names) == 2
    assert all(len(name) <= 63 for name in names)


def test_pods_are_open_to_proxies_and_probes_on_the_targets_ports_alone() -> None:
    rule = deploy().one("Firewall").inputs
    assert set(rule["sourceRanges"]) == {PROXIES, *PROBES}
    assert rule["allows"] == [{"protocol": "tcp", "ports": ["3000", "4000", "15021"]}]
    assert rule["targetServiceAccounts"] == [NODES]
    assert rule["direction"] == "INGRESS"
    assert BUILT[0].blocks == (PROXIES, *PROBES)


@pytest.mark.parametrize(("internal", "kind"), [(False, "EXTERNAL"), (True, "INTERNAL")])
def test_the_balancer_stands_for_the_world_or_for_the_network(internal: bool, kind: str) -> None:
    recorder = deploy(edge_samples.ingress(internal=internal))
    rules = recorder.all("ForwardingRule")
    services = recorder.all("RegionBackendService")
    schemes = {one.inputs["loadBalancingScheme"] for one in [*rules, *services]}
    assert schemes == {f"{kind}_MANAGED"}
    assert recorder.one("Address").inputs["addressType"] == kind
    assert {one.inputs.get("subnetwork") for one in rules} == {SUBNET if internal else None}
    assert {one.inputs["network"] for one in rules} == {samples.NETWORK}


def test_http_and_https_share_one_address() -> None:
    rules = deploy().all("ForwardingRule")
    assert {one.inputs["portRange"] for one in rules} == {"80", "443"}
    assert len({one.inputs["ipAddress"] for one in rules}) == 1


def test_each_host_leads_to_its_own_service() -> None:
    assert hosts(deploy()) == {
        "api.ai.example.com": "ingress-api-backend-id",
        "mcp.ai.example.com": "ingress-mcp-backend-id",
    }


def test_every_request_for_another_host_ends_in_404() -> None:
    routes = deploy().one("RegionUrlMap", "routes").inputs
    abort = routes["defaultRouteAction"]["faultInjectionPolicy"]["abort"]
    assert abort == {"httpStatus": 404, "percentage": 100}


def test_plain_http_is_sent_to_https_and_reaches_no_pod() -> None:
    recorder = deploy()
    plain = recorder.one("RegionUrlMap", "to-https")
    assert plain.inputs["defaultUrlRedirect"] == {
        "httpsRedirect": True,
        "stripQuery": False,
        "redirectResponseCode": "MOVED_PERMANENTLY_DEFAULT",
    }
    assert "defaultService" not in plain.inputs
    assert recorder.one("RegionTargetHttpProxy").inputs["urlMap"] == "ingress-to-https-id"


def test_tls_is_new_and_strict() -> None:
    recorder = deploy()
    policy = recorder.one("RegionSslPolicy").inputs
    assert (policy["profile"], policy["minTlsVersion"]) == ("RESTRICTED", "TLS_1_2")
    assert recorder.one("RegionTargetHttpsProxy").inputs["sslPolicy"] == "ingress-tls-id"


def test_each_host_is_proven_before_the_certificate_is_asked_for() -> None:
    recorder = deploy()
    asked = recorder.one("Certificate")
    assert set(asked.inputs["managed"]["domains"]) == {
        "api.ai.example.com",
        "mcp.ai.example.com",
    }
    assert asked.inputs["location"] == samples.REGION
    proofs = [one for one in recorder.all("RecordSet") if one.inputs["type"] == "CNAME"]
    assert {one.inputs["name"] for one in proofs} == {
        "_acme-challenge.api.ai.example.com.",
        "_acme-challenge.mcp.ai.example.com.",
    }
    assert {one.urn for one in proofs} <= set(asked.depends_on)


def test_every_host_has_a_name_that_follows_the_balancer() -> None:
    names = [one for one in deploy().all("RecordSet") if one.inputs["type"] == "A"]
    assert {one.inputs["name"] for one in names} == {"api.ai.example.com.", "mcp.ai.example.com."}
    assert {one.inputs["rrdatas"][0] for one in names} == {"address-of-ingress-address"}


@pytest.mark.parametrize("logged", [True, False])
def test_every_request_is_logged_or_none(logged: bool) -> None:
    logs = [
        one.inputs["logConfig"] for one in deploy(access_logs=logged).all("RegionBackendService")
    ]
    assert {(one["enable"], one.get("sampleRate")) for one in logs} == {
        (logged, 1 if logged else None)
    }


@pytest.mark.parametrize("policy", [None, "the-policy"])
def test_the_policy_stands_before_every_service(policy: str | None) -> None:
    services = deploy(policy=policy).all("RegionBackendService")
    assert {one.inputs.get("securityPolicy") for one in services} == {policy}


def test_what_the_cluster_needs_is_there_by_target_name() -> None:
    recorder = deploy()
    (made,) = BUILT
    assert set(made.groups) == {"api", "mcp"}
    assert made.url == "https://api.ai.example.com"
    assert made.hosts == {"api": "api.ai.example.com", "mcp": "mcp.ai.example.com"}
    kinds = [type(one).__name__ for one in made.ready]
    assert kinds.count("NetworkEndpointGroup") == len(recorder.all("NetworkEndpointGroup")) == 6
    assert kinds.count("Firewall") == 1


@pytest.mark.parametrize("protect", [True, False])
def test_the_address_is_kept_where_the_stack_is_protected(protect: bool) -> None:
    recorder = deploy(protect=protect)
    kept: list[Registered] = [recorder.one("Address"), *recorder.all("ForwardingRule")]
    assert {one.protect for one in kept} == {protect}


def test_another_order_of_targets_changes_no_name_and_no_route() -> None:
    plan = edge_samples.ingress()
    one, other = deploy(plan), deploy(replace(plan, targets=plan.targets[::-1]))
    assert {each.name for each in one.resources} == {each.name for each in other.resources}
    routes = [each.one("RegionUrlMap", "routes").inputs for each in (one, other)]
    assert routes[0] == routes[1]


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    expected = {**samples.LABELS, "component": "ingress"}
    assert samples.unlabelled(recorder, COMPONENT, expected) == []
