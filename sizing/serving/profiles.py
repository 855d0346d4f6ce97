"""What an engine reaches of a datasheet: one parameter set a profile, for every GPU and model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sizing.model import Figure
from sizing.units import GIB
from sizing.words import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


class ProfileName(StrEnum):
    """How a prediction is meant."""

    CONSERVATIVE = "conservative"
    CURRENT = "current"
    PHYSICAL = "physical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How near an engine comes to the datasheet.

    Attributes:
        compute_share: of the datasheet's operations a second.
        widened_share: of that, where weights are widened to 16 bits as they are read: the
            arithmetic waits for it.
        bandwidth_share: of its bytes a second of memory.
        link_share: of its bytes a second between GPUs.
        step_s: what a step costs whatever it does: scheduling, sampling.
        layer_s: what a layer costs a step whatever it holds: launches, norms, small kernels.
        sequence_s: what a sequence costs a step beside arithmetic and memory.
        memory_utilisation: share of a GPU's memory that the engine takes.
        activation_bytes: of that, what activations and graphs take on each GPU.
        counted_output: share of its output that a request is counted with when it is let in; 1:
            its last token has room from the start; 0.5: its average length has.
        ideal: the best case of physics: arithmetic and reading hide behind one another, all
            sequences choose the same experts, int8 weights are multiplied in int8.
    """

    compute_share: float
    widened_share: float
    bandwidth_share: float
    link_share: float
    step_s: float
    layer_s: float
    sequence_s: float
    memory_utilisation: float
    activation_bytes: float
    counted_output: float
    ideal: bool = False


MEMORY_UTILISATION = Figure(
    value=0.90,
    unit="share of GPU memory that vLLM takes, releases up to 2025",
    source="vllm-cache",
    date="2026",
    kind=Kind.VENDOR,
)
CURRENT_MEMORY_UTILISATION = Figure(
    value=0.92,
    unit="share of GPU memory that vLLM takes, by default today",
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
# Qwen2-7B on one A100, vLLM 0.10.1: at 50 % of the memory 24.83 GiB of cache stay beside 14.25 GiB
# of weights, so 0.55 GiB are activations; the graphs took another 0.50.
CURRENT_ACTIVATION_BYTES = Figure(
    value=1.05 * GIB,
    unit="bytes for activations and graphs",
    source="dennislee22",
    date="2025-09",
    kind=Kind.MEASURED,
)
BEST_ACTIVATION_BYTES = Figure(
    value=0.5 * GIB,
    unit="bytes for activations and graphs at best",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# vLLM's largest default (70 GiB and more, no A100; 256 elsewhere), and what `None` stands for.
MOST_SEQUENCES = Figure(
    value=1024,
    unit="sequences a step at most",
    source="vllm-batch-defaults",
    date="2026",
    kind=Kind.VENDOR,
)

# Fitted by `calibrate` on the measurements whose source has an odd digest (`half`); the profile
# "conservative" is the same set with every share divided, and every cost multiplied, by `MARGIN`,
# and with room for every request's last token.
# A search over all of them moves along a valley (layer_s up and step_s down) and leaves the rms of
# that half where it is, so that only widened_share was fitted when measurements were added.
# Rederived by benchmarks/throughput.py. Source: throughput-fit, derived, 2026-11-21.
FITTED = {
    "compute_share": 0.585,
    "widened_share": 0.73,
    "bandwidth_share": 0.870,
    "link_share": 0.372,
    "step_s": 1.90e-3,
    "layer_s": 69e-6,
    "sequence_s": 0.70e-6,
    "counted_output": 0.77,
}
# The smallest step of 0.05 that leaves nine of ten measurements of the fitting half at or above
# what the profile predicts: 90.2 % there, 96.3 % of the other half. Source: throughput-fit.
MARGIN = 1.25

CURRENT = Profile(
    compute_share=FITTED["compute_share"],
    widened_share=FITTED["widened_share"],
    bandwidth_share=FITTED["bandwidth_share"],
    link_share=FITTED["link_share"],
    step_s=FITTED["step_s"],
    layer_s=FITTED["layer_s"],
    sequence_s=FITTED["sequence_s"],
    counted_output=FITTED["counted_output"],
    memory_utilisation=CURRENT_MEMORY_UTILISATION.value,
    activation_bytes=CURRENT_ACTIVATION_BYTES.value,
)
CONSERVATIVE = Profile(
    compute_share=FITTED["compute_share"] / MARGIN,
    widened_share=FITTED["widened_share"],
    bandwidth_share=FITTED["bandwidth_share"] / MARGIN,
    link_share=FITTED["link_share"] / MARGIN,
    step_s=FITTED["step_s"] * MARGIN,
    layer_s=FITTED["layer_s"] * MARGIN,
    sequence_s=FITTED["sequence_s"] * MARGIN,
    counted_output=1,
    memory_utilisation=MEMORY_UTILISATION.value,
    activation_bytes=ACTIVATION_BYTES.value,
)
# The datasheet itself: nothing measured may exceed it.
PHYSICAL = Profile(
    compute_share=1,
    widened_share=1,
    bandwidth_share=1,
    link_share=1,
    step_s=0,
    layer_s=0,
    sequence_s=0,
    memory_utilisation=BEST_MEMORY_UTILISATION.value,
    activation_bytes=BEST_ACTIVATION_BYTES.value,
    counted_output=0.5,
    ideal=True,
)
PROFILES: Mapping[ProfileName, Profile] = MappingProxyType(
    {
        ProfileName.CONSERVATIVE: CONSERVATIVE,
        ProfileName.CURRENT: CURRENT,
        ProfileName.PHYSICAL: PHYSICAL,
    }
)
