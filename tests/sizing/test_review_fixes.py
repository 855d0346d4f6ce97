"""What a review of the whole found wrong, each as it was seen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from sizing.capacity.files import catalogued
from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, Overrides, PlanRequest, PoolOverride
from sizing.tiers import HPA, TIERS
from sizing.words import Cloud, Environment, Tier, Verdict
from sizing.workload import Provider, Workload, reference
from tests.both_clouds import here
from tests.sizing.requests import ENGINE, WIDEST, base, planned, service

LOAD = reference(Tier.LARGE)


def asked(load: Workload) -> PlanRequest:
    return replace(base(), vpc_cidr=WIDEST[here()], workload=load)


def findings(load: Workload) -> dict[str, Finding]:
    return _findings(asked(load))


@cache
def _findings(given: PlanRequest) -> dict[str, Finding]:
    return {one.id: one for one in check(plan(given))}


def with_objective(name: str, milliseconds: float) -> Workload:
    goals = LOAD.objectives
    return replace(
        LOAD, objectives=replace(goals, **{name: replace(getattr(goals, name), value=milliseconds)})
    )


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, Verdict.HOLDS),
        ({"input_spread": 15.0}, Verdict.UNPROVEN),
        ({"output_spread": 40.0}, Verdict.UNPROVEN),
        ({"input_tokens": 32_000.0, "output_tokens": 1000.0}, Verdict.REFUTED),
    ],
)
def test_requests_that_do_not_fit_the_context_are_no_load_that_is_carried(
    changed: dict[str, float], verdict: Verdict
) -> None:
    found = findings(replace(LOAD, **changed))[f"services.{ENGINE}.context"]  # type: ignore[arg-type]

    assert found.verdict is verdict
    assert found.capacity == LOAD.models[0].context_tokens


def test_slots_do_not_hold_where_no_engine_surely_keeps_its_objectives() -> None:
    """The prompt alone takes longer than a first token may: in-flight requests were taken as 0."""
    model = replace(LOAD.models[0], context_tokens=131_072)
    found = findings(replace(LOAD, input_tokens=50_000.0, models=(model,)))

    slots = found[f"services.{ENGINE}.slots"]

    assert slots.verdict is Verdict.UNPROVEN
    assert slots.demand


@pytest.mark.parametrize(
    ("objective", "constraint"),
    [("first_token_p95_ms", "first-token"), ("inter_token_latency_ms", "inter-token")],
)
def test_an_objective_that_no_datasheet_allows_is_refuted(objective: str, constraint: str) -> None:
    found = findings(with_objective(objective, 1.0))

    # the documented GPU stands then; what an L4, which may not hold the model, would do is unknown
    unknown = (here(), constraint) == (Cloud.GCP, "first-token")
    refused = Verdict.UNPROVEN if unknown else Verdict.REFUTED
    assert found[f"services.{ENGINE}.{constraint}"].verdict is refused


@pytest.mark.parametrize("vectors", [1e6, 1e7, 1.5e7, 2e7])
def test_no_environment_keeps_larger_vectors_than_the_one_that_follows(vectors: float) -> None:
    """One member of dev, with all vectors, was larger than each of staging's three."""
    load = replace(LOAD, vectors=vectors, vector_dimensions=768)
    members = [
        service(plan(replace(asked(load), environment=stage)), "qdrant")
        for stage in (Environment.DEV, Environment.STAGING, Environment.PROD)
    ]

    for smaller, larger in pairwise(members):
        assert smaller.memory_request_bytes <= larger.memory_request_bytes
        assert smaller.volume_gib <= larger.volume_gib


def test_limits_are_judged_where_no_provider_is_named() -> None:
    load = replace(LOAD, limits_requests_per_minute=10.0)

    found = findings(load)["providers.limits-above-peak"]

    assert found.verdict is Verdict.REFUTED
    assert not [one for one in findings(LOAD) if one.startswith("providers.")]


def test_the_fix_of_limits_below_the_peak_lifts_them() -> None:
    provider = Provider(name="one", share=1, requests_per_minute=1e6, tokens_per_minute=1e9)
    load = replace(LOAD, providers=(provider,), limits_requests_per_minute=20_000.0)
    refused = findings(load)["providers.limits-above-peak"]

    lifted = findings(replace(load, limits_requests_per_minute=40_000.0))

    assert refused.verdict is Verdict.REFUTED
    assert refused.fix.startswith("raise")
    assert lifted[refused.id].verdict is Verdict.HOLDS


def test_vectors_beyond_all_memory_are_refuted_before_their_dimensions_are_known() -> None:
    found = findings(replace(LOAD, vectors=1e12))

    assert found["services.qdrant.memory"].verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("vectors", "verdicts"),
    [
        (1e6, dict.fromkeys(Cloud, Verdict.HOLDS)),
        # a disk of 64 TiB is sold on both; that gp3 has so much, no source of ours shows
        (1e10, {Cloud.AWS: Verdict.UNPROVEN, Cloud.GCP: Verdict.HOLDS}),
        (1e11, dict.fromkeys(Cloud, Verdict.REFUTED)),
    ],
)
def test_a_volume_beyond_what_the_cloud_sells_is_none(
    vectors: float, verdicts: dict[Cloud, Verdict]
) -> None:
    made = plan(asked(replace(LOAD, vectors=vectors)))

    found = {one.id: one for one in check(made)}["services.qdrant.volume"]

    assert found.verdict is verdicts[here()]
    assert found.demand == service(made, "qdrant").volume_gib


