"""How each cloud makes servers and caches, and how their shape is read there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sizing.plans import CachePlan, PostgresPlan
from sizing.words import Cloud, PostgresForm
from tests.components.aws import make_stores as aws
from tests.components.aws import store_plans as aws_plans
from tests.components.clouds.words import at
from tests.components.gcp import make_stores as gcp
from tests.components.gcp import store_plans as gcp_plans
from tests.components.gcp.samples import REGION
from tests.components.support import Recorder, Registered

Shape = tuple[object, ...]


def rds_shape(recorder: Recorder) -> Shape:
    made = aws.server(recorder)
    return (made.type.rpartition(":")[2], made.inputs.get("multiAz"))


def sql_shape(recorder: Recorder) -> Shape:
    return (gcp.server_settings(recorder)["availabilityType"], len(recorder.all(gcp.SERVER)))


def rds_settings(recorder: Recorder) -> dict[str, str]:
    (group,) = [*recorder.all("ParameterGroup"), *recorder.all("ClusterParameterGroup")]
    return {one["name"]: one["value"] for one in group.inputs["parameters"]}


def sql_settings(recorder: Recorder) -> dict[str, str]:
    flags = gcp.server_settings(recorder)["databaseFlags"]
    return {one["name"]: one["value"] for one in flags}


def valkey_shape(recorder: Recorder) -> Shape:
    """Return shards, copies of each, and whether another zone takes over."""
    made = recorder.one("ReplicationGroup").inputs
    assert made["automaticFailoverEnabled"] is made["multiAzEnabled"]
    if made["clusterMode"] == "enabled":
        assert "numCacheClusters" not in made
        copies = made["replicasPerNodeGroup"]
        return (made["numNodeGroups"], copies, made["multiAzEnabled"])
    assert not {"numNodeGroups", "replicasPerNodeGroup"} & made.keys()
    return (1, made["numCacheClusters"] - 1, made["multiAzEnabled"])


def redis_shape(recorder: Recorder) -> Shape:
    (made,) = redis(recorder)
    if made.type == gcp.REDIS_CLUSTER:
        spread = made.inputs["zoneDistributionConfig"] == {"mode": "MULTI_ZONE"}
        return (made.inputs["shardCount"], made.inputs["replicaCount"], spread)
    return (1, made.inputs["replicaCount"], made.inputs["tier"] == "STANDARD_HA")


def redis(recorder: Recorder) -> list[Registered]:
    return [*recorder.all(gcp.REDIS), *recorder.all(gcp.REDIS_CLUSTER)]


def valkey_settings(recorder: Recorder) -> dict[str, str]:
    parameters = recorder.one("ParameterGroup").inputs["parameters"]
    found = {one["name"]: one["value"] for one in parameters}
    assert found.pop("cluster-enabled") in {"yes", "no"}
    return found


def redis_settings(recorder: Recorder) -> dict[str, str]:
    (made,) = redis(recorder)
    found = made.inputs["redisConfigs"]
    assert isinstance(found, dict)
    return found


def valkey_snapshots(recorder: Recorder) -> bool:
    made = recorder.one("ReplicationGroup").inputs
    assert ("snapshotWindow" in made) is (made["snapshotRetentionLimit"] > 0)
    return bool(made["snapshotRetentionLimit"])


def redis_snapshots(recorder: Recorder) -> bool:
    (made,) = redis(recorder)
    kept = made.inputs["persistenceConfig"]
    period = at(kept, "rdbConfig.rdbSnapshotPeriod") or kept.get("rdbSnapshotPeriod")
    mode = kept.get("persistenceMode") or kept["mode"]
    assert (mode, period) in {("RDB", "ONE_HOUR"), ("DISABLED", None)}
    return period is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes servers and caches, and how their shape is read there."""

    postgres: Callable[..., Recorder]
    server: Callable[[Recorder], Registered]
    plan: PostgresPlan
    forms: Mapping[PostgresForm, tuple[PostgresPlan, Shape]]
    shape: Callable[[Recorder], Shape]
    settings: Callable[[Recorder], Mapping[str, str]]
    always: Mapping[str, str]
    disk: Mapping[str, object]
    windows: Mapping[str, object]
    cache_window: tuple[str, object]
    kept: Mapping[str, object]
    gone: Mapping[str, object]
    cache: Callable[..., Recorder]
    cache_plan: Callable[..., CachePlan]
    sharded: CachePlan
    alone: Mapping[str, Any]
    cache_shape: Callable[[Recorder], Shape]
    cache_settings: Callable[[Recorder], Mapping[str, str]]
    snapshots: Callable[[Recorder], bool]
    holders: frozenset[tuple[str, tuple[str, ...]]]


