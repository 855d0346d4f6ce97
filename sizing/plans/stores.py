"""The managed stores, their keys and their backups.

The fields are in the words of AWS. What each says on Google Cloud, and which value stands where a
field means nothing there, is in the docstrings of `sizing.planning.gcp`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.words import CacheRole, Eviction, PostgresForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a managed engine; `static` ones apply at the next restart only."""

    name: str
    value: str
    static: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresPlan:
    """The relational store, in one of the forms that RDS sells.

    Attributes:
        iops: provisioned IOPS to ask for, None where the storage gives a fixed baseline.
        iops_delivered: what the storage gives, asked for or not.
        max_allocated_gib: ceiling of storage autoscaling, None where it is not offered or wanted.
    """

    form: PostgresForm
    instance_class: str
    vcpu: int
    memory_bytes: int
    nodes: int
    storage_gib: int
    storage_type: str
    iops: int | None
    iops_delivered: int
    throughput_mibps: int | None
    max_allocated_gib: int | None
    engine_version: str
    family: str
    max_connections: int
    parameters: tuple[Parameter, ...]
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    deletion_protection: bool
    final_snapshot: bool
    insights_mode: str
    insights_retention_days: int
    monitoring_interval_s: int
    log_exports: tuple[str, ...]
    log_retention_days: int
    databases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePlan:
    """A Redis-protocol store on ElastiCache."""

    role: CacheRole
    engine: str
    engine_version: str
    family: str
    node_type: str
    shards: int
    replicas_per_shard: int
    cluster_mode: bool
    multi_az: bool
    memory_bytes_per_shard: int
    eviction: Eviction
    parameters: tuple[Parameter, ...]
    snapshot_days: int
    snapshot_window: str
    maintenance_window: str
    final_snapshot: bool
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointPlan:
    """A folder of the shared file system with the identity its users get."""

    name: str
    path: str
    uid: int
    gid: int
    permissions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPlan:
    """The shared file system; `planning_gib` is for the bill, EFS is not provisioned by size."""

    planning_gib: int
    throughput_mode: str
    transition_to_ia_days: int
    access_points: tuple[AccessPointPlan, ...]
    backup: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlan:
    """The OpenSearch domain; no dedicated masters where `master_count` is 0."""

    engine_version: str
    instance_type: str
    instance_count: int
    zone_count: int
    master_type: str
    master_count: int
    volume_gib: int
    volume_iops: int
    volume_throughput: int
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlan:
    """One bucket; `planning_gib` is for the bill, `expire_days` None keeps objects for ever."""

    name: str
    planning_gib: int
    versioned: bool
    noncurrent_days: int
    expire_days: int | None
    transition_to_ia_days: int | None
    force_destroy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """One KMS key per kind of data, with the services its policy must name (cloud rule 16).

    Attributes:
        multi_region: another region can get a copy that opens what this one closed; it is said when
            a key is made, and never afterwards.
    """

    name: str
    services: tuple[str, ...]
    deletion_window_days: int
    rotation_days: int
    multi_region: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan:
    """AWS Backup for the stores that have no mechanism of their own; one mechanism per store."""

    enabled: bool
    schedule: str
    start_window_minutes: int
    completion_window_minutes: int
    retention_days: int
    mechanisms: tuple[tuple[str, str], ...]
