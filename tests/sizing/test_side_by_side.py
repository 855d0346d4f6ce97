"""Two plans beside each other: one name for what is the same, and sums that are the bills'."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import Bill, BillItem, Finding, PlatformPlan
from sizing.side_by_side import Constraint, Used, capacity, money, pools
from sizing.words import Verdict
from tests.sizing.aws.requests import request
from tests.sizing.gcp.requests import planned

pytestmark = pytest.mark.cloud_free("a plan of either cloud beside one of the other")


@cache
def both() -> tuple[PlatformPlan, PlatformPlan]:
    return plan(request()), planned()


@cache
def found() -> tuple[tuple[PlatformPlan, tuple[Finding, ...]], ...]:
    return tuple((one, check(one)) for one in both())


def compared() -> dict[str, Constraint]:
    one, other = found()
    return {row.name: row for row in capacity(one, other)}


def test_every_pool_of_a_plan_is_in_one_role() -> None:
    for side in both():
        assert sum(len(own) for own in pools(side).values()) == len(side.node_pools)


def test_a_pool_is_named_by_its_role_wherever_it_stands() -> None:
    names = compared()
    row = names["node_pools.gpu.fill"]
    assert row.one is not None
    assert row.other is not None
    planned_names = {pool.name for side in both() for pool in side.node_pools}
    alone = planned_names - {"general", "system", "data", "gpu", "search"}
    assert alone
    assert not any(f".{name}." in one for one in names for name in alone)


def test_of_many_pools_of_a_role_the_fullest_stands() -> None:
    (one, findings), _ = found()
    of_data = {pool.name for pool in one.node_pools if pool.role == "data"}
    full = [
        item.utilisation
        for item in findings
        if item.id in {f"node_pools.{name}.fill" for name in of_data}
    ]
    row = compared()["node_pools.data.fill"].one
    assert row is not None
    assert row.utilisation == max(value for value in full if value is not None)


def test_everything_that_is_measured_is_there_once_on_its_side() -> None:
    for (side, findings), own in zip(found(), ("one", "other"), strict=True):
        roles = {pool.name: pool.role for pool in side.node_pools}
        ids = {item.id for item in findings if item.utilisation is not None}
        pooled = {one for one in ids if one.split(".")[1] in roles}
        there = {name for name, row in compared().items() if getattr(row, own) is not None}
        assert ids - pooled <= there
        assert len(there) <= len(ids)


def test_a_stack_beside_itself_differs_in_nothing() -> None:
    one, _ = found()
    assert not any(row.differs for row in capacity(one, one))
    bill = cost(one[0])
    assert all(row.one == row.other for row in money(bill, bill))


def test_what_one_side_lacks_differs() -> None:
    used = Used(demand=1.0, capacity=2.0, unit="GiB", utilisation=0.5, verdict=Verdict.HOLDS)
    assert Constraint(name="x", one=used, other=None).differs
    assert not Constraint(name="x", one=used, other=replace(used, utilisation=0.501)).differs
    assert Constraint(name="x", one=used, other=replace(used, utilisation=0.6)).differs
    assert Constraint(name="x", one=used, other=replace(used, verdict=Verdict.UNPROVEN)).differs


def test_the_parts_of_each_side_add_up_to_its_bill() -> None:
    bills = [cost(side) for side in both()]
    rows = money(*bills)
    assert abs(sum(row.one or 0 for row in rows) - bills[0].monthly_usd) < 0.1
    assert abs(sum(row.other or 0 for row in rows) - bills[1].monthly_usd) < 0.1
    assert sum(row.open_one for row in rows) == len(bills[0].unpriced)
    assert sum(row.open_other for row in rows) == len(bills[1].unpriced)


def test_a_price_that_nobody_knows_is_counted_and_never_zero_in_silence() -> None:
    bill = cost(both()[0])

    def of(usd: float | None) -> Bill:
        item: BillItem = replace(bill.items[0], component="x", planned_usd=usd)
        return replace(bill, items=(item,))

    (row,) = money(of(None), of(3.0))
    assert (row.one, row.open_one, row.other, row.open_other) == (0.0, 1, 3.0, 0)
