"""The plan held against the table of what the cloud refuses.

Only the inputs that a plan decides are shown to the table; what a component adds stands as not
known yet, and is held against the table when the stack runs.
"""

from __future__ import annotations

from sizing.checks.verdicts import Subject, finding
from sizing.model import Json
from sizing.plans import CachePlan, Finding, NodePoolPlan, PostgresPlan, SearchPlan
from sizing.rules import Inputs, Refusal, refusals
from sizing.rules.values import UNKNOWN_TEXT
from sizing.words import PostgresForm, Verdict


def check_refused(subject: Subject) -> list[Finding]:
    """Return one finding per part, or one for each rule that a part breaks."""
    plan = subject.plan
    token, postgres = _postgres(plan.postgres)
    parts: list[tuple[str, str, Inputs]] = [("postgres", token, postgres)]
    parts += [
        (f"node_pools.{pool.name}", "aws:eks/nodeGroup:NodeGroup", _node_group(pool))
        for pool in plan.node_pools
    ]
    parts += [
        (f"caches.{cache.role}", "aws:elasticache/replicationGroup:ReplicationGroup", _cache(cache))
        for cache in plan.caches
    ]
    parts.append(("search", "aws:opensearch/domain:Domain", _search(plan.search)))
    return [found for part in parts for found in _findings(subject, *part)]


def _findings(subject: Subject, path: str, token: str, inputs: Inputs) -> list[Finding]:
    # A rule about an input that the component alone decides has nothing to judge here.
    broken = [one for one in refusals(token, inputs) if one.property.split(".")[0] in inputs]
    if not broken:
        return [
            finding(
                subject, path, "accepted", Verdict.HOLDS, "no known rule of the cloud refuses it"
            )
        ]
    return [_refused(subject, path, one) for one in broken]


def _refused(subject: Subject, path: str, one: Refusal) -> Finding:
    return finding(
        subject,
        path,
        f"accepted.{one.rule}",
        Verdict.REFUTED,
        f"{one.statement} ({one.reason})",
        fix=f"change what sets {one.property}",
        source=one.source,
        blocking=True,
    )


def _postgres(plan: PostgresPlan) -> tuple[str, Inputs]:
    shared: dict[str, Json] = {
        "engine": "postgres",
        "engineVersion": plan.engine_version,
        "allocatedStorage": plan.storage_gib,
        "storageType": plan.storage_type,
        "backupRetentionPeriod": plan.backup_retention_days,
        "databaseInsightsMode": plan.insights_mode,
        "performanceInsightsRetentionPeriod": plan.insights_retention_days,
        "monitoringInterval": plan.monitoring_interval_s,
        "monitoringRoleArn": UNKNOWN_TEXT,
        "manageMasterUserPassword": True,
    }
    if plan.iops is not None:
        shared["iops"] = plan.iops
    if plan.form is PostgresForm.MULTI_AZ_CLUSTER:
        return "aws:rds/cluster:Cluster", {
            **shared,
            "dbClusterInstanceClass": plan.instance_class,
            "preferredBackupWindow": plan.backup_window,
            "preferredMaintenanceWindow": plan.maintenance_window,
        }
    instance: dict[str, Json] = {
        **shared,
        "instanceClass": plan.instance_class,
        "backupWindow": plan.backup_window,
        "maintenanceWindow": plan.maintenance_window,
    }
    if plan.max_allocated_gib is not None:
        instance["maxAllocatedStorage"] = plan.max_allocated_gib
    return "aws:rds/instance:Instance", instance


def _node_group(pool: NodePoolPlan) -> Inputs:
    desired = pool.scale.planned if pool.desired is None else pool.desired
    return {
        "amiType": pool.ami_type,
        "instanceTypes": list(pool.instance_types),
        "scalingConfig": {
            "minSize": pool.scale.minimum,
            "desiredSize": desired,
            "maxSize": pool.scale.maximum,
        },
        "updateConfig": {"maxUnavailable": pool.max_unavailable, "updateStrategy": pool.rolling},
        "taints": [
            {"key": one.key, "value": one.value, "effect": one.effect} for one in pool.taints
        ],
    }


def _cache(plan: CachePlan) -> Inputs:
    inputs: dict[str, Json] = {
        "engine": plan.engine,
        "nodeType": plan.node_type,
        "multiAzEnabled": plan.multi_az,
        "automaticFailoverEnabled": plan.cluster_mode or plan.replicas_per_shard > 0,
        "maintenanceWindow": plan.maintenance_window,
        "snapshotRetentionLimit": plan.snapshot_days,
        "snapshotWindow": plan.snapshot_window,
    }
    if plan.cluster_mode:
        return {
            **inputs,
            "parameterGroupName": UNKNOWN_TEXT,
            "numNodeGroups": plan.shards,
            "replicasPerNodeGroup": plan.replicas_per_shard,
        }
    return {**inputs, "numCacheClusters": 1 + plan.replicas_per_shard}


def _search(plan: SearchPlan) -> Inputs:
    config: dict[str, Json] = {
        "instanceType": plan.instance_type,
        "instanceCount": plan.instance_count,
        "zoneAwarenessEnabled": plan.zone_count > 1,
    }
    if plan.zone_count > 1:
        config["zoneAwarenessConfig"] = {"availabilityZoneCount": plan.zone_count}
    if plan.master_count:
        config |= {
            "dedicatedMasterEnabled": True,
            "dedicatedMasterType": plan.master_type,
            "dedicatedMasterCount": plan.master_count,
        }
    return {
        "engineVersion": plan.engine_version,
        "clusterConfig": config,
        "ebsOptions": {
            "ebsEnabled": True,
            "volumeType": "gp3",
            "volumeSize": plan.volume_gib,
            "iops": plan.volume_iops,
            "throughput": plan.volume_throughput,
        },
    }
