"""Growth month by month: what breaks of today's plan when, and what holding the load costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check, recheck
from sizing.cost import cost
from sizing.forecast import forecast
from sizing.plan import plan
from sizing.plans import Finding, PlanRequest, PlatformPlan
from sizing.words import Tier, Verdict
from tests.sizing.requests import request


def test_the_first_month_is_today() -> None:
    given = request(tier=Tier.MEDIUM)
    found = forecast(given, growth=0.1, months=3)

    assert [one.month for one in found.months] == [0, 1, 2, 3]
    assert found.months[0].monthly_usd == cost(plan(given)).monthly_usd
    assert found.months[3].factor == pytest.approx(1.1**3)
    assert found.months[3].requests_per_second_peak == pytest.approx(133.1)


def test_a_constraint_breaks_in_the_month_in_which_the_plan_no_longer_holds_it() -> None:
    given = request(tier=Tier.MEDIUM)
    found = forecast(given, growth=0.1, months=12)
    today = plan(given)

    assert found.breaks
    for one in found.breaks:
        before = {each.id: each for each in _checked(given, today, 1.1 ** (one.month - 1))}
        after = {each.id: each for each in _checked(given, today, 1.1**one.month)}
        assert before[one.id].verdict is one.was
        assert after[one.id].verdict is one.becomes is not one.was
        assert one.id in found.months[one.month].breaks


def _checked(given: PlanRequest, today: PlatformPlan, factor: float) -> tuple[Finding, ...]:
    return check(replace(today, request=replace(given, workload=given.whole_load.scaled(factor))))


def test_faster_growth_breaks_nothing_later() -> None:
    given = request(tier=Tier.SMALL)
    slow = {one.id: one.month for one in forecast(given, growth=0.05, months=24).breaks}
    fast = {one.id: one.month for one in forecast(given, growth=0.10, months=24).breaks}

    assert slow
    assert all(fast[name] <= month for name, month in slow.items())


def test_a_plan_of_the_month_holds_what_todays_does_not() -> None:
    given = request(tier=Tier.MEDIUM)
    found = forecast(given, growth=0.2, months=12)
    grown = replace(given, workload=given.whole_load.scaled(1.2**12))

    assert any(one.id == "services.litellm.requests" for one in found.breaks)
    again = {one.id: one.verdict for one in check(plan(grown))}
    assert again["services.litellm.requests"] is Verdict.HOLDS
    assert found.months[-1].monthly_usd == cost(plan(grown)).monthly_usd


def test_shrinking_breaks_nothing_and_passes_no_tier() -> None:
    found = forecast(request(tier=Tier.LARGE), growth=-0.1, months=6)

    assert not found.breaks
    assert {one.tier for one in found.months} == {Tier.LARGE}


def test_the_tier_that_names_the_load_is_told() -> None:
    found = forecast(request(tier=Tier.MEDIUM), growth=0.5, months=6)

    assert [one.tier for one in found.months][:2] == [Tier.MEDIUM, Tier.LARGE]
    assert found.months[-1].tier is Tier.ENTERPRISE


@pytest.mark.parametrize(
    ("growth", "months"), [(-0.6, 12), (1.1, 12), (float("nan"), 12), (0.1, 0), (0.1, 121)]
)
def test_growth_that_cannot_be_is_refused(growth: float, months: int) -> None:
    with pytest.raises(ValueError, match=r"growth|months"):
        forecast(request(), growth=growth, months=months)


@pytest.mark.parametrize("tier", list(Tier))
def test_what_is_not_asked_again_does_not_move_with_the_load(tier: Tier) -> None:
    """A forecast asks again only what the load moves; all else must stay as it was."""
    given = request(tier=tier)
    made = plan(given)
    grown = replace(made, request=replace(given, workload=given.whole_load.scaled(3)))
    again = {one.id for one in recheck(made)}
    before = {one.id: one.verdict for one in check(made) if one.id not in again}
    after = {one.id: one.verdict for one in check(grown) if one.id not in again}

    assert again
    assert before == after
    assert {one.id for one in check(grown)} >= again
