"""`aigw place` shows a plan's pools beside the cheapest mix, as a table and as JSON."""

from __future__ import annotations

import argparse
import json

import pytest

from preview.cli import parser
from preview.place_out import filled_by, machines, sections
from preview.tables import plain_text
from preview.verbs import place
from sizing.placement.model import MixNodes
from sizing.placement.platform import PlacementReport, PoolComparison
from sizing.words import Cloud
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.twins import twin

drawn = pytest.mark.cloud_free("a comparison that is given to it is shown")


def parsed(*arguments: str) -> argparse.Namespace:
    return parser().parse(["place", *arguments])


def nodes(*counts: tuple[str, str, int]) -> tuple[MixNodes, ...]:
    return tuple(MixNodes(offer=offer, zone=zone, nodes=count) for offer, zone, count in counts)


def compared(obstacle: str = "") -> PlacementReport:
    solved = not obstacle
    pool = PoolComparison(
        pool="general",
        role="general",
        plan=nodes(("m5.xlarge", "a", 2), ("m5.xlarge", "b", 1)),
        plan_monthly_usd=420.0,
        mix=nodes(("c5.xlarge", "a", 1), ("m5.xlarge", "b", 1)) if solved else (),
        mix_monthly_usd=300.0 if solved else None,
        first_fit=nodes(("m5.xlarge", "a", 1), ("m5.xlarge", "b", 1)) if solved else (),
        first_fit_monthly_usd=310.0 if solved else None,
        bound_monthly_usd=298.0 if solved else None,
        gap=0.0067 if solved else None,
        distance=0.409 if solved else None,
        obstacle=obstacle,
    )
    return PlacementReport(
        region="us-east-1",
        pools=(pool,),
        plan_monthly_usd=420.0,
        mix_monthly_usd=pool.mix_monthly_usd,
        bound_monthly_usd=pool.bound_monthly_usd,
        gap=pool.gap,
        distance=pool.distance,
    )


@drawn
def test_the_table_says_how_far_the_plan_is_from_the_bound() -> None:
    shown = plain_text(sections("prod-large", compared()))

    assert "general  $420      $300   $298            40.9 %                 0.7 %" in shown
    assert "2+1 m5.xlarge" in shown
    assert "first fit, as a scheduler may place pods, needs 1+1 m5.xlarge for $310" in shown


@drawn
def test_a_pool_that_no_mix_holds_says_why_and_has_no_price() -> None:
    shown = plain_text(sections("prod-large", compared(obstacle="a pod of web fits none")))

    assert "general: a pod of web fits none" in shown
    assert "$0" not in shown
    assert filled_by(compared(obstacle="x").pools[0]) == "unknown"


@drawn
@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((), ""),
        (nodes(("m", "a", 1), ("m", "b", 3), ("z", "a", 2)), "3+1 m, 2 z"),
    ],
)
def test_machines_are_counted_by_zone(found: tuple[MixNodes, ...], words: str) -> None:
    assert machines(found) == words


def test_a_stack_is_compared_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert place.run(parsed(twin("prod-small"), "--json")) == 0

    document = json.loads(capsys.readouterr().out)

    assert (document["schema"], document["stack"]) == (1, twin("prod-small"))
    searching = {"search"} if here() is Cloud.GCP else set()
    roles = {"data", "general", "gpu", "system"} | searching
    assert {one["role"] for one in document["pools"]} == roles
    assert document["gap"] <= 0.03
    assert document["plan_monthly_usd"] >= document["bound_monthly_usd"]
