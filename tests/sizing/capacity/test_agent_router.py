"""Document 004's router: what is in flight, what providers grant, what the controller keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sizing.capacity import agent_router
from sizing.words import Tier, Verdict
from sizing.workload import Provider, Workload, reference

pytestmark = pytest.mark.cloud_free("what a core carries, wherever it stands")

LARGE = reference(Tier.LARGE)
# 500 requests/s x 85 % x (2 s + 500 x 50 ms)
IN_FLIGHT = 11_475


def at(rate: float) -> Workload:
    return replace(LARGE, requests_per_second_peak=rate)


def provided(*providers: Provider) -> Workload:
    return replace(LARGE, providers=providers)


def test_dividing_requests_in_flight_by_a_rate_gives_seconds() -> None:
    division = agent_router.divided(500, IN_FLIGHT, 50)

    assert division.seconds == pytest.approx(IN_FLIGHT / 50)
    assert division.replicas == pytest.approx(10)


@given(rate=st.floats(0.01, 5000), of_one=st.floats(0.1, 500))
def test_the_document_is_off_by_the_time_that_a_request_takes(rate: float, of_one: float) -> None:
    division = agent_router.divided(rate, at(rate).concurrent_requests_at_peak, of_one)
    mean_seconds = LARGE.request_seconds * (1 - LARGE.cache_hit_share)

    assert division.seconds / division.replicas == pytest.approx(mean_seconds)


def test_without_a_measurement_envoys_limit_stands_in_and_proves_nothing() -> None:
    result = agent_router.in_flight(LARGE, 1000)

    assert result.verdict is Verdict.UNPROVEN
    assert "1,024" in result.assumption


@pytest.mark.parametrize(
    ("replicas", "verdict"),
    [
        (16, Verdict.HOLDS),  # 15 left x 1,000 x 80 % = 12,000
        (15, Verdict.UNPROVEN),
        (13, Verdict.UNPROVEN),
        (12, Verdict.REFUTED),  # 11,000
    ],
)
def test_measured_slots_are_judged_with_a_replica_lost(replicas: int, verdict: Verdict) -> None:
    assert agent_router.in_flight(LARGE, replicas, 1000).verdict is verdict


@given(rate=st.floats(0.01, 5000), slots=st.floats(1, 5000), lost=st.integers(0, 3))
def test_as_many_replicas_as_needed_hold_with_some_lost(
    rate: float, slots: float, lost: int
) -> None:
    needed = agent_router.replicas_needed(at(rate), slots, lost=lost)
    result = agent_router.in_flight(at(rate), needed, slots, lost=lost)

    assert result.verdict is Verdict.HOLDS
    if needed - lost > 1:
        fewer = agent_router.in_flight(at(rate), needed - 1, slots, lost=lost)
        assert fewer.verdict is not Verdict.HOLDS


@given(rate=st.floats(0.01, 2500), factor=st.floats(1, 10))
def test_more_load_never_needs_fewer_replicas(rate: float, factor: float) -> None:
    more = agent_router.replicas_needed(at(rate * factor))

    assert agent_router.replicas_needed(at(rate)) <= more


@pytest.mark.parametrize("none", [0, -1])
def test_a_replica_that_carries_nothing_is_refused(none: float) -> None:
    with pytest.raises(ValueError, match="a replica cannot"):
        agent_router.replicas_needed(LARGE, none)
    with pytest.raises(ValueError, match="a replica cannot"):
        agent_router.divided(500, IN_FLIGHT, none)


def test_the_controller_scales_with_what_is_configured_and_not_with_the_rate() -> None:
    plane = agent_router.control_plane(LARGE, rules=40)

    assert plane.objects == 40 + 2000 + 25 + 0
    assert agent_router.control_plane(at(1), rules=40) == plane
    assert agent_router.controller(LARGE, 40).verdict is Verdict.UNPROVEN
    assert agent_router.controller(LARGE, 40, objects=3000).verdict is Verdict.HOLDS


def test_the_largest_providers_share_falls_to_the_rest() -> None:
    three = tuple(Provider(name=str(share), share=share) for share in (0.5, 0.3, 0.2))

    shares = [agent_router.share_at_loss(three, one) for one in three]

    assert shares == pytest.approx([0.5 / 0.7, 0.3 / 0.5, 0.2 / 0.5])


def test_an_idle_fallback_takes_everything_and_a_single_provider_only_its_own() -> None:
    main, spare = Provider(name="main", share=1), Provider(name="spare", share=0)

    assert agent_router.share_at_loss((main, spare), spare) == 1
    assert agent_router.share_at_loss((main,), main) == 1


@given(shares=st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_the_rest_carry_the_largest_providers_share_in_full(shares: list[float]) -> None:
    whole = sum(shares)
    providers = tuple(
        Provider(name=str(index), share=share / whole) for index, share in enumerate(shares)
    )
    largest = max(providers, key=lambda one: one.share)
    assume(sum(one.share == largest.share for one in providers) == 1)
    rest = [one for one in providers if one is not largest]

    assert sum(agent_router.share_at_loss(providers, one) for one in rest) == pytest.approx(1)


@pytest.mark.parametrize(
    ("quota", "verdict"),
    [  # 500 x 85 % x 30 % x 60 = 7,650 requests/min outside, all on one when the other is lost
        (7651, Verdict.HOLDS),
        (7649, Verdict.REFUTED),
        (None, Verdict.UNPROVEN),
    ],
)
def test_each_provider_must_carry_the_fallback(quota: float | None, verdict: Verdict) -> None:
    one = Provider(name="a", share=0.6, requests_per_minute=quota, tokens_per_minute=1e9)
    other = Provider(name="b", share=0.4, requests_per_minute=1e9, tokens_per_minute=1e9)
    load = replace(provided(one, other), self_hosted_share=0.7)

    found = {result.name: result.verdict for result in agent_router.provider_quotas(load)}

    assert found == {
        "requests-per-minute-a": verdict,
        "tokens-per-minute-a": Verdict.HOLDS,
        "requests-per-minute-b": Verdict.HOLDS,
        "tokens-per-minute-b": Verdict.HOLDS,
    }


def test_tokens_a_minute_count_prompt_and_answer() -> None:
    load = provided(Provider(name="a", share=1))
    requests, tokens = agent_router.provider_quotas(load)

    assert requests.demand is not None
    assert tokens.demand == pytest.approx(requests.demand * 2000)


def test_providers_that_nobody_named_are_unproven_unless_nothing_goes_outside() -> None:
    (open_question,) = agent_router.provider_quotas(LARGE)
    (nothing,) = agent_router.provider_quotas(replace(LARGE, self_hosted_share=1))

    assert open_question.verdict is Verdict.UNPROVEN
    assert nothing.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("total", "above_peak", "within_quota"),
    [
        (None, Verdict.UNPROVEN, Verdict.UNPROVEN),
        (20_000, Verdict.REFUTED, Verdict.HOLDS),  # the peak is 30,000 a minute
        (30_001, Verdict.UNPROVEN, Verdict.HOLDS),
        (37_500, Verdict.HOLDS, Verdict.HOLDS),
        (40_001, Verdict.HOLDS, Verdict.UNPROVEN),  # more than one provider grants
        (500_000, Verdict.HOLDS, Verdict.REFUTED),  # 25.5 % outside: more than both grant
    ],
)
def test_limits_stand_between_the_peak_and_the_quotas(
    total: float | None, above_peak: Verdict, within_quota: Verdict
) -> None:
    providers = tuple(
        Provider(name=name, share=0.5, requests_per_minute=40_000) for name in ("a", "b")
    )
    load = replace(
        LARGE, providers=providers, limits_requests_per_minute=total, self_hosted_share=0.7
    )

    assert [one.verdict for one in agent_router.limits(load)] == [above_peak, within_quota]
