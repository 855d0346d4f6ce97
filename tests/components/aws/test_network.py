"""The network is as planned: three kinds of subnets, one way out each, nothing open by default."""

from __future__ import annotations

import pytest

from tests.components.aws import make_ground
from tests.components.aws.samples import ZONES, network_plan
from tests.components.support import ACCOUNT, Recorder


@pytest.fixture(scope="module")
def network() -> Recorder:
    return make_ground.network()


def routes(recorder: Recorder) -> dict[str, str]:
    """Where each route table leads: its logical name, then the id of the way out."""
    return {
        route.inputs["routeTableId"].removesuffix("-id"): route.inputs.get("gatewayId")
        or route.inputs["natGatewayId"]
        for route in recorder.all("Route")
    }


def test_every_subnet_stands_in_its_planned_zone_and_names_lead_to_addresses(
    network: Recorder,
) -> None:
    planned = {(one.zone_id, one.cidr) for one in network_plan().subnets}
    made = {(s.inputs["availabilityZoneId"], s.inputs["cidrBlock"]) for s in network.all("Subnet")}
    assert made == planned
    vpc = network.one("Vpc").inputs
    assert vpc["enableDnsHostnames"]
    assert vpc["enableDnsSupport"]


def test_pods_get_whole_prefixes_in_private_subnets_alone(network: Recorder) -> None:
    reserved = network.all("SubnetCidrReservation")
    assert {r.inputs["reservationType"] for r in reserved} == {"prefix"}
    assert {r.inputs["subnetId"] for r in reserved} == {
        f"network-private-{zone}-id" for zone in ZONES
    }


def test_balancers_find_public_and_private_subnets_and_never_isolated_ones(
    network: Recorder,
) -> None:
    for subnet in network.all("Subnet"):
        roles = {key for key in subnet.inputs["tags"] if key.startswith("kubernetes.io/role/")}
        expected = {
            "public": {"kubernetes.io/role/elb"},
            "private": {"kubernetes.io/role/internal-elb"},
            "isolated": set[str](),
        }
        assert roles == expected[subnet.name.split("-")[1]], subnet.name


def test_each_private_zone_leaves_through_its_own_nat_where_it_has_one(network: Recorder) -> None:
    assert routes(network) == {
        "network-public": "network-internet-id",
        **{f"network-private-{zone}": f"network-nat-{zone}-id" for zone in ZONES},
    }
    single = routes(make_ground.network(network_plan(nat_zone_ids=ZONES[1:2])))
    ways = {way for table, way in single.items() if "private" in table}
    assert ways == {f"network-nat-{ZONES[1]}-id"}


def test_isolated_subnets_have_a_table_without_a_way_out(network: Recorder) -> None:
    tables = {
        a.inputs["routeTableId"]
        for a in network.all("RouteTableAssociation")
        if "isolated" in a.inputs["subnetId"]
    }
    assert tables == {"network-isolated-id"}
    assert "network-isolated" not in routes(network)


def test_nat_gateways_stand_in_public_subnets_and_wait_for_the_way_out(network: Recorder) -> None:
    out = network.one("Route", "public-out").urn
    for nat in network.all("NatGateway"):
        assert nat.inputs["subnetId"].startswith("network-public-")
        assert out in nat.depends_on


def test_the_flow_log_role_writes_to_that_group_alone_and_for_this_account(
    network: Recorder,
) -> None:
    (statement,) = network.one("RolePolicy").document("policy")["Statement"]
    assert all(":network-flow-logs" in resource for resource in statement["Resource"])
    assert not [action for action in statement["Action"] if "*" in action]
    assert network.one("FlowLog").inputs["logDestination"].endswith(":network-flow-logs")
    (trust,) = network.one("Role").document("assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_roles_keep_to_the_accounts_boundary_and_path(network: Recorder) -> None:
    role = network.one("Role").inputs
    assert role["path"] == "/aigw/"
    assert role["permissionsBoundary"].endswith(":policy/edge")


def test_s3_is_reached_by_a_gateway_from_private_and_isolated_subnets(network: Recorder) -> None:
    gateway = network.one("VpcEndpoint", "s3").inputs
    assert gateway["vpcEndpointType"] == "Gateway"
    assert gateway["serviceName"] == "com.amazonaws.us-east-1.s3"
    assert set(gateway["routeTableIds"]) == {
        "network-isolated-id",
        *(f"network-private-{zone}-id" for zone in ZONES),
    }


def test_interface_endpoints_answer_https_from_the_vpc_under_the_public_name(
    network: Recorder,
) -> None:
    endpoints = [
        e.inputs for e in network.all("VpcEndpoint") if e.inputs["vpcEndpointType"] == "Interface"
    ]
    assert {e["serviceName"].split(".", 3)[3] for e in endpoints} == {"ecr.api", "sts"}
    rule = network.one("SecurityGroupIngressRule").inputs
    assert (rule["cidrIpv4"], rule["fromPort"], rule["toPort"]) == ("10.40.0.0/16", 443, 443)
    for endpoint in endpoints:
        assert endpoint["privateDnsEnabled"]
        assert endpoint["securityGroupIds"] == [rule["securityGroupId"]]
        assert set(endpoint["subnetIds"]) == {f"network-private-{zone}-id" for zone in ZONES}
    assert not make_ground.network(network_plan(interfaces=())).all("SecurityGroup")
