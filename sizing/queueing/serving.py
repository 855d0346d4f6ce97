"""GPU engines: how many, from the requests in flight, the wait for a slot and the output rate.

An engine decodes up to `slots` requests together, each step the slower the more there are. While
a slot is free a request starts at once, so that the number in flight depends on the mean length
alone, however heavy its tail; once all slots of all engines are taken, requests queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, inf, isfinite, sqrt

from sizing.capacity.constraint import RATE_HEADROOM
from sizing.model import Figure
from sizing.queueing.engine import Engine
from sizing.queueing.erlang import (
    MS_PER_SECOND,
    NEGLIGIBLE,
    TWO,
    checked_percentile,
    normal_quantile,
    queue_decay,
)
from sizing.queueing.staffing import at_most, with_zone_lost
from sizing.words import Kind

IN_FLIGHT_PERCENTILE = Figure(
    value=0.99,
    unit="share of moments at which every request in flight has a slot",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
FIRST_TOKEN_PERCENTILE = Figure(
    value=0.95,
    unit="share of requests whose first token comes within the objective",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)

SLOTS = "slots"
RATE = "rate"
FIRST_TOKEN = "first-token"
NO_LOAD = "no-load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What a number of engines makes of a load.

    Attributes:
        utilisation: load over the rate with all slots taken; 1 or more never comes to rest.
        in_flight: mean requests being decoded, of the whole fleet.
        waiting: share of requests that find every slot taken.
        late: share of requests whose first token exceeds the objective.
        inter_token_ms: mean time between tokens.
    """

    utilisation: float
    in_flight: float
    waiting: float
    late: float
    inter_token_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How many engines a model takes, and why.

    Attributes:
        engines: to plan for the peak, those that may be lost included.
        binding: the rule that asks for most: "slots", "rate", "first-token" or "no-load".
        needed: the fewest that keep the objectives at the peak, nothing lost and nothing spare.
        by_slots: engines whose slots hold what is in flight at its percentile.
        by_rate: engines that write the output with the headroom of every rate.
        in_flight_mean: requests in flight with all slots taken, by Little's law.
        in_flight_percentile: what they exceed in one moment of a hundred.
    """

    engines: int
    binding: str
    needed: int
    by_slots: int
    by_rate: int
    in_flight_mean: float
    in_flight_percentile: float


def in_flight_at(mean: float, percentile: float) -> float:
    """Return the Poisson percentile of requests in flight, by its normal limit (M/G/infinity)."""
    return mean + normal_quantile(percentile) * sqrt(mean)


def fleet(
    engines: int, one: Engine, arrivals_per_second: float, first_token_ms: float = inf
) -> Fleet:
    """Return what `engines` engines make of a load that goes to the least loaded of them.

    Erlang C with servers that slow one another down. Requests share an engine evenly, which
    makes the number in flight insensitive to the spread of their lengths.
    """
    _checked(one, arrivals_per_second)
    if not arrivals_per_second:
        return Fleet(utilisation=0, in_flight=0, waiting=0, late=0, inter_token_ms=one.base_ms)
    places = engines * one.slots
    capacity = engines * one.requests_per_second
    use = arrivals_per_second / capacity if capacity else inf
    if use >= 1:
        full = float(places)
        return Fleet(
            utilisation=use,
            in_flight=full,
            waiting=1,
            late=1,
            inter_token_ms=one.inter_token_ms(one.slots),
        )
    waiting, in_flight = _balance(engines, one, arrivals_per_second, use)
    decay = queue_decay(use, one.requests_per_second, engines)
    spare = (first_token_ms - one.prefill_ms) / MS_PER_SECOND
    return Fleet(
        utilisation=use,
        in_flight=in_flight,
        waiting=waiting,
        late=1.0 if spare < 0 else waiting * exp(-decay * spare),
        inter_token_ms=one.inter_token_ms(in_flight / engines),
    )


def engines(
    arrivals_per_second: float,
    one: Engine,
    first_token_ms: float,
    *,
    zones: int = 1,
    spare: int = 0,
    percentile: float = FIRST_TOKEN_PERCENTILE.value,
) -> Serving:
    """Return the engines of a model.

    Args:
        arrivals_per_second: requests at the planned peak that this model answers.
        one: an engine under those requests.
        first_token_ms: the longest wait for a first token that `percentile` of them may see.
        zones: over how many the engines are spread, one of which may be lost; 1 plans for none.
        spare: engines that may be lost one by one; the larger of both losses counts.
        percentile: the share of requests that the objective speaks of.

    Raises:
        ValueError: an engine without a slot, a prefill longer than the objective, or a load or
            count that cannot be.
    """
    _checked(one, arrivals_per_second)
    checked_percentile(percentile)
    if not one.prefill_ms < first_token_ms < inf:
        raise ValueError(
            f"a prefill of {one.prefill_ms:.0f} ms keeps no first token of {first_token_ms:.0f} ms"
        )
    if spare < 0:
        raise ValueError(f"{spare} engines to spare cannot be")
    mean = arrivals_per_second * one.seconds_per_request
    highest = in_flight_at(mean, IN_FLIGHT_PERCENTILE.value)
    if not mean:
        return _none()
    needed = _needed(arrivals_per_second, one, first_token_ms, percentile)
    asked = {
        SLOTS: at_most(highest, one.slots),
        RATE: at_most(arrivals_per_second, one.requests_per_second * RATE_HEADROOM.value),
        FIRST_TOKEN: needed,
    }
    binding = max(asked, key=lambda rule: asked[rule])  # the first of equals
    return Serving(
        engines=max(with_zone_lost(asked[binding], zones), asked[binding] + spare),
        binding=binding,
        needed=needed,
        by_slots=asked[SLOTS],
        by_rate=asked[RATE],
        in_flight_mean=mean,
        in_flight_percentile=highest,
    )


def _needed(arrivals: float, one: Engine, first_token_ms: float, percentile: float) -> int:
    """Return the fewest engines: in growing steps until they suffice, then halving the last one."""

    def late(count: int) -> bool:
        return fleet(count, one, arrivals, first_token_ms).late > 1 - percentile

    count = max(1, ceil(arrivals / one.requests_per_second))
    if not late(count):
        return count
    short, step = count, 1
    while late(short + step):
        short, step = short + step, step + step
    enough = short + step
    while enough - short > 1:
        middle = (short + enough) // TWO
        short, enough = (middle, enough) if late(middle) else (short, middle)
    return enough


def _balance(engines: int, one: Engine, arrivals: float, use: float) -> tuple[float, float]:
    """Return the share of time with all slots taken, and the mean of the slots taken.

    A chain of births and deaths: the weight of one request fewer is the last weight times the rate
    of leaving over that of arriving. It is added up from the likeliest state both ways, until what
    is left weighs nothing: states in the thousands then cost as many terms as their spread.
    """
    places = engines * one.slots
    slope = one.slope_ms / engines
    pace, base = MS_PER_SECOND / (arrivals * one.output_tokens), one.base_ms
    # where the two rates are equal; a first request that slows nobody down is likeliest alone
    rising = pace - slope if base > 0 else inf
    likeliest = min(places, int(base / rising)) if rising > 0 else places
    weight = total = 1.0
    taken = float(likeliest)
    for busy in range(likeliest, 0, -1):
        weight *= busy / (base + slope * busy) * pace
        total += weight
        taken += weight * (busy - 1)
        if weight < total * NEGLIGIBLE:
            break
    full = 1.0
    for busy in range(likeliest + 1, places + 1):
        full *= (base + slope * busy) / (busy * pace)
        total += full
        taken += full * busy
        if full < total * NEGLIGIBLE:
            full = 0.0
            break
    queued = full * use / (1 - use)
    everything = total + queued
    return (full + queued) / everything, (taken + queued * places) / everything


def _none() -> Serving:
    return Serving(
        engines=0,
        binding=NO_LOAD,
        needed=0,
        by_slots=0,
        by_rate=0,
        in_flight_mean=0,
        in_flight_percentile=0,
    )


def _checked(one: Engine, arrivals_per_second: float) -> None:
    if one.slots < 1:
        raise ValueError("an engine without a slot serves nobody: objective or memory is too small")
    if not (isfinite(arrivals_per_second) and arrivals_per_second >= 0):
        raise ValueError(f"{arrivals_per_second} arrivals/s cannot be")
