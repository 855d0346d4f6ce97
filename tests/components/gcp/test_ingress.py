"""What a balancer of Google Cloud alone asks: groups by name in every zone, one address, TLS."""

from __future__ import annotations

from typing import Any

from tests.components.gcp import samples
from tests.components.gcp.make_edge import SUBNET
from tests.components.gcp.make_edge import ingress as deploy
from tests.components.support import Recorder


def backend(recorder: Recorder, target: str) -> dict[str, Any]:
    return recorder.one("RegionBackendService", f"-{target}-").inputs


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


def test_another_network_draws_another_name_of_the_groups_and_none_is_too_long() -> None:
    suffix = deploy().one("RandomId", "api")
    for stack in ("dev-small-gcp", samples.LONGEST_STACK, "s" * 63):
        names = {one.inputs["name"] for one in deploy(stack=stack).all("NetworkEndpointGroup")}
        assert len(names) == 2
        assert all(len(name) <= 63 for name in names)
    assert suffix.inputs["keepers"] == {"network": samples.NETWORK, "subnetwork": SUBNET}


def test_http_and_https_share_one_address() -> None:
    rules = deploy().all("ForwardingRule")
    assert {one.inputs["portRange"] for one in rules} == {"80", "443"}
    assert len({one.inputs["ipAddress"] for one in rules}) == 1


def test_tls_is_new_and_strict() -> None:
    recorder = deploy()
    policy = recorder.one("RegionSslPolicy").inputs
    assert (policy["profile"], policy["minTlsVersion"]) == ("RESTRICTED", "TLS_1_2")
    assert recorder.one("RegionTargetHttpsProxy").inputs["sslPolicy"] == "ingress-tls-id"


def test_a_certificate_is_asked_for_each_host_in_the_region_and_proven_there() -> None:
    recorder = deploy()
    asked = recorder.one("Certificate")
    assert set(asked.inputs["managed"]["domains"]) == {"api.ai.example.com", "mcp.ai.example.com"}
    assert asked.inputs["location"] == samples.REGION
    proofs = [one for one in recorder.all("RecordSet") if one.inputs["type"] == "CNAME"]
    assert {one.inputs["name"] for one in proofs} == {
        "_acme-challenge.api.ai.example.com.",
        "_acme-challenge.mcp.ai.example.com.",
    }


def test_the_policy_stands_before_every_service_and_all_requests_are_logged() -> None:
    for policy in (None, "the-policy"):
        services = deploy(policy=policy).all("RegionBackendService")
        assert {one.inputs.get("securityPolicy") for one in services} == {policy}
        assert {one.inputs["logConfig"].get("sampleRate") for one in services} == {1}
