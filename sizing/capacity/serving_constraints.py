"""What engines that stand make of a load: memory, tokens, slots and both latencies, each judged."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, isfinite, log

from sizing.capacity.constraint import Constraint
from sizing.capacity.serving import Ability, ability, asked
from sizing.catalog import InstanceType
from sizing.queueing.serving import IN_FLIGHT_PERCENTILE, fleet, in_flight_at
from sizing.serving.models import kv_bytes_per_token, weight_bytes
from sizing.serving.profiles import PROFILES, ProfileName
from sizing.serving.request import Serving
from sizing.serving.times import pool_bytes
from sizing.units import GIB
from sizing.workload import ServedModel, Workload

SOURCE = "throughput-fit"
# A context shorter than this many deviations above the mean request would refuse everyday
# requests. Source: sizing-decisions.
LONGEST_DEVIATIONS = 2
LATE = 0.05  # what P95 leaves out
MEASURE = "run one engine with the workload's own lengths and state its tokens/s and latencies"


def constraints(
    load: Workload, model: ServedModel, machine: InstanceType, engines: int
) -> tuple[Constraint, ...]:
    """Return the constraints of the engines of one model.

    Args:
        load: what users do.
        model: the model, as it is served.
        machine: what the engines run on.
        engines: those that stand at peak.
    """
    serving = asked(load, model, machine)
    if isinstance(serving, str):
        return (_unknown(serving),)
    goals = load.objectives
    token_ms, first_ms = goals.inter_token_latency_ms.value, goals.first_token_p95_ms.value
    sure = ability(serving, ProfileName.CONSERVATIVE, token_ms, first_ms)
    best = ability(serving, ProfileName.PHYSICAL, token_ms, first_ms)
    arrivals = load.served_requests_per_second_at_peak * model.share
    return (
        _memory(serving),
        _context(load, model),
        _tokens(arrivals * load.output_tokens, engines, sure, best),
        _in_flight(arrivals, engines, sure, best),
        *_latencies(load, arrivals, engines, sure, best),
    )


def _unknown(why: str) -> Constraint:
    return Constraint(
        name="tokens",
        unit="output tokens/s",
        demand=None,
        conservative=None,
        physical=None,
        hard=False,
        formula=why,
        source=SOURCE,
        measure=MEASURE,
    )


def _memory(serving: Serving) -> Constraint:
    shape, group = serving.model, serving.tensor_parallel
    longest = kv_bytes_per_token(shape, serving.cache) * (serving.context_tokens or 0)
    weights = weight_bytes(shape, serving.precision)

    def held(profile: ProfileName) -> float:
        if serving.obstacle:
            return 0
        return (pool_bytes(serving, PROFILES[profile]) + weights) / GIB

    return Constraint(
        name="gpu-memory",
        unit=f"GiB on {group} x {serving.gpu.name}",
        demand=(weights + longest) / GIB,
        conservative=held(ProfileName.CONSERVATIVE),
        physical=held(ProfileName.PHYSICAL),
        hard=True,
        formula=serving.obstacle
        or f"weights in {serving.precision} + one context of {serving.context_tokens:,} tokens in "
        f"{serving.cache} <= GPUs x (memory x share taken - activations)",
        source="vllm-10517",
        measure="start an engine and read how much cache its log reports",
    )


def _context(load: Workload, model: ServedModel) -> Constraint:
    """Judge whether requests fit the model's context: an engine refuses what does not.

    Refuted where the mean request already is too long: the demand is a long one, so that the other
    side carries the ratio of the two.
    """
    mean, longest = load.input_tokens + load.output_tokens, long_request(load)
    return Constraint(
        name="context",
        unit="tokens of a request",
        demand=longest,
        conservative=model.context_tokens,
        physical=model.context_tokens * longest / mean,
        hard=True,
        formula=f"tokens in and out of a request {LONGEST_DEVIATIONS} deviations above the mean "
        "(at most: of the mean one) <= context",
        source="sizing-decisions",
        measure="state the workload's spreads (tokens.input_spread, tokens.output_spread) as "
        "measured, or serve the model with a longer context (models[].context)",
    )


def long_request(load: Workload) -> int:
    """Return the tokens of a request that is long, but nothing out of the ordinary."""
    inputs = load.input_tokens * (1 + LONGEST_DEVIATIONS * load.input_spread)
    return ceil(inputs + load.output_tokens * (1 + LONGEST_DEVIATIONS * load.output_spread))


def _tokens(demand: float, engines: int, sure: Ability, best: Ability) -> Constraint:
    return Constraint(
        name="tokens",
        unit="output tokens/s",
        demand=demand,
        conservative=engines * sure.slots.output_tokens_per_second,
        physical=engines * best.slots.output_tokens_per_second,
        hard=False,
        formula="peak output tokens/s <= engines x tokens/s of one with every slot taken",
        source=SOURCE,
        measure=MEASURE,
    )


def _in_flight(arrivals: float, engines: int, sure: Ability, best: Ability) -> Constraint:
    # an engine that surely keeps no objective has no slot that counts, whatever its cache holds
    one = sure.engine or best.engine
    mean = None if one is None else arrivals * one.seconds_per_request
    return Constraint(
        name="slots",
        unit="requests in flight",
        demand=None if mean is None else in_flight_at(mean, IN_FLIGHT_PERCENTILE.value),
        conservative=0 if sure.engine is None else engines * sure.slots.slots,
        physical=engines * best.slots.slots,
        hard=True,
        formula="P99 of requests in flight (Poisson, mean = arrivals x seconds of one) <= "
        "engines x slots within the inter-token objective",
        source=SOURCE,
        measure=MEASURE,
    )


def _latencies(
    load: Workload, arrivals: float, engines: int, sure: Ability, best: Ability
) -> tuple[Constraint, Constraint]:
    goals = load.objectives
    token_ms, first_ms = goals.inter_token_latency_ms.value, goals.first_token_p95_ms.value
    careful = _seen(arrivals, engines, sure, first_ms)
    least = _seen(arrivals, engines, best, first_ms)
    return (
        _latency("first-token", "ms at P95", first_ms, careful.first_ms, least.first_ms),
        _latency("inter-token", "ms on average", token_ms, careful.token_ms, least.token_ms),
    )


def _latency(
    name: str, unit: str, objective: float, careful: float | None, least: float | None
) -> Constraint:
    # Refuted where even the datasheet's own limits are too slow: demand is the careful figure, so
    # that the other side carries the ratio of the two.
    possible = least is None or least <= objective
    known = careful if careful is not None and isfinite(careful) else None
    return Constraint(
        name=name,
        unit=unit,
        demand=known if known is not None or possible else least,
        conservative=objective,
        physical=None if possible else objective,
        hard=True,
        formula="predicted by the careful profile at the planned peak <= objective",
        source=SOURCE,
        measure=MEASURE,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What requests see, in milliseconds; infinite where that never ends, None where unknown."""

    first_ms: float | None
    token_ms: float | None


def _seen(arrivals: float, engines: int, one: Ability, first_ms: float) -> _Seen:
    if one.engine is None:
        # a prompt that takes too long, or tokens that do; one that does not fit shows neither
        if not one.prediction.fits:
            return _Seen(None, None)
        return _Seen(inf, None) if one.slots.slots else _Seen(None, inf)
    found = fleet(engines, one.engine, arrivals, first_ms)
    if found.utilisation >= 1:
        return _Seen(inf, inf)
    first = one.engine.prefill_ms
    if found.waiting > LATE and found.late > 0:
        # the wait's tail falls exponentially: its pace from the two points that are known
        pace = log(found.waiting / found.late) / (first_ms - first)
        first += log(found.waiting / LATE) / pace
    return _Seen(first, found.inter_token_ms)
