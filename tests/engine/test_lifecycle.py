"""The committed stacks, built, kept, resized and taken down by the real engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.harness import ROOT, Engine, operations, replaced, types

pytestmark = pytest.mark.engine

STACKS = sorted(
    path.stem.removeprefix("Pulumi.") for path in (ROOT / "stacks").glob("Pulumi.*.yaml")
)
KEPT = frozenset(
    {
        "aws:eks/cluster:Cluster",
        "aws:rds/instance:Instance",
        "aws:rds/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:efs/fileSystem:FileSystem",
        "aws:opensearch/domain:Domain",
        "aws:s3/bucket:Bucket",
        "aws:kms/key:Key",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/subnet:Subnet",
    }
)
"""What holds data, and what it stands on."""


def built(project: Engine, stack: str) -> Engine:
    project.init(stack)
    done = project.up(stack)
    assert done.code == 0, done.text
    return project


def stack_file(project: Engine, stack: str) -> Path:
    return project.folder / "stacks" / f"Pulumi.{stack}.yaml"


def change(project: Engine, stack: str, changes: Mapping[str, Any]) -> None:
    """Set keys of a copied stack file's platform, leaving those of the engine as they are."""
    path = stack_file(project, stack)
    content = yaml.safe_load(path.read_text())
    content["config"]["aigw:platform"].update(changes)
    path.write_text(yaml.safe_dump(content))


def lost(preview: Mapping[str, Any]) -> set[str]:
    """Return the types of KEPT that a preview replaces or deletes."""
    gone = operations(preview).get("delete", set())
    deleted = {urn.split("::")[2].rpartition("$")[2] for urn in gone}
    return (replaced(preview) | deleted) & KEPT


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_previews_builds_and_then_stays_as_it_is(project: Engine, stack: str) -> None:
    project.init(stack)
    before = project.preview(stack)
    assert operations(before).keys() == {"create"}
    done = project.up(stack)
    assert done.code == 0, done.text
    after = project.preview(stack)
    assert operations(after).keys() == {"same"}
    planned = {step["urn"] for step in before["steps"]}
    assert (
        planned
        == {resource["urn"] for resource in project.state(stack)["deployment"]["resources"]} - set()
    )
    assert KEPT - {"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"} <= set(
        types(project.state(stack))
    )


def test_a_resize_by_hand_replaces_no_cluster_and_no_store(project: Engine) -> None:
    built(project, "dev-small")
    overrides = {"pools": {"general": {"planned": 9}}, "postgres": {"storage_gib": 200}}
    change(project, "dev-small", {"sizing": {"overrides": overrides}})
    after = project.preview("dev-small")
    assert operations(after).get("update"), "nothing changed, so nothing is proven"
    assert replaced(after) == set()
    assert lost(after) == set()
    assert project.up("dev-small").code == 0
    assert operations(project.preview("dev-small")).keys() == {"same"}


def test_a_dev_stack_is_taken_down_to_nothing(project: Engine) -> None:
    built(project, "dev-small")
    done = project.destroy("dev-small")
    assert done.code == 0, done.text
    assert types(project.state("dev-small")) == []


def test_a_prod_stack_is_not_destroyed(project: Engine) -> None:
    built(project, "prod-large")
    there = set(types(project.state("prod-large"))) & KEPT
    done = project.destroy("prod-large")
    assert done.code != 0
    assert "protect" in done.text
    assert set(types(project.state("prod-large"))) & KEPT == there


def test_a_refused_stack_file_registers_nothing(project: Engine) -> None:
    project.init("dev-small")
    change(project, "dev-small", {"zone_ids": ["us-east-1a", "us-east-1b"]})
    done = project.run("preview", "--stack", "dev-small")
    assert done.code != 0
    assert "zone_ids" in done.text
    assert "aws:" not in json.dumps(types(project.state("dev-small")))
