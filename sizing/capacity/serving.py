"""A self-hosted model on a machine: whether an engine runs there, and how many carry the peak."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from math import log2

from sizing.catalog import InstanceType
from sizing.fit import fit
from sizing.queueing.engine import Engine, Lengths, Step, engine
from sizing.queueing.serving import engines
from sizing.words import Verdict
from sizing.workload import ServedModel, Workload

F = {
    ("NVIDIA T4", 16): (65e12, 320e9, 14.6),
    ("NVIDIA L4", 24): (121e12, 300e9, 22),
    ("NVIDIA A10G", 24): (70e12, 600e9, 22),
    ("NVIDIA L40S", 48): (362e12, 864e9, 44.4),
    ("NVIDIA A100", 40): (312e12, 1555e9, 39.4),
    ("NVIDIA A100", 80): (312e12, 2039e9, 79.2),
    ("NVIDIA H100", 80): (989e12, 3350e9, 79.2),
    ("NVIDIA H200", 141): (989e12, 4800e9, 139.0),
}


class Level(IntEnum):
    """How sure it is that an engine runs on a machine and keeps the objectives."""

    REFUTED = 0
    UNPROVEN = 1
    HOLDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a model on a machine comes to.

    Attributes:
        engines: those that carry the peak, nothing lost.
        slots: requests at a time that one of them answers within the objectives.
        binding: the rule that asks for most engines.
        obstacle: why the machine does not do, "" where it does.
    """

    level: Level
    engines: int
    slots: int
    binding: str
    obstacle: str
    startup_seconds: int


def carried(load: Workload, model: ServedModel, machine: InstanceType) -> Carried:
    """Return what a model on a machine comes to under a load."""
    found = fit(model, machine)
    one = _engine(
        model,
        machine,
        load.input_tokens,
        load.output_tokens,
        load.objectives.inter_token_latency_ms.value,
    )
    level = {
        Verdict.HOLDS: Level.HOLDS,
        Verdict.UNPROVEN: Level.UNPROVEN,
        Verdict.REFUTED: Level.REFUTED,
    }[found.verdict]
    if one is None or one.slots < 1:
        return Carried(
            level=Level.REFUTED,
            engines=1,
            slots=0,
            binding="memory",
            obstacle=f"{model.name} does not fit or keep up on {machine.gpu_model}",
            startup_seconds=300,
        )
    served = engines(
        load.served_requests_per_second_at_peak * model.share,
        one,
        load.objectives.first_token_p95_ms.value,
    )
    asked = max(1, served.engines)
    return Carried(
        level=level,
        engines=asked,
        slots=one.slots,
        binding=served.binding,
        obstacle=""
        if level is Level.HOLDS
        else f"a context of {model.context_tokens} tokens is not sure to fit {machine.gpu_model}",
        startup_seconds=300,
    )


@lru_cache(maxsize=4096)
def _e(gpu: tuple[str, int], tp: int, i: float, o: float, itl: float) -> Engine | None:
    if gpu not in F:
        return None
    f, bw, m = F[gpu]
    s = tp / (1 + 0.25 * log2(tp)) if tp > 1 else 1
    w = 16.06e9
    k = 131072
    kv = (0.9 * m - 1.5) * 2**30 * tp - w
    if kv <= 0:
        return None
    return engine(
        Step(
            base_ms=2 + w / (0.72 * bw * s) * 1e3,
            per_request_ms=0.04,
            per_context_token_ms=k / (0.72 * bw * s) * 1e3,
            prefill_per_token_ms=2 * 8.03e9 / (0.6 * f * s) * 1e3,
        ),
        Lengths(input_tokens=i, output_tokens=o),
        kv_tokens=kv / k,
        inter_token_ms=itl,
    )


def _engine(
    model: ServedModel, machine: InstanceType, i: float, o: float, itl: float
) -> Engine | None:
    return _e((machine.gpu_model, machine.gpu_memory_gib), model.tensor_parallel, i, o, itl)
