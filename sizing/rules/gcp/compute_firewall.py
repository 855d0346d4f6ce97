"""What Compute Engine refuses of firewall rules."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    between,
    each,
    equals,
    every,
    exactly_one,
    is_set,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, items, text

FIREWALL = ("gcp:compute/firewall:Firewall",)

SOURCES = ("sourceRanges", "sourceServiceAccounts", "sourceTags")
PORTLESS = ("ah", "all", "esp", "icmp", "ipip")
"""Protocols without ports, by their names (pulumi-gcp, FirewallAllow)."""


def _any_source(inputs: Inputs) -> str | None:
    missing = all(absent(inputs, path) for path in SOURCES)
    return f"none of {', '.join(SOURCES)} set" if missing else None


def _no_ports(block: Inputs) -> str | None:
    protocol = text(block, "protocol")
    if protocol in PORTLESS and items(block, "ports"):
        return f"ports with {protocol}"
    return None


def _accounts_or_tags(inputs: Inputs) -> str | None:
    for side in ("source", "target"):
        if is_set(f"{side}ServiceAccounts")(inputs) is None:
            said = refused("sourceTags", "targetTags")(inputs)
            if said is not None:
                return f"{side}ServiceAccounts set, {said}"
    return None


RULES = (
    Rule(
        id="gcp.firewall.one-action",
        types=FIREWALL,
        property="allows",
        statement="A rule lets through or refuses.",
        source="terraform-provider-google",
        check=exactly_one("allows", "denies"),
        passing={"direction": "EGRESS", "allows": [{"protocol": "tcp", "ports": ["443"]}]},
        failing={
            "direction": "EGRESS",
            "allows": [{"protocol": "tcp"}],
            "denies": [{"protocol": "all"}],
        },
    ),
    Rule(
        id="gcp.firewall.source",
        types=FIREWALL,
        property="sourceRanges",
        statement="What comes in is named by ranges, tags or accounts.",
        source="terraform-provider-google",
        check=when(equals("direction", None, "INGRESS"), _any_source),
        passing={"denies": [{"protocol": "all"}], "sourceRanges": ["0.0.0.0/0"]},
        failing={"denies": [{"protocol": "all"}], "direction": "INGRESS"},
    ),
    Rule(
        id="gcp.firewall.accounts-or-tags",
        types=FIREWALL,
        property="targetServiceAccounts",
        statement="A rule goes by accounts or by tags.",
        source="terraform-provider-google",
        check=_accounts_or_tags,
        passing={
            "direction": "EGRESS",
            "denies": [{"protocol": "all"}],
            "targetServiceAccounts": ["nodes@p.iam.gserviceaccount.com"],
        },
        failing={
            "direction": "EGRESS",
            "denies": [{"protocol": "all"}],
            "targetServiceAccounts": ["nodes@p.iam.gserviceaccount.com"],
            "targetTags": ["nodes"],
        },
    ),
    Rule(
        id="gcp.firewall.priority",
        types=FIREWALL,
        property="priority",
        statement="The priority is 0 to 65535, the lower number being the stronger.",
        source="terraform-provider-google",
        check=between("priority", 0, 65535),
        passing={"direction": "EGRESS", "denies": [{"protocol": "all"}], "priority": 65534},
        failing={"direction": "EGRESS", "denies": [{"protocol": "all"}], "priority": 65536},
    ),
    Rule(
        id="gcp.firewall.ports",
        types=FIREWALL,
        property="allows.ports",
        statement="Only protocols with ports take ports.",
        source="pulumi-gcp",
        check=every(each("allows", _no_ports), each("denies", _no_ports)),
        passing={"direction": "EGRESS", "allows": [{"protocol": "tcp", "ports": ["443"]}]},
        failing={"direction": "EGRESS", "allows": [{"protocol": "icmp", "ports": ["8"]}]},
    ),
    Rule(
        id="gcp.firewall.direction",
        types=FIREWALL,
        property="direction",
        statement="A rule is about what comes in or what leaves.",
        source="terraform-provider-google",
        check=among("direction", ("EGRESS", "INGRESS")),
        passing={"direction": "EGRESS", "denies": [{"protocol": "all"}]},
        failing={
            "direction": "BOTH",
            "denies": [{"protocol": "all"}],
            "sourceRanges": ["0.0.0.0/0"],
        },
    ),
    Rule(
        id="gcp.firewall.log",
        types=FIREWALL,
        property="logConfig.metadata",
        statement="What a rule met is written down with all metadata or with none.",
        source="terraform-provider-google",
        check=among("logConfig.metadata", ("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA")),
        passing={
            "direction": "EGRESS",
            "denies": [{"protocol": "all"}],
            "logConfig": {"metadata": "INCLUDE_ALL_METADATA"},
        },
        failing={
            "direction": "EGRESS",
            "denies": [{"protocol": "all"}],
            "logConfig": {"metadata": "ALL"},
        },
    ),
)
