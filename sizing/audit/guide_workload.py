"""Claims of document 001, chapter 1: three axes of load that should name the same tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import agrees, at_most, contains, readings, same, span
from sizing.queueing.demand import concurrency
from sizing.tiers import GROWTH, PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import PlanningFactor, Span
from sizing.words import Tier
from sizing.workload import Workload, reference, required_capacity

PROFILES = Block("001-1.1", "1.1")
FACTORS = Block("001-1.2", "1.2")
GROWTH_MODEL = Block("001-5.1", "5.1")
EXAMPLE_GROWTH = (0.10, 12)  # 10 % a month for a year, to put the formula to use
AXES = "requests/s at peak / peak factor x 86,400 x (tokens in + tokens out)"


def load(**stated: Any) -> Workload:  # noqa: ANN401  # fields of several types
    """Return the reference workload with some of its fields replaced by a claim's inputs."""
    return replace(reference(Tier.SMALL), **stated)


def claims() -> Iterator[Claim]:
    """Return the claims of chapter 1, and of its factors in chapter 5."""
    for tier, tables in TIERS.items():
        yield from _axes(tier, tables)
        yield from _users(tier, tables)
    for factor in (
        PLANNING_FACTORS.input_tokens,
        PLANNING_FACTORS.output_tokens,
        PLANNING_FACTORS.streaming_share,
        PLANNING_FACTORS.cache_hit_share,
        PLANNING_FACTORS.peak_factor,
    ):
        yield _factor(factor)
    yield from _growth()


