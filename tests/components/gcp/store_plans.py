"""Plans of stores in the forms that the tiers come to on Google Cloud."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import servicenetworking

from sizing.plans import AccessPointPlan, CachePlan, FilesPlan, Parameter, PostgresPlan
from sizing.words import CacheRole, Environment, Eviction, PostgresForm, Tier
from tests.components.gcp.samples import NETWORK
from tests.components.support import Recorder, Registered

STACK = "prod-large"
STACKS = tuple((tier, environment) for tier in Tier for environment in Environment)
"""Every stack that the tables plan."""
CLIENTS: Mapping[str, str] = {
    "gateway": "principal://iam.googleapis.com/projects/1/subject/ns/gateway/sa/litellm"
}

PEERING = "gcp:servicenetworking/connection:Connection"


def peering() -> list[pulumi.Resource]:
    """Return what makes private services reachable, which no store owns."""
    return [
        servicenetworking.Connection(
            "peering",
            network=NETWORK,
            service="servicenetworking.googleapis.com",
            reserved_peering_ranges=["services"],
        )
    ]


def waits_for_peering(recorder: Recorder, one: Registered) -> bool:
    """Say whether a store is made once private services are reachable, not before."""
    return recorder.one(PEERING).urn in recorder.before(one)


def made(recorder: Recorder) -> list[Registered]:
    """Return every resource that is a store's own."""
    return [one for one in recorder.resources if one.custom and one.type != PEERING]


def postgres(
    form: PostgresForm = PostgresForm.MULTI_AZ_INSTANCE, *, nodes: int = 3
) -> PostgresPlan:
    return PostgresPlan(
        form=form,
        instance_class="db-custom-8-15360",
        vcpu=8,
        memory_bytes=15 * 1024**3,
        nodes=nodes,
        storage_gib=1000,
        storage_type="PD_SSD",
        iops=None,
        iops_delivered=30_000,
        throughput_mibps=None,
        max_allocated_gib=2000,
        engine_version="POSTGRES_17",
        family="",
        max_connections=1689,
        parameters=(
            Parameter(name="max_connections", value="1689", static=True),
            Parameter(name="cloudsql.iam_authentication", value="on", static=False),
        ),
        backup_retention_days=30,
        backup_window="03:00-04:00",
        maintenance_window="sun:05:00-sun:06:00",
        deletion_protection=True,
        final_snapshot=True,
        insights_mode="standard",
        insights_retention_days=7,
        monitoring_interval_s=0,
        log_exports=("postgresql",),
        log_retention_days=90,
        databases=("collections", "litellm"),
    )


def cache(
    role: CacheRole = CacheRole.STATE,
    *,
    node_type: str = "redis-standard-3gib",
    shards: int = 1,
    replicas: int = 1,
    snapshot_days: int = 1,
) -> CachePlan:
    return CachePlan(
        role=role,
        engine="redis",
        engine_version="REDIS_7_2",
        family="",
        node_type=node_type,
        shards=shards,
        replicas_per_shard=replicas,
        cluster_mode=shards > 1,
        multi_az=replicas > 0,
        memory_bytes_per_shard=3 * 1024**3,
        eviction=Eviction.ALLKEYS_LRU if role is CacheRole.CACHE else Eviction.NOEVICTION,
        parameters=(Parameter(name="timeout", value="300", static=False),),
        snapshot_days=snapshot_days,
        snapshot_window="",
        maintenance_window="sun:06:00-sun:07:00",
        final_snapshot=False,
        log_retention_days=90,
    )


def cluster() -> CachePlan:
    return cache(CacheRole.CACHE, node_type="redis-highmem-medium", shards=3)


def files(tier: str = "REGIONAL", *, gib: int = 1024) -> FilesPlan:
    return FilesPlan(
        planning_gib=gib,
        throughput_mode=tier,
        transition_to_ia_days=0,
        access_points=(
            AccessPointPlan(name="models", path="/models", uid=1000, gid=1000, permissions="0750"),
            AccessPointPlan(name="n8n", path="/n8n", uid=1001, gid=1001, permissions="0770"),
        ),
        backup=True,
    )
