"""Whoever speaks to a bucket does so by the program of its cloud, as somebody who may."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from components.kubernetes.model_sync import SYNC, Program
from components.object_stores import OF_CLOUD, ObjectStore
from sizing.words import Cloud
from tests.stacks.manifests import (
    CONFIGS,
    STACKS,
    WORKLOADS,
    Manifest,
    containers,
    namespace,
    rendered,
    template,
)

ON_GOOGLE = [name for name, one in CONFIGS.items() if one.cloud is Cloud.GCP and one.shares is None]
PROGRAMS = {one.module: kind for kind, one in SYNC.items()} | {
    "vector_snapshots": ObjectStore.S3,
    "google_vector_snapshots": ObjectStore.GCS,
}
MEMBER = re.compile(r"/subject/ns/([^/]+)/sa/([^/]+)$")


def programs(stack: str) -> Iterator[tuple[str, Manifest]]:
    """What fills a bucket, by the name of its module or file, and the workload that runs it."""
    for workload in rendered(stack).of(*WORKLOADS):
        for one in containers(workload):
            for word in one.get("command", ()):
                name = word.rpartition("/")[2].removesuffix(".py").rpartition(".")[2]
                if name in PROGRAMS:
                    yield name, workload


@pytest.mark.parametrize("stack", STACKS)
def test_buckets_are_filled_by_programs_that_speak_to_them(stack: str) -> None:
    found = {PROGRAMS[name] for name, _ in programs(stack)}
    assert found == {OF_CLOUD[CONFIGS[stack].cloud]}


@pytest.mark.parametrize("stack", ON_GOOGLE)
def test_who_fills_a_bucket_may_use_it(stack: str) -> None:
    granted = {
        found.groups()
        for one in rendered(stack).recording.resources
        if one.type.endswith(":BucketIAMMember")
        and (found := MEMBER.search(str(one.inputs["member"])))
    }
    asking = {
        (namespace(one), template(one)["spec"]["serviceAccountName"]) for _, one in programs(stack)
    }
    assert asking
    assert asking <= granted


def test_each_program_is_one_that_is_mounted() -> None:
    for one in SYNC.values():
        assert isinstance(one, Program)
        assert f"{one.module}.py" in one.files