def _axes(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    rates, tokens = tables.profile.requests_per_second, tables.profile.daily_tokens
    top, day = rates.high or rates.low, tokens.high or tables.llm_cost.daily_tokens
    yield PROFILES.claim(
        f"axes-{tier}",
        f"{top:g} requests/s go with {day:,.0f} tokens a day",
        axes,
        requests_per_second=top,
        tokens_per_day=day,
        **_request(),
    )
    if rates.low and tokens.low:
        yield PROFILES.claim(
            f"axes-low-{tier}",
            f"{rates.low:g} requests/s go with {tokens.low:,.0f} tokens a day",
            axes,
            requests_per_second=rates.low,
            tokens_per_day=tokens.low,
            **_request(),
        )
    yield PROFILES.claim(
        f"rate-kind-{tier}",
        f"{top:g} requests/s, not said whether on average or at peak",
        rate_kind,
        requests_per_second=top,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
    )


def _users(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    rates, users = tables.profile.requests_per_second, tables.profile.concurrent_users
    top = rates.high or rates.low
    yield PROFILES.claim(
        f"users-{tier}",
        f"{span(users.low, users.high)} users at once make {top:g} requests/s",
        users_at_once,
        requests_per_second=top,
        users=users.high,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
    )
    if users.high:
        yield PROFILES.claim(
            f"users-in-rate-{tier}",
            f"{users.high:g} users at once stay within {top:g} requests/s",
            rate_of_users,
            requests_per_second=top,
            users=users.high,
            output_tokens=PLANNING_FACTORS.output_tokens.planned,
        )


def _request() -> dict[str, float]:
    return {
        "input_tokens": PLANNING_FACTORS.input_tokens.planned,
        "output_tokens": PLANNING_FACTORS.output_tokens.planned,
        "peak_factor": PLANNING_FACTORS.peak_factor.planned,
    }


def axes(
    *,
    requests_per_second: float,
    tokens_per_day: float,
    input_tokens: float,
    output_tokens: float,
    peak_factor: float,
) -> Recomputed:
    """Compare the tokens that a rate implies with those stated."""
    found = load(
        requests_per_second_peak=requests_per_second,
        tokens_per_day=tokens_per_day,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        peak_factor=peak_factor,
    )
    return agrees(
        tokens_per_day, found.tokens_per_day_by_requests, unit="tokens a day", formula=AXES
    )


def rate_kind(*, requests_per_second: float, peak_factor: float) -> Recomputed:
    """Judge a rate of which it is not said whether it is the average or the peak."""
    return readings(
        requests_per_second,
        requests_per_second,
        requests_per_second * peak_factor,
        unit="requests/s at peak",
        formula="the rate; the rate x peak factor",
        missing="say whether requests/s are of the average or of the peak",
    )


def users_at_once(
    *, requests_per_second: float, users: float | None, output_tokens: float, cache_hit_share: float
) -> Recomputed:
    """Compare the requests in flight with the users who could be waiting for them."""
    found = load(
        requests_per_second_peak=requests_per_second,
        output_tokens=output_tokens,
        cache_hit_share=cache_hit_share,
    )
    return at_most(
        found.concurrent_requests_at_peak,
        users,
        unit="users waiting",
        formula="requests/s x (1 - cache hits) x (first token + output tokens x time between two)"
        " <= users at once",
        measure="state the upper end of the users",
    )


def rate_of_users(*, requests_per_second: float, users: float, output_tokens: float) -> Recomputed:
    """Compare what users make that ask again as soon as they are answered with the rate."""
    seconds = load(output_tokens=output_tokens).request_seconds
    each = 1 / concurrency(1, seconds)
    return at_most(
        users * each,
        requests_per_second,
        unit="requests/s",
        formula="users / seconds of an answer <= requests/s",
    )


def _factor(factor: PlanningFactor) -> Claim:
    words = factor.metric.lower().replace("/", " ").replace(" ", "-")
    return FACTORS.claim(
        words,
        f"{factor.metric}: plan {factor.planned:g} of "
        f"{span(factor.typical.low, factor.typical.high)}",
        planned_in_range,
        planned=factor.planned,
        low=factor.typical.low,
        high=factor.typical.high,
    )


def planned_in_range(*, planned: float, low: float | None, high: float | None) -> Recomputed:
    """Compare a planning factor with its own typical range."""
    return contains(low, high, planned, unit="as stated", formula="low <= planned <= high")


def _growth() -> Iterator[Claim]:
    rate, months = EXAMPLE_GROWTH
    yield GROWTH_MODEL.claim(
        "formula",
        "capacity = load x growth x peak x safety, each a factor",
        growth_factors,
        monthly_growth_rate=rate,
        months_ahead=months,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
        safety_margin=GROWTH.safety_margin.low,
    )
    here, there = GROWTH.peak_factor, PLANNING_FACTORS.peak_factor.typical
    yield GROWTH_MODEL.claim(
        "peak-range",
        f"peak is {span(here.low, here.high)} times the average",
        one_range,
        low=here.low,
        high=here.high,
        other_low=there.low,
        other_high=there.high,
    )
    yield GROWTH_MODEL.claim(
        "peak-planned",
        f"peak is {span(here.low, here.high)} times the average, planned with "
        f"{PLANNING_FACTORS.peak_factor.planned:g}",
        planned_in_range,
        planned=PLANNING_FACTORS.peak_factor.planned,
        low=here.low,
        high=here.high,
    )


def growth_factors(
    *, monthly_growth_rate: float, months_ahead: float, peak_factor: float, safety_margin: float
) -> Recomputed:
    """Compare the formula as written with the one that plans use, for a load of one."""
    written = (1 + monthly_growth_rate) ** months_ahead * peak_factor * safety_margin
    used = required_capacity(
        current_load=1,
        monthly_growth_rate=monthly_growth_rate,
        months_ahead=months_ahead,
        peak_factor=max(1, peak_factor),
        safety_margin=max(1, safety_margin),
    )
    return agrees(
        written, used, unit="times the load", formula="(1 + rate)^months x peak x safety margin"
    )


def one_range(
    *, low: float | None, high: float | None, other_low: float | None, other_high: float | None
) -> Recomputed:
    """Compare two ranges for the same thing."""
    here, there = Span(low=low, high=high), Span(low=other_low, high=other_high)
    return same(
        span(here.low, here.high),
        span(there.low, there.high),
        unit="times the average",
        formula="5.1's range; table 1.2's range",
    )
