"""Whether a model fits the memory of a GPU: weights and the cache of one full context.

A hard limit with three answers. What the vendor's sheet leaves of a GPU and what activations take
is not measured here, so it is stated twice: conservatively, and as the physical best case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.catalog import InstanceType
from sizing.model import Figure
from sizing.units import GIB
from sizing.words import Kind, Verdict
from sizing.workload import ServedModel

# Memory that a process can use, GiB by model and nominal size. Datasheet values less the driver's
# part, recalled and not measured. Source: sizing-decisions, 2026-11, assumed.
USABLE_GIB: Mapping[tuple[str, int], float] = MappingProxyType(
    {
        ("NVIDIA T4", 16): 14.6,
        ("NVIDIA L4", 24): 22.0,
        ("NVIDIA A10G", 24): 22.0,
        ("NVIDIA L40S", 48): 44.4,
        ("NVIDIA A100", 40): 39.4,
        ("NVIDIA A100", 80): 79.2,
        ("NVIDIA H100", 80): 79.2,
    }
)
# Without bf16 arithmetic a bf16 model does not start at all. Source: sizing-decisions (Turing).
WITHOUT_BF16 = ("NVIDIA T4",)
WEIGHT_BYTES: Mapping[str, Figure] = MappingProxyType(
    {
        "llama-3.1-8b": Figure(
            value=16_060_000_000,
            unit="bytes in bf16",
            source="vllm-10517",
            date="2024-12-02",
            kind=Kind.DERIVED,
        )
    }
)
# 2 x layers x KV heads x head size x 2 bytes; 3.81 GiB for 31,232 tokens in the log of the issue.
CACHE_BYTES_PER_TOKEN: Mapping[str, Figure] = MappingProxyType(
    {
        "llama-3.1-8b": Figure(
            value=131_072,
            unit="bytes a token in bf16",
            source="vllm-10517",
            date="2024-12-02",
            kind=Kind.DERIVED,
        )
    }
)
MEMORY_UTILISATION = Figure(
    value=0.90,
    unit="share of GPU memory that vLLM takes",
    source="vllm-cache",
    date="2026",
    kind=Kind.VENDOR,
)
BEST_MEMORY_UTILISATION = Figure(
    value=0.95,
    unit="share of GPU memory at best",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
ACTIVATION_BYTES = Figure(
    value=1.5 * GIB,
    unit="bytes for activations and graphs",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
BEST_ACTIVATION_BYTES = Figure(
    value=0.5 * GIB,
    unit="bytes for activations and graphs at best",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What one GPU group must hold and can hold, in bytes; None where a figure is missing."""

    needed: int
    conservative: int | None
    physical: int | None
    verdict: Verdict


def fit(model: ServedModel, machine: InstanceType) -> Fit:
    """Say whether weights and one full context fit the GPUs that an engine takes.

    Raises:
        KeyError: a model whose size no source shows.
    """
    weights = int(WEIGHT_BYTES[model.name])
    needed = weights + int(CACHE_BYTES_PER_TOKEN[model.name]) * model.context_tokens
    usable = USABLE_GIB.get((machine.gpu_model, machine.gpu_memory_gib))
    if usable is None:
        return Fit(needed=needed, conservative=None, physical=None, verdict=Verdict.UNPROVEN)
    memory, group = usable * GIB, model.tensor_parallel
    held = int((memory * MEMORY_UTILISATION.value - ACTIVATION_BYTES.value) * group)
    best = int((memory * BEST_MEMORY_UTILISATION.value - BEST_ACTIVATION_BYTES.value) * group)
    if needed > best or (machine.gpu_model in WITHOUT_BF16 and model.precision == "bf16"):
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.HOLDS if needed <= held else Verdict.UNPROVEN
    return Fit(needed=needed, conservative=held, physical=best, verdict=verdict)
