"""The way in reaches exactly the planned ports, waits for streams and answers known hosts alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from components.aws.ingress import Ingress as AwsIngress
from components.gcp.ingress import PROBES
from components.gcp.ingress import Ingress as GcpIngress
from sizing.plans.edge import IngressPlan
from sizing.words import Cloud
from tests.components.aws import edge_plans
from tests.components.aws import make_edge as aws
from tests.components.clouds.words import at
from tests.components.gcp import edge_samples, samples
from tests.components.gcp import make_edge as gcp
from tests.components.support import Recorder, Registered

HOSTS = {"api": "api.ai.example.com", "mcp": "mcp.ai.example.com"}
PORTS = {3000, 4000, 15021}


def listener(recorder: Recorder, port: int) -> Registered:
    (found,) = [one for one in recorder.all("Listener") if one.inputs["port"] == port]
    return found


def ruled_hosts(recorder: Recorder) -> dict[str, str]:
    return {
        at(one.inputs, "conditions.0.hostHeader.values.0"): one.inputs["actions"][0][
            "targetGroupArn"
        ].rpartition(":")[2]
        for one in recorder.all("ListenerRule")
    }


def mapped_hosts(recorder: Recorder) -> dict[str, str]:
    routes = recorder.one("RegionUrlMap", "routes").inputs
    services = {one["name"]: one["defaultService"] for one in routes["pathMatchers"]}
    return {
        host: services[rule["pathMatcher"]]
        for rule in routes["hostRules"]
        for host in rule["hosts"]
    }


def alb_refuses(recorder: Recorder) -> object:
    (other,) = listener(recorder, 443).inputs["defaultActions"]
    assert other["type"] == "fixed-response"
    return int(other["fixedResponse"]["statusCode"])


def url_map_refuses(recorder: Recorder) -> object:
    abort = at(
        recorder.one("RegionUrlMap", "routes").inputs,
        "defaultRouteAction.faultInjectionPolicy.abort",
    )
    assert abort["percentage"] == 100
    return abort["httpStatus"]


def alb_redirects(recorder: Recorder) -> bool:
    (sent,) = listener(recorder, 80).inputs["defaultActions"]
    return bool(sent["type"] == "redirect" and sent["redirect"]["protocol"] == "HTTPS")


def url_map_redirects(recorder: Recorder) -> bool:
    plain = recorder.one("RegionUrlMap", "to-https").inputs
    assert "defaultService" not in plain, "plain HTTP reaches no pod"
    assert recorder.one("RegionTargetHttpProxy").inputs["urlMap"] == "ingress-to-https-id"
    return bool(
        plain["defaultUrlRedirect"]
        == {
            "httpsRedirect": True,
            "stripQuery": False,
            "redirectResponseCode": "MOVED_PERMANENTLY_DEFAULT",
        }
    )


def alb_opens(recorder: Recorder) -> set[tuple[object, int]]:
    """Return who reaches pods, and at which port, after a look at what the balancer may send."""
    found = {
        (one.inputs.get("cidrIpv4") or one.inputs["referencedSecurityGroupId"], port)
        for one in recorder.all("SecurityGroupIngressRule")
        if one.inputs["securityGroupId"] == "sg-eks"
        for port in [one.inputs["fromPort"]]
        if port == one.inputs["toPort"]
    }
    out = recorder.all("SecurityGroupEgressRule")
    sent = {(one.inputs["referencedSecurityGroupId"], one.inputs["fromPort"]) for one in out}
    assert sent == {("sg-eks", port) for port in PORTS}
    return found


def firewall_opens(recorder: Recorder) -> set[tuple[object, int]]:
    rule = recorder.one("Firewall").inputs
    assert (rule["direction"], rule["targetServiceAccounts"]) == ("INGRESS", [gcp.NODES])
    (allowed,) = rule["allows"]
    assert allowed["protocol"] == "tcp"
    return {(block, int(port)) for block in rule["sourceRanges"] for port in allowed["ports"]}


def alb_world(recorder: Recorder) -> bool:
    return recorder.one("LoadBalancer").inputs["internal"] is False


def rules_world(recorder: Recorder) -> bool:
    """Say so where every part of the balancer does, the address included."""
    rules = recorder.all("ForwardingRule")
    schemes = {
        one.inputs["loadBalancingScheme"] for one in [*rules, *recorder.all("RegionBackendService")]
    }
    (scheme,) = schemes
    kind = recorder.one("Address").inputs["addressType"]
    assert scheme == f"{kind}_MANAGED"
    assert {one.inputs.get("subnetwork") for one in rules} == {
        gcp.SUBNET if kind == "INTERNAL" else None
    }
    assert {one.inputs["network"] for one in rules} == {samples.NETWORK}
    return bool(kind == "EXTERNAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes the way in, and how it is read there."""

    build: Callable[..., Recorder]
    plan: Callable[..., IngressPlan]
    waits: Mapping[tuple[str, str], object]
    target: tuple[str, Mapping[str, object]]
    hosts: Callable[[Recorder], Mapping[str, str]]
    led_to: str
    refuses: Callable[[Recorder], object]
    redirects: Callable[[Recorder], bool]
    opened: Callable[[Recorder], set[tuple[object, int]]]
    sources: set[object]
    world: Callable[[Recorder], bool]
    records: tuple[str, str, str]
    proof: str
    served: str
    logs: tuple[str, str]
    handles: str
    ready: set[str]


