"""The axes of a load: one leads, the others are derived from it or must agree with it.

Requests size the request path and tokens size serving. Where both are stated and disagree, each
stays as stated, and the contradiction names both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sizing.capacity.constraint import RATE_HEADROOM
from sizing.units import SECONDS_PER_DAY
from sizing.workload.fields import FIELDS
from sizing.workload.origins import Basis, Contradiction, Ledger
from sizing.workload.quantities import MONTH_SECONDS, figure
from sizing.workload.statement import AXES, Problem, Statement, WorkloadError

AGREEMENT = (
    1.10  # times that two axes may lie apart and still say the same. Source: sizing-decisions.
)
PEAK_AXES = ("rps_peak", "arrivals")
NAMES = {
    "rps_peak": "requests/s at peak",
    "rps_avg": "requests/s on average",
    "calls_per_month": "calls a month",
    "tokens_per_day": "tokens a day",
    "arrivals": "new users/s times their requests",
}
"""What the axes are called in messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The load on both axes; `average` is in requests a second, `peak_factor` what lies between."""

    primary: str
    average: float
    peak: float
    peak_factor: float
    tokens_per_day: float


def axes(stated: Statement, ledger: Ledger, tokens: float) -> Axes:
    """Return the load on both axes.

    Args:
        stated: what somebody states.
        ledger: takes what is derived, and the contradictions; its tier's reference stands in
            where no axis is stated.
        tokens: tokens of an average request, in and out.

    Raises:
        WorkloadError: no axis is stated, and there is no reference; or the peak or the tokens of
            a day are beyond all range.
    """
    values = _values(stated, ledger)
    if not values:
        raise WorkloadError([_missing(stated)])
    factor = _factor(stated, values, ledger)
    averages = {axis: _average(axis, value, factor, tokens) for axis, value in values.items()}
    primary = stated.primary or next(axis for axis in AXES if axis in values)
    source = primary if primary != "tokens_per_day" else next(iter(averages))
    # a tier's own axes disagree too: that is a finding of every plan, and nobody stated them
    for first, second in _pairs(primary, source, stated.stated_axes):
        _compare(first, second, values, averages, ledger)
    if stated.burst is not None:
        ledger.how("burst", Basis.GIVEN, "multiplies the peak", stated.burst)
    raised = (stated.burst or 1) * _margin(stated, ledger)
    exact = values[source] if source in PEAK_AXES else averages[source] * factor
    daily = values.get("tokens_per_day", averages[source] * SECONDS_PER_DAY * tokens)
    found = Axes(
        primary=primary,
        average=averages[source],
        peak=exact * raised,
        peak_factor=factor * raised,
        tokens_per_day=daily,
    )
    _bounded(found, source)
    _note(found, source, raised, stated, ledger)
    return found


def _values(stated: Statement, ledger: Ledger) -> dict[str, float]:
    values = {
        axis: (stated.arrivals_per_second or 0) * (stated.interactions_per_user or 0)
        if axis == "arrivals"
        else float(getattr(stated, axis))
        for axis in stated.stated_axes
    }
    if values or ledger.tier is None:
        return values
    base = ledger.base
    return {"rps_peak": base.requests_per_second_peak, "tokens_per_day": base.tokens_per_day}


def _missing(stated: Statement) -> Problem:
    if stated.arrivals_per_second:
        return Problem(
            path="interactions_per_user",
            found="nothing",
            allowed="requests of a session, beside arrivals_per_second; or another axis",
        )
    return Problem(
        path="requests",
        found="nothing",
        allowed="one of requests.per_second_peak, requests.per_second_average, "
        "requests.per_month, tokens.per_day, or arrivals_per_second with interactions_per_user",
    )


def _factor(stated: Statement, values: dict[str, float], ledger: Ledger) -> float:
    """Return peak over average before bursts: by window, as stated, by two axes, or planned."""
    window, given = stated.window, stated.peak_factor
    if window is not None:
        derived = window.peak_factor
        if given is not None and _apart(given, derived) > AGREEMENT:
            ledger.contradiction(
                Contradiction(
                    axis_a="window",
                    value_a=derived,
                    axis_b="peak_factor",
                    value_b=given,
                    unit="times the average",
                    message=f"the window {window} is a peak of {figure(derived)} times the month's "
                    f"average, the peak factor says {figure(given)}; the window counts",
                )
            )
        month = f"{figure(MONTH_SECONDS)} s of a month over {figure(window.seconds)} s of {window}"
        ledger.how("peak_factor", Basis.DERIVED, month)
        return derived
    if given is not None:
        ledger.how("peak_factor", Basis.GIVEN)
        return given
    average = next(
        (
            _average(axis, values[axis], 1, 1)
            for axis in ("rps_avg", "calls_per_month")
            if axis in values
        ),
        None,
    )
    peak = next((values[axis] for axis in PEAK_AXES if axis in values), None)
    if average is not None and peak is not None and peak >= average:
        ledger.how("peak_factor", Basis.DERIVED, "stated peak over stated average")
        return peak / average
    ledger.default("peak_factor")
    return ledger.base.peak_factor


def _average(axis: str, value: float, factor: float, tokens: float) -> float:
    """Return the requests a second, over the month, that an axis states."""
    if axis in PEAK_AXES:
        return value / factor
    if axis == "calls_per_month":
        return value / MONTH_SECONDS
    return value / SECONDS_PER_DAY / tokens if axis == "tokens_per_day" else value


def _pairs(primary: str, source: str, given: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the axes to compare: each with the leading one, requests with those that are used."""
    yield from ((primary, axis) for axis in given if axis != primary)
    if source != primary:
        yield from ((source, axis) for axis in given if axis not in {primary, source})


