"""A plan beside the cheapest mix: every pool is held, and the bound is proven and near."""

from __future__ import annotations

from functools import cache

import pytest

from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.placement.exact import bind
from sizing.placement.model import MixProblem, kinds, missing, price
from sizing.placement.nodes import without_zone
from sizing.placement.platform import PlacementReport, PoolComparison, compare, problem
from sizing.words import Cloud, Environment, Tier
from tests.both_clouds import here
from tests.sizing.placement.oracle import broken
from tests.sizing.requests import planned

MOST_ABOVE_BOUND = 0.03
TIERS = tuple(Tier)


def compared(tier: Tier) -> PlacementReport:
    return _compared(here(), tier)


@cache
def _compared(_: Cloud, tier: Tier) -> PlacementReport:
    return compare(planned(tier=tier))


def asked(tier: Tier, pool: PoolComparison) -> MixProblem:
    plan = planned(Environment.PROD, tier)
    return problem(plan, next(one for one in plan.node_pools if one.name == pool.pool))


@pytest.mark.parametrize("tier", TIERS)
def test_every_prod_tier_is_solved_within_three_percent_of_the_proven_bound(tier: Tier) -> None:
    report = compared(tier)

    assert [one.obstacle for one in report.pools if one.obstacle] == []
    for one in report.pools:
        assert one.gap is not None
        assert 0 <= one.gap <= MOST_ABOVE_BOUND, one.pool
    assert report.gap is not None
    assert report.gap <= MOST_ABOVE_BOUND


@pytest.mark.parametrize("tier", TIERS)
def test_the_cheapest_mix_binds_every_pod_with_any_zone_lost(tier: Tier) -> None:
    for pool in compared(tier).pools:
        question = asked(tier, pool)
        assert missing(question, pool.mix) == 0
        for pods, losses in question.demands:
            for zone in losses:
                stand = without_zone(kinds(question, pool.mix), zone)
                placement = bind(pods, stand).placement
                assert placement is not None, (pool.pool, zone)
                assert placement.unplaced == ()
                assert broken(pods, stand, placement) == []


@pytest.mark.parametrize("tier", TIERS)
def test_a_plan_is_never_below_the_bound_and_its_distance_is_said(tier: Tier) -> None:
    report = compared(tier)

    for one in report.pools:
        assert one.plan_monthly_usd is not None
        assert one.bound_monthly_usd is not None
        assert one.mix_monthly_usd is not None
        assert one.bound_monthly_usd <= one.mix_monthly_usd <= one.plan_monthly_usd
        assert one.distance == pytest.approx(one.plan_monthly_usd / one.bound_monthly_usd - 1)
    assert report.plan_monthly_usd == pytest.approx(
        sum(one.plan_monthly_usd or 0 for one in report.pools)
    )


def test_the_mix_costs_what_its_machines_cost() -> None:
    for one in compared(Tier.LARGE).pools:
        hourly = price(asked(Tier.LARGE, one), one.mix)
        assert one.mix_monthly_usd == pytest.approx(hourly * HOURS_PER_MONTH.value, abs=0.01)


def test_engines_stay_on_the_planned_gpu_and_pods_without_gpus_off_it() -> None:
    plan = planned(Environment.PROD, Tier.LARGE)
    models = {pool.name: pool.gpu_model for pool in plan.node_pools}

    for pool in compared(Tier.LARGE).pools:
        for one in pool.mix:
            machine = instance(here(), one.offer)
            assert machine.gpu_model == models[pool.pool]
            assert machine.architecture == "amd64"


def test_dev_asks_for_no_lost_zone() -> None:
    plan = planned(Environment.DEV, Tier.SMALL)

    assert all(problem(plan, pool).after_loss == () for pool in plan.node_pools)
    assert all(problem(plan, pool).minimum_per_zone == 0 for pool in plan.node_pools)
