"""A real scheduler puts pods where the plan means them to run: their pool's nodes, every zone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from sizing.plans import NodePoolPlan, Scale
from sizing.words import Cloud
from tests.cluster.api import Api, Manifest, wait
from tests.cluster.nodes import join, nodes
from tests.cluster.objects import create_all
from tests.cluster.samples import namespaces, service
from tests.components.kubernetes import samples
from tests.components.kubernetes.samples import NAMESPACES, service_plan

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.one_cloud(
        Cloud.AWS, "a scheduler of no cloud; test_plans gives it the pods of both"
    ),
]

ZONES = ("a", "b", "c")


def pools() -> list[NodePoolPlan]:
    """The samples' pools, one node in each zone."""
    return [replace(pool, zone_ids=ZONES, gpus_per_node=8) for pool in samples.pools()]


@pytest.fixture(scope="module")
def with_nodes(cluster: Api) -> Api:
    assert create_all(cluster, namespaces()) == {}
    for pool in pools():
        join(cluster, nodes(pool, len(ZONES)))
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
    (pool,) = (one for one in pools() if one.role == pool_role)
    wanted = {one["metadata"]["name"]: 1 for one in nodes(pool, len(ZONES))}
    assert Counter(one["spec"]["nodeName"] for one in running()) == wanted
