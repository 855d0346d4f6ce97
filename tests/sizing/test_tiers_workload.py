"""The load that a tier is planned for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.words import Environment, Tier
from sizing.workload import (
    ENVIRONMENT_SHARES,
    OBJECTIVES,
    PEAK_REQUESTS_PER_SECOND,
    PROFILES,
    environment_load,
    reference,
    required_capacity,
)

pytestmark = pytest.mark.cloud_free("tables of document 001")


@pytest.mark.parametrize(
    ("tier", "requests", "tokens"),
    [
        (Tier.SMALL, 10, 10e6),
        (Tier.MEDIUM, 100, 100e6),
        (Tier.LARGE, 500, 1e9),
        (Tier.ENTERPRISE, 1000, 10e9),
    ],
)
def test_reference_workload_has_the_upper_end_of_each_profile(
    tier: Tier, requests: float, tokens: float
) -> None:
    workload = reference(tier)
    assert workload.requests_per_second_peak == requests
    assert workload.tokens_per_day == tokens


@pytest.mark.parametrize(
    ("tier", "expected"),
    [  # tokens a day / 86,400 x 3 x 500/2,000 x (1 - 15 %) x (1 - 30 %), by hand
        (Tier.SMALL, 51.65),
        (Tier.MEDIUM, 516.5),
        (Tier.LARGE, 5165),
        (Tier.ENTERPRISE, 51649),
    ],
)
def test_serving_demand_at_peak_is_pinned(tier: Tier, expected: float) -> None:
    demand = reference(tier).output_tokens_per_second_at_peak
    assert demand == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("tier", "expected"),
    [  # peak / 3 x 86,400 x 2,000 tokens over the stated tokens a day, by hand
        (Tier.SMALL, 57.6),
        (Tier.MEDIUM, 57.6),
        (Tier.LARGE, 28.8),
        (Tier.ENTERPRISE, 5.76),
    ],
)
def test_the_request_axis_implies_more_tokens_than_the_token_axis_states(
    tier: Tier, expected: float
) -> None:
    assert reference(tier).axes_ratio == pytest.approx(expected)


@pytest.mark.parametrize("tier", Tier)
def test_the_peak_lies_in_the_tiers_profile(tier: Tier) -> None:
    peak = PEAK_REQUESTS_PER_SECOND[tier].value
    span = PROFILES[tier].requests_per_second
    assert span.low is not None
    assert span.low <= peak
    assert span.high in (None, peak)


@pytest.mark.parametrize("tier", Tier)
def test_self_hosted_traffic_is_what_is_not_sent_outside(tier: Tier) -> None:
    workload = reference(tier)
    assert workload.self_hosted_share == pytest.approx(0.70)
    assert workload.streaming_share == pytest.approx(0.70)
    assert workload.cache_hit_share == pytest.approx(0.15)


def test_the_self_hosted_model_is_the_one_of_the_guides_configuration() -> None:
    model = reference(Tier.LARGE).models[0]
    assert model.repository == "meta-llama/Llama-3.1-8B-Instruct"
    assert (model.context_tokens, model.precision, model.share) == (32_768, "bf16", 1)


def test_objectives_are_those_decided() -> None:
    assert OBJECTIVES.inter_token_latency_ms.value == 50
    assert OBJECTIVES.first_token_p95_ms.value == 2000
    assert OBJECTIVES.first_token_external_p95_ms.value == 478
    assert OBJECTIVES.proxy_queue_p99_ms.value == 50


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("environment", "share"),
    [(Environment.DEV, 0.1), (Environment.STAGING, 0.5), (Environment.PROD, 1)],
)
def test_an_environment_carries_its_share_of_both_axes(
    tier: Tier, environment: Environment, share: float
) -> None:
    whole, part = reference(tier), environment_load(tier, environment)
    assert part.requests_per_second_peak == pytest.approx(whole.requests_per_second_peak * share)
    assert part.output_tokens_per_second_at_peak == pytest.approx(
        whole.output_tokens_per_second_at_peak * share
    )
    kind = ENVIRONMENT_SHARES[environment].kind.value
    assert kind == ("derived" if environment is Environment.PROD else "assumed")


@settings(max_examples=25)
@given(share=st.floats(min_value=0.01, max_value=10))
def test_scaling_keeps_everything_that_does_not_grow_with_users(share: float) -> None:
    whole = reference(Tier.MEDIUM)
    part = whole.scaled(share)
    assert part.axes_ratio == pytest.approx(whole.axes_ratio)
    assert whole == replace(
        part,
        requests_per_second_peak=whole.requests_per_second_peak,
        tokens_per_day=whole.tokens_per_day,
        users=whole.users,
    )


@pytest.mark.parametrize("share", [0, -0.5])
def test_a_workload_is_not_scaled_to_nothing(share: float) -> None:
    with pytest.raises(ValueError, match="cannot be scaled"):
        reference(Tier.SMALL).scaled(share)


def test_required_capacity_multiplies_load_growth_peak_and_margin() -> None:
    # 100 x 1.1^2 x 3 x 1.2, by hand
    capacity = required_capacity(
        current_load=100,
        monthly_growth_rate=0.1,
        months_ahead=2,
        peak_factor=3,
        safety_margin=1.2,
    )
    assert capacity == pytest.approx(435.6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"current_load": -1},
        {"months_ahead": -1},
        {"monthly_growth_rate": -1},
        {"peak_factor": 0.5},
        {"safety_margin": 0.9},
    ],
)
def test_required_capacity_refuses_what_cannot_be(wrong: dict[str, float]) -> None:
    sound = {
        "current_load": 100.0,
        "monthly_growth_rate": 0.1,
        "months_ahead": 2.0,
        "peak_factor": 3.0,
        "safety_margin": 1.2,
    }
    with pytest.raises(ValueError, match=r"must not|plans for less"):
        required_capacity(**(sound | wrong))
