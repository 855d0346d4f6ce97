"""What IAM roles must say for the services that take them on."""

from __future__ import annotations

import json

from sizing.model import Json
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import UNKNOWN_TEXT, text

ROLE = ("aws:iam/role:Role",)

POD_IDENTITY = "pods.eks.amazonaws.com"
POD_ACTIONS = ("sts:AssumeRole", "sts:TagSession")


def _actions(inputs: Inputs, principal: str) -> list[str] | None:
    """Return what a role's trust allows a principal; None where unknown or not named."""
    policy = text(inputs, "assumeRolePolicy")
    if policy is None or UNKNOWN_TEXT in policy or principal not in policy:
        return None
    try:
        read = json.loads(policy)
    except ValueError:
        return None
    found: list[str] = []
    statements = read.get("Statement", []) if isinstance(read, dict) else []
    for one in statements if isinstance(statements, list) else [statements]:
        if principal in json.dumps(one.get("Principal")) and one.get("Effect") == "Allow":
            actions = one.get("Action")
            found += actions if isinstance(actions, list) else [actions]
    return found


def _pod_trust(inputs: Inputs) -> str | None:
    actions = _actions(inputs, POD_IDENTITY)
    if actions is None:
        return None
    lacks = [action for action in POD_ACTIONS if action not in actions]
    return f"{POD_IDENTITY} lacks {', '.join(lacks)}" if lacks else None


def _parses(inputs: Inputs) -> str | None:
    policy = text(inputs, "assumeRolePolicy")
    if policy is None or UNKNOWN_TEXT in policy:
        return None
    try:
        read = json.loads(policy)
    except ValueError:
        return "assumeRolePolicy is no JSON"
    return None if isinstance(read, dict) and read.get("Statement") else "no Statement"


def _trust(actions: tuple[str, ...]) -> Json:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": POD_IDENTITY},
        "Action": list(actions),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


RULES = (
    Rule(
        id="iam.trust-policy",
        types=ROLE,
        property="assumeRolePolicy",
        statement="A role's trust is a JSON document with statements.",
        source="pulumi-aws",
        check=_parses,
        passing={"assumeRolePolicy": _trust(POD_ACTIONS)},
        failing={"assumeRolePolicy": "pods.eks.amazonaws.com"},
    ),
    Rule(
        id="iam.pod-identity-trust",
        types=ROLE,
        property="assumeRolePolicy",
        statement="A role for Pod Identity lets the service assume it and tag the session.",
        source="eks-pod-identity",
        check=_pod_trust,
        passing={"assumeRolePolicy": _trust(POD_ACTIONS)},
        failing={"assumeRolePolicy": _trust(("sts:AssumeRole",))},
    ),
)