def _compare(
    first: str, second: str, values: dict[str, float], averages: dict[str, float], ledger: Ledger
) -> None:
    if _apart(averages[first], averages[second]) <= AGREEMENT:
        return
    said = [
        f"{figure(values[axis])} {NAMES[axis]} is {figure(averages[axis])} requests/s on average"
        for axis in (first, second)
    ]
    tokens = "tokens_per_day" in {first, second}
    used = "requests size the request path, tokens serving" if tokens else f"{first} counts"
    ledger.contradiction(
        Contradiction(
            axis_a=first,
            value_a=averages[first],
            axis_b=second,
            value_b=averages[second],
            unit="requests/s on average",
            message=f"{said[0]}, {said[1]}; {used}",
        )
    )


def _apart(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _margin(stated: Statement, ledger: Ledger) -> float:
    """Return what a stated headroom asks beyond the room that every rate check keeps."""
    if stated.headroom is None:
        return 1
    asked = (1 + stated.headroom) * RATE_HEADROOM.value
    kept = figure(100 / RATE_HEADROOM.value - 100)
    words = f"rates keep {kept} % by themselves; peak x {figure(max(1, asked))}"
    ledger.how("headroom", Basis.GIVEN, words, stated.headroom)
    return max(1, asked)


def _bounded(found: Axes, source: str) -> None:
    """Refuse what only together goes beyond all range, such as a window and a burst.

    Raises:
        WorkloadError: the peak or the tokens of a day.
    """
    derived = {"requests.per_second_peak": found.peak, "tokens.per_day": found.tokens_per_day}
    problems = [
        Problem(
            path=field.path,
            found=f"{figure(derived[field.path])}, derived from {source}",
            allowed=field.allowed,
        )
        for field in FIELDS
        if derived.get(field.path, 0) > field.high
    ]
    if problems:
        raise WorkloadError(problems)


def _note(found: Axes, source: str, raised: float, stated: Statement, ledger: Ledger) -> None:
    """Say where both axes come from."""
    if not stated.stated_axes:
        ledger.how("requests_per_second_peak", Basis.DOCUMENTED, f"{ledger.tier}, table 1.1")
        ledger.how("tokens_per_day", Basis.DOCUMENTED, f"{ledger.tier}, table 4.2")
        return
    steps = [source]
    if source not in PEAK_AXES:
        steps.append(f"peak factor {figure(found.peak_factor / raised)}")
    if raised > 1:
        steps.append(f"{figure(raised)} for burst and headroom")
    given = steps == ["rps_peak"]
    ledger.how(
        "requests_per_second_peak",
        Basis.GIVEN if given else Basis.DERIVED,
        "" if given else " x ".join(steps),
    )
    if stated.tokens_per_day:
        ledger.how("tokens_per_day", Basis.GIVEN)
    else:
        words = "average requests/s x 86,400 s x tokens of a request"
        ledger.how("tokens_per_day", Basis.DERIVED, words)
