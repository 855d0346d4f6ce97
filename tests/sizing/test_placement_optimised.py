"""`placement: optimised`: the cheapest machines that hold, whatever the tables ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import Overrides, PlanRequest, PoolOverride
from sizing.words import Environment, Placement, Tier, Verdict
from tests.both_clouds import here
from tests.sizing.requests import WIDEST, machine, request, rules


def optimising(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> PlanRequest:
    """Return a request of the cheapest machines; small ones may be many."""
    asked = request(environment, tier)
    return replace(asked, vpc_cidr=WIDEST[here()], placement=Placement.OPTIMISED)


@pytest.mark.parametrize("environment", list(Environment))
@pytest.mark.parametrize("tier", list(Tier))
def test_it_breaks_nothing(environment: Environment, tier: Tier) -> None:
    optimised = plan(optimising(environment, tier))

    assert not [one.id for one in check(optimised) if one.verdict is Verdict.REFUTED]


@pytest.mark.parametrize("tier", list(Tier))
def test_it_costs_no_more_in_prod(tier: Tier) -> None:
    """Elsewhere no pool may outgrow prod's, so that what is cheapest there may be out of reach."""
    documented = plan(request(tier=tier))
    optimised = plan(optimising(tier=tier))

    assert cost(optimised).monthly_usd <= cost(documented).monthly_usd


def test_a_large_platform_is_cheaper_and_says_what_it_left() -> None:
    optimised = plan(optimising(tier=Tier.ENTERPRISE))

    assert cost(optimised).monthly_usd < cost(plan(request(tier=Tier.ENTERPRISE))).monthly_usd
    assert "placement-optimised" in rules(optimised)
    fields = {one.field for one in optimised.adjustments if one.rule == "placement-optimised"}
    assert any(field.startswith("node_pools.general.") for field in fields)
    assert any(field.startswith("node_pools.gpu-") for field in fields)


def test_what_a_stack_sets_by_hand_stays() -> None:
    by_hand = Overrides(pools=(PoolOverride(role="general", instance_type=machine("m5.8xlarge")),))
    given = replace(optimising(), overrides=by_hand)

    general = next(one for one in plan(given).node_pools if one.role == "general")
    assert general.instance_types == (machine("m5.8xlarge"),)
