"""What tokens, requests, commitments and environments cost, on either cloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.catalog import instances
from sizing.cost import cost
from sizing.costs import costs
from sizing.environments import environments
from sizing.external import external_cost
from sizing.plan import plan
from sizing.plans import Overrides, PoolOverride
from sizing.pricing.commitments import Term, commitment
from sizing.sources import sources
from sizing.unit_costs import unit_costs
from sizing.words import Environment, Tier
from sizing.workload import reference
from tests.both_clouds import here
from tests.sizing.aws import requests as aws
from tests.sizing.gcp import requests as gcp
from tests.sizing.requests import planned, request


@pytest.mark.parametrize("tier", Tier)
def test_components_add_up_to_the_bill(tier: Tier) -> None:
    made = planned(tier=tier)
    bill = cost(made)
    found = unit_costs(made, bill, 0)
    sums = [one.monthly_usd for one in found.components if one.monthly_usd is not None]
    assert sum(sums) == pytest.approx(bill.monthly_usd, abs=0.01)
    assert sum(one.share or 0 for one in found.components) == pytest.approx(1, abs=0.001)
    per_thousand = sum(one.usd_per_thousand_requests or 0 for one in found.components)
    assert per_thousand == pytest.approx(found.usd_per_thousand_requests or 0, abs=0.001)
    assert {one.component for one in found.components} == {i.component for i in bill.items}


@pytest.mark.cloud_free("a plan of either cloud beside one of the other")
def test_outside_models_cost_the_same_from_either_cloud() -> None:
    assert external_cost(aws.planned()) == external_cost(gcp.planned())


def test_every_rate_is_below_on_demand_and_names_its_source() -> None:
    cloud, seen = here(), 0
    for machine in instances(cloud):
        for region, on_demand in machine.on_demand.items():
            rates = [commitment(cloud, machine.name, region, term) for term in Term]
            known = [one for one in rates if one is not None]
            seen += len(known)
            assert all(0 < one.value < on_demand for one in known)
            assert all(one.source in sources() for one in known)
            values = [one.value for one in known]
            assert values == sorted(values, reverse=True)  # the longer, the cheaper
    assert seen > 50


@pytest.mark.parametrize("tier", Tier)
def test_each_environment_costs_what_its_own_plan_does(tier: Tier) -> None:
    found = environments(request(tier=tier))
    assert [one.environment for one in found] == list(Environment)
    for one in found:
        bill = cost(plan(request(one.environment, tier)))
        assert (one.monthly_usd, one.floor_usd, one.ceiling_usd) == (
            bill.monthly_usd,
            bill.floor_usd,
            bill.ceiling_usd,
        )
        assert one.at_least is bool(bill.unpriced)
    sums = [one.monthly_usd or 0 for one in found]
    assert sums == sorted(sums)
    assert found[-1].spot_pools == ()


def test_what_a_stack_sets_by_hand_is_not_for_the_other_environments() -> None:
    by_hand = Overrides(pools=(PoolOverride(role="general", planned=50),))
    plain, changed = environments(request()), environments(request(overrides=by_hand))
    assert changed[:2] == plain[:2]
    assert (changed[2].monthly_usd or 0) > (plain[2].monthly_usd or 0)


def test_an_environment_that_cannot_be_planned_says_why() -> None:
    narrow = replace(request(), vpc_cidr="10.80.0.0/24")
    for one in environments(narrow):
        assert one.monthly_usd is None
        assert one.usd_per_thousand_requests is None
        assert one.obstacle


def test_all_of_it_is_gathered_for_the_outputs() -> None:
    made = planned(tier=Tier.SMALL)
    bill = cost(made)
    found = costs(made, bill)
    assert found.units == unit_costs(made, bill, found.external.after_cache_usd)
    assert found.environments == environments(made.request)
    assert [one.term for one in found.committed] == list(Term)
    assert {one.pool for one in found.pools} == {one.name for one in made.node_pools}
    assert reference(Tier.SMALL) == made.request.load
