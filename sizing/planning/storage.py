"""Shared files, buckets, keys and backups."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.capacity import files as model_files
from sizing.capacity import prometheus
from sizing.catalog import price
from sizing.model import Figure
from sizing.planning import needs
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.observability import METRICS_DAYS, PROMETHEUS, has_objects
from sizing.plans import (
    AccessPointPlan,
    Adjustment,
    BackupPlan,
    BucketPlan,
    FilesPlan,
    KeyPlan,
    ServicePlan,
)
from sizing.words import Cloud, Direction, Environment, Kind

FILES = Figure(
    value=50, unit="GB of shared files", source="document-000", date="2026-11-21", kind=Kind.VENDOR
)
OWNER_ID = 1000  # the user that the images run as. Source: sizing-decisions.
INFREQUENT_DAYS = 30  # EFS and S3 both take it. Source: efs-api, 2026.
NONCURRENT_DAYS = 30  # an overwritten object is recoverable for a month. Source: sizing-decisions.
VAULT_COPIES = 2  # volumes' worth of snapshots, for the bill. Source: sizing-decisions.
BACKUP_DAYS = 90  # Vault snapshots. Source: sizing-decisions.
# Days that KMS waits before it destroys a key: its longest and its shortest (cloud rule 45).
KEY_WINDOW: Mapping[bool, int] = MappingProxyType({True: 30, False: 7})
ROTATION_DAYS = 365  # kms: once a year. Source: pulumi-aws, 2026.
# Key -> AWS' endpoint prefixes of the services that use it (cloud rule 16); "vault" is no service,
# but pods with rights of their own.
KEY_SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cluster": ("eks",),
        "data": ("backup", "elasticache", "elasticfilesystem", "es", "rds", "secretsmanager"),
        "logs": ("logs",),
        "nodes": ("autoscaling", "ec2"),
        "objects": ("s3",),
        "vault": ("vault",),
    }
)
# Days that AWS Backup keeps a recovery point. Source: sizing-decisions.
RETENTION_DAYS: Mapping[Environment, int] = MappingProxyType(
    {Environment.DEV: 1, Environment.STAGING: 7, Environment.PROD: 35}
)
OBJECT_PRICE: Mapping[Cloud, str] = MappingProxyType(
    {Cloud.AWS: "s3.standard.gib_month", Cloud.GCP: "gcs.standard.gib_month"}
)
BUCKET_RULES: Mapping[str, str] = MappingProxyType(
    {"metrics": "metrics-kept", "models": "model-releases"}
)
START_WINDOW = 60  # minutes, the least that is taken. Source: backup-api, 2026.
COMPLETION_WINDOW = 180  # minutes. Source: sizing-decisions.


def files(setting: Setting) -> FilesPlan:
    """Return the shared file system of document 000, with a folder for copies of weights."""
    folders = ["langflow", "shared"]
    if setting.load.self_hosted_share:
        folders.append("models")  # costs nothing while the engines stream from the bucket
    return FilesPlan(
        planning_gib=setting.quantity(int(FILES)),
        throughput_mode="elastic",
        transition_to_ia_days=INFREQUENT_DAYS,
        access_points=tuple(
            AccessPointPlan(
                name=name, path=f"/{name}", uid=OWNER_ID, gid=OWNER_ID, permissions="0750"
            )
            for name in sorted(folders)
        ),
        backup=not setting.is_dev,
    )


def buckets(
    setting: Setting, services: tuple[ServicePlan, ...]
) -> tuple[tuple[BucketPlan, ...], tuple[Adjustment, ...]]:
    """Return the buckets, by name: backups, application data, metrics, models; and what differs.

    Args:
        setting: the request's setting.
        services: the workloads; their time series fill the metrics.
    """
    tabled, vault = setting.tables.storage, setting.tables.vault
    models = _model_bytes(setting)
    metrics = metrics_bytes(setting, services)
    rows = (
        # (name, GB in prod, bytes that the load asks, days kept, days until infrequent access)
        ("backups", vault.storage_gb * VAULT_COPIES, 0, BACKUP_DAYS, None),
        ("data", int(FILES), 0, None, None),
        ("metrics", tabled.prometheus_gb, metrics, METRICS_DAYS, INFREQUENT_DAYS),
        ("models", tabled.model_cache_gb, models, None, None),
    )
    plans = tuple(_bucket(setting, *row) for row in rows)
    raised = ((name, size, asked) for name, size, asked, *_ in rows)
    return plans, tuple(found for one in raised for found in _raised(setting, *one))


def metrics_bytes(setting: Setting, services: tuple[ServicePlan, ...]) -> float:
    """Return what Thanos keeps of series without a key; 0 where no Thanos stands.

    Series with a key are kept only where the documented size holds them.
    """
    if not setting.proven or not has_objects(setting):
        return 0
    unlabelled = prometheus.series(setting.load, replicas=needs.proxies(services), per_key=False)
    return prometheus.object_bytes(
        unlabelled,
        servers=needs.named(services, PROMETHEUS).scale.planned,
        retention_days=METRICS_DAYS,
    )


def _model_bytes(setting: Setting) -> float:
    """Return what the model cache must hold: each model's weights, once for each release."""
    if not setting.proven:
        return 0
    known, _ = model_files.weights_bytes(setting.load.models)
    return known * model_files.RELEASES


def _bucket(
    setting: Setting, name: str, size: int, asked: float, expire: int | None, infrequent: int | None
) -> BucketPlan:
    return BucketPlan(
        name=name,
        planning_gib=max(setting.quantity(size), needs.whole_gib(asked)),
        versioned=True,
        noncurrent_days=NONCURRENT_DAYS,
        expire_days=expire,
        transition_to_ia_days=infrequent,
        force_destroy=not setting.is_prod,
    )


def _raised(setting: Setting, name: str, size: int, asked: float) -> tuple[Adjustment, ...]:
    share, planned = setting.quantity(size), needs.whole_gib(asked)
    if planned <= share:
        return ()
    figure = price(OBJECT_PRICE[setting.request.cloud], setting.request.region)
    return (
        note(
            f"buckets.{name}.planning_gib",
            f"{share} GB",
            f"{planned} GiB",
            direction=Direction.RAISED,
            rule=BUCKET_RULES[name],
            reason=f"{METRICS_DAYS} days of every time series, from each server"
            if name == "metrics"
            else f"weights of the load's models, {model_files.RELEASES} releases at once",
            monthly_usd=None if figure is None else figure.value * (planned - share),
        ),
    )


def keys(setting: Setting) -> tuple[KeyPlan, ...]:
    """Return one key per kind of data, by name."""
    return tuple(
        KeyPlan(
            name=name,
            services=services,
            deletion_window_days=KEY_WINDOW[setting.is_prod],
            rotation_days=ROTATION_DAYS,
            # without it no snapshot of the secret store opens in another region
            multi_region=name == "vault",
        )
        for name, services in sorted(KEY_SERVICES.items())
        if name != "vault" or setting.request.switches.vault
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