SIDES = {
    Cloud.AWS: Side(
        build=aws.ingress,
        plan=edge_plans.ingress,
        waits={("LoadBalancer", "idleTimeout"): 660, ("LoadBalancer", "clientKeepAlive"): 3600},
        target=(
            "TargetGroup",
            {
                "targetType": "ip",
                "protocol": "HTTP",
                "port": 3000,
                "loadBalancingAlgorithmType": "least_outstanding_requests",
                # AWS refuses to start slowly under that algorithm
                "slowStart": 0,
                "deregistrationDelay": 120,
                "healthCheck.path": "/healthz/ready",
                "healthCheck.port": "15021",
                "healthCheck.timeout": 5,
                "healthCheck.interval": 10,
            },
        ),
        hosts=ruled_hosts,
        led_to="ingress-{}-targets",
        refuses=alb_refuses,
        redirects=alb_redirects,
        opened=alb_opens,
        sources={"ingress-access-id"},
        world=alb_world,
        records=("Record", "", "aliases.0.name"),
        proof="CertificateValidation",
        served="Listener",
        logs=("LoadBalancer", "accessLogs.enabled"),
        handles="target_group_arns",
        ready={"ListenerRule", "SecurityGroupIngressRule"},
    ),
    Cloud.GCP: Side(
        build=gcp.ingress,
        plan=edge_samples.ingress,
        waits={
            ("RegionBackendService", "timeoutSec"): 3600,
            ("RegionTargetHttpsProxy", "httpKeepAliveTimeoutSec"): 600,
        },
        target=(
            "RegionHealthCheck",
            {
                "httpHealthCheck.requestPath": "/healthz/ready",
                "httpHealthCheck.port": 15021,
                "httpHealthCheck.portSpecification": "USE_FIXED_PORT",
                "timeoutSec": 5,
                "checkIntervalSec": 10,
                "healthyThreshold": 2,
                "unhealthyThreshold": 3,
            },
        ),
        hosts=mapped_hosts,
        led_to="ingress-{}-backend-id",
        refuses=url_map_refuses,
        redirects=url_map_redirects,
        opened=firewall_opens,
        sources={gcp.PROXIES, *PROBES},
        world=rules_world,
        records=("RecordSet", ".", "rrdatas.0"),
        proof="RecordSet",
        served="gcp:certificatemanager/certificate:Certificate",
        logs=("RegionBackendService", "logConfig.enable"),
        handles="groups",
        ready={"NetworkEndpointGroup", "Firewall"},
    ),
}
ADDRESS = {Cloud.AWS: "ingress-alb.elb.example", Cloud.GCP: "address-of-ingress-address"}


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def recorder(side: Side) -> Recorder:
    return side.build()


