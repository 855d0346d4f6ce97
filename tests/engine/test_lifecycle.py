"""The committed stacks, built, kept, resized and taken down by the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from sizing.words import Cloud
from tests.engine.harness import Engine, operations, replaced, types, urns
from tests.stacks.manifests import CONFIGS, WITH_CLUSTER

pytestmark = pytest.mark.engine

Standing: TypeAlias = Callable[[str, Path], Engine]

STACKS = sorted({*WITH_CLUSTER, "dev-small-gcp", "prod-large-gcp"})
"""A guest's host must stand first: see `test_guests`."""
SECRETS = {
    "random:index/randomPassword:RandomPassword": "result",
    "gcp:redis/instance:Instance": "authString",
}
"""Types that make a secret, and the output that holds it."""
GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What a cloud calls the parts that a stack may not lose.

    Attributes:
        always: stores of every stack.
        forms: one type or another, as the tier has it: one of each row stands.
        ground: what the cluster and the stores cannot be without.
        resized: what changes in place for what `RESIZED` says.
    """

    cluster: str
    always: frozenset[str]
    forms: tuple[frozenset[str], ...]
    ground: frozenset[str]
    resized: frozenset[str]

    @property
    def stores(self) -> frozenset[str]:
        """What holds data."""
        return self.always.union(*self.forms)

    @property
    def kept(self) -> frozenset[str]:
        """Everything that no change and no mistake may take."""
        return self.stores | self.ground | {self.cluster}


KINDS: Mapping[Cloud, Kinds] = {
    Cloud.AWS: Kinds(
        cluster="aws:eks/cluster:Cluster",
        always=frozenset(
            {
                "aws:elasticache/replicationGroup:ReplicationGroup",
                "aws:efs/fileSystem:FileSystem",
                "aws:opensearch/domain:Domain",
                "aws:s3/bucket:Bucket",
            }
        ),
        forms=(frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),),
        ground=frozenset({"aws:kms/key:Key", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"}),
        resized=frozenset({GROUP, "aws:rds/instance:Instance", "aws:opensearch/domain:Domain"}),
    ),
    Cloud.GCP: Kinds(
        cluster="gcp:container/cluster:Cluster",
        always=frozenset(
            {
                "gcp:filestore/instance:Instance",
                "gcp:sql/databaseInstance:DatabaseInstance",
                "gcp:storage/bucket:Bucket",
            }
        ),
        forms=(frozenset({"gcp:redis/instance:Instance", "gcp:redis/cluster:Cluster"}),),
        ground=frozenset(
            {
                *("gcp:kms/keyRing:KeyRing", "gcp:kms/cryptoKey:CryptoKey"),
                *("gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"),
            }
        ),
        resized=frozenset(
            {"gcp:container/nodePool:NodePool", "gcp:sql/databaseInstance:DatabaseInstance"}
        ),
    ),
}
RESIZED: Mapping[str, Mapping[str, object]] = {
    "pools": {"general": {"planned": 9, "desired": 9}},
    "postgres": {"storage_gib": 200},
    "search": {"volume_gib": 200},
}
EDGE = ("::network-public-",)
"""Subnets in which nothing stands that is kept."""
DEV = pytest.mark.parametrize("stack", ["dev-small", "dev-small-gcp"])
PROD = pytest.mark.parametrize("stack", ["prod-large", "prod-large-gcp"])


def kinds(stack: str) -> Kinds:
    """Return what a committed stack's cloud calls its parts."""
    return KINDS[CONFIGS[stack].cloud]


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
    environment, _, *cloud = stack.split("-")
    name = "-".join([environment, tier, *cloud])
    (project.folder / "stacks" / f"Pulumi.{name}.yaml").unlink()
    project.rename(stack, name)
    change(project, name, {"tier": tier})
    return name


def lost(preview: Mapping[str, Any], kept: Set[str]) -> set[str]:
    """Return the types of what is kept that a preview replaces or deletes."""
    deleted = {kind(urn) for urn in operations(preview).get("delete", set())}
    return (replaced(preview) | deleted) & kept


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_previews_in_an_empty_account(project: Engine, stack: str) -> None:
    project.init(stack)
    assert operations(project.preview(stack)).keys() == {"create"}


