"""The network is as planned: one way out, Google's own services inside, and all else closed."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from components.gcp.firewall import WEBHOOK_PORTS
from components.kubernetes import external_secrets, keda
from tests.components.gcp import make_ground
from tests.components.gcp.samples import (
    REGION,
    ZONES,
    network_plan,
)
from tests.components.support import Recorder, Registered

EVERYONE = "0.0.0.0/0"


@pytest.fixture(scope="module")
def network() -> Recorder:
    return make_ground.network()


def subnet(recorder: Recorder, name: str) -> dict[str, Any]:
    return recorder.one("Subnetwork", name).inputs


def rules(recorder: Recorder, direction: str) -> dict[str, Registered]:
    """Rules of one direction by the last words of their names."""
    return {
        one.name.removeprefix("network-firewall-"): one
        for one in recorder.all("Firewall")
        if one.inputs["direction"] == direction
    }


def opened(rule: Registered) -> list[tuple[str, tuple[str, ...]]]:
    return [(one["protocol"], tuple(one.get("ports", ()))) for one in rule.inputs.get("allows", [])]


def test_the_network_begins_without_subnets_and_without_routes(network: Recorder) -> None:
    vpc = network.one("Network", "vpc").inputs
    assert vpc["autoCreateSubnetworks"] is False
    assert vpc["deleteDefaultRoutesOnCreate"] is True


def test_nodes_pods_and_services_have_their_planned_ranges(network: Recorder) -> None:
    nodes = subnet(network, "nodes")
    assert (nodes["ipCidrRange"], nodes["region"]) == ("10.64.0.0/18", REGION)
    assert {one["rangeName"]: one["ipCidrRange"] for one in nodes["secondaryIpRanges"]} == {
        "pods": "10.64.128.0/17",
        "services": "172.20.0.0/16",
    }


def test_nodes_reach_google_without_an_address_outside(network: Recorder) -> None:
    assert subnet(network, "nodes")["privateIpGoogleAccess"] is True


def test_balancers_call_from_a_subnet_that_holds_their_proxies_alone(network: Recorder) -> None:
    proxies = subnet(network, "proxies")
    assert (proxies["purpose"], proxies["role"]) == ("REGIONAL_MANAGED_PROXY", "ACTIVE")
    # Google refuses both on such a subnet
    assert "logConfig" not in proxies
    assert "privateIpGoogleAccess" not in proxies


def test_managed_stores_get_the_planned_range_by_peering(network: Recorder) -> None:
    reserved = network.one("GlobalAddress").inputs
    assert (reserved["purpose"], reserved["addressType"]) == ("VPC_PEERING", "INTERNAL")
    assert f"{reserved['address']}/{reserved['prefixLength']}" == "10.64.64.0/19"
    peering = network.one("Connection").inputs
    assert peering["reservedPeeringRanges"] == ["network-stores-range"]
    assert peering["network"] == "network-vpc-id"


def test_a_peering_that_google_holds_blocks_the_end_of_protected_stacks_alone() -> None:
    for protect, policy in ((True, "DELETE"), (False, "REMOVE_PEERING")):
        made = make_ground.network(protect=protect)
        assert made.one("Connection").inputs["deletionPolicy"] == policy


def test_nodes_and_pods_leave_through_nat_by_known_addresses(network: Recorder) -> None:
    nat = network.one("RouterNat").inputs
    assert nat["natIpAllocateOption"] == "MANUAL_ONLY"
    assert nat["natIps"] == [f"https://compute.example/network-nat-{zone}" for zone in ZONES]
    (served,) = nat["subnetworks"]
    assert served["name"] == f"network-nodes-{REGION}-id"
    assert served["sourceIpRangesToNats"] == ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"]
    assert served["secondaryIpRangeNames"] == ["pods"]


def test_ports_of_nat_grow_with_use_from_what_the_stack_asks() -> None:
    free = make_ground.network().one("RouterNat").inputs
    assert (free["enableDynamicPortAllocation"], free["enableEndpointIndependentMapping"]) == (
        True,
        False,
    )
    assert "minPortsPerVm" not in free
    asked = make_ground.network(replace(network_plan(), nat_ports=1024)).one("RouterNat").inputs
    assert asked["minPortsPerVm"] == 1024


def test_what_no_rule_names_is_refused_both_ways_and_written_down(network: Recorder) -> None:
    for direction, side in (("INGRESS", "sourceRanges"), ("EGRESS", "destinationRanges")):
        every = rules(network, direction).values()
        (closed,) = (one for one in every if "denies" in one.inputs)
        assert closed.inputs["denies"] == [{"protocol": "all"}]
        assert closed.inputs[side] == [EVERYONE]
        assert closed.inputs["logConfig"] == {"metadata": "INCLUDE_ALL_METADATA"}
        # the lower number wins, and none is as low in rank as this one
        rank = closed.inputs["priority"]
        assert all(one.inputs["priority"] < rank for one in every if one != closed)
        assert rank < 65535


def test_only_https_leaves_for_the_internet(network: Recorder) -> None:
    everywhere = [
        opened(one)
        for one in rules(network, "EGRESS").values()
        if one.inputs["destinationRanges"] == [EVERYONE] and "allows" in one.inputs
    ]
    assert everywhere == [[("tcp", ("443",))]]


def test_everything_else_that_leaves_stays_inside_or_goes_to_google(network: Recorder) -> None:
    out = rules(network, "EGRESS")
    assert out["out-inside"].inputs["destinationRanges"] == ["10.64.0.0/16", "172.20.0.0/16"]
    assert out["out-google"].inputs["destinationRanges"] == ["199.36.153.8/30"]
    assert opened(out["out-google"]) == [("tcp", ("443",))]
    closed = make_ground.network(network_plan(nat_zone_ids=()))
    assert set(rules(closed, "EGRESS")) == {"out-inside", "out-google", "out-closed"}


def test_nothing_comes_in_but_the_kubernetes_api_to_webhooks(network: Recorder) -> None:
    (allowed,) = (one for one in rules(network, "INGRESS").values() if "allows" in one.inputs)
    assert allowed.inputs["sourceRanges"] == ["10.64.0.0/18"]
    assert opened(allowed) == [("tcp", tuple(map(str, WEBHOOK_PORTS)))]


def test_every_webhook_of_ours_is_reached() -> None:
    assert {external_secrets.WEBHOOK_PORT, keda.WEBHOOK_PORT} <= set(WEBHOOK_PORTS)


def test_exceptions_exist_before_the_rest_is_closed(network: Recorder) -> None:
    last = network.one("Firewall", "out-closed")
    named = {one.urn for one in network.all("Firewall") if "allows" in one.inputs}
    assert named <= network.before(last)


def test_googles_names_lead_to_addresses_that_the_firewall_and_a_route_let_out() -> None:
    for restricted, host, first in (
        (False, "private", "199.36.153.8"),
        (True, "restricted", "199.36.153.4"),
    ):
        made = make_ground.network(restricted_apis=restricted)
        records = {one.inputs["name"]: one.inputs for one in made.all("RecordSet")}
        addresses = records[f"{host}.googleapis.com."]["rrdatas"]
        assert addresses[0] == first
        assert records["*.googleapis.com."]["rrdatas"] == [f"{host}.googleapis.com."]
        for registry in ("gcr.io", "pkg.dev"):
            assert records[f"{registry}."]["rrdatas"] == addresses
            assert records[f"*.{registry}."]["rrdatas"] == [f"{registry}."]
        (let_out,) = rules(made, "EGRESS")["out-google"].inputs["destinationRanges"]
        assert {str(one) for one in IPv4Network(let_out)} == set(addresses)
        assert made.one("Route", "google-apis").inputs["destRange"] == let_out


def test_googles_names_are_led_aside_inside_this_network_alone(network: Recorder) -> None:
    for zone in network.all("ManagedZone"):
        assert zone.inputs["visibility"] == "private"
        visible = zone.inputs["privateVisibilityConfig"]["networks"]
        assert visible == [{"networkUrl": "network-vpc-id"}]


def test_flow_logs_of_this_subnet_are_kept_once(network: Recorder) -> None:
    sink, excluded = network.one("ProjectSink"), network.one("ProjectExclusion")
    assert sink.inputs["destination"] == "logging.googleapis.com/network-flow-logs-bucket-id"
    assert sink.inputs["filter"] == excluded.inputs["filter"]
    assert f'subnetwork_name="network-nodes-{REGION}"' in sink.inputs["filter"]
    assert sink.urn in excluded.depends_on
    bucket = network.one("ProjectBucketConfig").inputs
    # a name of a bucket that is gone cannot be used again
    assert (bucket["location"], bucket["bucketId"]) == (REGION, "aigw-prod-large-flows-0123abcd")
