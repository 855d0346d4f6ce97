"""A guest's nodes reach its host's stores, on their ports, and nothing else of either network."""

from __future__ import annotations

import pytest

from sizing.rules import REPLACES
from tests.components.aws.make_ground import NODES, PORTS, STORES, peering
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def made() -> Recorder:
    return peering()


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


def test_another_network_at_either_end_makes_another_connection() -> None:
    assert {"peerVpcId", "vpcId"} <= REPLACES["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"]
