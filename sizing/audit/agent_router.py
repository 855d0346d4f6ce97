"""Claims of document 004: a month's calls as a rate, its windows, its method, its tier."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_workload import load
from sizing.audit.judge import agrees, contains, of, same
from sizing.capacity import agent_router as model
from sizing.documents import agent_router as document
from sizing.documents.agent_router import WindowRow
from sizing.queueing.demand import (
    DAYS_PER_MONTH,
    HOURS_PER_DAY,
    Window,
    average_rate,
    concurrency,
    window_peak,
)
from sizing.tiers import PLANNING_FACTORS
from sizing.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from sizing.workload.tier import tier_of_requests, tier_of_tokens, tier_of_users

REFERENCE = Block("004-reference", "Reference workload")
DERIVED = Block("004-derived", "Reference workload")
OVER = Block("004-peak-over-average", "Reference workload")
WINDOWS = Block("004-windows", "Reference workload")
METHOD = Block("004-method", "Data-plane sizing")
SCALED = Block("004-scaled-by", "Data-plane sizing")
CALLS = document.CALLS_PER_MONTH.target.value
REPLICA_RATE = 1  # requests/s of a replica: whatever it is, the units do not come right
NAMES = ("even", "working-day", "daily-peak", "burst")


def claims() -> Iterator[Claim]:
    """Return the document's claims."""
    yield from _derived()
    for name, row in zip(NAMES, document.WINDOWS, strict=True):
        yield from _window(name, row)
    yield from _tier()
    yield from _replicas()


def _derived() -> Iterator[Claim]:
    average, seconds = document.DERIVED_AVERAGE.value, document.DERIVED_SECONDS.value
    calls = document.DERIVED_CALLS.value
    yield DERIVED.claim(
        "calls",
        f"{document.CALLS_PER_MONTH.target.written} calls are {calls.written}",
        alike,
        stated=calls.value,
        other=CALLS,
    )
    yield DERIVED.claim(
        "seconds",
        f"a month of 30 days has {seconds.written} s",
        month_seconds,
        seconds=seconds.value,
        days=DAYS_PER_MONTH.value,
    )
    yield DERIVED.claim(
        "average",
        f"{calls.written} calls a month are {average.written} requests/s",
        month_average,
        average=average.value,
        calls=calls.value,
    )


def alike(*, stated: float, other: float) -> Recomputed:
    """Compare the same figure in two tables."""
    return agrees(stated, other, unit="calls a month", formula="derived table; reference table")


def month_seconds(*, seconds: float, days: float) -> Recomputed:
    """Compare the seconds of a month with its days."""
    return agrees(seconds, days * SECONDS_PER_DAY, unit="seconds", formula="days x 86,400")


def month_average(*, average: float, calls: float) -> Recomputed:
    """Compare an average rate with a month's calls."""
    return agrees(average, average_rate(calls), unit="requests/s", formula="calls / 2,592,000 s")


def _window(name: str, row: WindowRow) -> Iterator[Claim]:
    assumed, rate = row.assumption, row.peak_requests_per_second
    days, hours = assumed.days_per_month, assumed.hours_per_day
    shape = {
        "hours": hours.value if hours else (HOURS_PER_DAY if days else None),
        "days": days.value if days else None,
    }
    window = row.window.value if days else None
    yield WINDOWS.claim(
        f"seconds-{name}",
        f"{assumed.written}: {row.window.written}",
        window_seconds,
        seconds=window,
        **shape,
    )
    yield WINDOWS.claim(
        f"rate-{name}",
        f"{assumed.written}: {rate.written} requests/s",
        window_rate,
        requests_per_second=rate.value if days else None,
        calls=CALLS,
        **shape,
    )
    if hours and days:
        low, high = document.PEAK_OVER_AVERAGE.low, document.PEAK_OVER_AVERAGE.high
        yield OVER.claim(
            name,
            f"peak is {document.PEAK_OVER_AVERAGE.written} above the average: {assumed.written}",
            over_average,
            low=low,
            high=high,
            hours=hours.value,
            days=days.value,
        )


def window_seconds(*, seconds: float | None, hours: float | None, days: float | None) -> Recomputed:
    """Compare the seconds of a window with its hours and days."""
    return agrees(
        seconds,
        None if hours is None or days is None else hours * SECONDS_PER_HOUR * days,
        unit="seconds",
        formula="hours x 3,600 x days",
        missing="state how long bursts last",
    )


def window_rate(
    *, requests_per_second: float | None, calls: float, hours: float | None, days: float | None
) -> Recomputed:
    """Compare the rate within a window with a month's calls; without one the average is least."""
    return agrees(
        requests_per_second,
        average_rate(calls) if hours is None or days is None else window_peak(calls, hours, days),
        unit="requests/s",
        formula="calls / seconds of the window",
        missing="state how far bursts exceed the peak; the month's average is the least",
    )