SIDES = {
    Cloud.AWS: Side(
        postgres=aws.postgres,
        server=aws.server,
        plan=aws_plans.postgres(),
        forms={
            PostgresForm.SINGLE: (aws_plans.postgres(PostgresForm.SINGLE), ("Instance", False)),
            PostgresForm.MULTI_AZ_INSTANCE: (aws_plans.postgres(), ("Instance", True)),
            PostgresForm.MULTI_AZ_CLUSTER: (
                aws_plans.postgres(PostgresForm.MULTI_AZ_CLUSTER),
                ("Cluster", None),
            ),
        },
        shape=rds_shape,
        settings=rds_settings,
        always={"rds.force_ssl": "1"},
        disk={
            "allocatedStorage": 200,
            "storageType": "gp3",
            "maxAllocatedStorage": 400,
            "storageThroughput": None,
            "iops": None,
        },
        windows={
            "backupRetentionPeriod": 14,
            "backupWindow": "03:00-04:00",
            "maintenanceWindow": "sun:05:00-sun:06:00",
        },
        cache_window=("maintenanceWindow", "sun:05:00-sun:06:00"),
        kept={
            "skipFinalSnapshot": False,
            "finalSnapshotIdentifier": "aigw-prod-large-postgres-final-0123abcd",
        },
        gone={
            "skipFinalSnapshot": True,
            "finalSnapshotIdentifier": None,
            "deleteAutomatedBackups": True,
            "deletionProtection": False,
        },
        cache=aws.cache,
        cache_plan=aws_plans.cache,
        sharded=aws.sharded(),
        alone={},
        cache_shape=valkey_shape,
        cache_settings=valkey_settings,
        snapshots=valkey_snapshots,
        holders=frozenset(
            {("ReplicationGroup", ("authToken",)), ("SecretVersion", ("secretString",))}
        ),
    ),
    Cloud.GCP: Side(
        postgres=gcp.postgres,
        server=gcp.primary,
        plan=gcp_plans.postgres(),
        forms={
            PostgresForm.SINGLE: (
                gcp_plans.postgres(PostgresForm.SINGLE, nodes=1),
                ("ZONAL", 1),
            ),
            PostgresForm.MULTI_AZ_INSTANCE: (gcp_plans.postgres(nodes=2), ("REGIONAL", 1)),
            # Cloud SQL sells no third standby: whoever asks for one gets a replica to read from
            PostgresForm.MULTI_AZ_CLUSTER: (gcp_plans.postgres(nodes=4), ("REGIONAL", 3)),
        },
        shape=sql_shape,
        settings=sql_settings,
        always={},
        disk={
            "settings.diskSize": 1000,
            "settings.diskType": "PD_SSD",
            "settings.diskAutoresize": True,
            "settings.diskAutoresizeLimit": 2000,
            "settings.tier": "db-custom-8-15360",
        },
        windows={
            "settings.backupConfiguration.enabled": True,
            "settings.backupConfiguration.pointInTimeRecoveryEnabled": True,
            "settings.backupConfiguration.location": REGION,
            "settings.backupConfiguration.startTime": "03:00",
            "settings.backupConfiguration.backupRetentionSettings": {
                "retainedBackups": 30,
                "retentionUnit": "COUNT",
            },
            "settings.maintenanceWindow": {"day": 7, "hour": 5, "updateTrack": "stable"},
        },
        cache_window=(
            "maintenancePolicy.weeklyMaintenanceWindows.0",
            {"day": "SUNDAY", "startTime": {"hours": 6, "minutes": 0, "seconds": 0, "nanos": 0}},
        ),
        kept={
            "settings.finalBackupConfig": {"enabled": True, "retentionDays": 30},
            "settings.retainBackupsOnDelete": True,
        },
        gone={
            "settings.finalBackupConfig": {"enabled": False},
            "settings.retainBackupsOnDelete": False,
            "settings.deletionProtectionEnabled": False,
            "deletionProtection": False,
        },
        cache=gcp.cache,
        cache_plan=gcp_plans.cache,
        sharded=gcp_plans.cluster(),
        alone={"node_type": "redis-basic-2gib"},
        cache_shape=redis_shape,
        cache_settings=redis_settings,
        snapshots=redis_snapshots,
        holders=frozenset({("SecretVersion", ("secretData",))}),
    ),
}
