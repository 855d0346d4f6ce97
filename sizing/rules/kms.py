"""What KMS refuses of keys, and which of their policies leave a service without its key."""

from __future__ import annotations

import json

from sizing.model import Json
from sizing.rules.conditions import between
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import UNKNOWN_TEXT, text

KEY = ("aws:kms/key:Key",)
POLICIES = (*KEY, "aws:kms/keyPolicy:KeyPolicy")

LOGS_ACTIONS = ("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "Describe")
"""What CloudWatch Logs does with a group's key (terraform-provider-aws, issue 28644)."""
AUTOSCALING_ACTIONS = (*LOGS_ACTIONS, "CreateGrant")
"""What encrypted root disks need of their key (terraform-provider-aws, issue 8422)."""
AUTOSCALING_ROLE = "AWSServiceRoleForAutoScaling"


def _statements(inputs: Inputs) -> list[dict[str, Json]] | None:
    """Return the policy's statements, None where it is not known or no JSON."""
    policy = text(inputs, "policy")
    if policy is None or UNKNOWN_TEXT in policy:
        return None
    try:
        read = json.loads(policy)
    except ValueError:
        return None
    found = read.get("Statement") if isinstance(read, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else None


def _lacking(inputs: Inputs, principal: str, wanted: tuple[str, ...]) -> str | None:
    """Say which actions a principal that the policy names may not take."""
    named = [
        one
        for one in _statements(inputs) or []
        if one.get("Effect") == "Allow" and principal in json.dumps(one.get("Principal"))
    ]
    if not named:
        return None
    allowed: list[str] = []
    for one in named:
        actions = one.get("Action")
        listed = actions if isinstance(actions, list) else [actions]
        allowed += [str(action).removeprefix("kms:") for action in listed]
    lacks = [
        action
        for action in wanted
        if not any(said == "*" or said.startswith(action) for said in allowed)
    ]
    return f"{principal} lacks {', '.join(lacks)}" if lacks else None


def _parses(inputs: Inputs) -> str | None:
    policy = text(inputs, "policy")
    if policy is None or UNKNOWN_TEXT in policy or _statements(inputs):
        return None
    return "policy is no JSON with statements"


def _policy(principal: str, actions: tuple[str, ...]) -> Json:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": [f"kms:{action}*" for action in actions],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


RULES = (
    Rule(
        id="kms.deletion-window",
        types=KEY,
        property="deletionWindowInDays",
        statement="A key is deleted 7 to 30 days after it is given up.",
        source="pulumi-aws",
        check=between("deletionWindowInDays", 7, 30),
        passing={"deletionWindowInDays": 7},
        failing={"deletionWindowInDays": 3},
    ),
    Rule(
        id="kms.rotation-period",
        types=KEY,
        property="rotationPeriodInDays",
        statement="A key rotates every 90 to 2560 days.",
        source="pulumi-aws",
        check=between("rotationPeriodInDays", 90, 2560),
        passing={"rotationPeriodInDays": 365},
        failing={"rotationPeriodInDays": 30},
    ),
    Rule(
        id="kms.policy",
        types=POLICIES,
        property="policy",
        statement="A key policy is a JSON document with statements.",
        source="pulumi-aws",
        check=_parses,
        passing={"policy": _policy("rds.amazonaws.com", ("Decrypt",))},
        failing={"policy": "{}"},
    ),
    Rule(
        id="kms.logs",
        types=POLICIES,
        property="policy",
        statement="CloudWatch Logs encrypts, decrypts, re-encrypts, makes data keys and describes.",
        source="terraform-provider-aws",
        check=lambda inputs: _lacking(inputs, "logs.", LOGS_ACTIONS),
        passing={"policy": _policy("logs.us-east-1.amazonaws.com", LOGS_ACTIONS)},
        failing={"policy": _policy("logs.us-east-1.amazonaws.com", ("Encrypt", "Decrypt"))},
    ),
    Rule(
        id="kms.autoscaling",
        types=POLICIES,
        property="policy",
        statement="Auto Scaling's role uses the key of encrypted root disks and grants it on.",
        source="terraform-provider-aws",
        check=lambda inputs: _lacking(inputs, AUTOSCALING_ROLE, AUTOSCALING_ACTIONS),
        passing={"policy": _policy(AUTOSCALING_ROLE, AUTOSCALING_ACTIONS)},
        failing={"policy": _policy(AUTOSCALING_ROLE, LOGS_ACTIONS)},
    ),
)
