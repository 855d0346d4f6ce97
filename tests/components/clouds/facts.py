"""What a plan says of each twin, and what was set for it on either cloud, in the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sizing.plans import PlatformPlan
from sizing.words import CapacityType, Cloud
from tests.components.clouds import facts_edge as edge
from tests.components.clouds.fact_words import Facts, Resources, first, of_type
from tests.components.clouds.made import Made
from tests.components.clouds.words import at


def network(of: PlatformPlan) -> Facts:
    blocks = {one.cidr for one in of.network.subnets}
    pods = {one.pod_reservation_cidr for one in of.network.subnets if one.pod_reservation_cidr}
    return {"blocks": blocks | pods, "ways out": len(of.network.nat_zone_ids)}


def network_set(resources: Resources) -> Facts:
    subnets = [
        str(first(one, "cidrBlock", "ipCidrRange"))
        for one in of_type(resources, "Subnet", "SubnetCidrReservation", "Subnetwork")
    ]
    ranges = [
        row["ipCidrRange"]
        for one in of_type(resources, "Subnetwork")
        for row in one.inputs.get("secondaryIpRanges", ())
        if row["rangeName"] == "pods"
    ]
    peered = [
        f"{one.inputs['address']}/{one.inputs['prefixLength']}"
        for one in of_type(resources, "GlobalAddress")
    ]
    out = of_type(resources, "Eip", "Address")
    return {"blocks": {*subnets, *ranges, *peered}, "ways out": len(out)}


def keys(of: PlatformPlan) -> Facts:
    return {f"keys-{one.name}": (one.rotation_days, one.deletion_window_days) for one in of.keys}


def keys_set(resources: Resources) -> Facts:
    rows = ("rotationPeriodInDays", "deletionWindowInDays")
    days = {one.name: tuple(map(one.inputs.get, rows)) for one in of_type(resources, "Key")}
    terms = ("rotationPeriod", "destroyScheduledDuration")
    return days | {
        one.name: tuple(int(one.inputs[term].rstrip("s")) // 86_400 for term in terms)
        for one in of_type(resources, "CryptoKey")
    }


def cluster(of: PlatformPlan) -> Facts:
    return {"version": of.cluster.kubernetes_version, "protected": of.cluster.deletion_protection}


def cluster_set(resources: Resources) -> Facts:
    (one,) = of_type(resources, "Cluster")
    version = first(one, "version", "minMasterVersion")
    return {"version": version, "protected": one.inputs.get("deletionProtection", False)}


def node_pools(of: PlatformPlan) -> Facts:
    return {
        f"nodes-{one.name}": (
            set(one.instance_types),
            one.scale.minimum,
            one.scale.maximum,
            one.root_disk_gib,
            one.capacity_type is CapacityType.SPOT,
        )
        for one in of.node_pools
    }


def node_pools_set(resources: Resources) -> Facts:
    templates = {one.name: one for one in of_type(resources, "LaunchTemplate")}
    groups = {
        one.name: (
            {templates[one.name].inputs["instanceType"]}
            if "instanceType" in templates[one.name].inputs
            else set(one.inputs["instanceTypes"]),
            at(one.inputs, "scalingConfig.minSize"),
            at(one.inputs, "scalingConfig.maxSize"),
            at(templates[one.name].inputs, "blockDeviceMappings.0.ebs.volumeSize"),
            one.inputs["capacityType"] == "SPOT",
        )
        for one in of_type(resources, "NodeGroup")
    }
    return groups | {
        one.name: (
            {at(one.inputs, "nodeConfig.machineType")},
            at(one.inputs, "autoscaling.totalMinNodeCount"),
            at(one.inputs, "autoscaling.totalMaxNodeCount"),
            at(one.inputs, "nodeConfig.diskSizeGb"),
            at(one.inputs, "nodeConfig.spot"),
        )
        for one in of_type(resources, "NodePool")
    }


def postgres(of: PlatformPlan) -> Facts:
    plan = of.postgres
    return {
        "class": plan.instance_class,
        "gib": plan.storage_gib,
        "version": plan.engine_version,
        "days": plan.backup_retention_days,
    }


def postgres_set(resources: Resources) -> Facts:
    servers = of_type(resources, "Instance", "Cluster", "DatabaseInstance")
    (one,) = (one for one in servers if not first(one, "masterInstanceName", "replicateSourceDb"))
    kept = "settings.backupConfiguration.backupRetentionSettings.retainedBackups"
    return {
        "class": first(one, "instanceClass", "dbClusterInstanceClass", "settings.tier"),
        "gib": first(one, "allocatedStorage", "settings.diskSize"),
        "version": first(one, "engineVersion", "databaseVersion"),
        "days": first(one, "backupRetentionPeriod", kept),
    }


def cache(of: PlatformPlan) -> Facts:
    return {
        f"cache-{one.role}": (one.node_type, one.shards, one.replicas_per_shard, one.engine_version)
        for one in of.caches
    }


def cache_set(resources: Resources) -> Facts:
    groups = {
        one.name.removesuffix("-group"): (
            one.inputs["nodeType"],
            one.inputs.get("numNodeGroups", 1),
            one.inputs.get("replicasPerNodeGroup", one.inputs.get("numCacheClusters", 1) - 1),
            one.inputs["engineVersion"],
        )
        for one in of_type(resources, "ReplicationGroup")
    }
    tiers = {"STANDARD_HA": "standard", "BASIC": "basic"}
    return groups | {
        one.name.removesuffix("-instance"): (
            f"redis-{tiers[one.inputs['tier']]}-{one.inputs['memorySizeGb']}gib",
            1,
            one.inputs.get("replicaCount", 0),
            one.inputs["redisVersion"],
        )
        for one in of_type(resources, "Instance")
    }


def files(of: PlatformPlan) -> Facts:
    return {"mode": of.files.throughput_mode, **_share(of)}


def _share(of: PlatformPlan) -> Facts:
    # EFS grows with what is in it, and makes its folders; a share has a size, and none
    if of.request.cloud is Cloud.GCP:
        return {"gib": of.files.planning_gib}
    return {"folders": {one.path for one in of.files.access_points}}


def files_set(resources: Resources) -> Facts:
    (one,) = of_type(resources, "FileSystem", "Instance")
    size = at(one.inputs, "fileShares.capacityGb")
    paths = {at(each.inputs, "rootDirectory.path") for each in of_type(resources, "AccessPoint")}
    rest = {"folders": paths} if size is None else {"gib": size}
    return {"mode": first(one, "throughputMode", "tier"), **rest}


def objects(of: PlatformPlan) -> Facts:
    return {f"objects-{one.name}": one.versioned for one in of.buckets}


def objects_set(resources: Resources) -> Facts:
    kept = {
        one.inputs["bucket"].removesuffix("-id"): at(one.inputs, "versioningConfiguration.status")
        for one in of_type(resources, "BucketVersioning")
    }
    return {
        one.name: at(one.inputs, "versioning.enabled") is True or kept.get(one.name) == "Enabled"
        for one in of_type(resources, "Bucket")
    }


FACTS: Mapping[str, tuple[Callable[[PlatformPlan], Facts], Callable[[Resources], Facts]]] = {
    "network": (network, network_set),
    "keys": (keys, keys_set),
    "cluster": (cluster, cluster_set),
    "node-pools": (node_pools, node_pools_set),
    "postgres": (postgres, postgres_set),
    "cache": (cache, cache_set),
    "files": (files, files_set),
    "objects": (objects, objects_set),
    "secrets": (edge.secrets, edge.secrets_set),
    "ingress": (edge.ingress, edge.ingress_set),
    "firewall-policy": (edge.firewall, edge.firewall_set),
    "backups": (edge.backups, edge.backups_set),
    "workload-identity": (edge.identity, edge.identity_set),
}
"""By twin: what its plan says, and what was set."""
SIZELESS = frozenset({"registry", "storage-class"})
"""Twins in which nothing follows from a size of the plan."""


def wrong(made: Made, twin: str) -> list[str]:
    """Return each fact that was set otherwise than the plan says it."""
    if twin in SIZELESS:
        return []
    planned, found = FACTS[twin]
    says, stands = planned(made.of), found(made.twin(twin))
    return [
        f"{name}: {says.get(name)} is planned, {stands.get(name)} is set"
        for name in sorted({*says, *stands})
        if says.get(name) != stands.get(name)
    ]
