"""Whether a model fits the memory of its GPUs: weights and the cache of one full context.

A hard limit with three answers. What a GPU leaves and what activations take is known within
bounds, so it is asked twice: conservatively, and as the physical best case.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import InstanceType
from sizing.serving.gpus import Gpu, gpu_of
from sizing.serving.models import ModelShape, kv_bytes_per_token, model_shape, weight_bytes
from sizing.serving.profiles import CONSERVATIVE, PHYSICAL, Profile
from sizing.serving.request import Serving
from sizing.serving.times import shards
from sizing.words import Verdict
from sizing.workload import ServedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What one GPU group must hold and can hold, in bytes; None where a figure is missing.

    Attributes:
        needed: weights and the cache of the context, copies included.
        reason: why it is refuted, "" where it is not.
    """

    needed: int
    conservative: int | None
    physical: int | None
    verdict: Verdict
    reason: str = ""


def fits(serving: Serving) -> Fit:
    """Say whether weights and one context fit, and whether the GPU runs the precision at all."""
    needed = _needed(serving.model, serving)
    held, best = _held(serving, CONSERVATIVE), _held(serving, PHYSICAL)
    reason = serving.obstacle
    if not reason and needed > best:
        reason = f"{serving.model.name} in {serving.precision} needs {needed:,} bytes of {best:,}"
    likely = Verdict.HOLDS if needed <= held else Verdict.UNPROVEN
    return Fit(
        needed=needed,
        conservative=held,
        physical=best,
        verdict=Verdict.REFUTED if reason else likely,
        reason=reason,
    )


def fit(model: ServedModel, machine: InstanceType) -> Fit:
    """Say whether a served model fits the GPUs that one engine takes of a machine.

    Raises:
        KeyError: a model whose shape no source shows.
    """
    shape = model_shape(model.name)
    card = gpu_of(machine.gpu_model, machine.gpu_memory_gib)
    if card is None:
        cache = kv_bytes_per_token(shape, model.cache_precision) * model.context_tokens
        needed = int(weight_bytes(shape, model.precision) + cache)
        return Fit(needed=needed, conservative=None, physical=None, verdict=Verdict.UNPROVEN)
    return fits(served(model, shape, card))


def served(
    model: ServedModel, shape: ModelShape, card: Gpu, *, inputs: int = 1, outputs: int = 1
) -> Serving:
    """Return a served model of a workload on a GPU, with requests of some length.

    Raises:
        ServingError: a field out of its range.
    """
    return Serving(
        gpu=card,
        model=shape,
        tensor_parallel=model.tensor_parallel,
        precision=model.precision,
        cache_precision=model.cache_precision,
        input_tokens=inputs,
        output_tokens=outputs,
        context_tokens=model.context_tokens,
    )


def _needed(shape: ModelShape, serving: Serving) -> int:
    longest = max(serving.sequence_tokens, serving.context_tokens or 0)
    copies = serving.tensor_parallel / shards(serving)
    cache = kv_bytes_per_token(shape, serving.cache) * longest * copies
    return int(weight_bytes(shape, serving.precision) + cache)


def _held(serving: Serving, profile: Profile) -> int:
    each = serving.gpu.usable_bytes * profile.memory_utilisation - profile.activation_bytes
    return int(each * serving.tensor_parallel)
