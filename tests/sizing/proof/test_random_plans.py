"""Random workloads: planned without a crash, nearly all feasible, none smaller for more load."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from sizing.capacity.serving import carried
from sizing.catalog import instance
from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import NodePoolPlan, PlatformPlan
from sizing.words import Cloud, Environment, Verdict
from sizing.workload.tier import tier_for
from tests.both_clouds import here
from tests.sizing.proof.capacities import capacities
from tests.sizing.proof.oracle import cluster
from tests.sizing.proof.samples import plan_of, plans, seeds
from tests.sizing.proof.workloads import grown, request

CHECKED = 100
PAIRS = 160
BOUND = 100
LEAST_FEASIBLE = 0.95


@pytest.mark.cloud_free("the draw itself, which takes either cloud")
def test_the_sample_covers_what_it_claims_to() -> None:
    asked = [request(seed) for seed in range(2 * BOUND)]
    peaks = [one.whole_load.requests_per_second_peak for one in asked]

    assert {one.cloud for one in asked} == set(Cloud)
    assert {one.environment for one in asked} == set(Environment)
    assert len({one.tier for one in asked}) == 4
    assert len({one.region for one in asked}) == 6
    assert min(peaks) < 0.05
    assert max(peaks) > 4000
    assert {len(one.whole_load.models) for one in asked} == set(range(1, 7))


def test_nearly_every_workload_has_a_plan_that_holds() -> None:
    refused: dict[int, list[str]] = {}
    checked = list(seeds(last=CHECKED))
    for seed in checked:
        made = plan_of(seed)
        if isinstance(made, str):
            refused[seed] = [made]
            continue
        cost(made)
        refuted = [one.id for one in check(made) if one.verdict is Verdict.REFUTED]
        if refuted:
            refused[seed] = refuted

    assert len(refused) <= len(checked) * (1 - LEAST_FEASIBLE), refused
    assert all(reason for reasons in refused.values() for reason in reasons)


def test_what_is_refused_names_its_constraint() -> None:
    """The cloud's largest network is too small: said with what is needed."""
    asked = replace(request(next(seeds())), vpc_cidr="10.0.0.0/24")
    needs = {
        Cloud.AWS: r"each of 3 zones needs \d+ addresses",
        Cloud.GCP: r"\d+ nodes at pool maximum take \d+ addresses",
    }[here()]

    with pytest.raises(ValueError, match=f"too small: {needs}"):
        plan(asked)


def larger(seed: int) -> tuple[PlatformPlan, PlatformPlan] | None:
    """Return a plan and that of 1.05 to 20 times its load, None where either is refused."""
    small = plan_of(seed)
    if isinstance(small, str):
        return None
    factor = 1.05 * (20 / 1.05) ** Random(seed).random()
    try:
        return small, plan(grown(small.request, factor))
    except ValueError:
        return None


@pytest.mark.parametrize("first", range(0, PAIRS, 80))
def test_more_load_never_lowers_a_capacity(first: int) -> None:
    for pair in filter(None, map(larger, seeds(first, first + 80))):
        before, after = (capacities(one) for one in pair)

        lower = {name: (before[name], after[name]) for name in before if after[name] < before[name]}
        assert lower == {}, pair[0].request


@pytest.mark.parametrize("first", range(0, PAIRS, 80))
def test_nor_does_the_tier_that_more_load_moves_to(first: int) -> None:
    for pair in filter(None, map(larger, seeds(first, first + 80))):
        before, asked = capacities(pair[0]), pair[1].request
        after = capacities(plan(replace(asked, tier=tier_for(asked.whole_load).tier)))

        lower = {name: (before[name], after[name]) for name in before if after[name] < before[name]}
        assert lower == {}, pair[0].request


@pytest.mark.parametrize("first", range(0, PAIRS, 80))
def test_engines_are_given_up_for_others_only_where_they_would_not_carry_more(first: int) -> None:
    """What engines can carry is a load, not their tokens a second.

    Another GPU has other slots and another time between tokens, so that tokens a second of two
    kinds do not compare. A load does: either the engines of before would not carry the larger one,
    and what is planned now carries more than they did; or they stay, as many or more of them.
    """
    switched = 0
    for pair in filter(None, map(larger, seeds(first, first + 80))):
        small, large = (serving(one) for one in pair)
        load, cloud = pair[1].request.load, pair[1].request.cloud
        for model in load.models if small else ():
            machine, engines = small[model.name]
            asked = carried(load, model, instance(cloud, machine)).engines
            now = large[model.name]
            switched += now[0] != machine

            assert asked > engines or (now[0] == machine and now[1] >= engines), pair[0].request
            assert now[1] >= carried(load, model, instance(cloud, now[0])).engines

    assert switched


def serving(made: PlatformPlan) -> dict[str, tuple[str, int]]:
    """Return machine and needed engines by model."""
    machines = {one.name: one.instance_types[0] for one in made.node_pools}
    return {one.model: (machines[one.pool], one.needed) for one in made.services if one.model}


def test_an_own_scheduler_binds_every_pod_at_planned_and_at_maximum() -> None:
    found: Counter[str] = Counter()
    for made in plans(BOUND):
        planned = cluster(made, lambda one: one.scale.planned, lambda one: one.scale.planned)
        most = cluster(made, lambda one: one.scale.maximum, lambda one: one.scale.maximum)
        found.update(planned.unbound + most.unbound)

    assert found == {}


def test_the_scheduler_sees_a_node_too_few() -> None:
    """The oracle itself: what fills a pool to the last node must not fit one node fewer."""
    short = 0
    for made in plans(20):
        for name in (pool.name for pool in made.node_pools if pool.role == "gpu"):
            fewer = cluster(made, partial(one_fewer, name), lambda one: one.scale.planned)
            short += bool(fewer.unbound)

    assert short >= 10


def one_fewer(name: str, pool: NodePoolPlan) -> int:
    return pool.scale.planned - (pool.name == name)
