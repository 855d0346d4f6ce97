"""A real scheduler puts pods where the plan means them to run: their pool's nodes, every zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from components.kubernetes.pod import HOST, ZONE
from sizing.plans import NodePoolPlan, Scale
from tests.cluster.api import Api, Manifest, wait
from tests.cluster.objects import create_all
from tests.cluster.samples import namespaces, service
from tests.components.kubernetes.samples import NAMESPACES, pools, service_plan

pytestmark = pytest.mark.cluster

ZONES = ("a", "b", "c")
EFFECTS = {"NO_SCHEDULE": "NoSchedule"}


def nodes(pool: NodePoolPlan) -> Iterable[Manifest]:
    size = {"cpu": "8", "memory": "32Gi", "pods": "50", "nvidia.com/gpu": "8"}
    for zone in ZONES:
        name = f"{pool.name}-{zone}"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": {**dict(pool.labels), HOST: name, ZONE: zone}},
            "spec": {
                "taints": [
                    {"key": one.key, "value": one.value, "effect": EFFECTS[one.effect]}
                    for one in pool.taints
                ]
            },
            "status": {"capacity": size, "allocatable": size},
        }


def ready(api: Api) -> bool:
    """Whether every node has lost the mark of one that has not reported yet."""
    taints = [t for one in api.all("v1", "Node") for t in one["spec"].get("taints", ())]
    return not any(one["key"].startswith("node.kubernetes.io/") for one in taints)


@pytest.fixture(scope="module")
def with_nodes(cluster: Api) -> Api:
    assert create_all(cluster, namespaces()) == {}
    for pool in pools():
        for node in nodes(pool):
            cluster.create(node)
    wait(lambda: ready(cluster), "the nodes are ready")
    return cluster


@pytest.mark.parametrize(
    ("role", "pool_role", "gpus"), [("gateway", "general", 0), ("serving", "gpu", 1)]
)
def test_replicas_run_on_their_pool_one_in_each_zone(
    with_nodes: Api, role: str, pool_role: str, gpus: int
) -> None:
    three = Scale(minimum=3, planned=3, maximum=3)
    plan = service_plan("placed", role=role, pool_role=pool_role, scale=three, gpus=gpus)
    assert create_all(with_nodes, service(plan)) == {}

    def running() -> list[Manifest]:
        pods = with_nodes.all("v1", "Pod", NAMESPACES[role])
        return [one for one in pods if one["status"].get("phase") == "Running"]

    wait(lambda: len(running()) == 3, "three pods run")
    (pool,) = (one.name for one in pools() if one.role == pool_role)
    assert Counter(one["spec"]["nodeName"] for one in running()) == {
        f"{pool}-{zone}": 1 for zone in ZONES
    }
