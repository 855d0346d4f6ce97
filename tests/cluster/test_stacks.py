"""A real API server takes every object of every stack, and admits the pods that they describe."""

from __future__ import annotations

import pytest

from tests.cluster.api import Manifest, RefusedError
from tests.cluster.conftest import StartCluster
from tests.cluster.objects import WORKLOADS, create_all, named, pods_of
from tests.engine.provider.kubernetes import known
from tests.stacks.manifests import STACKS, place, rendered

pytestmark = pytest.mark.cluster


def objects(stack: str) -> list[Manifest]:
    """Return a stack's objects, with a plausible text for what only the cloud will give."""
    made = [r for r in rendered(stack).recording.resources if r.type.startswith("kubernetes:")]
    return [named(known(one.inputs), one.name) for one in made if "kind" in one.inputs]


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_takes_every_object_and_pod(start: StartCluster, stack: str) -> None:
    api, every = start(), objects(stack)
    workloads = [one for one in every if one["kind"] in WORKLOADS]
    assert workloads
    assert create_all(api, (one for one in every if one not in workloads)) == {}
    refused: dict[str, str] = {}
    for one in workloads:
        try:
            warned = api.create(pods_of(one), dry_run=True)
        except RefusedError as said:
            warned = [str(said)]
        if warned:
            refused[f"{one['kind']} {place(one)}"] = "; ".join(warned)
    assert refused == {}
    assert create_all(api, workloads) == {}
