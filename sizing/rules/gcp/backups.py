"""What Backup for GKE and Backup and DR refuse of plans and vaults."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    between,
    each,
    equals,
    every,
    exactly_one,
    is_set,
    matches,
    needs,
    ordered,
    when,
)
from sizing.rules.rule import Rule

VOLUMES = ("gcp:gkebackup/backupPlan:BackupPlan",)
PLAN = ("gcp:backupdisasterrecovery/backupPlan:BackupPlan",)
VAULT = ("gcp:backupdisasterrecovery/backupVault:BackupVault",)

RPO_MINUTES = (60, 86_400)
_CONFIG, _SCHEDULE = "backupConfig", "backupSchedule"
_WINDOW = "standardSchedule.backupWindow"

RULES = (
    Rule(
        id="gcp.backup.scope",
        types=VOLUMES,
        property=_CONFIG,
        statement="A plan takes all namespaces, or those that are named in one way.",
        source="terraform-provider-google",
        check=when(
            is_set(_CONFIG),
            exactly_one(
                f"{_CONFIG}.allNamespaces",
                f"{_CONFIG}.selectedApplications",
                f"{_CONFIG}.selectedNamespaceLabels",
                f"{_CONFIG}.selectedNamespaces",
            ),
        ),
        passing={"backupConfig": {"allNamespaces": True}},
        failing={"backupConfig": {"includeVolumeData": True}},
    ),
    Rule(
        id="gcp.backup.schedule",
        types=VOLUMES,
        property=_SCHEDULE,
        statement="A schedule is a cron or a target of recovery, and its backups end some day.",
        source="terraform-provider-google",
        check=every(
            at_most_one(f"{_SCHEDULE}.cronSchedule", f"{_SCHEDULE}.rpoConfig"),
            when(is_set(_SCHEDULE), needs("retentionPolicy.backupRetainDays")),
            between(f"{_SCHEDULE}.rpoConfig.targetRpoMinutes", *RPO_MINUTES),
        ),
        passing={
            "backupSchedule": {"cronSchedule": "0 2 * * *"},
            "retentionPolicy": {"backupRetainDays": 35},
        },
        failing={"backupSchedule": {"cronSchedule": "0 2 * * *"}},
    ),
    Rule(
        id="gcp.backup.window",
        types=PLAN,
        property="backupRules",
        statement="A window begins at 0 to 23, ends at 1 to 24, and ends after it begins.",
        source="pulumi-gcp",
        check=each(
            "backupRules",
            every(
                between(f"{_WINDOW}.startHourOfDay", 0, 23),
                between(f"{_WINDOW}.endHourOfDay", 1, 24),
                ordered(f"{_WINDOW}.startHourOfDay", f"{_WINDOW}.endHourOfDay", strictly=True),
            ),
        ),
        passing={
            "backupRules": [
                {"standardSchedule": {"backupWindow": {"startHourOfDay": 2, "endHourOfDay": 8}}}
            ]
        },
        failing={
            "backupRules": [
                {"standardSchedule": {"backupWindow": {"startHourOfDay": 22, "endHourOfDay": 4}}}
            ]
        },
    ),
    Rule(
        id="gcp.backup.recurrence",
        types=PLAN,
        property="backupRules",
        statement="A rule recurs; an hourly one says how often.",
        source="pulumi-gcp",
        check=each(
            "backupRules",
            every(
                among(
                    "standardSchedule.recurrenceType",
                    ("DAILY", "HOURLY", "MONTHLY", "WEEKLY", "YEARLY"),
                ),
                when(
                    equals("standardSchedule.recurrenceType", "HOURLY"),
                    needs("standardSchedule.hourlyFrequency"),
                ),
            ),
        ),
        passing={"backupRules": [{"standardSchedule": {"recurrenceType": "DAILY"}}]},
        failing={"backupRules": [{"standardSchedule": {"recurrenceType": "HOURLY"}}]},
    ),
    Rule(
        id="gcp.backup.enforced",
        types=VAULT,
        property="backupMinimumEnforcedRetentionDuration",
        statement="A vault says in seconds for how long nobody can take a backup away.",
        source="pulumi-gcp",
        check=every(
            needs("backupMinimumEnforcedRetentionDuration"),
            matches("backupMinimumEnforcedRetentionDuration", r"\d+s"),
        ),
        passing={"backupMinimumEnforcedRetentionDuration": "86400s"},
        failing={"backupMinimumEnforcedRetentionDuration": "1d"},
    ),
)
