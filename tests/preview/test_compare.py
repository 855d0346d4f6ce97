"""`aigw compare` shows two stacks part by part, how full each is, and both bills."""

from __future__ import annotations

import json
from functools import cache

import pytest

from preview.cli import main
from preview.compare_out import NOTHING, Pair, parts, sections
from preview.stack_plan import planned
from preview.tables import plain_text

pytestmark = pytest.mark.cloud_free("it shows stacks of both clouds beside each other")

ON_AWS, ON_GCP = "prod-small", "prod-small-gcp"


@cache
def pair(one: str = ON_AWS, other: str = ON_GCP) -> Pair:
    return Pair(names=(one, other), one=planned(one, None), other=planned(other, None))


def test_each_part_stands_beside_what_it_is_on_the_other_cloud() -> None:
    found = {(one.component, one.part): one for one in parts(pair().one.plan, pair().other.plan)}
    assert "m5." in found["node pools", "general"].one
    assert "n2-" in found["node pools", "general"].other
    assert "db." in found["postgres", ""].one
    assert "db-custom" in found["postgres", ""].other
    assert found["services", "opensearch"].one == ""
    assert found["services", "litellm"].one == found["services", "litellm"].other
    assert all(one.one or one.other for one in found.values())


def test_what_is_the_same_is_counted_and_listed_when_asked_for() -> None:
    short, whole = (plain_text(sections(pair(), verbose=one)) for one in (False, True))
    assert "the same on both (--verbose lists them)" in short
    assert "services litellm" not in short
    assert "services litellm" in whole
    assert "the same on both" not in whole


def test_a_stack_beside_its_twin_has_the_same_parts_and_nothing_to_list() -> None:
    shown = plain_text(sections(pair(ON_AWS, ON_AWS)))
    assert "vLLM" not in shown
    assert "Parts" in shown
    assert "different loads" not in shown


def test_different_loads_are_told_and_the_same_are_not() -> None:
    assert "different loads" in plain_text(sections(pair(ON_AWS, "dev-small-gcp")))
    assert "different loads" not in plain_text(sections(pair()))


def test_the_bill_names_both_sums_and_what_is_open() -> None:
    shown = plain_text(sections(pair()))
    for side in (pair().one, pair().other):
        assert f"${side.bill.monthly_usd:,.0f}" in shown
        assert side.bill.unpriced
    assert "without a known price" in shown
    rows = [line.split() for line in shown.splitlines() if "$" in line]
    (backups,) = (row for row in rows if row[0] == "backups")
    assert NOTHING in backups


def test_the_same_stack_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", ON_AWS, ON_AWS]) == 2
    assert f'OTHER: found "{ON_AWS}" beside itself; allowed: another' in capsys.readouterr().err


@pytest.mark.parametrize("stacks", [("prod-smal", ON_GCP), (ON_AWS, "prod-small-gpc")])
def test_an_unknown_stack_is_refused_on_either_side(
    stacks: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *stacks]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_the_document_holds_all_and_its_sums_are_the_bills(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", ON_AWS, ON_GCP, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["one"]["cloud"], found["other"]["cloud"]) == ("aws", "gcp")
    for side in ("one", "other"):
        parts_of = sum(row[side] or 0 for row in found["bill"])
        assert abs(parts_of - found[side]["monthly_usd"]) < 0.1
    assert len(found["parts"]) == len(parts(pair().one.plan, pair().other.plan))
