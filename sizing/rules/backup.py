"""What AWS Backup refuses of plans and vault locks."""

from __future__ import annotations

from sizing.rules.conditions import between, counts, each, every, needs
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number

PLAN = ("aws:backup/plan:Plan",)
LOCK = ("aws:backup/vaultLockConfiguration:VaultLockConfiguration",)

COLD_DAYS = 90
"""Least stay in cold storage (backup-api BackupRuleInput)."""
START_MINUTES = 60


def _cold(rule: Inputs) -> str | None:
    cold = number(rule, "lifecycle.coldStorageAfter")
    delete = number(rule, "lifecycle.deleteAfter")
    if cold is None or delete is None or cold == 0 or delete >= cold + COLD_DAYS:
        return None
    return f"deleted after {delete:g} days, cold after {cold:g}"


RULES = (
    Rule(
        id="backup.cold-storage",
        types=PLAN,
        property="rules",
        statement="What goes to cold storage stays there for 90 days or longer.",
        source="backup-api",
        check=each("rules", _cold),
        passing={"rules": [{"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 120}}]},
        failing={"rules": [{"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 90}}]},
    ),
    Rule(
        id="backup.start-window",
        types=PLAN,
        property="rules",
        statement="A start window is an hour or longer.",
        source="backup-api",
        check=each("rules", between("startWindow", START_MINUTES, None)),
        passing={"rules": [{"startWindow": 60}]},
        failing={"rules": [{"startWindow": 30}]},
    ),
    Rule(
        id="backup.rules",
        types=PLAN,
        property="rules",
        statement="A plan has a rule, and each rule a name and a vault.",
        source="pulumi-aws",
        check=every(counts("rules", 1, None), each("rules", needs("ruleName", "targetVaultName"))),
        passing={"rules": [{"ruleName": "daily", "targetVaultName": "data"}]},
        failing={"rules": [{"ruleName": "daily"}]},
    ),
    Rule(
        id="backup.lock-changeable",
        types=LOCK,
        property="changeableForDays",
        statement="A lock in compliance mode can be changed for three days or longer.",
        source="pulumi-aws",
        check=between("changeableForDays", 3, None),
        passing={"changeableForDays": 3},
        failing={"changeableForDays": 1},
    ),
)
