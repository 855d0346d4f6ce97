"""What DocumentDB refuses."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    avoids,
    between,
    counts,
    each,
    every,
    is_set,
    is_true,
    matches,
    needs,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import UNKNOWN_TEXT, absent, items, read, text
from sizing.rules.windows import apart, lasts

CLUSTER = ("aws:docdb/cluster:Cluster",)
INSTANCE = ("aws:docdb/clusterInstance:ClusterInstance",)
SUBNETS = ("aws:docdb/subnetGroup:SubnetGroup",)
PARAMETERS = ("aws:docdb/clusterParameterGroup:ClusterParameterGroup",)

IDENTIFIER = r"(?!.*--)[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
"""Of a cluster or an instance, at most 63 characters (terraform-provider-aws)."""
OPTIMISED_SINCE = 5
"""Major version from which on storage without I/O charges is sold (cdk-preflight)."""
WINDOW_MINUTES = 30
"""Least length of a window (cdk-preflight)."""
EXPORTS = ("audit", "profiler")
"""Logs that a cluster can send away (terraform-provider-aws)."""


def _storage(inputs: Inputs) -> str | None:
    kind, version = text(inputs, "storageType"), text(inputs, "engineVersion")
    if kind is None or kind == "standard":
        return None
    if kind != "iopt1":
        return f"storageType is {kind}"
    major = version.partition(".")[0] if version else ""
    old = major.isdigit() and int(major) < OPTIMISED_SINCE
    return f"storageType is iopt1 with {version}" if old else None


def _exports(inputs: Inputs) -> str | None:
    listed = items(inputs, "enabledCloudwatchLogsExports") or []
    strange = [str(one) for one in listed if one not in (*EXPORTS, UNKNOWN_TEXT)]
    return f"{', '.join(strange)} exported" if strange else None


def _final_snapshot(inputs: Inputs) -> str | None:
    if read(inputs, "skipFinalSnapshot") not in (None, False):
        return None
    if absent(inputs, "finalSnapshotIdentifier"):
        return "no name for the snapshot"
    return matches("finalSnapshotIdentifier", r"(?!.*--)[-A-Za-z0-9]*[A-Za-z0-9]")(inputs)


RULES = (
    Rule(
        id="docdb.identifier",
        types=CLUSTER,
        property="clusterIdentifier",
        statement="An identifier has at most 63 small letters, digits and single hyphens.",
        source="terraform-provider-aws",
        check=every(
            at_most_one("clusterIdentifier", "clusterIdentifierPrefix"),
            matches("clusterIdentifier", IDENTIFIER),
        ),
        passing={"clusterIdentifier": "aigw-prod-large-documents"},
        failing={"clusterIdentifier": "aigw--documents"},
    ),
    Rule(
        id="docdb.instance-identifier",
        types=INSTANCE,
        property="identifier",
        statement="An identifier has at most 63 small letters, digits and single hyphens.",
        source="terraform-provider-aws",
        check=every(
            at_most_one("identifier", "identifierPrefix"), matches("identifier", IDENTIFIER)
        ),
        passing={"identifier": "aigw-prod-large-documents-0"},
        failing={"identifier": "documents-" + "0" * 60},
    ),
    Rule(
        id="docdb.password",
        types=CLUSTER,
        property="manageMasterUserPassword",
        statement="The master's password is managed or given, never both.",
        source="cdk-preflight",
        check=at_most_one("manageMasterUserPassword", "masterPassword", "masterPasswordWo"),
        passing={"manageMasterUserPassword": True},
        failing={"manageMasterUserPassword": True, "masterPassword": "long-enough"},
    ),
    Rule(
        id="docdb.username",
        types=CLUSTER,
        property="masterUsername",
        statement="The master's name begins with a letter.",
        source="cdk-preflight",
        check=matches("masterUsername", r"[A-Za-z].*"),
        passing={"masterUsername": "platform"},
        failing={"masterUsername": "1platform"},
    ),
    Rule(
        id="docdb.storage",
        types=CLUSTER,
        property="storageType",
        statement="Storage is standard, or iopt1 from version 5.0 on.",
        source="cdk-preflight",
        check=_storage,
        passing={"storageType": "iopt1", "engineVersion": "5.0.0"},
        failing={"storageType": "iopt1", "engineVersion": "4.0.0"},
    ),
    Rule(
        id="docdb.key",
        types=CLUSTER,
        property="kmsKeyId",
        statement="A cluster with a key has its storage encrypted.",
        source="pulumi-aws",
        check=when(is_set("kmsKeyId"), is_true("storageEncrypted")),
        passing={"kmsKeyId": "arn:aws:kms:us-east-1:1:key/data", "storageEncrypted": True},
        failing={"kmsKeyId": "arn:aws:kms:us-east-1:1:key/data"},
    ),
    Rule(
        id="docdb.retention",
        types=CLUSTER,
        property="backupRetentionPeriod",
        statement="Backups are kept for at most 35 days.",
        source="terraform-provider-aws",
        check=between("backupRetentionPeriod", None, 35),
        passing={"backupRetentionPeriod": 35},
        failing={"backupRetentionPeriod": 36},
    ),
    Rule(
        id="docdb.windows",
        types=CLUSTER,
        property="preferredBackupWindow",
        statement="The backup window lasts 30 minutes or longer and is not in maintenance's.",
        source="cdk-preflight",
        check=every(
            lasts("preferredBackupWindow", WINDOW_MINUTES),
            lasts("preferredMaintenanceWindow", WINDOW_MINUTES),
            apart("preferredBackupWindow", "preferredMaintenanceWindow"),
        ),
        passing={
            "preferredBackupWindow": "03:00-04:00",
            "preferredMaintenanceWindow": "sun:05:00-sun:06:00",
        },
        failing={
            "preferredBackupWindow": "03:00-04:00",
            "preferredMaintenanceWindow": "sun:03:30-sun:04:30",
        },
    ),
    Rule(
        id="docdb.final-snapshot",
        types=CLUSTER,
        property="finalSnapshotIdentifier",
        statement="A cluster that is not skipped names its last snapshot, no double hyphens.",
        source="terraform-provider-aws",
        check=_final_snapshot,
        passing={"finalSnapshotIdentifier": "documents-final-1a2b"},
        failing={"finalSnapshotIdentifier": "documents--final"},
    ),
    Rule(
        id="docdb.exports",
        types=CLUSTER,
        property="enabledCloudwatchLogsExports",
        statement="A cluster sends its audit and its profiler log.",
        source="terraform-provider-aws",
        check=_exports,
        passing={"enabledCloudwatchLogsExports": ["audit", "profiler"]},
        failing={"enabledCloudwatchLogsExports": ["mongodb"]},
    ),
    Rule(
        id="docdb.port",
        types=CLUSTER,
        property="port",
        statement="A port lies between 1150 and 65535.",
        source="terraform-provider-aws",
        check=between("port", 1150, 65_535),
        passing={"port": 27_017},
        failing={"port": 443},
    ),
    Rule(
        id="docdb.promotion",
        types=INSTANCE,
        property="promotionTier",
        statement="An instance is promoted in an order of 0 to 15.",
        source="terraform-provider-aws",
        check=between("promotionTier", 0, 15),
        passing={"promotionTier": 15},
        failing={"promotionTier": 16},
    ),
    Rule(
        id="docdb.subnets",
        types=SUBNETS,
        property="subnetIds",
        statement="A subnet group spans two zones or more and is not called default.",
        source="cdk-preflight",
        check=every(counts("subnetIds", 2, None), avoids("name", r"(?i)^default$")),
        passing={"subnetIds": ["subnet-1", "subnet-2"]},
        failing={"subnetIds": ["subnet-1"]},
    ),
    Rule(
        id="docdb.parameters",
        types=PARAMETERS,
        property="parameters",
        statement="A parameter has a name and a value, and applies at once or with a restart.",
        source="terraform-provider-aws",
        check=each(
            "parameters",
            every(
                needs("name", "value"),
                among("applyMethod", ("immediate", "pending-reboot"), absent_is="pending-reboot"),
            ),
        ),
        passing={"parameters": [{"name": "tls", "value": "enabled"}]},
        failing={"parameters": [{"name": "tls", "value": "enabled", "applyMethod": "later"}]},
    ),
)
