"""The committed stacks, built, kept, resized and taken down by the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from tests.engine.harness import Engine, operations, replaced, types, urns
from tests.stacks.manifests import WITH_CLUSTER

pytestmark = pytest.mark.engine

Standing: TypeAlias = Callable[[str, Path], Engine]

STACKS = sorted(WITH_CLUSTER)
"""A guest's host must stand first: see `test_guests`."""
PASSWORD = "random:index/randomPassword:RandomPassword"
CLUSTER = "aws:eks/cluster:Cluster"
GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
STORES = frozenset(
    {
        "aws:rds/instance:Instance",
        "aws:rds/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:efs/fileSystem:FileSystem",
        "aws:opensearch/domain:Domain",
        "aws:s3/bucket:Bucket",
    }
)
GROUND = frozenset({"aws:kms/key:Key", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"})
"""What the cluster and the stores cannot be without."""
KEPT = {CLUSTER, *STORES, *GROUND}


def kind(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def named(found: set[str]) -> set[tuple[str, str]]:
    return {(kind(urn), urn.rpartition("::")[2]) for urn in found}


def texts(value: object) -> Iterator[str]:
    """Yield every text of a JSON value, at every depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts(one))


def change(project: Engine, stack: str, changes: Mapping[str, Any]) -> None:
    """Set keys of a copied stack file's platform, leaving those of the engine as they are."""
    path = project.folder / "stacks" / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(path.read_text())
    content["config"]["aigw:platform"].update(changes)
    path.write_text(yaml.safe_dump(content))


def change_tier(project: Engine, stack: str, tier: str) -> str:
    """Rename a built stack to another tier, as an operator does, and return the new name."""
    name = f"{stack.partition('-')[0]}-{tier}"
    (project.folder / "stacks" / f"Pulumi.{name}.yaml").unlink()
    project.rename(stack, name)
    change(project, name, {"tier": tier})
    return name


def lost(preview: Mapping[str, Any]) -> set[str]:
    """Return the types of what is kept that a preview replaces or deletes."""
    deleted = {kind(urn) for urn in operations(preview).get("delete", set())}
    return (replaced(preview) | deleted) & KEPT


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_previews_in_an_empty_account(project: Engine, stack: str) -> None:
    project.init(stack)
    assert operations(project.preview(stack)).keys() == {"create"}


@pytest.mark.parametrize("stack", ["dev-small", "prod-large"])
def test_a_built_stack_has_everything_and_stays_as_it_is(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    there = set(types(project.state(stack)))
    postgres = {"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}
    assert there >= KEPT - postgres
    assert there & postgres
    assert operations(project.preview(stack)).keys() == {"same"}


def test_no_generated_secret_stands_in_clear_in_state_preview_or_outputs(
    standing: Standing, tmp_path: Path
) -> None:
    project = standing("prod-large", tmp_path)
    opened = project.run("stack", "export", "--stack", "prod-large", "--show-secrets").json()
    secrets = {
        str(json.loads(one["outputs"]["result"]["plaintext"]))
        for one in opened["deployment"]["resources"]
        if one["type"] == PASSWORD
    }
    assert secrets
    seen = [
        project.state("prod-large"),
        project.preview("prod-large"),
        project.run("stack", "output", "--stack", "prod-large", "--json").json(),
    ]
    assert not [text for text in texts(seen) for secret in secrets if secret in text]
    assert len([text for text in texts(opened) for secret in secrets if secret in text]) > 1


def test_a_resize_by_hand_replaces_no_cluster_and_no_store(
    standing: Standing, tmp_path: Path
) -> None:
    project = standing("dev-small", tmp_path)
    overrides = {
        "pools": {"general": {"planned": 9, "desired": 9}},
        "postgres": {"storage_gib": 200},
        "search": {"volume_gib": 200},
    }
    change(project, "dev-small", {"sizing": {"overrides": overrides}})
    after = project.preview("dev-small")
    resized = {kind(urn) for urn in operations(after).get("update", set())}
    assert resized >= {
        GROUP,
        "aws:rds/instance:Instance",
        "aws:opensearch/domain:Domain",
    }
    assert replaced(after) == set()
    assert lost(after) == set()
    done = project.up("dev-small")
    assert done.code == 0, done.text
    assert operations(project.preview("dev-small")).keys() == {"same"}


def test_another_instance_type_rolls_on_demand_nodes_and_replaces_spot_nodes(
    standing: Standing, tmp_path: Path
) -> None:
    project = standing("dev-small", tmp_path)
    pools = {role: {"instance_type": "m5.4xlarge"} for role in ("system", "general")}
    change(project, "dev-small", {"sizing": {"overrides": {"pools": pools}}})
    happens = operations(project.preview("dev-small"))
    # the new version of a template rolls its group; spot pools carry their types themselves
    assert {(GROUP, "nodes-system"), (TEMPLATE, "nodes-system")} <= named(happens["update"])
    assert named(happens["replace"]) == {(GROUP, "nodes-general")}
    done = project.up("dev-small")
    assert done.code == 0, done.text


def test_a_dev_stack_is_taken_down_to_nothing(standing: Standing, tmp_path: Path) -> None:
    project = standing("dev-small", tmp_path)
    done = project.destroy("dev-small")
    assert done.code == 0, done.text
    assert types(project.state("dev-small")) == []


def test_a_destroy_in_prod_leaves_the_cluster_the_stores_and_what_they_stand_on(
    standing: Standing, tmp_path: Path
) -> None:
    def kept(project: Engine) -> set[str]:
        state = urns(project.state("prod-large"))
        return {urn for urn in state if kind(urn) in KEPT and "::network-public-" not in urn}

    project = standing("prod-large", tmp_path)
    everything, before = urns(project.state("prod-large")), kept(project)
    seen = project.run("destroy", "--stack", "prod-large", "--yes")
    assert seen.code != 0
    assert "protect" in seen.text
    assert urns(project.state("prod-large")) == everything, "its preview stops it"
    done = project.destroy("prod-large")
    assert done.code != 0
    assert "protect" in done.text
    assert kept(project) == before


def test_a_tier_that_needs_another_kind_of_store_stops_before_one_is_lost(
    standing: Standing, tmp_path: Path
) -> None:
    def stores(stack: str) -> set[tuple[str, str]]:
        return {one for one in named(urns(project.state(stack))) if one[0] in STORES}

    project = standing("prod-medium", tmp_path)
    before = stores("prod-medium")
    name = change_tier(project, "prod-medium", "large")
    assert project.run("preview", "--stack", name).code != 0
    assert project.up(name).code != 0
    assert before
    assert before <= stores(name)


def test_a_larger_tier_replaces_no_cluster_and_no_store(standing: Standing, tmp_path: Path) -> None:
    project = standing("prod-large", tmp_path)
    name = change_tier(project, "prod-large", "enterprise")
    after = project.preview(name)
    assert operations(after)["update"]
    assert lost(after) == set()


def test_a_refused_stack_file_registers_nothing(project: Engine) -> None:
    project.init("dev-small")
    change(project, "dev-small", {"zone_ids": ["us-east-1a", "us-east-1b"]})
    done = project.run("up", "--stack", "dev-small", "--yes", "--skip-preview")
    assert done.code != 0
    assert "zone_ids" in done.text
    assert {kind for kind in types(project.state("dev-small")) if kind.startswith("aws")} == set()
