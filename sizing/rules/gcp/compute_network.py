"""What Compute Engine refuses of networks: subnets, routes and ranges kept for others."""

from __future__ import annotations

from ipaddress import IPv4Network

from sizing.rules.conditions import (
    among,
    between,
    equals,
    every,
    exactly_one,
    is_set,
    matches,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import blocks, text

NETWORK = ("gcp:compute/network:Network",)
SUBNET = ("gcp:compute/subnetwork:Subnetwork",)
ROUTE = ("gcp:compute/route:Route",)
GLOBAL_ADDRESS = ("gcp:compute/globalAddress:GlobalAddress",)
NAMED = (
    *(*NETWORK, *SUBNET, *ROUTE, *GLOBAL_ADDRESS),
    "gcp:compute/address:Address",
    "gcp:compute/firewall:Firewall",
)

NAME = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
"""Names of Compute Engine's resources (terraform-provider-google, verify.ValidateGCEName)."""
PROXIES = ("GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY")
"""Purposes of subnets that hold balancers' proxies alone."""
INTERVALS = (
    *("INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN"),
    *("INTERVAL_10_MIN", "INTERVAL_15_MIN"),
)
METADATA = ("CUSTOM_METADATA", "EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA")
HOPS = ("nextHopGateway", "nextHopIlb", "nextHopInstance", "nextHopIp", "nextHopVpnTunnel")


def _ranges(inputs: Inputs) -> list[str]:
    """Return a subnet's known ranges, its own first."""
    second = [block.get("ipCidrRange") for block in blocks(inputs, "secondaryIpRanges")]
    return [one for one in (text(inputs, "ipCidrRange"), *second) if isinstance(one, str)]


def _apart(inputs: Inputs) -> str | None:
    try:
        ranges = [IPv4Network(one, strict=False) for one in _ranges(inputs)]
    except ValueError:
        # a range that is none, or not known yet
        return None
    pairs = ((a, b) for place, a in enumerate(ranges) for b in ranges[:place])
    overlapping = (f"{a} and {b}" for a, b in pairs if a.overlaps(b))
    return next(overlapping, None)


def _range_names(inputs: Inputs) -> str | None:
    for block in blocks(inputs, "secondaryIpRanges"):
        if said := matches("rangeName", NAME)(block):
            return said
    return None


RULES = (
    Rule(
        id="gcp.compute.name",
        types=NAMED,
        property="name",
        statement="A name is 1 to 63 of a-z, 0-9 and -, a letter first and no - at its end.",
        source="terraform-provider-google",
        check=matches("name", NAME),
        passing={"name": "network-vpc-0123abc"},
        failing={"name": "Network_vpc"},
    ),
    Rule(
        id="gcp.network.routing",
        types=NETWORK,
        property="routingMode",
        statement="Routes are learnt for the region or for the world.",
        source="terraform-provider-google",
        check=among("routingMode", ("GLOBAL", "REGIONAL"), absent_is="REGIONAL"),
        passing={"routingMode": "REGIONAL"},
        failing={"routingMode": "ZONAL"},
    ),
    Rule(
        id="gcp.subnet.ranges-apart",
        types=SUBNET,
        property="secondaryIpRanges",
        statement="No two ranges of a subnet overlap.",
        source="pulumi-gcp",
        check=_apart,
        passing={
            "ipCidrRange": "10.64.0.0/18",
            "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.64.128.0/17"}],
        },
        failing={
            "ipCidrRange": "10.64.0.0/18",
            "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.64.0.0/17"}],
        },
    ),
    Rule(
        id="gcp.subnet.range-name",
        types=SUBNET,
        property="secondaryIpRanges.rangeName",
        statement="A secondary range is named as any resource of Compute Engine.",
        source="terraform-provider-google",
        check=_range_names,
        passing={"secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.64.128.0/17"}]},
        failing={"secondaryIpRanges": [{"rangeName": "Pods", "ipCidrRange": "10.64.128.0/17"}]},
    ),
    Rule(
        id="gcp.subnet.proxies",
        types=SUBNET,
        property="logConfig",
        statement="A subnet of balancers' proxies has no flow logs.",
        source="terraform-provider-google",
        check=when(equals("purpose", *PROXIES), refused("logConfig")),
        passing={"purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE"},
        failing={"purpose": "REGIONAL_MANAGED_PROXY", "logConfig": {"flowSampling": 1}},
    ),
    Rule(
        id="gcp.subnet.role",
        types=SUBNET,
        property="role",
        statement="A subnet of proxies is in use, or waits to be.",
        source="terraform-provider-google",
        check=among("role", ("ACTIVE", "BACKUP")),
        passing={"role": "BACKUP"},
        failing={"role": "PASSIVE"},
    ),
    Rule(
        id="gcp.subnet.flow-logs",
        types=SUBNET,
        property="logConfig",
        statement="Flow logs take a known interval, a share from 0 to 1, and known metadata.",
        source="terraform-provider-google",
        check=every(
            among("logConfig.aggregationInterval", INTERVALS),
            between("logConfig.flowSampling", 0, 1),
            among("logConfig.metadata", METADATA),
        ),
        passing={"logConfig": {"aggregationInterval": "INTERVAL_10_MIN", "flowSampling": 1}},
        failing={"logConfig": {"aggregationInterval": "INTERVAL_10_MIN", "flowSampling": 50}},
    ),
    Rule(
        id="gcp.route.one-hop",
        types=ROUTE,
        property="nextHopGateway",
        statement="A route leads to exactly one hop.",
        source="terraform-provider-google",
        check=exactly_one(*HOPS),
        passing={"nextHopGateway": "default-internet-gateway"},
        failing={"nextHopGateway": "default-internet-gateway", "nextHopIp": "10.64.0.2"},
    ),
    Rule(
        id="gcp.global-address.network",
        types=GLOBAL_ADDRESS,
        property="addressType",
        statement="Only a range inside is kept in a network, for peers or endpoints.",
        source="pulumi-gcp",
        check=every(
            when(is_set("network"), among("addressType", ("INTERNAL",), absent_is="EXTERNAL")),
            among("purpose", ("PRIVATE_SERVICE_CONNECT", "VPC_PEERING")),
        ),
        passing={"network": "vpc", "addressType": "INTERNAL", "purpose": "VPC_PEERING"},
        failing={"network": "vpc", "purpose": "VPC_PEERING"},
    ),
    Rule(
        id="gcp.global-address.endpoint",
        types=GLOBAL_ADDRESS,
        property="prefixLength",
        statement="What is kept for an endpoint is one address, no range.",
        source="pulumi-gcp",
        check=when(equals("purpose", "PRIVATE_SERVICE_CONNECT"), refused("prefixLength")),
        passing={"purpose": "PRIVATE_SERVICE_CONNECT", "addressType": "INTERNAL"},
        failing={"purpose": "PRIVATE_SERVICE_CONNECT", "prefixLength": 24},
    ),
)