@pytest.mark.cloud_free("of the workload alone")
def test_a_mirror_of_a_known_model_weighs_what_the_model_does() -> None:
    mirrored = replace(LOAD.models[0], repository="registry.example/models/chat")

    assert catalogued(mirrored) == catalogued(LOAD.models[0])


@pytest.mark.parametrize("tier", list(Tier))
def test_what_an_adjustment_says_is_what_is_planned(tier: Tier) -> None:
    """The proxy's maximum was said to be four times the minimum where the plan had more."""
    for environment in Environment:
        made = planned(environment, tier)
        scales = {f"services.{one.name}": one.scale for one in made.services}
        scales |= {f"node_pools.{one.name}": one.scale for one in made.node_pools}
        last = {one.field: one.planned for one in made.adjustments if ".scale." in one.field}

        for field, said in last.items():
            part, _, word = field.partition(".scale.")
            assert said == str(getattr(scales[part], word)), field


@pytest.mark.parametrize("tier", list(Tier))
def test_every_scale_that_leaves_the_document_is_adjusted(tier: Tier) -> None:
    made = planned(tier=tier)
    said = {one.field: one for one in made.adjustments}
    proxy, engine, row = service(made, "litellm"), service(made, ENGINE), TIERS[tier].litellm

    assert (proxy.scale.maximum == HPA.maximum) != ("services.litellm.scale.maximum" in said)
    assert (proxy.memory_limit_bytes == row.memory_limit_bytes) != (
        "services.litellm.memory_limit_bytes" in said
    )
    assert said[f"services.{ENGINE}.scale"].planned == (
        f"{engine.scale.minimum} to {engine.scale.maximum}"
    )


def test_a_single_zone_is_refuted_and_not_searched_for_ever() -> None:
    alone = replace(base(), zone_ids=base().zone_ids[:1])
    found = {one.id: one for one in check(plan(alone))}

    assert found["node_pools.general.zone-loss"].verdict is Verdict.REFUTED


def test_what_the_fix_of_a_cut_gpu_pool_says_mends_it() -> None:
    def with_nodes(nodes: int | None) -> dict[str, Finding]:
        pools = (PoolOverride(role="gpu", planned=nodes),) if nodes else ()
        made = plan(replace(asked(LOAD), overrides=Overrides(pools=pools)))
        return {one.id: one for one in check(made) if one.component == f"services.{ENGINE}"}

    cut = with_nodes(1)
    rolling = cut[f"services.{ENGINE}.rolling"]
    told = int(rolling.fix.rpartition(" ")[2])

    assert rolling.verdict is Verdict.REFUTED
    assert with_nodes(told)[rolling.id].verdict is Verdict.HOLDS
    refuted = [one for one in cut.values() if one.verdict is Verdict.REFUTED and one != rolling]
    assert {one.constraint for one in refuted} >= {"slots", "cold-start"}
    assert all(one.fix.startswith("leave planned and instance_type of") for one in refuted)
    assert not [one for one in with_nodes(None).values() if one.verdict is Verdict.REFUTED]


@pytest.mark.parametrize("field", ["postgres.instance_class", "node_pools.general.scale.planned"])
def test_what_the_stack_sets_by_hand_is_an_adjustment(field: str) -> None:
    server = {Cloud.AWS: "db.m6gd.4xlarge", Cloud.GCP: "db-custom-16-61440"}[here()]
    by_hand = Overrides(
        postgres_instance_class=server, pools=(PoolOverride(role="general", planned=5),)
    )
    made = plan(replace(base(), overrides=by_hand))

    said = {one.field: one.rule for one in made.adjustments}

    assert said[field] == "stack-override"


@pytest.mark.one_cloud("aws", "Cloud SQL makes tiers to measure")
def test_a_class_with_more_memory_than_asked_is_an_adjustment() -> None:
    """No class of RDS with 4 vCPU has less than 16 GiB, which the document asks half of."""
    made = planned(tier=Tier.MEDIUM)

    said = {one.field: one.planned for one in made.adjustments}

    assert said["postgres.instance_class"].startswith(made.postgres.instance_class)


@pytest.mark.cloud_free("of the workload alone")
@pytest.mark.parametrize(
    "changed",
    [
        {"cache_hit_share": 1.0},
        {"tokens_per_day": 0.0},
        {"requests_per_second_peak": -5.0},
        {"output_tokens": float("nan")},
        {"streaming_share": 70.0},
        {"models": ()},
    ],
)
def test_a_workload_that_cannot_be_is_refused_by_its_field(changed: dict[str, object]) -> None:
    """A plan of it divided by zero, or left the self-hosted share to nobody."""
    with pytest.raises(ValueError, match=f"^{next(iter(changed))}: found .*; allowed: "):
        replace(LOAD, **changed)  # type: ignore[arg-type]
