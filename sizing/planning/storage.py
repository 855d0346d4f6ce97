"""Shared files, buckets, keys and backups."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.model import Figure
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import (
    AccessPointPlan,
    Adjustment,
    BackupPlan,
    BucketPlan,
    FilesPlan,
    KeyPlan,
)
from sizing.words import Direction, Environment, Kind

FILES = Figure(
    value=50, unit="GB of shared files", source="document-000", date="2026-02", kind=Kind.VENDOR
)
OWNER_ID = 1000  # the user that the images run as. Source: sizing-decisions.
INFREQUENT_DAYS = 30  # EFS and S3 both take it. Source: efs-api, 2026.
NONCURRENT_DAYS = 30  # an overwritten object is recoverable for a month. Source: sizing-decisions.
METRICS_DAYS = 365  # a year of metrics. Source: sizing-decisions.
VAULT_COPIES = 2  # volumes' worth of snapshots, for the bill. Source: sizing-decisions.
BACKUP_DAYS = 90  # Vault snapshots. Source: sizing-decisions.
# Days that KMS waits before it destroys a key: its longest and its shortest (cloud rule 45).
KEY_WINDOW: Mapping[bool, int] = MappingProxyType({True: 30, False: 7})
ROTATION_DAYS = 365  # kms: once a year. Source: pulumi-aws, 2026.
# Key -> AWS' endpoint prefixes of the services that use it (cloud rule 16).
KEY_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cluster": ("eks",),
        "data": ("backup", "elasticache", "elasticfilesystem", "es", "rds", "secretsmanager"),
        "logs": ("logs",),
        "nodes": ("autoscaling", "ec2"),
        "objects": ("s3",),
    }
)
# Days that AWS Backup keeps a recovery point. Source: sizing-decisions.
RETENTION_DAYS: Mapping[Environment, int] = MappingProxyType(
    {Environment.DEV: 1, Environment.STAGING: 7, Environment.PROD: 35}
)
START_WINDOW = 60  # minutes, the least that is taken. Source: backup-api, 2026.
COMPLETION_WINDOW = 180  # minutes. Source: sizing-decisions.


def files(setting: Setting) -> FilesPlan:
    """Return the shared file system of document 000."""
    points = (("langflow", "/langflow"), ("n8n", "/n8n"), ("shared", "/shared"))
    return FilesPlan(
        planning_gib=setting.quantity(int(FILES)),
        throughput_mode="elastic",
        transition_to_ia_days=INFREQUENT_DAYS,
        access_points=tuple(
            AccessPointPlan(name=name, path=path, uid=OWNER_ID, gid=OWNER_ID, permissions="0750")
            for name, path in points
        ),
        backup=not setting.is_dev,
    )


def buckets(setting: Setting) -> tuple[BucketPlan, ...]:
    """Return the buckets, by name: backups, application data, metrics, models."""
    storage, vault = setting.tables.storage, setting.tables.vault
    rows = (
        # (name, GB in prod, days kept, days until infrequent access)
        ("backups", vault.storage_gb * VAULT_COPIES, BACKUP_DAYS, None),
        ("data", int(FILES), None, None),
        ("metrics", storage.prometheus_gb, METRICS_DAYS, INFREQUENT_DAYS),
        ("models", storage.model_cache_gb, None, None),
    )
    return tuple(
        BucketPlan(
            name=name,
            planning_gib=setting.quantity(size),
            versioned=True,
            noncurrent_days=NONCURRENT_DAYS,
            expire_days=expire,
            transition_to_ia_days=infrequent,
            force_destroy=not setting.is_prod,
        )
        for name, size, expire, infrequent in rows
    )


def keys(setting: Setting) -> tuple[KeyPlan, ...]:
    """Return one key per kind of data, by name."""
    return tuple(
        KeyPlan(
            name=name,
            services=services,
            deletion_window_days=KEY_WINDOW[setting.is_prod],
            rotation_days=ROTATION_DAYS,
        )
        for name, services in sorted(KEY_SERVICES.items())
    )


def backups(setting: Setting) -> BackupPlan:
    """Return AWS Backup for what has no mechanism of its own, and who backs up the rest."""
    retention = setting.request.overrides.backup_retention_days
    return BackupPlan(
        enabled=not setting.is_dev,
        schedule="cron(0 2 * * ? *)",
        start_window_minutes=START_WINDOW,
        completion_window_minutes=COMPLETION_WINDOW,
        retention_days=RETENTION_DAYS[setting.environment] if retention is None else retention,
        mechanisms=(
            ("caches", "daily snapshots of ElastiCache"),
            ("files", "AWS Backup" if not setting.is_dev else "none"),
            ("objects", "versions kept in the bucket"),
            ("postgres", "automated backups of RDS with point-in-time recovery"),
            ("search", "hourly snapshots of the service"),
        ),
    )


def storage_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return what the document sizes and the cloud does not."""
    return (
        note(
            "files.planning_gib",
            f"{int(FILES)}GB",
            f"{setting.quantity(int(FILES))} GiB in the bill",
            direction=Direction.REPLACED,
            rule="efs-grows-by-use",
            reason="EFS is not provisioned by size; the figure is for the bill alone",
        ),
    )
