"""What a plan can carry, in figures of which a larger load must never get a smaller one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sizing.catalog import InstanceType, instance, search_node
from sizing.plans import NodePoolPlan, PlatformPlan, ServicePlan

# Parts that do together what another tier does in one.
WHOLE = {"jaeger-collector": "jaeger", "jaeger-query": "jaeger"}


def capacities(plan: PlatformPlan) -> Mapping[str, float]:
    """Return every capacity of a plan by name."""
    found: Counter[str] = Counter()
    for service in plan.services:
        if not service.model:  # engines are compared by the load that they carry
            found.update(_replicas(service, WHOLE.get(service.name, service.name)))
    for pool in plan.node_pools:
        if pool.role != "gpu":
            found.update(_nodes(plan, pool))
    found.update(_stores(plan))
    return found


def machine_of(plan: PlatformPlan, pool: NodePoolPlan) -> InstanceType:
    """Return the machine that a pool is planned with."""
    return instance(plan.request.cloud, pool.instance_types[0])


def _replicas(service: ServicePlan, name: str) -> dict[str, float]:
    return {
        f"{name} {word} {unit}": getattr(service.scale, word) * size
        for word in ("minimum", "planned", "maximum")
        for unit, size in (
            ("CPU", service.cpu_request_millis),
            ("memory", service.memory_request_bytes),
            ("workers", service.workers),
            ("volumes", service.volume_gib),
        )
    }


def _nodes(plan: PlatformPlan, pool: NodePoolPlan) -> dict[str, float]:
    machine = machine_of(plan, pool)
    return {
        f"{pool.role} nodes {word} {unit}": getattr(pool.scale, word) * size
        for word in ("minimum", "planned", "maximum")
        for unit, size in (("CPU", machine.vcpu), ("memory", machine.memory_bytes))
    }


def _stores(plan: PlatformPlan) -> Mapping[str, float]:
    postgres, search = plan.postgres, plan.search
    found: dict[str, float] = {
        "postgres storage": postgres.storage_gib,
        "postgres IOPS": postgres.iops_delivered,
        "postgres connections": postgres.max_connections,
        "postgres CPU": postgres.vcpu * postgres.nodes,
        "postgres memory": postgres.memory_bytes * postgres.nodes,
        "search storage": search.volume_gib * search.instance_count,
        "files": plan.files.planning_gib,
        "pod addresses": plan.network.pod_addresses_reserved,
    }
    if plan.request.cloud == "aws":
        node = search_node(search.instance_type)
        found["search memory"] = node.memory_bytes * search.instance_count
    found |= {f"{one.role} memory": one.memory_bytes_per_shard * one.shards for one in plan.caches}
    return found | {f"bucket {one.name}": one.planning_gib for one in plan.buckets}
