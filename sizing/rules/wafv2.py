"""What AWS WAF refuses of web ACLs and of where they log."""

from __future__ import annotations

import re
from collections import Counter

from sizing.model import Json
from sizing.rules.conditions import among, between, counts, each, every, exactly_one, matches
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import Value, blocks, items, known, read, text

ACL = ("aws:wafv2/webAcl:WebAcl",)
LOGGING = ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",)

REFERENCES = ("managedRuleGroupStatement", "ruleGroupReferenceStatement")
"""Statements that lead to a group of rules, each with an action of its own (cdk-preflight)."""
DESCRIPTION = r"[a-zA-Z0-9=:#@/\-,.][a-zA-Z0-9+=:#@/\-,.\s]+[a-zA-Z0-9+=:#@/\-,.]{1,256}"
"""The form that the service's own schema asks (cfn-lint-schemas)."""
RATE_BASED_MOST = 10
"""Rate-based rules of an ACL (cdk-preflight)."""
LOG_PREFIX = "aws-waf-logs-"
"""How the name of a log group, bucket or stream begins (cdk-preflight)."""
NAMED = re.compile(r"arn:[^:]+:(?:logs:.*:log-group:|s3:::|firehose:.*:deliverystream/)([^:/]+).*")
"""ARNs of what an ACL can log to, and the name in them (cdk-preflight)."""


def _action(rule: dict[str, Json]) -> str | None:
    name = text(rule, "name")
    own, override = known(rule, "action"), known(rule, "overrideAction")
    if own and override:
        return f"{name} has both"
    if "action" not in rule and "overrideAction" not in rule:
        return f"{name} has neither"
    statement = read(rule, "statement")
    if not isinstance(statement, dict):
        return None
    refers = any(kind in statement for kind in REFERENCES)
    if refers and own:
        return f"{name} leads to a group and has an action of its own"
    if not refers and override:
        return f"{name} leads to no group and overrides"
    if "rateBasedStatement" in statement and isinstance(read(rule, "action.allow"), dict):
        return f"{name} allows by rate"
    return None


def _actions(inputs: Inputs) -> str | None:
    said = (_action(rule) for rule in blocks(inputs, "rules"))
    return next((one for one in said if one is not None), None)


def _doubled(values: list[Value]) -> list[str]:
    seen = Counter(value for value in values if isinstance(value, str | int | float))
    return sorted(str(value) for value, times in seen.items() if times > 1)


def _unique(inputs: Inputs) -> str | None:
    rules = blocks(inputs, "rules")
    for what in ("name", "priority"):
        twice = _doubled([read(rule, what) for rule in rules])
        if twice:
            return f"{what} {', '.join(twice)} twice"
    return None


def _overrides(inputs: Inputs) -> str | None:
    for rule in blocks(inputs, "rules"):
        overridden = blocks(rule, "statement.managedRuleGroupStatement.ruleActionOverrides")
        twice = _doubled([read(one, "name") for one in overridden])
        if twice:
            return f"{', '.join(twice)} overridden twice"
    return None


def _rate_rules(inputs: Inputs) -> str | None:
    found = [
        rule
        for rule in blocks(inputs, "rules")
        if isinstance(read(rule, "statement.rateBasedStatement"), dict)
    ]
    return f"{len(found)} of them" if len(found) > RATE_BASED_MOST else None


def _destination(inputs: Inputs) -> str | None:
    for arn in items(inputs, "logDestinationConfigs") or []:
        found = NAMED.fullmatch(arn) if isinstance(arn, str) else None
        if found and not found[1].startswith(LOG_PREFIX):
            return f"{found[1]} is the name"
    return None


