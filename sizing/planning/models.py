"""What the engines serve: the models of the load, as their programs are told of them.

An engine is told what the capacity model assumed of it: the share of GPU memory, the longest
context, and no more sequences than the slots that keep the objectives.
"""

from __future__ import annotations

from collections.abc import Iterable

from sizing.capacity.files import catalogued
from sizing.capacity.serving import Level
from sizing.model import Figure
from sizing.planning.engines import GpuPool, engine_name
from sizing.planning.environment import Setting
from sizing.planning.serving import Serving
from sizing.plans import ModelPlan
from sizing.serving.checkpoints import checkpoint, is_gated, narrowed_to
from sizing.serving.profiles import CONSERVATIVE, CURRENT
from sizing.units import GIB
from sizing.words import Kind

# What engines are told where no number of slots keeps the objectives.
SEQUENCES = Figure(
    value=256,
    unit="sequences a step, vLLM's default of most GPUs",
    source="vllm-batch-defaults",
    date="2026",
    kind=Kind.VENDOR,
)
SHARED_MEMORY = Figure(
    value=2 * GIB,
    unit="bytes of /dev/shm of an engine on one GPU",
    source="vllm-kubernetes",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
PARALLEL_SHARED_MEMORY = Figure(
    value=20 * GIB,
    unit="bytes of /dev/shm of an engine on several GPUs",
    source="vllm-production-stack",
    date="2026-08-05",
    kind=Kind.VENDOR,
)
# Precisions that vLLM makes itself of wider weights; others need a checkpoint. Source:
# vllm-quantization.
NARROWED_ON_LOADING = ("fp8",)
CACHE_TYPES = {"bf16": "auto", "fp8": "fp8"}


def models(setting: Setting, pools: Iterable[GpuPool]) -> tuple[ModelPlan, ...]:
    """Return what the engines serve, by name."""
    found = (_model(setting, one) for pool in pools for one in pool.members)
    return tuple(sorted(found, key=lambda one: one.name))


def _model(setting: Setting, serving: Serving) -> ModelPlan:
    model, sure = serving.model, serving.carried.level is Level.HOLDS
    profile = CONSERVATIVE if sure else CURRENT
    parallel = model.tensor_parallel > 1
    return ModelPlan(
        name=model.name,
        service=engine_name(model),
        repository=model.repository,
        revision=_revision(setting, model.name, model.repository),
        precision=model.precision,
        quantization=_quantization(model.precision, model.repository),
        cache_dtype=CACHE_TYPES[model.cache_precision],
        tensor_parallel=model.tensor_parallel,
        context_tokens=model.context_tokens,
        max_sequences=serving.carried.slots or int(SEQUENCES),
        gpu_memory_utilisation=profile.memory_utilisation,
        shared_memory_bytes=int(PARALLEL_SHARED_MEMORY if parallel else SHARED_MEMORY),
        weight_bytes=round(catalogued(model) or 0),
        gated=is_gated(model.repository),
        share=model.share,
    )


def _revision(setting: Setting, name: str, repository: str) -> str:
    by_hand = dict(setting.request.switches.revisions).get(name)
    if by_hand is not None:
        return by_hand
    known = checkpoint(repository)
    return known.revision if known else ""


def _quantization(precision: str, repository: str) -> str:
    if precision in NARROWED_ON_LOADING and not narrowed_to(repository):
        return precision
    return ""
