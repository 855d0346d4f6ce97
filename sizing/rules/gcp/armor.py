"""What Cloud Armor refuses of regional policies."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    between,
    each,
    equals,
    every,
    exactly_one,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Check, Inputs, Rule
from sizing.rules.values import blocks, number

POLICY = ("gcp:compute/regionSecurityPolicy:RegionSecurityPolicy",)

LAST = 2_147_483_647
"""Priority of the last rule, and the highest number that there is (pulumi-gcp)."""
RATE_MOST = 1_000_000
"""Requests in a window, above which a throttle cannot be set (armor-rate-limits)."""
ACTION = r"allow|deny\((403|404|502)\)|rate_based_ban|throttle"
EXCEEDED = r"deny\((403|404|429|502)\)"


def _priorities_differ() -> Check:
    def check(inputs: Inputs) -> str | None:
        found = [number(rule, "priority") for rule in blocks(inputs, "rules")]
        twice = sorted({one for one in found if one is not None and found.count(one) > 1})
        return f"priority {twice[0]:g} is there twice" if twice else None

    return check


RULES = (
    Rule(
        id="gcp.armor.type",
        types=POLICY,
        property="type",
        statement="A policy is CLOUD_ARMOR, CLOUD_ARMOR_EDGE or CLOUD_ARMOR_NETWORK.",
        source="pulumi-gcp",
        check=among("type", ("CLOUD_ARMOR", "CLOUD_ARMOR_EDGE", "CLOUD_ARMOR_NETWORK")),
        passing={"type": "CLOUD_ARMOR"},
        failing={"type": "BACKEND"},
    ),
    Rule(
        id="gcp.armor.priority",
        types=POLICY,
        property="rules",
        statement=f"Rules have priorities of their own, from 0 to {LAST}.",
        source="pulumi-gcp",
        check=every(each("rules", between("priority", 0, LAST)), _priorities_differ()),
        passing={"rules": [{"priority": 1, "action": "allow"}, {"priority": 2, "action": "allow"}]},
        failing={"rules": [{"priority": 1, "action": "allow"}, {"priority": 1, "action": "allow"}]},
    ),
    Rule(
        id="gcp.armor.action",
        types=POLICY,
        property="rules",
        statement="A regional rule allows, denies with 403, 404 or 502, throttles or bans.",
        source="pulumi-gcp",
        check=each("rules", matches("action", ACTION)),
        passing={"rules": [{"priority": 1, "action": "deny(403)"}]},
        failing={"rules": [{"priority": 1, "action": "deny(401)"}]},
    ),
    Rule(
        id="gcp.armor.rate-options",
        types=POLICY,
        property="rules",
        statement="Rules that count requests say how many, others do not.",
        source="pulumi-gcp",
        check=each(
            "rules",
            every(
                when(equals("action", "throttle", "rate_based_ban"), needs("rateLimitOptions")),
                when(equals("action", "allow", "deny(403)"), refused("rateLimitOptions")),
            ),
        ),
        passing={
            "rules": [
                {
                    "priority": 1,
                    "action": "throttle",
                    "rateLimitOptions": {
                        "exceedAction": "deny(429)",
                        "rateLimitThreshold": {"count": 100, "intervalSec": 60},
                    },
                }
            ]
        },
        failing={"rules": [{"priority": 1, "action": "throttle"}]},
    ),
    Rule(
        id="gcp.armor.rate",
        types=POLICY,
        property="rules",
        statement=f"A throttle counts to {RATE_MOST} at most, and refuses by 403, 404, 429 or 502.",
        source="armor-rate-limits",
        check=each(
            "rules",
            every(
                between("rateLimitOptions.rateLimitThreshold.count", 1, RATE_MOST),
                matches("rateLimitOptions.exceedAction", EXCEEDED),
            ),
        ),
        passing={
            "rules": [
                {
                    "action": "throttle",
                    "rateLimitOptions": {"rateLimitThreshold": {"count": 30_000}},
                }
            ]
        },
        failing={
            "rules": [
                {
                    "action": "throttle",
                    "rateLimitOptions": {"rateLimitThreshold": {"count": 2_000_000}},
                }
            ]
        },
    ),
    Rule(
        id="gcp.armor.match",
        types=POLICY,
        property="rules",
        statement="A rule matches by an expression or by source ranges, which need SRC_IPS_V1.",
        source="terraform-provider-google",
        check=each(
            "rules",
            every(
                among("match.versionedExpr", ("", "SRC_IPS_V1")),
                when(equals("match.versionedExpr", "SRC_IPS_V1"), needs("match.config")),
                when(
                    equals("action", "allow", "deny(403)"),
                    exactly_one("match", "networkMatch"),
                ),
            ),
        ),
        passing={
            "rules": [
                {
                    "action": "allow",
                    "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
                }
            ]
        },
        failing={"rules": [{"action": "allow", "match": {"versionedExpr": "SRC_IPS_V1"}}]},
    ),
)
