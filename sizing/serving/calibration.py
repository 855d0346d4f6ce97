"""The model against what was measured: which halves, how well, and fitting its parameters anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any, Final

from sizing.serving.gpus import gpu
from sizing.serving.models import model_shape
from sizing.serving.profiles import CURRENT, MOST_SEQUENCES, Profile
from sizing.serving.request import Serving
from sizing.serving.tables import rows
from sizing.serving.throughput import output_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The choices of fitting, all ours (sizing-decisions, 2026-11): fewer measurements than parameters
# fit anything; one wrong measurement shall not pull; near is what a planner can live with.
LEAST_MEASUREMENTS: Final = 6
LARGEST_ERROR: Final = 0.8  # of ln(predicted / measured): what lies further off counts as this far
NEAR: Final = 0.30  # of the measured figure
SEARCHED: Final = {  # parameter -> its smallest and largest value
    "compute_share": (0.05, 0.97),
    "widened_share": (0.3, 1.0),
    "bandwidth_share": (0.05, 0.97),
    "link_share": (0.05, 0.97),
    "step_s": (1e-6, 0.1),
    "layer_s": (1e-7, 0.01),
    "sequence_s": (1e-8, 0.01),
    "counted_output": (0.5, 1.0),
}
FIRST_STEP: Final = 0.25
LAST_STEP: Final = 0.005
HALVED: Final = 0.5
HALVES: Final = 2
SQUARE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A published run.

    Attributes:
        source: id of where it was published.
        engine: what served, with its version.
        itl_ms: mean time between tokens; None where not printed.
        ttft_ms: mean time to the first token; None where not printed.
    """

    source: str
    date: str
    engine: str
    serving: Serving
    output_tokens_per_second: float
    itl_ms: float | None = None
    ttft_ms: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How predictions stand to measurements.

    Attributes:
        rms: root mean square of ln(predicted / measured).
        bias: its mean; above zero where predictions are too high.
        near: share of the predictions within 30 % of what was measured.
        unfit: measurements that the model holds to be impossible; each counts as far off.
    """

    count: int
    rms: float
    bias: float
    near: float
    unfit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A profile fitted to measurements, and how well it meets them."""

    profile: Profile
    accuracy: Accuracy


@cache
def measurements() -> tuple[Measurement, ...]:
    """Return all packaged measurements, by source."""
    return tuple(_read(row) for row in rows("measurements"))


def half(source: str) -> str:
    """Say which half a source belongs to, by its SHA-256: odd "fitted", even "held out"."""
    return "fitted" if sha256(source.encode()).digest()[-1] % HALVES else "held out"


def fitted_half() -> tuple[Measurement, ...]:
    """Return the measurements that parameters are fitted on."""
    return tuple(one for one in measurements() if half(one.source) == "fitted")


def held_out_half() -> tuple[Measurement, ...]:
    """Return the measurements that no parameter has seen."""
    return tuple(one for one in measurements() if half(one.source) == "held out")


def error(one: Measurement, profile: Profile = CURRENT) -> float | None:
    """Return ln(predicted / measured); None where the profile says that it does not fit."""
    predicted = output_rate(one.serving, profile)
    return None if predicted is None else log(predicted / one.output_tokens_per_second)


def accuracy(found: Sequence[Measurement], profile: Profile = CURRENT) -> Accuracy:
    """Return how a profile's predictions stand to measurements.

    Raises:
        ValueError: there are none.
    """
    if not found:
        raise ValueError("no measurement to compare with")
    errors = [error(one, profile) for one in found]
    off = [LARGEST_ERROR if one is None else one for one in errors]
    near = sum(1 for one in errors if one is not None and is_near(one))
    return Accuracy(
        count=len(off),
        rms=sqrt(sum(one * one for one in off) / len(off)),
        bias=sum(off) / len(off),
        near=near / len(off),
        unfit=errors.count(None),
    )


def is_near(one: float) -> bool:
    """Say whether an error of ln(predicted / measured) is within 30 %."""
    return abs(exp(one) - 1) <= NEAR


def calibrate(found: Sequence[Measurement], start: Profile = CURRENT) -> Calibration:
    """Fit shares and costs to measurements, from a profile on; the same input, the same answer.

    A search along one parameter after the other, in steps that are halved when none helps. A
    source weighs by the square root of its measurements, so that no large table decides alone.

    Raises:
        ValueError: fewer than six measurements.
    """
    if len(found) < LEAST_MEASUREMENTS:
        raise ValueError(
            f"measurements: found {len(found)}; allowed: {LEAST_MEASUREMENTS} or more, "
            "fewer say nothing of as many parameters"
        )
    weights = _weights(found)
    best, least, step = start, _loss(found, weights, start), FIRST_STEP
    while step >= LAST_STEP:
        moved = False
        for candidate in _neighbours(best, step):
            loss = _loss(found, weights, candidate)
            if loss < least:
                best, least, moved = candidate, loss, True
        if not moved:
            step *= HALVED
    return Calibration(profile=best, accuracy=accuracy(found, best))


def _neighbours(profile: Profile, step: float) -> Iterable[Profile]:
    for name, (smallest, largest) in SEARCHED.items():
        value = getattr(profile, name)
        for other in (value * (1 + step), value / (1 + step)):
            if smallest <= other <= largest:
                yield replace(profile, **{name: other})


def _weights(found: Sequence[Measurement]) -> list[float]:
    sources = [one.source for one in found]
    return [1 / sqrt(sources.count(source)) for source in sources]


def _loss(found: Sequence[Measurement], weights: Sequence[float], profile: Profile) -> float:
    total = 0.0
    for one, weight in zip(found, weights, strict=True):
        off = error(one, profile)
        total += weight * min(LARGEST_ERROR, abs(LARGEST_ERROR if off is None else off)) ** SQUARE
    return total / sum(weights)


def _read(row: dict[str, Any]) -> Measurement:
    serving = Serving(
        gpu=gpu(row["gpu"]),
        model=model_shape(row["model"]),
        tensor_parallel=row["tensor_parallel"],
        precision=row["precision"],
        cache_precision=row["cache_precision"],
        input_tokens=row["input_tokens"],
        output_tokens=row["output_tokens"],
        concurrency=row["concurrency"],
        requests=row.get("requests"),
        max_num_seqs=row.get("max_num_seqs", int(MOST_SEQUENCES)),
        memory_utilisation=row.get("memory_utilisation"),
    )
    return Measurement(
        source=row["source"],
        date=row["date"],
        engine=row["engine"],
        serving=serving,
        output_tokens_per_second=row["output_tokens_per_second"],
        itl_ms=row.get("itl_ms"),
        ttft_ms=row.get("ttft_ms"),
        note=row.get("note", ""),
    )
