"""Plans of stores in the forms that the tiers come to, for the components' tests."""

from __future__ import annotations

from collections.abc import Mapping

from components.aws.identity import IamSettings
from sizing.plans import (
    AccessPointPlan,
    BackupPlan,
    BucketPlan,
    CachePlan,
    FilesPlan,
    Parameter,
    PostgresPlan,
    SearchPlan,
)
from sizing.words import CacheRole, Eviction, PostgresForm

STACK = "prod-large"
DATA_KEY = "arn:aws:kms:us-east-1:123456789012:key/data"
LOGS_KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"
OBJECTS_KEY = "arn:aws:kms:us-east-1:123456789012:key/objects"
SUBNETS: Mapping[str, str] = {
    "use1-az1": "subnet-1",
    "use1-az2": "subnet-2",
    "use1-az4": "subnet-4",
}
CLIENTS: Mapping[str, str] = {"nodes": "sg-nodes", "bastion": "sg-bastion"}
IAM = IamSettings(permissions_boundary="arn:aws:iam::123456789012:policy/edge", path="/aigw/")


def postgres(form: PostgresForm = PostgresForm.MULTI_AZ_INSTANCE) -> PostgresPlan:
    cluster = form is PostgresForm.MULTI_AZ_CLUSTER
    return PostgresPlan(
        form=form,
        instance_class="db.m6gd.2xlarge" if cluster else "db.m6g.xlarge",
        vcpu=8 if cluster else 4,
        memory_bytes=32 * 1024**3 if cluster else 16 * 1024**3,
        nodes=3 if cluster else 2,
        storage_gib=1024 if cluster else 200,
        storage_type="gp3",
        iops=12_000 if cluster else None,
        iops_delivered=12_000 if cluster else 3_000,
        throughput_mibps=None,
        max_allocated_gib=None if cluster else 400,
        engine_version="17.6",
        family="postgres17",
        max_connections=400,
        parameters=(
            Parameter(name="shared_preload_libraries", value="pg_stat_statements", static=True),
            Parameter(name="log_min_duration_statement", value="1000", static=False),
        ),
        backup_retention_days=14,
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=True,
        final_snapshot=True,
        insights_mode="advanced",
        insights_retention_days=465,
        monitoring_interval_s=60,
        log_exports=("postgresql", "upgrade"),
        log_retention_days=90,
        databases=("permissions", "users", "collections"),
    )


def cache(
    role: CacheRole = CacheRole.STATE, *, shards: int = 1, replicas: int = 1, cluster: bool = False
) -> CachePlan:
    return CachePlan(
        role=role,
        engine="valkey",
        engine_version="8.0",
        family="valkey8",
        node_type="cache.m6g.large",
        shards=shards,
        replicas_per_shard=replicas,
        cluster_mode=cluster,
        multi_az=replicas > 0,
        memory_bytes_per_shard=6 * 1024**3,
        eviction=Eviction.ALLKEYS_LRU if role is CacheRole.CACHE else Eviction.NOEVICTION,
        parameters=(Parameter(name="timeout", value="300", static=False),),
        snapshot_days=7,
        snapshot_window="02:00-03:00",
        maintenance_window="sun:05:00-sun:06:00",
        final_snapshot=True,
        log_retention_days=90,
    )


def files(*, backup: bool = True) -> FilesPlan:
    return FilesPlan(
        planning_gib=50,
        throughput_mode="elastic",
        transition_to_ia_days=30,
        access_points=(
            AccessPointPlan(name="models", path="/models", uid=1000, gid=1000, permissions="0750"),
            AccessPointPlan(name="flows", path="/flows", uid=1001, gid=1001, permissions="0770"),
        ),
        backup=backup,
    )


def search(*, zones: int = 3, masters: int = 3) -> SearchPlan:
    return SearchPlan(
        engine_version="OpenSearch_3.1",
        instance_type="m7g.large.search",
        instance_count=zones,
        zone_count=zones,
        master_type="m7g.large.search",
        master_count=masters,
        volume_gib=100,
        volume_iops=3_000,
        volume_throughput=125,
        log_retention_days=90,
    )


def bucket(
    name: str = "backups",
    *,
    versioned: bool = True,
    expire_days: int | None = None,
    transition_to_ia_days: int | None = None,
    force_destroy: bool = False,
) -> BucketPlan:
    return BucketPlan(
        name=name,
        planning_gib=100,
        versioned=versioned,
        noncurrent_days=30,
        expire_days=expire_days,
        transition_to_ia_days=transition_to_ia_days,
        force_destroy=force_destroy,
    )


def backups(*, enabled: bool = True) -> BackupPlan:
    return BackupPlan(
        enabled=enabled,
        schedule="cron(0 1 * * ? *)",
        start_window_minutes=60,
        completion_window_minutes=180,
        retention_days=35,
        mechanisms=(("files", "aws-backup"),),
    )
