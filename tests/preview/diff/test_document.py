"""The comparison as JSON: of its form, and enough to make the new plan from the old one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.diff.side import parsed, side
from tests.preview.diff.configs import checked, planned
from tests.preview.diff.plans import bill, comparison, finding, plan, step

BUCKET = "aws:s3/bucket:Bucket"
COUNTS = st.tuples(st.integers(2, 6), st.integers(1, 35))


@pytest.mark.parametrize("stack", ["dev-small", "dev-small-gcp"])
@settings(max_examples=8, deadline=None)
@given(one=COUNTS, other=COUNTS)
def test_of_any_two_configs_the_comparison_makes_the_one_plan_the_other(
    tmp_path_factory: pytest.TempPathFactory,
    stack: str,
    one: tuple[int, int],
    other: tuple[int, int],
) -> None:
    folder = tmp_path_factory.getbasetemp() / "pairs"
    old, new = (
        parsed(
            planned(folder, stack=stack, replicas=replicas, retention=retention, whole=False),
            "a plan",
        )
        for replicas, retention in (one, other)
    )
    found = checked(old, new)
    assert bool(found["patch"]) is (one != other)


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
