"""The firewall before the way in counts requests, and lets a body say whatever it wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from components.gcp.armor import LAST
from sizing.words import Cloud
from tests.components.aws import make_edge as aws
from tests.components.clouds.words import at
from tests.components.gcp import make_edge as gcp
from tests.components.support import Recorder

# AWS Managed Rules for AWS WAF, read 2026-11-21: every rule of these groups that reads a body
READ_BODIES = {
    "AWSManagedRulesAmazonIpReputationList": set[str](),
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "JavaDeserializationRCE_BODY",
        "Log4JRCE_BODY",
        "ReactJSRCE_BODY",
    },
    "AWSManagedRulesCommonRuleSet": {
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "SizeRestrictions_BODY",
    },
    "AWSManagedRulesSQLiRuleSet": {"SQLiExtendedPatterns_BODY", "SQLi_BODY"},
}
SCANNERS = "scannerdetection"
"""The one set of Google's that reads headers alone, as it is asked for (test_armor.py)."""


def waf_rules(recorder: Recorder) -> list[dict[str, Any]]:
    return list(recorder.one("WebAcl").inputs["rules"])


def armor_rules(recorder: Recorder) -> list[dict[str, Any]]:
    return list(recorder.one("RegionSecurityPolicy").inputs["rules"])


def waf_reads_bodies(rule: Mapping[str, Any]) -> bool:
    """Say so of a rule that blocks by what stands in a body; one of a group may count instead."""
    group = at(rule, "statement.managedRuleGroupStatement")
    if group is None:
        return "body" in str(rule).lower()
    overrides = group.get("ruleActionOverrides", ())
    counting = {one["name"] for one in overrides if one["actionToUse"] == {"count": {}}}
    return not READ_BODIES[group["name"]] <= counting


def armor_reads_bodies(rule: Mapping[str, Any]) -> bool:
    expression = at(rule, "match.expr.expression") or ""
    return bool(expression) and SCANNERS not in expression and not rule.get("preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes a firewall, and in which words it counts."""

    build: Callable[..., Recorder]
    rules: Callable[[Recorder], list[dict[str, Any]]]
    reads_bodies: Callable[[Mapping[str, Any]], bool]
    rate: Mapping[str, object]


SIDES = {
    Cloud.AWS: Side(
        build=aws.firewall,
        rules=waf_rules,
        reads_bodies=waf_reads_bodies,
        rate={
            "statement.rateBasedStatement.limit": 30_000,
            "statement.rateBasedStatement.evaluationWindowSec": 300,
            "statement.rateBasedStatement.aggregateKeyType": "IP",
        },
    ),
    Cloud.GCP: Side(
        build=gcp.firewall,
        rules=armor_rules,
        reads_bodies=armor_reads_bodies,
        rate={
            "rateLimitOptions.rateLimitThreshold.count": 30_000,
            "rateLimitOptions.rateLimitThreshold.intervalSec": 300,
            "rateLimitOptions.enforceOnKey": "IP",
            "rateLimitOptions.conformAction": "allow",
            "rateLimitOptions.exceedAction": "deny(429)",
        },
    ),
}


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def rules(side: Side) -> list[dict[str, Any]]:
    return side.rules(side.build())


def test_an_address_is_refused_above_the_planned_rate_alone(
    side: Side, rules: list[dict[str, Any]]
) -> None:
    first = next(iter(side.rate))
    (rate,) = [one for one in rules if at(one, first) is not None]
    assert {path: at(rate, path) for path in side.rate} == side.rate


def test_no_rule_blocks_for_what_stands_in_a_body(side: Side, rules: list[dict[str, Any]]) -> None:
    assert [one for one in rules if side.reads_bodies(one)] == []


def test_what_no_rule_blocks_passes(cloud: Cloud, side: Side) -> None:
    recorder = side.build()
    if cloud is Cloud.AWS:
        assert recorder.one("WebAcl").inputs["defaultAction"] == {"allow": {}}
        assert recorder.one("WebAclAssociation").inputs["resourceArn"] == aws.BALANCER
    else:
        # the last rule matches everybody, and the rate is all that it asks
        last = max(side.rules(recorder), key=lambda one: int(one["priority"]))
        assert last["priority"] == LAST
        assert at(last, "match.config.srcIpRanges") == ["*"]
        assert last["action"] in {"allow", "throttle"}


def test_priorities_are_unique(rules: list[dict[str, Any]]) -> None:
    assert len({one["priority"] for one in rules}) == len(rules)
