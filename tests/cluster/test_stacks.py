"""A real API server takes every object of every stack, and admits the pods that they describe."""

from __future__ import annotations

import pytest

from components.kubernetes.cluster import NAME_LABEL
from sizing.plan import plan
from stacks.config import load, stack_files
from tests.cluster.api import Api, Manifest, RefusedError
from tests.cluster.conftest import StartCluster
from tests.cluster.nodes import join, nodes
from tests.cluster.objects import WORKLOADS, create_all, named, pods_of, run, volumes_of
from tests.engine.provider.kubernetes import known
from tests.stacks.manifests import HOSTS, STACKS, namespace, place, pod_labels, rendered

pytestmark = pytest.mark.cluster


def objects(stack: str) -> list[Manifest]:
    """Return a stack's objects, with a plausible text for what only the cloud will give."""
    made = [r for r in rendered(stack).recording.resources if r.type.startswith("kubernetes:")]
    return [named(known(one.inputs), one.name) for one in made if "kind" in one.inputs]


def refused(api: Api, workloads: list[Manifest]) -> dict[str, str]:
    """Return what the server has against pods of the workloads, none of which exists yet."""
    found: dict[str, str] = {}
    for one in workloads:
        try:
            said = "; ".join(api.create(pods_of(one), dry_run=True))
        except RefusedError as no:
            said = str(no)
        if said:
            found[f"{one['kind']} {place(one)}"] = said
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_takes_every_object_and_its_nodes_run_the_pods(
    start: StartCluster, stack: str
) -> None:
    api, every = start(), objects(stack)
    workloads = [one for one in every if one["kind"] in WORKLOADS]
    assert workloads
    # a guest finds its host's namespaces
    around = objects(HOSTS[stack]) if stack in HOSTS else []
    assert create_all(api, (one for one in around if one["kind"] == "Namespace")) == {}
    assert create_all(api, (one for one in every if one not in workloads)) == {}
    assert refused(api, workloads) == {}
    for pool in plan(load(stack_files()[stack]).request()).node_pools:
        join(api, nodes(pool, pool.scale.planned))
    volumes = (v for one in workloads if one["kind"] == "StatefulSet" for v in volumes_of(one))
    assert create_all(api, volumes) == {}
    assert create_all(api, workloads) == {}
    # where an autoscaler owns the number one is there at first
    once = [one for one in workloads if one["kind"] != "CronJob"]
    wanted = {
        f"{namespace(one)}/{pod_labels(one)[NAME_LABEL]}": one["spec"].get("replicas", 1)
        for one in once
    }
    assert run(api, wanted) == {}
