"""What Secrets Manager refuses."""

from __future__ import annotations

from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number

SECRET = ("aws:secretsmanager/secret:Secret",)

RECOVERY_DAYS = (0, *range(7, 31))
"""Days a deleted secret can be brought back, 0 for not at all (pulumi-aws)."""


def _recovery(inputs: Inputs) -> str | None:
    days = number(inputs, "recoveryWindowInDays")
    return None if days is None or days in RECOVERY_DAYS else f"recoveryWindowInDays is {days:g}"


RULES = (
    Rule(
        id="secrets.recovery-window",
        types=SECRET,
        property="recoveryWindowInDays",
        statement="A deleted secret is gone at once, or 7 to 30 days later.",
        source="pulumi-aws",
        check=_recovery,
        passing={"recoveryWindowInDays": 0},
        failing={"recoveryWindowInDays": 3},
    ),
)
