"""Nodes of a plan's pools, as a cluster knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from components.kubernetes.container import GPU
from components.kubernetes.pod import HOST, ZONE
from sizing.plans import NodePoolPlan
from tests.cluster.api import Api, Manifest, wait

_EFFECTS = {
    "NO_SCHEDULE": "NoSchedule",
    "NO_EXECUTE": "NoExecute",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
}


def nodes(pool: NodePoolPlan, count: int) -> Iterator[Manifest]:
    """Return that many nodes of a pool, in its zones by turns."""
    size = {
        "cpu": f"{pool.allocatable_millis}m",
        "memory": str(pool.allocatable_bytes),
        "pods": str(pool.max_pods),
        **({GPU: str(pool.gpus_per_node)} if pool.gpus_per_node else {}),
    }
    for number in range(count):
        zone = pool.zone_ids[number % len(pool.zone_ids)]
        name = f"{pool.name}-{number}"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": {**dict(pool.labels), HOST: name, ZONE: zone}},
            "spec": {
                "taints": [
                    {"key": one.key, "value": one.value, "effect": _EFFECTS[one.effect]}
                    for one in pool.taints
                ]
            },
            "status": {"capacity": size, "allocatable": size},
        }


def join(api: Api, made: Iterable[Manifest]) -> None:
    """Add nodes to a cluster and return once each may run pods."""
    for node in made:
        api.create(node)
    wait(lambda: not _unready(api), "the nodes are ready")


def _unready(api: Api) -> bool:
    taints = [t for one in api.all("v1", "Node") for t in one["spec"].get("taints", ())]
    return any(one["key"].startswith("node.kubernetes.io/") for one in taints)
