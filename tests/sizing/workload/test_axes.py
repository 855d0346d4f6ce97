"""A workload is resolved on every axis; what contradicts is named, what is given stays."""

from __future__ import annotations

from typing import Any

import pytest

from sizing.words import Tier
from sizing.workload import reference
from sizing.workload.axes import Resolved, resolve
from sizing.workload.origins import Basis
from sizing.workload.statement import Statement, WorkloadError, parse

pytestmark = pytest.mark.cloud_free("what users do, wherever it is served")

DOCUMENT = {"users": 60_000, "model_names": 25, "requests": {"per_month": 1_900_000}}


def resolved(**stated: Any) -> Resolved:  # noqa: ANN401
    return resolve(parse(stated))


def pairs(found: Resolved) -> set[tuple[str, str]]:
    return {(one.axis_a, one.axis_b) for one in found.contradictions}


@pytest.mark.parametrize(
    ("window", "peak"),
    [  # document 004: 1.9 M calls over the seconds of each window
        ("24h/30d", 1_900_000 / 2_592_000),
        ("8h/22d", 1_900_000 / 633_600),
        ("2h/22d", 1_900_000 / 158_400),
    ],
)
def test_a_window_gives_document_004s_peak(window: str, peak: float) -> None:
    found = resolved(**DOCUMENT, peak={"window": window})
    assert found.workload.requests_per_second_average == pytest.approx(0.733, abs=5e-4)
    assert found.workload.requests_per_second_peak == pytest.approx(peak)
    assert found.origins["requests_per_second_peak"].basis is Basis.DERIVED
    assert found.primary == "calls_per_month"
    assert found.contradictions == ()


def test_the_two_hour_window_peaks_at_11_995() -> None:
    peak = resolved(**DOCUMENT, peak={"window": "2h/22d"}).workload.requests_per_second_peak
    assert round(peak, 3) == 11.995


def test_calls_of_a_month_imply_tokens_of_a_day() -> None:
    load = resolved(**DOCUMENT).workload
    assert load.tokens_per_day == pytest.approx(1_900_000 * 2000 / 30)
    assert load.axes_ratio == pytest.approx(1)


def test_a_burst_multiplies_the_peak_and_not_the_average() -> None:
    plain = resolved(**DOCUMENT, peak={"window": "2h/22d"}).workload
    burst = resolved(**DOCUMENT, peak={"window": "2h/22d", "burst": 3}).workload
    assert burst.requests_per_second_peak == pytest.approx(3 * plain.requests_per_second_peak)
    assert burst.requests_per_second_average == pytest.approx(plain.requests_per_second_average)
    assert burst.output_tokens_per_second_at_peak == pytest.approx(
        3 * plain.output_tokens_per_second_at_peak
    )


@pytest.mark.parametrize(("asked", "raised"), [(0, 1), ("25 %", 1), ("50 %", 1.2), (1, 1.6)])
def test_headroom_beyond_that_of_the_rate_checks_raises_the_peak(
    asked: object, raised: float
) -> None:
    load = resolved(requests={"per_second_peak": 100}, headroom=asked).workload
    assert load.requests_per_second_peak == pytest.approx(100 * raised)


def test_a_peak_factor_beside_a_window_contradicts_it() -> None:
    found = resolved(**DOCUMENT, peak={"window": "2h/22d", "factor": 3})
    assert pairs(found) == {("window", "peak_factor")}
    assert found.contradictions[0].ratio == pytest.approx(16.3636 / 3, rel=1e-4)
    assert found.workload.requests_per_second_peak == pytest.approx(11.995, abs=1e-3)
    agreeing = resolved(**DOCUMENT, peak={"window": "2h/22d", "factor": 16})
    assert agreeing.contradictions == ()


def test_requests_and_tokens_that_disagree_stay_each_as_stated() -> None:
    found = resolved(requests={"per_second_peak": 500}, tokens={"per_day": 1e9})
    assert found.workload.requests_per_second_peak == 500
    assert found.workload.tokens_per_day == 1e9
    assert pairs(found) == {("rps_peak", "tokens_per_day")}
    message = found.contradictions[0].message
    assert "500 requests/s at peak" in message
    assert "1,000,000,000 tokens a day" in message
    assert found.contradictions[0].ratio == pytest.approx(28.8)


def test_the_primary_axis_counts_where_requests_disagree() -> None:
    stated = {"requests": {"per_second_average": 2, "per_month": 1_900_000}}
    first = resolved(**stated)
    assert first.workload.requests_per_second_average == pytest.approx(2)
    told = resolved(**stated, primary="calls_per_month")
    assert told.workload.requests_per_second_average == pytest.approx(0.733, abs=1e-3)
    assert pairs(first) == {("rps_avg", "calls_per_month")}
    assert pairs(told) == {("calls_per_month", "rps_avg")}


def test_axes_within_ten_percent_agree() -> None:
    assert (
        resolved(requests={"per_second_average": 0.75, "per_month": 1_900_000}).contradictions == ()
    )


