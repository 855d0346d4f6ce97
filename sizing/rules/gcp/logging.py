"""What Cloud Logging refuses of the buckets that logs are kept in."""

from __future__ import annotations

from sizing.rules.conditions import between
from sizing.rules.rule import Rule

BUCKET = ("gcp:logging/projectBucketConfig:ProjectBucketConfig",)

RULES = (
    Rule(
        id="gcp.logging.retention",
        types=BUCKET,
        property="retentionDays",
        statement="Logs are kept for a day at the least; 0 stands for 30 days.",
        source="pulumi-gcp",
        check=between("retentionDays", 0, None),
        passing={"retentionDays": 30},
        failing={"retentionDays": -1},
    ),
)
