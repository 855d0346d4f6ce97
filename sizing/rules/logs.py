"""What CloudWatch Logs refuses of groups and of policies on them."""

from __future__ import annotations

from sizing.rules.conditions import among, exactly_one, matches, when
from sizing.rules.rule import Rule
from sizing.rules.values import absent

GROUP = ("aws:cloudwatch/logGroup:LogGroup",)
POLICY = ("aws:cloudwatch/logResourcePolicy:LogResourcePolicy",)

RETENTIONS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""Days that a group may keep its events, 0 for ever (pulumi-aws cloudwatch.LogGroup)."""
ACCOUNT_POLICY = r"[\s\S]{0,5120}"

RULES = (
    Rule(
        id="logs.retention",
        types=GROUP,
        property="retentionInDays",
        statement="Events are kept for one of the listed numbers of days.",
        source="pulumi-aws",
        check=among("retentionInDays", RETENTIONS),
        passing={"retentionInDays": 30},
        failing={"retentionInDays": 45},
    ),
    Rule(
        id="logs.class",
        types=GROUP,
        property="logGroupClass",
        statement="A group's class is STANDARD, INFREQUENT_ACCESS or DELIVERY.",
        source="pulumi-aws",
        check=among("logGroupClass", ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")),
        passing={"logGroupClass": "STANDARD"},
        failing={"logGroupClass": "INFREQUENT"},
    ),
    Rule(
        id="logs.policy-scope",
        types=POLICY,
        property="resourceArn",
        statement="A policy belongs to the account under a name, or to one log group.",
        source="pulumi-aws",
        check=exactly_one("policyName", "resourceArn"),
        passing={"resourceArn": "arn:aws:logs:us-east-1:111122223333:log-group:search"},
        failing={"policyName": "search", "resourceArn": "arn:aws:logs:g"},
    ),
    Rule(
        id="logs.policy-size",
        types=POLICY,
        property="policyDocument",
        statement="An account's policy has at most 5120 characters.",
        source="pulumi-aws",
        check=when(
            lambda inputs: None if absent(inputs, "resourceArn") else "of one group",
            matches("policyDocument", ACCOUNT_POLICY, secret=True),
        ),
        passing={"policyName": "search", "policyDocument": "{}"},
        failing={"policyName": "search", "policyDocument": "x" * 5121},
    ),
)
