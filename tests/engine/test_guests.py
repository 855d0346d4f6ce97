"""A guest on the real engine: built on its host, refused where that does not stand as planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
import yaml

from sizing.words import Cloud
from tests.engine.harness import Done, Engine

pytestmark = pytest.mark.engine
HOST, GUEST, ATTACHED = "staging-medium", "dev-medium", "staging-large"
ROOM = {"overrides": {"postgres": {"instance_class": "db.r6g.large", "storage_gib": 1000}}}


def refused(done: Done) -> str:
    """Return what a person reads of a run that must have failed, on one line."""
    assert done.code != 0, done.text
    return " ".join(done.text.split())


def types(project: Engine, stack: str) -> set[str]:
    state = project.state(stack)
    return {one["type"] for one in state["deployment"]["resources"]}


def rewritten(project: Engine, stack: str, changes: Mapping[str, object]) -> None:
    """Write keys of a stack's own file anew."""
    path = project.folder / "stacks" / f"Pulumi.{stack}.yaml"
    content = yaml.safe_load(path.read_text())
    content["config"]["aigw:platform"].update(changes)
    path.write_text(yaml.safe_dump(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A project with a host and its guest, of which neither is built.

    Attributes:
        storage: GiB of the host's server.
        hosts: types that only the host makes.
    """

    project: Engine
    host: str
    guest: str
    storage: int
    hosts: frozenset[str]


HOSTS_OWN = {
    Cloud.AWS: {"aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:rds/instance:Instance"},
    Cloud.GCP: {
        "gcp:compute/network:Network",
        "gcp:container/cluster:Cluster",
        "gcp:sql/databaseInstance:DatabaseInstance",
    },
}


@pytest.fixture(params=list(Cloud), ids=str)
def pair(request: pytest.FixtureRequest, project: Engine) -> Pair:
    """Give a project with both stacks of a cloud, of which neither is built."""
    cloud = Cloud(request.param)
    suffix = "" if cloud is Cloud.AWS else f"-{cloud}"
    made = Pair(
        project=project,
        host=f"{HOST}{suffix}",
        guest=f"{GUEST}{suffix}",
        storage={Cloud.AWS: 400, Cloud.GCP: 200}[cloud],
        hosts=frozenset(HOSTS_OWN[cloud]),
    )
    for stack in (made.host, made.guest):
        project.init(stack)
    return made


def test_a_guest_before_its_host_is_refused_and_makes_nothing(pair: Pair) -> None:
    said = refused(pair.project.up(pair.guest))
    assert 'found no output "hosting"' in said
    assert f"run `pulumi up --stack {pair.host}` first" in said
    clouds = ("aws:", "gcp:", "kubernetes:")
    assert not {one for one in types(pair.project, pair.guest) if one.startswith(clouds)}


def test_a_guest_is_built_in_its_host_and_refused_when_the_host_differs(pair: Pair) -> None:
    project = pair.project
    host = project.up(pair.host)
    assert host.code == 0, host.text
    guest = project.up(pair.guest)
    assert guest.code == 0, guest.text
    made = types(project, pair.guest)
    assert "kubernetes:core/v1:Namespace" in made
    assert not pair.hosts & made
    assert pair.hosts <= types(project, pair.host)
    path = project.folder / "stacks" / f"Pulumi.{pair.host}.yaml"
    content = yaml.safe_load(path.read_text())
    content["config"]["aigw:platform"]["sizing"]["overrides"]["postgres"]["storage_gib"] = 500
    path.write_text(yaml.safe_dump(content))
    said = refused(project.run("preview", "--stack", pair.guest))
    assert f"{pair.host} does not stand as {pair.guest} was planned on it: postgres: it has" in said
    assert f"{pair.storage} GiB" in said
    assert "500 GiB" in said


def test_a_staging_guest_is_built_on_its_hosts_stores_and_goes_without_them(
    project: Engine,
) -> None:
    for stack in (HOST, ATTACHED):
        project.init(stack)
    rewritten(project, ATTACHED, {"shares": HOST})
    rewritten(project, HOST, {"sizing": ROOM})
    said = refused(project.up(ATTACHED))
    assert 'found no output "hosting"' in said
    assert not {one for one in types(project, ATTACHED) if one.startswith("aws:")}
    host = project.up(HOST)
    assert host.code == 0, host.text
    guest = project.up(ATTACHED)
    assert guest.code == 0, guest.text
    made = types(project, ATTACHED)
    assert {
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "aws:eks/cluster:Cluster",
    } <= made
    assert not {"aws:rds/instance:Instance", "aws:opensearch/domain:Domain"} & made
    before = types(project, HOST)
    gone = project.destroy(ATTACHED)
    assert gone.code == 0, gone.text
    assert types(project, HOST) == before
