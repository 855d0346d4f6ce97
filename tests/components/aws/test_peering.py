"""A guest's nodes reach its host's stores, on their ports, and nothing else of either network."""

from __future__ import annotations

import pytest

from components.aws.peering import Peering, PeeringArgs, PeeringPlan
from sizing.rules import REPLACES, refusals
from tests.components.support import TAGS, Recorder, children_of, record, untagged

NODES = {"use1-az1": "10.112.0.0/19", "use1-az2": "10.112.32.0/19"}
STORES = {"use1-az1": "10.32.240.0/24", "use1-az2": "10.32.241.0/24"}
PORTS = {"postgres": 5432, "search": 443}


@pytest.fixture(scope="module")
def made() -> Recorder:
    args = PeeringArgs(
        plan=PeeringPlan(host="staging-medium", nodes=NODES, stores=STORES, ports=PORTS),
        vpc_id="vpc-guest",
        node_tables={zone: f"rtb-{zone}" for zone in NODES},
        hosts_vpc_id="vpc-host",
        store_table="rtb-stores",
        doors={store: f"sg-{store}" for store in PORTS},
        tags=TAGS,
    )
    return record(lambda: Peering("peering", args))


def test_one_connection_joins_both_networks_and_is_accepted_at_once(made: Recorder) -> None:
    (one,) = made.all("VpcPeeringConnection")
    assert (one.inputs["vpcId"], one.inputs["peerVpcId"]) == ("vpc-guest", "vpc-host")
    assert one.inputs["autoAccept"]
    assert one.inputs["accepter"]["allowRemoteVpcDnsResolution"]
    assert not one.inputs["requester"]["allowRemoteVpcDnsResolution"]


def test_nodes_see_the_stores_subnets_and_those_see_the_nodes(made: Recorder) -> None:
    routes = {
        (one.inputs["routeTableId"], one.inputs["destinationCidrBlock"])
        for one in made.all("Route")
    }
    assert routes == {
        *((f"rtb-{zone}", block) for zone in NODES for block in STORES.values()),
        *(("rtb-stores", block) for block in NODES.values()),
    }
    assert {one.inputs["vpcPeeringConnectionId"] for one in made.all("Route")} == {
        "peering-connection-id"
    }


def test_each_store_lets_the_nodes_in_on_its_own_port_alone(made: Recorder) -> None:
    rules = made.all("SecurityGroupIngressRule")
    assert {
        (one.inputs["securityGroupId"], one.inputs["cidrIpv4"], one.inputs["fromPort"])
        for one in rules
    } == {(f"sg-{store}", block, port) for store, port in PORTS.items() for block in NODES.values()}
    assert all(one.inputs["fromPort"] == one.inputs["toPort"] for one in rules)
    assert {one.inputs["ipProtocol"] for one in rules} == {"tcp"}


def test_all_of_it_is_tagged_and_below_the_component(made: Recorder) -> None:
    assert untagged(made, "aigw:aws:Peering", TAGS) == []
    below = children_of(made, "aigw:aws:Peering")
    assert {one.urn for one in below} == {one.urn for one in made.resources if one.custom}


def test_the_cloud_refuses_none_of_it(made: Recorder) -> None:
    assert [said for one in made.resources for said in refusals(one.type, one.inputs)] == []


def test_another_network_at_either_end_makes_another_connection() -> None:
    assert {"peerVpcId", "vpcId"} <= REPLACES["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"]
