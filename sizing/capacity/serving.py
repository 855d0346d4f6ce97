"""A self-hosted model on a machine: whether an engine runs there, and how many carry the peak.

Throughput and latency are `sizing.serving`'s, by its careful profile; how many engines that takes
is `sizing.queueing`'s. Where the careful profile says no and the datasheet's own limits do not, the
answer is open, and the engines are counted by the best estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM
from sizing.catalog import InstanceType, UnknownNameError
from sizing.queueing.engine import Engine
from sizing.queueing.serving import RATE, engines
from sizing.queueing.staffing import at_most
from sizing.serving.cold_start import ColdStart, cold_start
from sizing.serving.gpus import gpu_of
from sizing.serving.models import model_shape
from sizing.serving.profiles import ProfileName
from sizing.serving.request import Serving, ServingError
from sizing.serving.throughput import Prediction, Slots, predict, slots_within
from sizing.workload import ServedModel, Workload

KEPT = 4096  # answers kept of each kind: a plan asks for the same engine several times


class Level(StrEnum):
    """How sure it is that an engine runs on a machine and keeps the objectives."""

    REFUTED = "refuted"
    UNPROVEN = "unproven"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a model on a machine comes to.

    Attributes:
        engines: those that carry the peak, nothing lost.
        slots: requests at a time that one of them answers within the objectives.
        tokens_per_second: output of one with every slot taken.
        binding: the rule that asks for most engines.
        obstacle: why the machine does not do for sure, "" where it does.
        startup_seconds: from its container's start to an engine's first answer.
        cold_start_seconds: likewise from the moment it is asked for, a new machine included.
    """

    level: Level
    engines: int
    slots: int
    tokens_per_second: float
    binding: str
    obstacle: str
    startup_seconds: int
    cold_start_seconds: int


@dataclass(frozen=True, slots=True)
class Ability:
    """One engine under one profile; `engine` is None where it keeps no objective."""

    prediction: Prediction
    slots: Slots
    engine: Engine | None


def asked(load: Workload, model: ServedModel, machine: InstanceType) -> Serving | str:
    """Return what is asked of an engine, or why it cannot be."""
    card = gpu_of(machine.gpu_model, machine.gpu_memory_gib)
    if card is None:
        return f"no source shows the figures of {machine.gpu_model or 'a machine without GPU'}"
    try:
        return Serving(
            gpu=card,
            model=model_shape(model.name),
            tensor_parallel=model.tensor_parallel,
            precision=model.precision,
            cache_precision=model.cache_precision,
            input_tokens=max(1, round(load.input_tokens)),
            output_tokens=max(1, round(load.output_tokens)),
            context_tokens=model.context_tokens,
        )
    except (ServingError, UnknownNameError) as error:
        return str(error)


def carried(load: Workload, model: ServedModel, machine: InstanceType) -> Carried:
    """Return what a model on a machine comes to under a load."""
    serving = asked(load, model, machine)
    if isinstance(serving, str):
        return _cannot(serving)
    goals = load.objectives
    token_ms, first_ms = goals.inter_token_latency_ms.value, goals.first_token_p95_ms.value
    sure = ability(serving, ProfileName.CONSERVATIVE, token_ms, first_ms)
    start = cold_start(serving.model, model.precision)
    if sure.engine is not None:
        return _carried(load, model.share, Level.HOLDS, sure, "", start)
    why = obstacle(serving, sure, token_ms, first_ms)
    best = ability(serving, ProfileName.PHYSICAL, token_ms, first_ms)
    if best.engine is None:
        return _cannot(why)
    likely = ability(serving, ProfileName.CURRENT, token_ms, first_ms)
    used = likely if likely.engine is not None else best
    return _carried(load, model.share, Level.UNPROVEN, used, why, start)


@lru_cache(maxsize=KEPT)
def ability(serving: Serving, profile: ProfileName, token_ms: float, first_ms: float) -> Ability:
    """Return what one engine does within the objectives under a profile."""
    prediction = predict(serving, profile)
    found = slots_within(serving, profile, itl_ms=token_ms)
    if not prediction.fits or not found.slots:
        return Ability(prediction, found, None)
    engine = _engine(serving, profile, found.slots)
    return Ability(prediction, found, engine if engine.prefill_ms < first_ms else None)


def _engine(serving: Serving, profile: ProfileName, slots: int) -> Engine:
    """Return the engine as queues see it: time between tokens linear in the requests at work."""
    alone = predict(replace(serving, concurrency=1), profile)
    full = predict(replace(serving, concurrency=slots), profile)
    first, last = alone.itl_ms or 0, full.itl_ms or 0
    slope = max(0.0, (last - first) / (slots - 1)) if slots > 1 else 0.0
    return Engine(
        slots=slots,
        base_ms=first - slope,
        slope_ms=slope,
        prefill_ms=(alone.prefill_ms or 0) + (alone.step_ms or 0),
        output_tokens=serving.output_tokens,
    )


def obstacle(serving: Serving, found: Ability, token_ms: float, first_ms: float) -> str:
    """Return why an engine is not sure to keep the objectives, "" where it is."""
    if not found.prediction.fits:
        return found.prediction.reason
    cards = f"{serving.tensor_parallel} x {serving.gpu.name}"
    if not found.slots.slots:
        return (
            f"one request alone on {cards} is not sure to get a token every {token_ms:g} ms in "
            f"{serving.precision}"
        )
    if found.engine is None:
        return (
            f"a prompt of {serving.input_tokens:,} tokens on {cards} is not sure to be read in "
            f"{first_ms:g} ms"
        )
    return ""


def _carried(
    load: Workload,
    share: float,
    level: Level,
    able: Ability,
    why: str,
    start: ColdStart,
) -> Carried:
    assert able.engine is not None
    found, first_ms = able.slots, load.objectives.first_token_p95_ms.value
    arrivals = load.served_requests_per_second_at_peak * share
    count, binding = _count(able.engine, arrivals, first_ms)
    # with whole prompts read between tokens an engine writes less than its queue's mean step says
    tokens = found.output_tokens_per_second * RATE_HEADROOM.value
    by_tokens = at_most(arrivals * load.output_tokens, tokens) if tokens else 0
    if by_tokens > count:
        count, binding = by_tokens, RATE
    return Carried(
        level=level,
        engines=count,
        slots=found.slots,
        tokens_per_second=found.output_tokens_per_second,
        binding=binding,
        obstacle=why,
        startup_seconds=ceil(start.probe_s),
        cold_start_seconds=ceil(start.total_s),
    )


@lru_cache(maxsize=KEPT)
def _count(engine: Engine, arrivals: float, first_ms: float) -> tuple[int, str]:
    staffed = engines(arrivals, engine, first_ms)
    return max(1, staffed.engines), staffed.binding


def _cannot(why: str) -> Carried:
    return Carried(
        level=Level.REFUTED,
        engines=1,
        slots=0,
        tokens_per_second=0,
        binding="memory",
        obstacle=why,
        startup_seconds=0,
        cold_start_seconds=0,
    )