def test_a_stream_is_waited_for_and_clients_keep_their_connections(
    side: Side, recorder: Recorder
) -> None:
    for (kind, path), seconds in side.waits.items():
        assert {at(one.inputs, path) for one in recorder.all(kind)} == {seconds}, kind


def test_a_target_is_asked_for_its_health_where_it_answers(side: Side, recorder: Recorder) -> None:
    kind, wanted = side.target
    made = recorder.one(kind, "mcp").inputs
    assert {path: at(made, path) for path in wanted} == wanted


def test_each_host_leads_to_its_own_targets(side: Side, recorder: Recorder) -> None:
    assert side.hosts(recorder) == {host: side.led_to.format(one) for one, host in HOSTS.items()}


def test_a_request_for_another_host_ends_in_404(side: Side, recorder: Recorder) -> None:
    assert side.refuses(recorder) == 404


def test_plain_http_is_sent_to_https(side: Side, recorder: Recorder) -> None:
    assert side.redirects(recorder)


def test_pods_let_the_balancer_in_on_the_targets_ports_alone(
    side: Side, recorder: Recorder
) -> None:
    assert side.opened(recorder) == {(one, port) for one in side.sources for port in PORTS}


@pytest.mark.parametrize("internal", [False, True])
def test_the_balancer_stands_for_the_world_or_for_the_network(side: Side, internal: bool) -> None:
    assert side.world(side.build(side.plan(internal=internal))) is not internal


def test_every_host_has_a_name_that_follows_the_balancer(
    cloud: Cloud, side: Side, recorder: Recorder
) -> None:
    kind, dot, path = side.records
    records = [one for one in recorder.all(kind) if one.inputs["type"] == "A"]
    assert {one.inputs["name"]: at(one.inputs, path) for one in records} == {
        host + dot: ADDRESS[cloud] for host in HOSTS.values()
    }
    assert not [one for one in records if "records" in one.inputs], "an alias has no address"


def test_each_host_is_proven_before_anything_is_served(side: Side, recorder: Recorder) -> None:
    proofs = {
        one.urn
        for one in recorder.all(side.proof)
        if one.inputs.get("type") == "CNAME" or side.proof.endswith("Validation")
    }
    assert proofs
    served = [one for one in recorder.all(side.served) if one.inputs.get("port") != 80]
    assert served
    assert all(proofs <= recorder.before(one) for one in served)


@pytest.mark.parametrize("logged", [True, False])
def test_every_request_is_logged_or_none(side: Side, logged: bool) -> None:
    kind, path = side.logs
    made = side.build(access_logs=logged)
    assert {bool(at(one.inputs, path)) for one in made.all(kind)} == {logged}
    assert bool(made.all("Bucket")) <= logged


def test_what_the_cluster_needs_is_there_by_target_name(side: Side) -> None:
    seen: list[AwsIngress | GcpIngress] = []
    side.build(seen=seen)
    (made,) = seen
    assert set(getattr(made, side.handles)) == HOSTS.keys()
    assert (made.url, made.hosts) == ("https://api.ai.example.com", HOSTS)
    assert {type(one).__name__ for one in made.ready} == side.ready


def test_another_order_of_targets_changes_nothing(side: Side, recorder: Recorder) -> None:
    plan = side.plan()
    other = side.build(replace(plan, targets=plan.targets[::-1]))
    assert {one.name for one in other.resources} == {one.name for one in recorder.resources}
    assert side.hosts(other) == side.hosts(recorder)
