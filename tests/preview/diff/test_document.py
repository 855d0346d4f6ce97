"""The comparison as JSON: of its form, and enough to make the new plan from the old one."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from preview.diff.document import document, patched
from preview.diff.masks import masked
from preview.diff.side import parsed, side
from preview.facts import Facts, sized
from preview.json_out import plan_document, text
from preview.offline import run
from sizing.alternatives import Offers
from sizing.external import external_cost
from sizing.model import Json
from sizing.quotas import quotas
from stacks.config import FOLDER, load
from tests.preview.diff.plans import bill, comparison, finding, plan, step

SCHEMA = FOLDER.parent / "preview" / "schemas" / "diff.schema.json"
STACK = "dev-small"
BUCKET = "aws:s3/bucket:Bucket"
APPLICATION = {
    "image": "registry.example.com/team/app:1",
    "cpu": "500m",
    "memory": "512Mi",
    "port": 8080,
}


def written(folder: Path, replicas: int, retention: int) -> Path:
    """Write a stack with an application of its own, and return its file."""
    source = FOLDER / f"Pulumi.{STACK}.yaml"
    content = yaml.safe_load(source.read_text())
    platform = content["config"]["aigw:platform"]
    platform.setdefault("services", {})["application"] = {**APPLICATION, "replicas": replicas}
    overrides = platform.setdefault("sizing", {}).setdefault("overrides", {})
    overrides["backup"] = {"retention_days": retention}
    (folder / "stacks").mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_bytes((FOLDER.parent / "Pulumi.yaml").read_bytes())
    file = folder / "stacks" / source.name
    file.write_text(yaml.safe_dump(content))
    return file


@functools.cache
def planned(folder: Path, replicas: int, retention: int, whole: bool) -> str:
    """Return the plan of such a stack; only a whole one has resources."""
    file = written(folder, replicas, retention)
    own = sized(load(file))
    facts = Facts(
        stack=STACK,
        sized=own,
        external=external_cost(own.plan),
        own_usd_per_million=None,
        quotas=quotas(own.plan),
        recording=run(file) if whole else None,
        documented=None,
        offers=Offers(alternatives=(), forgone=()),
    )
    return text(plan_document(facts))


def checked(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Any]:
    """Return the JSON of a comparison that is of its schema and makes the new plan."""
    found: Any = json.loads(text(document([comparison(old, new)])))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
    (one,) = found["stacks"]
    before, after = masked(old), masked(new)
    assert isinstance(before, dict)
    assert patched(before, one["patch"]) == after
    return dict(one)


COUNTS = st.tuples(st.integers(2, 6), st.integers(1, 35))


@settings(max_examples=8, deadline=None)
@given(one=COUNTS, other=COUNTS)
def test_of_any_two_configs_the_comparison_makes_the_one_plan_the_other(
    tmp_path_factory: pytest.TempPathFactory, one: tuple[int, int], other: tuple[int, int]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "pairs"
    old, new = (parsed(planned(folder, *each, whole=False), "a plan") for each in (one, other))
    found = checked(old, new)
    assert bool(found["patch"]) is (one != other)


@pytest.fixture(scope="module")
def one_more(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The comparison of two whole plans: one replica more, and nothing else."""
    folder = tmp_path_factory.mktemp("one-more")
    old, new = (parsed(planned(folder, replicas, 7, whole=True), "a plan") for replicas in (2, 3))
    return checked(old, new)


def test_one_replica_more_is_one_step_and_one_path_in_its_component(
    one_more: dict[str, Any],
) -> None:
    own = [one for one in one_more["resources"] if one["component"] == "application"]
    (scaled,) = (one for one in own if one["custom"])
    assert scaled["operation"] == "update"
    assert [each["property"] for each in scaled["changes"]] in (
        ["spec.minReplicas"],
        ["spec.replicas"],
    )
    assert {each["property"] for one in own if not one["custom"] for each in one["changes"]} == {
        "needed",
        "scale.minimum",
        "scale.planned",
    }


def test_one_replica_more_moves_what_pods_ask_of_its_pool_and_no_dollar(
    one_more: dict[str, Any],
) -> None:
    asked = {one["name"]: one for one in one_more["capacity"]}
    pods = asked["node_pools.general.pods"]
    assert pods["after"]["demand"] == pods["before"]["demand"] + 1
    assert pods["after"]["capacity"] == pods["before"]["capacity"]
    assert asked["node_pools.general.cpu"]["headroom"] > 0
    assert one_more["bill"]["components"] == []
    assert {one["difference"] for one in one_more["bill"]["totals"]} == {0.0}


def test_one_replica_more_replaces_nothing(one_more: dict[str, Any]) -> None:
    assert one_more["summary"].keys() == {"update"}
    assert one_more["lost"] == []


def test_a_stack_that_is_new_or_gone_is_told_whole() -> None:
    full = plan([step(BUCKET, "it", {"bucket": "a"})], findings=[finding("a.b", "warning")])
    new = checked({"steps": []}, full)
    assert [one["operation"] for one in new["resources"]] == ["create"]
    gone = checked(full, {"steps": []})
    assert [one["operation"] for one in gone["resources"]] == ["delete"]
    assert gone["lost"] == [new["resources"][0]["urn"]]


def test_steps_in_another_order_are_told_as_an_order() -> None:
    steps = [step(BUCKET, name, {"bucket": name}) for name in "abc"]
    found = checked(plan(steps), plan(steps[::-1]))
    assert found["nothing"]
    assert [sorted(one) for one in found["patch"]] == [["order", "path"]]


def test_findings_money_and_adjustments_are_told() -> None:
    old = plan(
        findings=[finding("x.gone", "warning"), finding("x.graver", "warning")],
        bill=bill({"cache": 10.0, "files": None}, 10.0),
        adjustments=[{"field": "cache", "rule": "r", "planned": "2", "documented": "1"}],
    )
    new = plan(
        findings=[finding("x.graver", "error"), finding("x.new", "warning")],
        bill=bill({"cache": 12.5, "files": None}, 12.5, "2026-12-01"),
        adjustments=[{"field": "cache", "rule": "r", "planned": "3", "documented": "1"}],
    )
    found = checked(old, new)
    assert [(one["kind"], one["id"]) for one in found["findings"]] == [
        ("changed", "x.graver"),
        ("appears", "x.new"),
        ("vanishes", "x.gone"),
    ]
    (cache,) = found["bill"]["components"]
    assert (cache["component"], cache["difference"]) == ("cache", 2.5)
    assert (found["bill"]["prices_before"], found["bill"]["prices_after"]) == (
        "2026-11-21",
        "2026-12-01",
    )
    assert [(one["before"], one["after"]) for one in found["adjustments"]] == [("2", "3")]
    assert found["refused"]


def test_a_side_whose_program_is_stopped_has_no_resources() -> None:
    stopped = plan(findings=[finding("x.y", "error")])
    del stopped["steps"]
    stopped["steps"] = None
    found = comparison(plan([step(BUCKET, "it", {})]), stopped)
    assert found.changes is None
    assert found.refused
    assert side(stopped, "after").failed
