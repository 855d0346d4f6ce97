"""What EC2 and its provider refuse of connections between two networks.

A connection names ids: that blocks overlap, a stack file is refused for (`stacks.config_sharing`).
"""

from __future__ import annotations

from ipaddress import ip_network

from sizing.rules.conditions import equals, every, needs, refused, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import text

CONNECTION = ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection",)
ROUTE = ("aws:ec2/route:Route",)


def _itself(inputs: Inputs) -> str | None:
    own = text(inputs, "vpcId")
    return "both ends are one network" if own and own == text(inputs, "peerVpcId") else None


def _everywhere(inputs: Inputs) -> str | None:
    block = text(inputs, "destinationCidrBlock")
    if block is None or text(inputs, "vpcPeeringConnectionId") is None:
        return None
    return None if ip_network(block).prefixlen else f"{block} over a peering"


RULES = (
    Rule(
        id="peering.ends",
        types=CONNECTION,
        property="peerVpcId",
        statement="A connection has two ends, and they are two networks.",
        source="ec2-peering",
        check=every(needs("vpcId", "peerVpcId"), _itself),
        passing={"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": True},
        failing={"vpcId": "vpc-1", "peerVpcId": "vpc-1", "autoAccept": True},
    ),
    Rule(
        id="peering.accepted-here",
        types=CONNECTION,
        property="autoAccept",
        statement="Only a connection within one account and region is accepted by who asks for it.",
        source="pulumi-aws",
        check=when(equals("autoAccept", True), refused("peerRegion")),
        passing={"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": True},
        failing={
            "vpcId": "vpc-1",
            "peerVpcId": "vpc-2",
            "autoAccept": True,
            "peerRegion": "us-west-2",
        },
    ),
    Rule(
        id="peering.options",
        types=CONNECTION,
        property="accepter",
        statement="Options are set on an active connection, which one that waits is not.",
        source="pulumi-aws",
        check=when(equals("autoAccept", None, False), refused("accepter", "requester")),
        passing={
            "vpcId": "vpc-1",
            "peerVpcId": "vpc-2",
            "autoAccept": True,
            "accepter": {"allowRemoteVpcDnsResolution": True},
        },
        failing={
            "vpcId": "vpc-1",
            "peerVpcId": "vpc-2",
            "accepter": {"allowRemoteVpcDnsResolution": True},
        },
    ),
    Rule(
        id="peering.no-way-out",
        types=ROUTE,
        property="destinationCidrBlock",
        statement="A peering is no way to the internet: it leads to the other network's own "
        "addresses.",
        source="ec2-peering",
        check=_everywhere,
        passing={
            "routeTableId": "rtb-1",
            "destinationCidrBlock": "10.32.0.0/20",
            "vpcPeeringConnectionId": "pcx-1",
        },
        failing={
            "routeTableId": "rtb-1",
            "destinationCidrBlock": "0.0.0.0/0",
            "vpcPeeringConnectionId": "pcx-1",
        },
    ),
)
