"""What RDS refuses of instances, whatever their engine version."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    avoids,
    between,
    each,
    equals,
    every,
    is_set,
    is_true,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, number, read, text
from sizing.rules.windows import apart, lasts

INSTANCE = ("aws:rds/instance:Instance",)
CLUSTER = ("aws:rds/cluster:Cluster",)
BOTH = (*INSTANCE, *CLUSTER)
PARAMETERS = (
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
)
SUBNETS = ("aws:rds/subnetGroup:SubnetGroup",)

MONITORING_INTERVALS = (0, 1, 5, 10, 15, 30, 60)
"""Seconds (rds-api CreateDBInstance)."""
INSIGHTS_RETENTIONS = (7, *(31 * months for months in range(1, 24)), 731)
"""Days (cdk-preflight pf-rds-pi)."""
ADVANCED_RETENTION = 31
WINDOW_MINUTES = 30
STATIC_PARAMETERS = (
    *("autovacuum_freeze_max_age", "autovacuum_max_workers", "huge_pages"),
    *("max_connections", "max_files_per_process", "max_locks_per_transaction"),
    *("max_prepared_transactions", "max_replication_slots", "max_wal_senders"),
    *("max_worker_processes", "rds.logical_replication", "shared_buffers"),
    *("shared_preload_libraries", "superuser_reserved_connections"),
    *("track_activity_query_size", "track_commit_timestamp", "wal_buffers"),
)
"""Settings of context postmaster (PostgreSQL documentation, server configuration)."""


def _final_snapshot(inputs: Inputs) -> str | None:
    if read(inputs, "skipFinalSnapshot") not in (None, False):
        return None
    if absent(inputs, "finalSnapshotIdentifier"):
        return None if read(inputs, "replicateSourceDb") is not None else "no name for the snapshot"
    return matches("finalSnapshotIdentifier", r"[A-Za-z](?!.*--)[-A-Za-z0-9]*[A-Za-z0-9]")(inputs)


def _replica(inputs: Inputs) -> str | None:
    own = refused("username", "password", "engine", "finalSnapshotIdentifier", "dbName")(inputs)
    if own is not None or absent(inputs, "dbSubnetGroupName"):
        return own
    source = text(inputs, "replicateSourceDb")
    return None if source is None or source.startswith("arn:") else f"source is {source}, no ARN"


def _monitoring(inputs: Inputs) -> str | None:
    interval = number(inputs, "monitoringInterval")
    if interval is None:
        return None
    if interval not in MONITORING_INTERVALS:
        return f"monitoringInterval is {interval:g}"
    return needs("monitoringRoleArn")(inputs) if interval > 0 else None


RULES = (
    Rule(
        id="rds.replica",
        types=INSTANCE,
        property="replicateSourceDb",
        statement="A replica has no user, engine or name of its own, and names its source by ARN.",
        source="pulumi-aws",
        check=when(is_set("replicateSourceDb"), _replica),
        passing={"replicateSourceDb": "arn:aws:rds:us-east-1:111122223333:db:main"},
        failing={"replicateSourceDb": "main", "dbSubnetGroupName": "isolated"},
    ),
    Rule(
        id="rds.blue-green",
        types=INSTANCE,
        property="blueGreenUpdate",
        statement="Blue/green updates exclude a managed password.",
        source="rds-user-guide",
        check=when(
            equals("manageMasterUserPassword", True),
            among("blueGreenUpdate.enabled", (False,)),
        ),
        passing={"manageMasterUserPassword": True},
        failing={"manageMasterUserPassword": True, "blueGreenUpdate": {"enabled": True}},
    ),
    Rule(
        id="rds.password-once",
        types=BOTH,
        property="manageMasterUserPassword",
        statement="The password is managed or given, not both.",
        source="pulumi-aws",
        check=when(equals("manageMasterUserPassword", True), refused("password", "masterPassword")),
        passing={"manageMasterUserPassword": True},
        failing={"manageMasterUserPassword": True, "password": "correct-horse"},
    ),
    Rule(
        id="rds.password-form",
        types=BOTH,
        property="password",
        statement="A password has at least 8 characters, none of them / @ double quote or space.",
        source="cdk-preflight",
        check=every(
            matches("password", r'[^/@" ]{8,}', secret=True),
            matches("masterPassword", r'[^/@" ]{8,}', secret=True),
        ),
        passing={"password": "correct-horse"},
        failing={"password": "user@host"},
    ),
    Rule(
        id="rds.static-parameter",
        types=PARAMETERS,
        property="parameters",
        statement="A static parameter is applied with pending-reboot; immediate is the default.",
        source="terraform-provider-aws",
        check=each(
            "parameters",
            when(
                equals("name", *STATIC_PARAMETERS),
                among("applyMethod", ("pending-reboot",), absent_is="immediate"),
            ),
        ),
        passing={
            "parameters": [
                {"name": "max_connections", "value": "500", "applyMethod": "pending-reboot"}
            ]
        },
        failing={"parameters": [{"name": "max_connections", "value": "500"}]},
    ),
    Rule(
        id="rds.insights",
        types=BOTH,
        property="databaseInsightsMode",
        statement="Advanced insights need Performance Insights kept for 31 days or longer.",
        source="cdk-preflight",
        check=every(
            among("databaseInsightsMode", ("standard", "advanced")),
            when(
                equals("databaseInsightsMode", "advanced"),
                every(
                    is_true("performanceInsightsEnabled"),
                    needs("performanceInsightsRetentionPeriod"),
                    between("performanceInsightsRetentionPeriod", ADVANCED_RETENTION, None),
                ),
            ),
        ),
        passing={
            "databaseInsightsMode": "advanced",
            "performanceInsightsEnabled": True,
            "performanceInsightsRetentionPeriod": 465,
        },
        failing={"databaseInsightsMode": "advanced"},
    ),
    Rule(
        id="rds.insights-retention",
        types=BOTH,
        property="performanceInsightsRetentionPeriod",
        statement="Insights are kept 7 days, a number of months of 31 days, or 731 days.",
        source="cdk-preflight",
        check=among("performanceInsightsRetentionPeriod", INSIGHTS_RETENTIONS),
        passing={"performanceInsightsRetentionPeriod": 465},
        failing={"performanceInsightsRetentionPeriod": 30},
    ),
    Rule(
        id="rds.final-snapshot",
        types=BOTH,
        property="finalSnapshotIdentifier",
        statement="A store that is not skipped names its last snapshot, without double hyphens.",
        source="pulumi-aws",
        check=_final_snapshot,
        passing={"finalSnapshotIdentifier": "postgres-final-1a2b"},
        failing={"finalSnapshotIdentifier": "postgres--final"},
    ),
    Rule(
        id="rds.user-name",
        types=BOTH,
        property="username",
        statement="A user name begins with a letter and is no word that PostgreSQL reserves.",
        source="cdk-preflight",
        check=every(
            *(matches(path, r"[A-Za-z]\w{0,62}") for path in ("username", "masterUsername")),
            *(avoids(path, r"(?i)^(admin|user)$") for path in ("username", "masterUsername")),
        ),
        passing={"username": "gateway"},
        failing={"username": "admin"},
    ),
    Rule(
        id="rds.database-name",
        types=BOTH,
        property="dbName",
        statement="A database name begins with a letter.",
        source="rds-api",
        check=every(matches("dbName", r"[A-Za-z]\w*"), matches("databaseName", r"[A-Za-z]\w*")),
        passing={"dbName": "permissions"},
        failing={"dbName": "1permissions"},
    ),
    Rule(
        id="rds.port",
        types=BOTH,
        property="port",
        statement="A port lies between 1150 and 65535.",
        source="rds-api",
        check=between("port", 1150, 65535),
        passing={"port": 5432},
        failing={"port": 543},
    ),
    Rule(
        id="rds.windows",
        types=BOTH,
        property="backupWindow",
        statement="The backup window lasts 30 minutes or longer and is not in maintenance's.",
        source="cdk-preflight",
        check=every(
            lasts("backupWindow", WINDOW_MINUTES),
            lasts("preferredBackupWindow", WINDOW_MINUTES),
            lasts("maintenanceWindow", WINDOW_MINUTES),
            lasts("preferredMaintenanceWindow", WINDOW_MINUTES),
            apart("backupWindow", "maintenanceWindow"),
            apart("preferredBackupWindow", "preferredMaintenanceWindow"),
        ),
        passing={"backupWindow": "03:00-04:00", "maintenanceWindow": "sun:05:00-sun:06:00"},
        failing={"backupWindow": "03:00-04:00", "maintenanceWindow": "sun:03:30-sun:04:30"},
    ),
    Rule(
        id="rds.retention",
        types=BOTH,
        property="backupRetentionPeriod",
        statement="Backups are kept for at most 35 days.",
        source="rds-api",
        check=between("backupRetentionPeriod", 0, 35),
        passing={"backupRetentionPeriod": 35},
        failing={"backupRetentionPeriod": 36},
    ),
    Rule(
        id="rds.monitoring",
        types=BOTH,
        property="monitoringInterval",
        statement="Enhanced monitoring runs at one of RDS' intervals and with a role.",
        source="rds-api",
        check=_monitoring,
        passing={"monitoringInterval": 60, "monitoringRoleArn": "arn:aws:iam::1:role/rds"},
        failing={"monitoringInterval": 60},
    ),
    Rule(
        id="rds.zone",
        types=INSTANCE,
        property="availabilityZone",
        statement="A Multi-AZ instance chooses its zones itself.",
        source="rds-api",
        check=when(equals("multiAz", True), at_most_one("multiAz", "availabilityZone")),
        passing={"multiAz": True},
        failing={"multiAz": True, "availabilityZone": "us-east-1a"},
    ),
    Rule(
        id="rds.subnet-group-name",
        types=SUBNETS,
        property="name",
        statement="No subnet group is called default.",
        source="cdk-preflight",
        check=avoids("name", r"(?i)^default$"),
        passing={"name": "isolated"},
        failing={"name": "default"},
    ),
)