def over_average(*, low: float | None, high: float | None, hours: float, days: float) -> Recomputed:
    """Compare the peak factor of a window with the orders of magnitude that are stated."""
    found = Window(hours_per_day=hours, days_per_month=days)
    return contains(
        low, high, found.peak_factor, unit="times", formula="month / seconds of the window"
    )


def _tier() -> Iterator[Claim]:
    peak = document.DAILY_PEAK_WINDOW.assumption
    assert peak.hours_per_day is not None
    assert peak.days_per_month is not None
    shared = {
        "calls": CALLS,
        "hours": peak.hours_per_day.value,
        "days": peak.days_per_month.value,
    }
    yield REFERENCE.claim(
        "tier-by-tokens",
        f"{document.CALLS_PER_MONTH.target.written} calls a month are one tier of document 001",
        tier_by_tokens,
        **shared,
        tokens=PLANNING_FACTORS.input_tokens.planned + PLANNING_FACTORS.output_tokens.planned,
    )
    yield REFERENCE.claim(
        "tier-by-users",
        f"{document.USERS.target.written} users are the same tier of document 001",
        tier_by_users,
        **shared,
        users=document.USERS.target.value,
    )


def tier_by_tokens(*, calls: float, hours: float, days: float, tokens: float) -> Recomputed:
    """Compare the tier by requests at peak with the tier by tokens a day."""
    return same(
        tier_of_requests(window_peak(calls, hours, days)),
        tier_of_tokens(calls * tokens / DAYS_PER_MONTH.value),
        unit="tier",
        formula="tier by requests/s in the window; tier by calls x tokens / 30",
    )


def tier_by_users(*, calls: float, hours: float, days: float, users: float) -> Recomputed:
    """Compare the tier by requests at peak with the tier by users."""
    return same(
        tier_of_requests(window_peak(calls, hours, days)),
        tier_of_users(users),
        unit="tier",
        formula="tier by requests/s in the window; tier by concurrent users of table 1.1",
    )


def _replicas() -> Iterator[Claim]:
    asked = {
        "requests_per_second": document.DAILY_PEAK_WINDOW.peak_requests_per_second.value,
        "cache_hit_share": PLANNING_FACTORS.cache_hit_share.planned,
    }
    yield METHOD.claim(
        "units",
        "peak concurrency / throughput of a replica is a number of replicas",
        units,
        **asked,
        seconds_in_flight=load().request_seconds,
        replica_requests_per_second=REPLICA_RATE,
    )
    yield METHOD.claim(
        "replicas",
        "peak concurrency over what a replica holds, with headroom; neither is stated",
        replicas,
        **asked,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        stated=None,
        slots=None,
    )
    yield SCALED.claim(
        "controller",
        f"the controller keeps rules, keys, {document.MODELS.target.written} models and providers",
        controller,
        rules=None,
        keys=None,
        models=document.MODELS.target.value,
        objects=None,
    )


def units(
    *,
    requests_per_second: float,
    seconds_in_flight: float,
    cache_hit_share: float,
    replica_requests_per_second: float,
) -> Recomputed:
    """Compare what the document divides with the replicas that were meant."""
    in_flight = concurrency(requests_per_second * (1 - cache_hit_share), seconds_in_flight)
    found = model.divided(requests_per_second, in_flight, replica_requests_per_second)
    return agrees(
        found.replicas,
        found.seconds,
        unit="replicas, and seconds",
        formula="requests/s at peak / requests/s of a replica are replicas; requests in flight / "
        "requests/s of a replica are seconds",
    )


def replicas(
    *,
    requests_per_second: float,
    cache_hit_share: float,
    output_tokens: float,
    stated: float | None,
    slots: float | None,
) -> Recomputed:
    """Compare the requests in flight with a stated number of replicas; else say how many."""
    asked = load(
        requests_per_second_peak=requests_per_second,
        output_tokens=output_tokens,
        cache_hit_share=cache_hit_share,
    )
    if stated is not None:
        return of(model.in_flight(asked, round(stated), slots))
    held = model.DEFAULT_SLOTS.value if slots is None else slots
    needed = model.replicas_needed(asked, held)
    return agrees(
        None,
        needed,
        unit="replicas",
        formula=f"requests in flight / ({held:,.0f} x 80 %) + 1",
        missing=model.in_flight(asked, needed, slots).measure,
    )


def controller(
    *, rules: float | None, keys: float | None, models: float, objects: float | None
) -> Recomputed:
    """Compare what the controller keeps in step, of what is stated, with what it was shown to."""
    asked = load(keys=round(keys or 0), model_names=round(models), providers=())
    return of(model.controller(asked, round(rules or 0), objects))
