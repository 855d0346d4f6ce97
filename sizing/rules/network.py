"""What EC2 refuses of networks, endpoints, NAT gateways and security groups."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    equals,
    every,
    exactly_one,
    is_true,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, known, text

VPC = ("aws:ec2/vpc:Vpc",)
ENDPOINT = ("aws:ec2/vpcEndpoint:VpcEndpoint",)
NAT = ("aws:ec2/natGateway:NatGateway",)
GROUP = ("aws:ec2/securityGroup:SecurityGroup",)
GROUP_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)

DESCRIPTION = r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}"
EVERY_PROTOCOL = "-1"
PORTLESS = (EVERY_PROTOCOL, "icmpv6", "58")
"""Protocols that need no ports (pulumi-aws SecurityGroupIngressRule)."""


def _ports(inputs: Inputs) -> str | None:
    protocol = text(inputs, "ipProtocol")
    if protocol == EVERY_PROTOCOL and (known(inputs, "fromPort") or known(inputs, "toPort")):
        return "ports with every protocol"
    missing = [name for name in ("fromPort", "toPort") if absent(inputs, name)]
    if protocol is not None and protocol not in PORTLESS and missing:
        return f"{' and '.join(missing)} missing with {protocol}"
    return None


RULES = (
    Rule(
        id="network.vpc-dns",
        types=VPC,
        property="enableDnsHostnames",
        statement="Nodes and private endpoint names need both DNS attributes of the VPC.",
        source="eks-network-requirements",
        check=every(
            is_true("enableDnsHostnames"), among("enableDnsSupport", (True,), absent_is=True)
        ),
        passing={"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True},
        failing={"cidrBlock": "10.0.0.0/16"},
    ),
    Rule(
        id="network.gateway-endpoint",
        types=ENDPOINT,
        property="routeTableIds",
        statement="A gateway endpoint, the default kind, takes route tables and nothing else.",
        source="pulumi-aws",
        check=when(
            equals("vpcEndpointType", None, "Gateway"),
            every(
                needs("routeTableIds"),
                refused("subnetIds", "securityGroupIds"),
                among("privateDnsEnabled", (False,)),
            ),
        ),
        passing={"vpcEndpointType": "Gateway", "routeTableIds": ["rtb-1"]},
        failing={"subnetIds": ["subnet-1"], "routeTableIds": ["rtb-1"]},
    ),
    Rule(
        id="network.interface-endpoint",
        types=ENDPOINT,
        property="subnetIds",
        statement="An interface endpoint needs subnets and takes no route tables.",
        source="ec2-api",
        check=when(
            equals("vpcEndpointType", "Interface"),
            every(needs("subnetIds"), refused("routeTableIds")),
        ),
        passing={"vpcEndpointType": "Interface", "subnetIds": ["subnet-1"]},
        failing={"vpcEndpointType": "Interface"},
    ),
    Rule(
        id="network.interface-endpoint-group",
        types=ENDPOINT,
        property="securityGroupIds",
        statement="Without a group of its own an interface endpoint gets the VPC's default group.",
        source="pulumi-aws",
        check=when(equals("vpcEndpointType", "Interface"), needs("securityGroupIds")),
        passing={
            "vpcEndpointType": "Interface",
            "subnetIds": ["subnet-1"],
            "securityGroupIds": ["sg-1"],
        },
        failing={"vpcEndpointType": "Interface", "subnetIds": ["subnet-1"]},
    ),
    Rule(
        id="network.nat-zonal",
        types=NAT,
        property="subnetId",
        statement="A zonal NAT gateway needs its subnet and, when public, an address.",
        source="pulumi-aws",
        check=when(
            equals("availabilityMode", None, "zonal"),
            every(
                needs("subnetId"),
                when(equals("connectivityType", None, "public"), needs("allocationId")),
                when(equals("connectivityType", "private"), refused("allocationId")),
            ),
        ),
        passing={"subnetId": "subnet-1", "allocationId": "eipalloc-1"},
        failing={"subnetId": "subnet-1"},
    ),
    Rule(
        id="network.nat-regional",
        types=NAT,
        property="availabilityMode",
        statement="A regional NAT gateway is public and names a VPC, no subnet and no address.",
        source="pulumi-aws",
        check=when(
            equals("availabilityMode", "regional"),
            every(
                needs("vpcId"),
                refused("subnetId", "allocationId"),
                among("connectivityType", ("public",)),
            ),
        ),
        passing={"availabilityMode": "regional", "vpcId": "vpc-1"},
        failing={"availabilityMode": "regional", "vpcId": "vpc-1", "subnetId": "subnet-1"},
    ),
    Rule(
        id="network.description",
        types=(*GROUP, *GROUP_RULES),
        property="description",
        statement="A description has at most 255 plain characters, without quotes or long dashes.",
        source="ec2-api",
        check=matches("description", DESCRIPTION),
        passing={"description": "PostgreSQL from the nodes"},
        failing={"description": "the nodes' PostgreSQL"},
    ),
    Rule(
        id="network.inline-rules",
        types=GROUP,
        property="ingress",
        statement="Rules are resources of their own: inline ones and those undo each other.",
        source="pulumi-aws",
        check=refused("ingress", "egress"),
        passing={"description": "nodes"},
        failing={"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443}]},
    ),
    Rule(
        id="network.one-source",
        types=GROUP_RULES,
        property="referencedSecurityGroupId",
        statement="A rule has exactly one other end.",
        source="pulumi-aws",
        check=exactly_one("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"),
        passing={"referencedSecurityGroupId": "sg-1", "ipProtocol": "-1"},
        failing={"referencedSecurityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/16"},
    ),
    Rule(
        id="network.ports",
        types=GROUP_RULES,
        property="fromPort",
        statement="A rule names both ports, but none with every protocol.",
        source="pulumi-aws",
        check=_ports,
        passing={"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432},
        failing={"ipProtocol": "-1", "fromPort": 0, "toPort": 0},
    ),
)
