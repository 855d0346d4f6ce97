"""Priced alternatives: what is written is planned again, costs what is said and holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.alternatives import Alternative, alternatives, offers
from sizing.check import check
from sizing.choices import undone
from sizing.cost import cost
from sizing.options import options, with_pool
from sizing.plan import plan
from sizing.plans import Bill, PlanRequest, PoolOverride
from sizing.words import Cloud, Environment, Placement, Tier, Verdict
from sizing.workload import ServedModel, Workload, reference
from sizing.workload.axes import resolve
from sizing.workload.statement import parse
from tests.both_clouds import here
from tests.sizing.requests import PRESETS, WIDEST, request

# Per hour: two machines for wide weights, two or three that hold narrow ones; and what else moves.
MACHINES_OF_SMALL = {
    # g6e.4xlarge, g5.4xlarge; disks, logs and transfer stay as they are
    Cloud.AWS: (2 * 3.00424, 2 * 1.624, 0.01),
    # a2-highgpu-1g, g2-standard-12; the third has a disk and logs, and is reached through NAT
    Cloud.GCP: (2 * 3.673385, 3 * 1.000416, 40),
}
# Its two A100s are the fewest that survive a zone, and nothing cheaper holds as surely.
NOTHING_CHEAPER = {(Cloud.GCP, Tier.MEDIUM)}
# With several GPUs, of a kind that the plan would not choose.
LARGER_GPU = {Cloud.AWS: "g5.12xlarge", Cloud.GCP: "a2-highgpu-2g"}
LARGER = {Cloud.AWS: "m5.4xlarge", Cloud.GCP: "n2-standard-16"}
each_preset = pytest.mark.parametrize(("environment", "tier"), PRESETS)
MODEL = re.compile(r"workload\.models\[(\d+)\]\.(\w+): (\w+)")
TOKEN = re.compile(r"workload\.objectives\.inter_token_latency: (\d+)ms")
POOL = re.compile(r"sizing\.overrides\.pools\.(\w+)\.(\w+): (\S+)")
FIELDS = {"context": "context_tokens", "tensor_parallel": "tensor_parallel"}
LARGE_MODEL = ServedModel(
    name="llama-3.1-70b",
    repository="meta-llama/Llama-3.1-70B-Instruct",
    precision="bf16",
    tensor_parallel=1,
    context_tokens=32_768,
    share=1,
)


def offered(environment: Environment, tier: Tier) -> tuple[Alternative, ...]:
    return _offered(request(environment, tier))


@cache
def _offered(asked: PlanRequest) -> tuple[Alternative, ...]:
    return alternatives(asked)


def applied(given_request: PlanRequest, change: str) -> PlanRequest:
    """Return a request with what an alternative says to write, read from its words alone."""
    changed = given_request
    for line in change.split(" and "):
        changed = _line(changed, line)
    return changed


def _line(made: PlanRequest, line: str) -> PlanRequest:
    load = made.whole_load
    if found := MODEL.fullmatch(line):
        index, key, value = int(found[1]), found[2], found[3]
        field = FIELDS.get(key, key)
        typed: Any = int(value) if key in FIELDS else value
        models = list(load.models)
        models[index] = replace(models[index], **{field: typed})
        return replace(made, workload=replace(load, models=tuple(models)))
    if found := TOKEN.fullmatch(line):
        goal = replace(load.objectives.inter_token_latency_ms, value=int(found[1]))
        goals = replace(load.objectives, inter_token_latency_ms=goal)
        return replace(made, workload=replace(load, objectives=goals))
    if line == "sizing.placement: optimised":
        return replace(made, placement=Placement.OPTIMISED)
    found = POOL.fullmatch(line)
    assert found, line
    role, key, value = found.groups()
    own = next((one for one in made.overrides.pools if one.role == role), PoolOverride(role=role))
    typed = value == "true" if key == "spot" else value
    return with_pool(made, replace(own, **{key: typed}))


def refuted(of: PlanRequest) -> set[str]:
    return {one.id for one in check(plan(of)) if one.verdict is Verdict.REFUTED}


def bill(of: PlanRequest) -> Bill:
    return cost(plan(of))


def with_models(of: PlanRequest, *models: ServedModel) -> PlanRequest:
    return replace(of, workload=replace(of.whole_load, models=models))


@each_preset
def test_what_is_offered_costs_what_it_says_once_it_is_written(
    environment: Environment, tier: Tier
) -> None:
    asked = request(environment, tier)
    before = bill(asked).monthly_usd
    for one in offered(environment, tier):
        after = bill(applied(asked, one.change)).monthly_usd
        assert one.monthly_usd == after
        assert one.saved_usd == pytest.approx(before - after, abs=0.005)


@each_preset
def test_what_is_offered_saves_money_and_is_not_refuted(
    environment: Environment, tier: Tier
) -> None:
    savings = [one.saved_usd or 0 for one in offered(environment, tier)]
    assert all(saved > 0 for saved in savings)
    assert savings == sorted(savings, reverse=True)
    for one in offered(environment, tier):
        assert one.holds
        assert one.gives_up
        assert not refuted(applied(request(environment, tier), one.change))


def test_small_in_prod_saves_by_narrower_weights() -> None:
    first = next(
        one
        for one in offered(Environment.PROD, Tier.SMALL)
        if one.change == "workload.models[0].precision: fp8"
    )
    wide, narrow, tolerance = MACHINES_OF_SMALL[here()]
    assert first.saved_usd == pytest.approx((wide - narrow) * 730, abs=tolerance)


def test_every_prod_tier_has_something_to_offer() -> None:
    without = {(here(), tier) for tier in Tier if not offered(Environment.PROD, tier)}
    assert without == {one for one in NOTHING_CHEAPER if one[0] is here()}


def test_another_load_has_other_savings() -> None:
    base = request(tier=Tier.ENTERPRISE)
    less = replace(base, workload=base.whole_load.scaled(0.5))
    assert [one.saved_usd for one in alternatives(less)] != [
        one.saved_usd for one in offered(Environment.PROD, Tier.ENTERPRISE)
    ]


def test_what_is_written_into_a_stack_file_comes_to_the_price_shown() -> None:
    base = request(tier=Tier.ENTERPRISE)
    one = next(
        one for one in offered(Environment.PROD, Tier.ENTERPRISE) if one.id.endswith("cache-fp8")
    )
    assert one.change == "workload.models[0].cache_precision: fp8"
    statement = {
        "requests": {"per_second_peak": 1000},
        "tokens": {"per_day": 10_000_000_000},
        "models": [{"name": "llama-3.1-8b", "cache_precision": "fp8"}],
    }
    stated = resolve(parse(statement), Tier.ENTERPRISE).of_largest_region
    assert bill(replace(base, workload=stated)).monthly_usd == one.monthly_usd


def test_a_plan_that_cannot_hold_is_offered_what_is_not_refuted() -> None:
    broken = with_models(request(), LARGE_MODEL)
    assert refuted(broken)
    found = alternatives(broken)
    narrower = {Cloud.AWS: "precision-fp8", Cloud.GCP: "precision-int4"}[here()]  # by its memory
    assert {one.id.rpartition(".")[2] for one in found} >= {narrower, "tensor-parallel-2"}
    assert all(not refuted(applied(broken, one.change)) for one in found)
    assert all((one.saved_usd or 0) < 0 for one in found)  # what works costs more


def test_prod_is_never_offered_spot() -> None:
    for environment, tier in PRESETS:
        spot = with_pool(request(environment, tier), PoolOverride(role="gpu", spot=False))
        ids = {one.id for one in options(spot)}
        assert ("pools.gpu.spot" in ids) is (environment is not Environment.PROD)


def test_staging_on_demand_is_offered_spot_where_it_costs_less() -> None:
    staging = request(Environment.STAGING, Tier.LARGE)
    pool = PoolOverride(role="gpu", spot=False, instance_type=LARGER_GPU[here()])
    sold = {one.id: one for one in alternatives(with_pool(staging, pool))}
    spot = sold["pools.gpu.spot"]
    assert spot.saved_usd == pytest.approx(
        bill(with_pool(staging, pool)).monthly_usd
        - bill(with_pool(staging, replace(pool, spot=True))).monthly_usd,
        abs=0.005,
    )


def test_nothing_self_hosted_leaves_models_out() -> None:
    load = replace(reference(Tier.SMALL), self_hosted_share=0)
    outside = replace(request(tier=Tier.SMALL), workload=load)
    # no machine of Google Cloud with arm64 is in the catalogue
    arm64 = {"pools.general.arm64"} if here() is Cloud.AWS else set()
    assert {one.id for one in options(outside)} == {"placement-optimised", *arm64}


def test_no_context_is_offered_that_everyday_requests_outgrow() -> None:
    base = request(tier=Tier.SMALL)
    # mean plus two deviations: 4,000 x (1 + 2 x 1) + 1,000 x (1 + 2 x 1) = 15,000 tokens
    load = replace(
        base.whole_load, input_tokens=4000, output_tokens=1000, input_spread=1, output_spread=1
    )
    long = replace(base, workload=load)
    assert [one.id for one in options(long) if "context" in one.id] == [
        "models.llama-3.1-8b.context-16384"
    ]


def test_of_many_models_those_with_most_requests_are_looked_at() -> None:
    base = request()
    (model,) = base.whole_load.models
    shares = (0.1, 0.4, 0.05, 0.3, 0.15)
    many = with_models(
        base,
        *(replace(model, name=f"model-{place}", share=one) for place, one in enumerate(shares)),
    )
    assert {one.id.split(".")[1] for one in options(many) if one.id.startswith("models.")} == {
        "model-1",
        "model-3",
        "model-4",
    }


def test_narrower_weights_are_left_out_where_they_save_no_more() -> None:
    for environment, tier in PRESETS:
        found = offered(environment, tier)
        saved = {one.id.rpartition(".")[2]: one.saved_usd or 0 for one in found}
        if {"precision-fp8", "precision-int4"} <= set(saved):
            assert saved["precision-int4"] > saved["precision-fp8"]


def test_a_choice_is_worth_what_the_plan_costs_without_it() -> None:
    base = request(tier=Tier.ENTERPRISE)
    (model,) = base.whole_load.models
    chosen = with_models(base, replace(model, precision="fp8"))
    (without,) = offers(chosen).forgone
    assert without.monthly_usd == bill(base).monthly_usd
    assert without.saved_usd == pytest.approx(
        bill(chosen).monthly_usd - bill(base).monthly_usd, abs=0.005
    )
    assert without.holds


def test_a_stack_without_choices_forgoes_nothing() -> None:
    assert offers(request()).forgone == ()


def test_every_choice_of_a_stack_is_undone_by_itself() -> None:
    base = request(tier=Tier.MEDIUM)
    (model,) = base.whole_load.models
    served = replace(model, precision="int4", cache_precision="fp8", context_tokens=16_384)
    chosen = replace(
        with_pool(with_models(base, served), PoolOverride(role="system", planned=4)),
        placement=Placement.OPTIMISED,
    )
    chosen = replace(
        chosen,
        overrides=replace(
            chosen.overrides,
            postgres_storage_gib=900,
            search_volume_gib=200,
            backup_retention_days=30,
        ),
    )
    assert {one.change for one in undone(chosen)} == {
        "workload.models[0].precision left out",
        "workload.models[0].cache_precision left out",
        "workload.models[0].context left out",
        "sizing.overrides.pools.system left out",
        "sizing.overrides.postgres.storage_gib left out",
        "sizing.overrides.search.volume_gib left out",
        "sizing.overrides.backup.retention_days left out",
        "sizing.placement left out",
    }
    larger = {one.id: one.saved_usd for one in offers(chosen).forgone}
    assert (larger["without.search.volume_gib"] or 0) > 0


def test_offers_are_both() -> None:
    base = with_pool(
        request(tier=Tier.SMALL), PoolOverride(role="general", instance_type=LARGER[here()])
    )
    both = offers(base)
    assert both.alternatives == alternatives(base)
    assert [one.id for one in both.forgone] == ["without.pools.general"]
    assert (both.forgone[0].saved_usd or 0) > 0  # the larger machine was the dearer choice


def _load(requests: float, tokens: float) -> Workload:
    base = reference(Tier.MEDIUM)
    return replace(base, requests_per_second_peak=requests, tokens_per_day=tokens)


@settings(max_examples=5, deadline=None)
@given(requests=st.floats(0.1, 1000), tokens=st.floats(1e5, 1e10))
def test_whatever_the_load_nothing_is_offered_that_costs_more_or_is_refuted(
    requests: float, tokens: float
) -> None:
    asked = replace(request(tier=Tier.MEDIUM), vpc_cidr=WIDEST[here()])
    base = replace(asked, workload=_load(requests, tokens))
    before = bill(base).monthly_usd
    broken = refuted(base)
    for one in alternatives(base):
        there = applied(base, one.change)
        assert not refuted(there)
        assert broken or bill(there).monthly_usd < before
