"""The regional quotas of Google Cloud that a plan takes at its maximum, by the API's own metrics.

GPUs are counted by model and again over all regions; both start at 0 in a new project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import InstanceType, instance
from sizing.plans import QuotaRequest
from sizing.words import CapacityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sizing.plans import NodePoolPlan, PlatformPlan

COMPUTE = "compute.googleapis.com"
# Family -> metric of its vCPU; every other family counts as CPUS. Source: gce-quota-metrics.
CPU_METRICS = {"a2": "A2_CPUS", "c2": "C2_CPUS", "e2": "E2_CPUS", "n2": "N2_CPUS"}
# GPU and its GB -> metric; spot has one of its own. Source: gce-quota-metrics.
GPU_METRICS = {
    ("NVIDIA A100", 40): "NVIDIA_A100_GPUS",
    ("NVIDIA A100", 80): "NVIDIA_A100_80GB_GPUS",
    ("NVIDIA H100", 80): "NVIDIA_H100_GPUS",
    ("NVIDIA L4", 24): "NVIDIA_L4_GPUS",
    ("NVIDIA T4", 16): "NVIDIA_T4_GPUS",
}
SPOT_PREFIX = "PREEMPTIBLE_"
NODE_ADDRESSES = 1  # of the regional NAT, beside the load balancer's. Source: sizing-decisions.


def quotas(plan: PlatformPlan) -> list[QuotaRequest]:
    """Return the requests of one project and region.

    Raises:
        sizing.catalog.UnknownNameError: a pool names a type that the catalogue does not hold.
    """
    return [*_machines(plan), *_network(plan), *_disks(plan), *_stores(plan)]


def _machines(plan: PlatformPlan) -> Iterator[QuotaRequest]:
    needed: dict[tuple[str, str], int] = {}
    reasons: dict[tuple[str, str], list[str]] = {}
    for pool in plan.node_pools:
        machine = instance(plan.request.cloud, pool.instance_types[0])
        for metric, unit, each in _metrics(pool, machine):
            key = (metric, unit)
            needed[key] = needed.get(key, 0) + each * pool.scale.maximum
            reasons.setdefault(key, []).append(
                f"{pool.name}: {pool.scale.maximum} x {machine.name}"
            )
    for (metric, unit), amount in needed.items():
        yield _request(
            metric,
            amount,
            unit,
            f"pools at their maximum: {', '.join(reasons[metric, unit])}",
        )


def _metrics(pool: NodePoolPlan, machine: InstanceType) -> Iterator[tuple[str, str, int]]:
    spot = SPOT_PREFIX if pool.capacity_type is CapacityType.SPOT else ""
    family = machine.name.partition("-")[0]
    yield (f"{spot}CPUS" if spot else CPU_METRICS.get(family, "CPUS"), "vCPU", machine.vcpu)
    if machine.gpus:
        metric = GPU_METRICS[machine.gpu_model, machine.gpu_memory_gib]
        yield f"{spot}{metric}", "GPUs", machine.gpus
        yield "GPUS_ALL_REGIONS", "GPUs", machine.gpus


def _network(plan: PlatformPlan) -> Iterator[QuotaRequest]:
    nodes = sum(pool.scale.maximum for pool in plan.node_pools)
    yield _request("INSTANCES", nodes, "machines", "all pools at their maximum")
    yield _request("NETWORKS", 1, "networks", "a network of its own")
    yield _request("ROUTERS", 1, "routers", "Cloud NAT of the region")
    yield _request(
        "SUBNETWORKS",
        len(plan.network.subnets),
        "subnets",
        ", ".join(subnet.name for subnet in plan.network.subnets),
    )
    yield _request(
        "STATIC_ADDRESSES", NODE_ADDRESSES + 1, "addresses", "Cloud NAT and the load balancer"
    )


def _disks(plan: PlatformPlan) -> Iterator[QuotaRequest]:
    root = sum(pool.root_disk_gib * pool.scale.maximum for pool in plan.node_pools)
    pods = sum(service.volumes_gib * service.scale.maximum for service in plan.services)
    yield _request(
        "SSD_TOTAL_GB",
        root + pods,
        "GB",
        f"{root:,} GiB of root disks and {pods:,} GiB of pod volumes at maximum, all balanced",
    )


def _stores(plan: PlatformPlan) -> Iterator[QuotaRequest]:
    postgres, files = plan.postgres, plan.files
    yield QuotaRequest(
        service="sqladmin.googleapis.com",
        name="Instances per project",
        needed=max(1, postgres.nodes - 1),
        unit="instances",
        reason=f"{postgres.instance_class}; a standby is part of its primary",
    )
    yield QuotaRequest(
        service="file.googleapis.com",
        name=f"Capacity of {files.throughput_mode} per region",
        needed=files.planning_gib,
        unit="GiB",
        reason="shared files",
    )
    for cache in plan.caches:
        yield QuotaRequest(
            service="redis.googleapis.com",
            name=f"{'Cluster nodes' if cache.cluster_mode else 'Instances'}: {cache.role}",
            needed=cache.shards * (1 + cache.replicas_per_shard) if cache.cluster_mode else 1,
            unit="nodes" if cache.cluster_mode else "instances",
            reason=cache.node_type,
        )


def _request(metric: str, needed: float, unit: str, reason: str) -> QuotaRequest:
    return QuotaRequest(service=COMPUTE, name=metric, needed=needed, unit=unit, reason=reason)