@pytest.mark.parametrize("stack", ["dev-small", "prod-large", "dev-small-gcp", "prod-large-gcp"])
def test_a_built_stack_has_everything_and_stays_as_it_is(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    there, needed = set(types(project.state(stack))), kinds(stack)
    assert there >= {needed.cluster, *needed.always, *needed.ground}
    assert all(there & one for one in needed.forms)
    assert operations(project.preview(stack)).keys() == {"same"}


@PROD
def test_no_generated_secret_stands_in_clear_in_state_preview_or_outputs(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    opened = project.run("stack", "export", "--stack", stack, "--show-secrets").json()
    secrets = {
        str(json.loads(one["outputs"][SECRETS[one["type"]]]["plaintext"]))
        for one in opened["deployment"]["resources"]
        if one["type"] in SECRETS
    }
    assert secrets
    seen = [
        project.state(stack),
        project.preview(stack),
        project.run("stack", "output", "--stack", stack, "--json").json(),
    ]
    assert not [text for text in texts(seen) for secret in secrets if secret in text]
    assert len([text for text in texts(opened) for secret in secrets if secret in text]) > 1


@DEV
def test_a_resize_by_hand_replaces_no_cluster_and_no_store(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    change(project, stack, {"sizing": {"overrides": RESIZED}})
    after = project.preview(stack)
    resized = {kind(urn) for urn in operations(after).get("update", set())}
    assert resized >= kinds(stack).resized
    assert replaced(after) == set()
    assert lost(after, kinds(stack).kept) == set()
    done = project.up(stack)
    assert done.code == 0, done.text
    assert operations(project.preview(stack)).keys() == {"same"}


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


@DEV
def test_a_dev_stack_is_taken_down_to_nothing(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    done = project.destroy(stack)
    assert done.code == 0, done.text
    assert types(project.state(stack)) == []


@PROD
def test_a_destroy_in_prod_leaves_the_cluster_the_stores_and_what_they_stand_on(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    def kept(project: Engine) -> set[str]:
        state = urns(project.state(stack))
        stays = {urn for urn in state if kind(urn) in kinds(stack).kept}
        return {urn for urn in stays if not any(one in urn for one in EDGE)}

    project = standing(stack, tmp_path)
    everything, before = urns(project.state(stack)), kept(project)
    seen = project.run("destroy", "--stack", stack, "--yes")
    assert seen.code != 0
    assert "protect" in seen.text
    assert urns(project.state(stack)) == everything, "its preview stops it"
    done = project.destroy(stack)
    assert done.code != 0
    assert "protect" in done.text
    assert kept(project) == before


@pytest.mark.parametrize(
    ("stack", "tier"), [("prod-medium", "large"), ("prod-small-gcp", "medium")]
)
def test_a_tier_that_needs_another_kind_of_store_stops_before_one_is_lost(
    standing: Standing, tmp_path: Path, stack: str, tier: str
) -> None:
    def stores(name: str) -> set[tuple[str, str]]:
        return {one for one in named(urns(project.state(name))) if one[0] in kinds(stack).stores}

    project = standing(stack, tmp_path)
    before = stores(stack)
    name = change_tier(project, stack, tier)
    assert project.run("preview", "--stack", name).code != 0
    assert project.up(name).code != 0
    assert before
    assert before <= stores(name)


@PROD
def test_a_larger_tier_replaces_no_cluster_and_no_store(
    standing: Standing, tmp_path: Path, stack: str
) -> None:
    project = standing(stack, tmp_path)
    name = change_tier(project, stack, "enterprise")
    after = project.preview(name)
    assert operations(after)["update"]
    assert lost(after, kinds(stack).kept) == set()


@DEV
def test_a_refused_stack_file_registers_nothing(project: Engine, stack: str) -> None:
    project.init(stack)
    change(project, stack, {"zone_ids": ["the-zone-a", "the-zone-b"]})
    done = project.run("up", "--stack", stack, "--yes", "--skip-preview")
    assert done.code != 0
    assert "zone_ids" in done.text
    made = types(project.state(stack))
    assert [one for one in made if one.startswith(("aws", "gcp"))] == []