RULES = (
    Rule(
        id="wafv2.scope",
        types=ACL,
        property="scope",
        statement="An ACL is REGIONAL, or stands before CLOUDFRONT.",
        source="terraform-provider-aws",
        check=among("scope", ("REGIONAL", "CLOUDFRONT")),
        passing={"scope": "REGIONAL"},
        failing={"scope": "regional"},
    ),
    Rule(
        id="wafv2.description",
        types=ACL,
        property="description",
        statement="A description has letters, digits, blanks and + = : # @ / - , . alone.",
        source="cfn-lint-schemas",
        check=matches("description", DESCRIPTION),
        passing={"description": "prod-large: rates block, bodies are counted"},
        failing={"description": "prod-large: rates block; bodies are counted"},
    ),
    Rule(
        id="wafv2.name",
        types=ACL,
        property="name",
        statement="A name has at most 128 letters, digits, hyphens and underscores.",
        source="terraform-provider-aws",
        check=matches("name", r"[-0-9A-Za-z_]{1,128}"),
        passing={"name": "waf-acl-1a2b"},
        failing={"name": "waf acl"},
    ),
    Rule(
        id="wafv2.rule-action",
        types=ACL,
        property="rules",
        statement="A rule that leads to a group overrides its action, any other one has its own.",
        source="cdk-preflight",
        check=_actions,
        passing={
            "rules": [
                {
                    "name": "core",
                    "overrideAction": {"none": {}},
                    "statement": {"managedRuleGroupStatement": {"name": "Core"}},
                },
                {
                    "name": "rate",
                    "action": {"block": {}},
                    "statement": {"rateBasedStatement": {"limit": 100}},
                },
            ]
        },
        failing={
            "rules": [
                {
                    "name": "core",
                    "action": {"block": {}},
                    "statement": {"managedRuleGroupStatement": {"name": "Core"}},
                }
            ]
        },
    ),
    Rule(
        id="wafv2.unique",
        types=ACL,
        property="rules",
        statement="No two rules of an ACL have the same name or the same priority.",
        source="cdk-preflight",
        check=_unique,
        passing={"rules": [{"name": "a", "priority": 0}, {"name": "b", "priority": 1}]},
        failing={"rules": [{"name": "a", "priority": 1}, {"name": "b", "priority": 1}]},
    ),
    Rule(
        id="wafv2.overrides",
        types=ACL,
        property="rules.statement.managedRuleGroupStatement.ruleActionOverrides",
        statement="A rule of a managed group is overridden once.",
        source="cdk-preflight",
        check=_overrides,
        passing={
            "rules": [
                {
                    "statement": {
                        "managedRuleGroupStatement": {"ruleActionOverrides": [{"name": "A_BODY"}]}
                    }
                }
            ]
        },
        failing={
            "rules": [
                {
                    "statement": {
                        "managedRuleGroupStatement": {
                            "ruleActionOverrides": [{"name": "A_BODY"}, {"name": "A_BODY"}]
                        }
                    }
                }
            ]
        },
    ),
    Rule(
        id="wafv2.rate",
        types=ACL,
        property="rules.statement.rateBasedStatement",
        statement="A rate is 10 to 2000000000 requests in 60, 120, 300 or 600 s.",
        source="waf-managed-rules",
        check=each(
            "rules",
            every(
                between("statement.rateBasedStatement.limit", 10, 2_000_000_000),
                among("statement.rateBasedStatement.evaluationWindowSec", (60, 120, 300, 600)),
            ),
        ),
        passing={"rules": [{"statement": {"rateBasedStatement": {"limit": 10}}}]},
        failing={"rules": [{"statement": {"rateBasedStatement": {"limit": 9}}}]},
    ),
    Rule(
        id="wafv2.rate-rules",
        types=ACL,
        property="rules",
        statement="An ACL has at most ten rules that go by rate.",
        source="cdk-preflight",
        check=_rate_rules,
        passing={"rules": [{"statement": {"rateBasedStatement": {"limit": 10}}}]},
        failing={"rules": [{"statement": {"rateBasedStatement": {"limit": 10}}}] * 11},
    ),
    Rule(
        id="wafv2.default-action",
        types=ACL,
        property="defaultAction",
        statement="What no rule stops is either allowed or blocked.",
        source="cdk-preflight",
        check=exactly_one("defaultAction.allow", "defaultAction.block"),
        passing={"defaultAction": {"allow": {}}},
        failing={"defaultAction": {"allow": {}, "block": {}}},
    ),
    Rule(
        id="wafv2.log-destination",
        types=LOGGING,
        property="logDestinationConfigs",
        statement="An ACL logs to one place, whose name begins with aws-waf-logs-.",
        source="cdk-preflight",
        check=every(counts("logDestinationConfigs", 1, 1), _destination),
        passing={"logDestinationConfigs": ["arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-aigw"]},
        failing={"logDestinationConfigs": ["arn:aws:logs:us-east-1:1:log-group:waf-logs-aigw"]},
    ),
)
