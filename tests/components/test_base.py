"""A component shows its plan, parents its children and names its part of the platform."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pytest

from components.base import PlatformComponent, props_of
from components.naming import cluster_name, partition
from tests.components.support import Recorder, record


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfPlan:
    name: str
    boards: int


class Shelf(PlatformComponent):
    def __init__(self, name: str, plan: object, seen: list[dict[str, str]]) -> None:
        super().__init__("aigw:aws:BookShelf", name, plan)
        seen.append(self.tags({"tier": "small"}, "oak"))
        Board(f"{name}-board", self.child_with(protect=True))
        self.register_outputs({})


class Board(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index:Board", name, {}, opts)


def shelf(plan: object) -> tuple[Recorder, dict[str, str]]:
    seen: list[dict[str, str]] = []
    return record(lambda: Shelf("shelf", plan, seen)), seen[0]


def test_the_plan_of_a_component_is_what_its_preview_shows() -> None:
    recorder, _ = shelf(ShelfPlan(name="left", boards=3))
    assert recorder.one("BookShelf").inputs == {"name": "left", "boards": 3}


def test_several_plans_show_under_their_own_names_whatever_their_order() -> None:
    left, right = ShelfPlan(name="left", boards=3), ShelfPlan(name="right", boards=1)
    assert props_of((left, right)) == props_of((right, left))
    assert set(props_of((left, right))) == {"left", "right"}


def test_what_decides_nothing_of_a_component_is_left_out() -> None:
    plans = (ShelfPlan(name="left", boards=3), ShelfPlan(name="right", boards=1))
    assert props_of(plans[0], without=["boards"]) == {"name": "left"}
    assert props_of(plans, without=["boards"]) == {
        "left": {"name": "left"},
        "right": {"name": "right"},
    }


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(TypeError, match="dataclass"):
        props_of({"boards": 3})


def test_children_hang_below_their_component_and_take_the_extras_asked_for() -> None:
    recorder, _ = shelf(ShelfPlan(name="left", boards=3))
    board, parent = recorder.one("Board"), recorder.one("BookShelf")
    assert board.parent == parent.urn
    assert board.protect
    assert not parent.protect


def test_tags_name_the_component_beside_the_stacks_own() -> None:
    _, tags = shelf(ShelfPlan(name="left", boards=3))
    assert tags == {"tier": "small", "component": "book-shelf", "Name": "oak"}


@pytest.mark.parametrize("stack", ["prod large", "p" * 100])
def test_a_name_that_eks_refuses_is_refused_before_it_is_used(stack: str) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        cluster_name(stack)


def test_the_cluster_is_named_after_project_and_stack() -> None:
    assert cluster_name("prod-large") == "aigw-prod-large"


@pytest.mark.parametrize(
    ("region", "expected"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_region_knows_its_partition(region: str, expected: str) -> None:
    assert partition(region) == expected
