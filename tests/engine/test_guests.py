"""A guest on the real engine: built on its host, refused where that does not stand as planned."""

from __future__ import annotations

import pytest
import yaml

from tests.engine.harness import Done, Engine

pytestmark = pytest.mark.engine
HOST, GUEST = "staging-medium", "dev-medium"


def refused(done: Done) -> str:
    """Return what a person reads of a run that must have failed, on one line."""
    assert done.code != 0, done.text
    return " ".join(done.text.split())


def types(project: Engine, stack: str) -> set[str]:
    state = project.state(stack)
    return {one["type"] for one in state["deployment"]["resources"]}


@pytest.fixture
def pair(project: Engine) -> Engine:
    """Give a project with both stacks, of which neither is built."""
    for stack in (HOST, GUEST):
        project.init(stack)
    return project


def test_a_guest_before_its_host_is_refused_and_makes_nothing(pair: Engine) -> None:
    said = refused(pair.up(GUEST))
    assert 'found no output "hosting"' in said
    assert f"run `pulumi up --stack {HOST}` first" in said
    assert not {one for one in types(pair, GUEST) if one.startswith(("aws:", "kubernetes:"))}


def test_a_guest_is_built_in_its_host_and_refused_when_the_host_differs(pair: Engine) -> None:
    host = pair.up(HOST)
    assert host.code == 0, host.text
    guest = pair.up(GUEST)
    assert guest.code == 0, guest.text
    made = types(pair, GUEST)
    assert "kubernetes:core/v1:Namespace" in made
    assert not {"aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:rds/instance:Instance"} & made
    path = pair.folder / "stacks" / f"Pulumi.{HOST}.yaml"
    content = yaml.safe_load(path.read_text())
    content["config"]["aigw:platform"]["sizing"]["overrides"]["postgres"]["storage_gib"] = 500
    path.write_text(yaml.safe_dump(content))
    said = refused(pair.run("preview", "--stack", GUEST))
    assert f"{HOST} does not stand as {GUEST} was planned on it: postgres: it has" in said
    assert "400 GiB" in said
    assert "500 GiB" in said
