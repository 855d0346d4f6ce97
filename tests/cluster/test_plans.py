"""A real scheduler finds room for every planned pod on the planned nodes, apart as they must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.container import resources_of
from components.kubernetes.namespace import Namespace, NamespaceArgs
from sizing.plan import plan
from sizing.plans import PlatformPlan, ServicePlan
from stacks.config import load, stack_files
from tests.cluster.api import Manifest
from tests.cluster.conftest import StartCluster
from tests.cluster.nodes import join, nodes
from tests.cluster.objects import WORKLOADS, create_all, recorded, roll, run
from tests.cluster.samples import container, service
from tests.components.kubernetes import samples
from tests.components.support import record
from tests.kubernetes.quantities import number

pytestmark = pytest.mark.cluster

OF_THE_CLOUD = "kube-system"


def namespaces(decided: PlatformPlan) -> list[Manifest]:
    def build() -> None:
        for one in decided.namespaces:
            Namespace(one.name, NamespaceArgs(plan=one, ready=()))

    return recorded(record(build))


def at_the_peak(decided: PlatformPlan, one: ServicePlan) -> list[Manifest]:
    """Return a service as planned for the peak, whatever runs in it; volumes need a driver."""
    stateful = one.volume_gib > 0
    planned = one.scale.planned
    scale = replace(one.scale, minimum=planned, maximum=planned)
    peak = replace(one, volume_gib=0, scaling=None, scale=scale)
    on = replace(samples.cluster(), pools=decided.node_pools)
    sized = container(resources=resources_of(peak))
    return service(peak, cluster=on, containers=(sized,), stateful=stateful)


def peak(decided: PlatformPlan) -> dict[str, int]:
    return {f"{one.namespace}/{one.name}": one.scale.planned for one in decided.services}


@pytest.mark.parametrize("stack", sorted(stack_files()))
def test_planned_nodes_and_quotas_hold_the_planned_pods(start: StartCluster, stack: str) -> None:
    decided, api = plan(load(stack_files()[stack]).request()), start()
    # quotas last: what a repeated creation has counted twice they forget after minutes only
    quotas = [one for one in namespaces(decided) if one["kind"] == "ResourceQuota"]
    spaces = [one for one in namespaces(decided) if one["kind"] != "ResourceQuota"]
    assert create_all(api, spaces) == {}
    for pool in decided.node_pools:
        join(api, nodes(pool, pool.scale.planned))
    objects = [one for each in decided.services for one in at_the_peak(decided, each)]
    assert create_all(api, objects) == {}
    assert run(api, peak(decided)) == {}
    assert create_all(api, quotas) == {}
    counted = {one["metadata"]["namespace"]: api.get(one)["status"] for one in quotas}
    assert {space: over for space, said in counted.items() if (over := exceeded(said))} == {}


@pytest.mark.parametrize("stack", ["dev-small", "prod-large"])
def test_every_workload_rolls_at_the_peak_on_what_the_pools_may_become(
    start: StartCluster, stack: str
) -> None:
    decided, api = plan(load(stack_files()[stack]).request()), start()
    spaces = [one for one in namespaces(decided) if one["kind"] != "ResourceQuota"]
    assert create_all(api, spaces) == {}
    for pool in decided.node_pools:
        # engines roll in place: there is no GPU beside the planned ones
        join(api, nodes(pool, pool.scale.planned if pool.gpus_per_node else pool.scale.maximum))
    objects = [one for each in decided.services for one in at_the_peak(decided, each)]
    assert create_all(api, objects) == {}
    assert run(api, peak(decided)) == {}
    assert roll(api, (one for one in objects if one["kind"] in WORKLOADS)) == {}


def exceeded(status: Mapping[str, Any]) -> list[str]:
    """Return what a quota counts above its limit."""
    hard, used = status["hard"], status["used"]
    return [f"{n}: {used[n]} of {hard[n]}" for n in used if number(used[n]) > number(hard[n])]