def test_tokens_lead_where_they_are_primary_and_requests_are_still_compared() -> None:
    found = resolved(
        requests={"per_second_average": 10, "per_month": 1e6},
        tokens={"per_day": 1e8},
        primary="tokens_per_day",
    )
    assert found.workload.tokens_per_day == 1e8
    assert found.workload.requests_per_second_average == pytest.approx(10)
    assert pairs(found) == {
        ("tokens_per_day", "rps_avg"),
        ("tokens_per_day", "calls_per_month"),
        ("rps_avg", "calls_per_month"),
    }


def test_a_stated_peak_and_average_give_the_peak_factor() -> None:
    found = resolved(requests={"per_second_peak": 12, "per_month": 1_900_000})
    assert found.workload.peak_factor == pytest.approx(12 / 0.73302, rel=1e-4)
    assert found.origins["peak_factor"].basis is Basis.DERIVED
    assert found.contradictions == ()


def test_a_peak_below_the_average_contradicts_it() -> None:
    assert pairs(resolved(requests={"per_second_peak": 1, "per_second_average": 5})) == {
        ("rps_peak", "rps_avg")
    }


@pytest.mark.parametrize(("interactions", "peak"), [(4, 400), (10, 1000)])
def test_arrivals_with_their_requests_are_a_peak(interactions: float, peak: float) -> None:
    found = resolved(arrivals_per_second=100, interactions_per_user=interactions)
    assert found.workload.requests_per_second_peak == pytest.approx(peak)
    assert found.primary == "arrivals"


def test_arrivals_and_a_session_give_the_users_at_once() -> None:
    stated = {"arrivals_per_second": 100, "interactions_per_user": 6, "session": "5m"}
    found = resolved(**stated, users=60_000)
    assert found.origins["users_at_once"].value == pytest.approx(30_000)
    assert found.contradictions == ()
    assert ("users", "arrivals x session") in pairs(resolved(**stated, users=20_000))


def test_more_requests_in_flight_than_users_contradict_them() -> None:
    found = resolved(users=100, requests={"per_second_peak": 500})
    assert pairs(found) == {("users", "concurrent_requests")}
    flight = 500 * 0.85 * (2 + 500 * 0.05)  # requests/s that miss the cache x seconds of one
    assert found.contradictions[0].value_b == pytest.approx(flight)
    assert "100 users" in found.contradictions[0].message
    assert "11,475" in found.contradictions[0].message
    assert resolved(users=11_475, requests={"per_second_peak": 500}).contradictions == ()


def test_more_listed_models_than_names_contradict_them() -> None:
    found = resolved(**{**DOCUMENT, "model_names": 2}, providers=[{"name": "a", "models": 3}])
    assert pairs(found) == {("model_names", "models and providers")}
    counted = resolved(
        requests={"per_second_peak": 1},
        models=[{"name": "qwen3-8b"}],
        providers=[{"name": "a", "models": 3}],
    )
    assert counted.workload.model_names == 4


def test_what_is_not_stated_is_listed_with_its_source() -> None:
    found = resolved(requests={"per_second_peak": 50}, shares={"streaming": 0.2})
    assert found.origins["streaming_share"].basis is Basis.GIVEN
    assert found.origins["cache_hit_share"].basis is Basis.DOCUMENTED
    assert "table 1.2" in found.origins["cache_hit_share"].how
    assert found.origins["retention_days"].basis is Basis.ASSUMED
    assert found.workload.users is None
    assert set(type(found.workload).__dataclass_fields__) <= set(found.origins)


def test_objectives_are_stated_one_by_one() -> None:
    goals = resolved(
        requests={"per_second_peak": 50}, objectives={"inter_token_latency": "30ms"}
    ).workload.objectives
    assert goals.inter_token_latency_ms.value == 30
    assert goals.first_token_p95_ms.value == 2000


def test_the_largest_region_takes_its_share_of_both_axes() -> None:
    found = resolved(
        requests={"per_second_peak": 100},
        regions=[{"name": "a", "share": 0.7}, {"name": "b", "share": 0.3}],
    )
    assert found.workload.regions == 2
    assert found.of_largest_region.requests_per_second_peak == pytest.approx(70)
    assert found.of_largest_region.tokens_per_day == pytest.approx(
        0.7 * found.workload.tokens_per_day
    )
    assert found.of_largest_region.regions == 1


@pytest.mark.parametrize("tier", Tier)
def test_a_tier_without_a_statement_is_its_reference(tier: Tier) -> None:
    found = resolve(Statement(), tier)
    assert found.workload == reference(tier)
    assert found.contradictions == ()
    assert Basis.GIVEN not in {origin.basis for origin in found.origins.values()}


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ({}, "requests"),
        ({"users": 60_000}, "requests"),
        ({"arrivals_per_second": 100}, "interactions_per_user"),
    ],
)
def test_a_statement_without_an_axis_is_refused(stated: dict[str, Any], path: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        resolved(**stated)
    assert [one.path for one in caught.value.problems] == [path]


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        (
            {"requests": {"per_second_peak": 90_000}, "peak": {"burst": 2}},
            "requests.per_second_peak",
        ),
        ({"requests": {"per_month": 1e10}, "tokens": {"input": 1e6}}, "tokens.per_day"),
    ],
)
def test_what_is_absurd_only_together_is_refused(stated: dict[str, Any], path: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        resolved(**stated)
    assert [one.path for one in caught.value.problems] == [path]
    assert "derived from" in str(caught.value)
