"""What differs between two plans' JSON: findings, money, adjustments, and how full things are."""

from __future__ import annotations

import pytest

from sizing.difference import adjustments, bill, findings, refused
from sizing.difference_capacity import capacity
from sizing.model import Json

pytestmark = pytest.mark.cloud_free("documents made by hand")


def finding(severity: str, **more: Json) -> dict[str, Json]:
    return {"id": "x.y", "severity": severity, "message": "said", "fix": "mend", **more}


def pool(name: str, millis: int, pods: int) -> dict[str, Json]:
    return {
        "name": name,
        "role": "data",
        "scale": {"minimum": 1, "planned": 2, "maximum": 3},
        "requested_millis": millis,
        "allocatable_millis": 4000,
        "requested_pods": pods,
        "max_pods": 10,
    }


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("", "warning", "appears"),
        ("information", "error", "appears"),
        ("warning", "error", "changed"),
        ("error", "information", "vanishes"),
        ("warning", "", "vanishes"),
    ],
)
def test_a_finding_comes_goes_or_weighs_otherwise(before: str, after: str, kind: str) -> None:
    old, new = ([finding(one)] if one else [] for one in (before, after))
    (found,) = findings({"findings": list(old)}, {"findings": list(new)})
    assert found.kind == kind


@pytest.mark.parametrize("severity", ["information", "warning", "error"])
def test_what_is_said_alike_on_both_sides_is_no_difference(severity: str) -> None:
    plan: dict[str, Json] = {"findings": [finding(severity)]}
    assert findings(plan, plan) == ()
    assert refused(plan) is (severity == "error")


def test_the_fullest_of_the_pools_of_a_role_counts() -> None:
    pools: list[Json] = [pool("data-a", 0, 0), pool("data-b", 0, 0)]
    old: dict[str, Json] = {
        "pools": pools,
        "findings": [
            finding("information", id=f"node_pools.{name}.fill", utilisation=share)
            for name, share in (("data-a", 0.5), ("data-b", 0.7))
        ],
    }
    (found,) = (one for one in capacity(old, {"pools": pools}) if one.name.endswith("fill"))
    assert found.name == "node_pools.data.fill"
    assert found.before is not None
    assert found.before.headroom == pytest.approx(0.3)


def test_what_pods_ask_of_the_pools_of_a_role_is_counted_together() -> None:
    old: dict[str, Json] = {"pools": [pool("data-a", 2000, 3), pool("data-b", 2000, 3)]}
    new: dict[str, Json] = {"pools": [pool("data-a", 2500, 4), pool("data-b", 2000, 3)]}
    found = {one.name: one for one in capacity(old, new)}
    assert set(found) == {"node_pools.data.cpu", "node_pools.data.pods"}
    cpu = found["node_pools.data.cpu"].after
    assert cpu is not None
    assert (cpu.demand, cpu.capacity, cpu.unit) == (4.5, 16.0, "vCPU")


def test_a_line_without_a_price_is_counted_and_not_taken_for_nothing() -> None:
    old: dict[str, Json] = {"bill": {"items": [{"component": "a", "planned_usd": None}]}}
    new: dict[str, Json] = {"bill": {"items": [{"component": "a", "planned_usd": 5.0}]}}
    (found,) = bill(old, new).components
    assert (found.before, found.open_before, found.after, found.open_after) == (0.0, 1, 5.0, 0)


def test_equal_bills_do_not_move() -> None:
    plan: dict[str, Json] = {"bill": {"monthly_usd": 5.0, "items": []}}
    assert not bill(plan, plan).moved
    assert not bill({}, {}).moved


def test_an_adjustment_is_told_by_field_and_rule() -> None:
    one: dict[str, Json] = {"field": "f", "rule": "r", "planned": "1", "documented": "0"}
    other = {**one, "rule": "s"}
    found = adjustments({"adjustments": [one]}, {"adjustments": [one, other]})
    assert [(each.before, each.after) for each in found] == [("", "1")]


def test_a_plan_of_which_nothing_is_known_has_no_differences() -> None:
    assert (findings({}, {}), capacity({}, {}), adjustments({}, {})) == ((), (), ())
