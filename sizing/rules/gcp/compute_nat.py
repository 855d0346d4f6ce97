"""What Compute Engine refuses of Cloud NAT."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    each,
    every,
    is_set,
    is_true,
    matches,
    refused,
    when,
)
from sizing.rules.rule import Check, Inputs, Rule
from sizing.rules.values import absent, items, known, number, read, shown

NAT = ("gcp:compute/routerNat:RouterNat",)

NAME = r"[a-z][-a-z0-9]{0,61}[a-z0-9]"
"""2 to 63 characters (terraform-provider-google, verify.ValidateRFC1035Name)."""
LEAST_PORTS = 32
"""Ports of a VM where they grow with use (pulumi-gcp, RouterNat)."""
SECONDARY = "LIST_OF_SECONDARY_IP_RANGES"


def _power_of_two(path: str, least: int) -> Check:
    def check(inputs: Inputs) -> str | None:
        value = number(inputs, path)
        if value is None or (value >= least and value.is_integer() and int(value).bit_count() == 1):
            return None
        return f"{path} is {shown(value)}"

    return check


def _most_above_least(inputs: Inputs) -> str | None:
    least, most = number(inputs, "minPortsPerVm"), number(inputs, "maxPortsPerVm")
    if least is None or most is None or most > least:
        return None
    return f"minPortsPerVm is {shown(least)}, maxPortsPerVm is {shown(most)}"


def _secondary_names(inputs: Inputs) -> str | None:
    if absent(inputs, "secondaryIpRangeNames") or not known(inputs, "secondaryIpRangeNames"):
        return None
    chosen = items(inputs, "sourceIpRangesToNats")
    if chosen is None or not all(isinstance(one, str) for one in chosen):
        return None
    # a choice that is not known yet may be the one
    plain = [read({"one": one}, "one") for one in chosen]
    if SECONDARY in plain or any(not isinstance(one, str) for one in plain):
        return None
    return f"secondaryIpRangeNames without {SECONDARY}"


RULES = (
    Rule(
        id="gcp.nat.name",
        types=NAT,
        property="name",
        statement="A NAT is named by 2 to 63 of a-z, 0-9 and -, a letter first.",
        source="terraform-provider-google",
        check=matches("name", NAME),
        passing={"name": "network-nat-0123abc"},
        failing={"name": "n"},
    ),
    Rule(
        id="gcp.nat.addresses",
        types=NAT,
        property="natIps",
        statement="Addresses of one's own are for a NAT that takes no others.",
        source="pulumi-gcp",
        check=every(
            when(
                is_set("natIps"),
                among("natIpAllocateOption", ("MANUAL_ONLY",), absent_is="AUTO_ONLY"),
            ),
            at_most_one("natIps", "initialNatIps"),
        ),
        passing={"natIpAllocateOption": "MANUAL_ONLY", "natIps": ["nat-a"]},
        failing={"natIpAllocateOption": "AUTO_ONLY", "natIps": ["nat-a"]},
    ),
    Rule(
        id="gcp.nat.mapping",
        types=NAT,
        property="enableEndpointIndependentMapping",
        statement="Ports that grow with use exclude a mapping that is the same for every target.",
        source="pulumi-gcp",
        check=when(
            is_true("enableDynamicPortAllocation"),
            among("enableEndpointIndependentMapping", (False,)),
        ),
        passing={"enableDynamicPortAllocation": True, "enableEndpointIndependentMapping": False},
        failing={"enableDynamicPortAllocation": True, "enableEndpointIndependentMapping": True},
    ),
    Rule(
        id="gcp.nat.ports",
        types=NAT,
        property="minPortsPerVm",
        statement="Ports that grow with use begin and end at a power of two, from 32 upwards.",
        source="cloud-nat-ports",
        check=when(
            is_true("enableDynamicPortAllocation"),
            every(
                _power_of_two("minPortsPerVm", LEAST_PORTS),
                _power_of_two("maxPortsPerVm", LEAST_PORTS),
                _most_above_least,
            ),
        ),
        passing={"enableDynamicPortAllocation": True, "minPortsPerVm": 1024},
        failing={"enableDynamicPortAllocation": True, "minPortsPerVm": 1000},
    ),
    Rule(
        id="gcp.nat.most-ports",
        types=NAT,
        property="maxPortsPerVm",
        statement="Only ports that grow with use have a most.",
        source="pulumi-gcp",
        check=when(is_set("maxPortsPerVm"), is_true("enableDynamicPortAllocation")),
        passing={"enableDynamicPortAllocation": True, "maxPortsPerVm": 4096},
        failing={"maxPortsPerVm": 4096},
    ),
    Rule(
        id="gcp.nat.subnets",
        types=NAT,
        property="subnetworks",
        statement="Subnets are listed where a NAT serves those that are listed.",
        source="pulumi-gcp",
        check=when(
            is_set("subnetworks"),
            among("sourceSubnetworkIpRangesToNat", ("LIST_OF_SUBNETWORKS",)),
        ),
        passing={
            "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
            "subnetworks": [{"name": "nodes", "sourceIpRangesToNats": ["ALL_IP_RANGES"]}],
        },
        failing={
            "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
            "subnetworks": [{"name": "nodes", "sourceIpRangesToNats": ["ALL_IP_RANGES"]}],
        },
    ),
    Rule(
        id="gcp.nat.secondary-ranges",
        types=NAT,
        property="subnetworks.secondaryIpRangeNames",
        statement="Secondary ranges are named where a NAT serves those that are listed.",
        source="pulumi-gcp",
        check=each("subnetworks", _secondary_names),
        passing={
            "subnetworks": [
                {"sourceIpRangesToNats": [SECONDARY], "secondaryIpRangeNames": ["pods"]}
            ]
        },
        failing={
            "subnetworks": [
                {"sourceIpRangesToNats": ["PRIMARY_IP_RANGE"], "secondaryIpRangeNames": ["pods"]}
            ]
        },
    ),
    Rule(
        id="gcp.nat.log",
        types=NAT,
        property="logConfig.filter",
        statement="A NAT writes down errors, translations or both.",
        source="terraform-provider-google",
        check=among("logConfig.filter", ("ALL", "ERRORS_ONLY", "TRANSLATIONS_ONLY")),
        passing={"logConfig": {"enable": True, "filter": "ERRORS_ONLY"}},
        failing={"logConfig": {"enable": True, "filter": "ERRORS"}},
    ),
    Rule(
        id="gcp.nat.drain",
        types=NAT,
        property="drainNatIps",
        statement="A new NAT has no address to drain.",
        source="terraform-provider-google",
        check=when(is_set("initialNatIps"), refused("drainNatIps")),
        passing={"natIpAllocateOption": "MANUAL_ONLY", "initialNatIps": ["nat-a"]},
        failing={
            "natIpAllocateOption": "MANUAL_ONLY",
            "initialNatIps": ["nat-a"],
            "drainNatIps": ["nat-b"],
        },
    ),
)
