"""GPUs by datasheet: arithmetic, memory, links. Dense figures, never the ones with sparsity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sizing.serving.tables import pick, rows
from sizing.units import GIB, GIGA

TERA: Final = 10**12
# Turing (7.5) has no bf16 and no kernel for fp8 weights; Ampere (8.0) reads fp8 weights and
# computes in 16 bits. Source: vllm-quantization (table of hardware).
BF16_SINCE: Final = 8.0
FP8_WEIGHTS_SINCE: Final = 8.0

_MAKER = re.compile(r"nvidia|tesla|geforce|rtx")
_FORM = re.compile(r"sxm\d?|hbm\de?|gib|gb")
_OTHER = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One GPU.

    Attributes:
        gpu_model: as the catalogue of machines names it ("NVIDIA A10G").
        memory_gib: nominal size.
        usable_bytes: what a process can take of it.
        flops_16: bf16 or fp16 operations a second.
        flops_8: fp8 operations a second; None without fp8 arithmetic.
        ops_8: int8 operations a second.
        bandwidth: bytes a second from its own memory.
        link: bytes a second to its neighbours, one direction.
        source: id of the source of its datasheet figures.
    """

    name: str
    gpu_model: str
    memory_gib: int
    usable_bytes: float
    flops_16: float
    flops_8: float | None
    ops_8: float | None
    bandwidth: float
    link: float
    compute_capability: float
    source: str

    @property
    def bf16(self) -> bool:
        """Say whether it computes in bf16."""
        return self.compute_capability >= BF16_SINCE

    @property
    def fp8(self) -> bool:
        """Say whether it computes in fp8; without, fp8 weights are widened to 16 bits."""
        return self.flops_8 is not None

    @property
    def fp8_weights(self) -> bool:
        """Say whether engines load fp8 weights onto it."""
        return self.compute_capability >= FP8_WEIGHTS_SINCE


def gpu(name: str) -> Gpu:
    """Return a GPU by any common spelling: "H100", "a100-80gb", "A100-40", "NVIDIA A10G".

    Raises:
        UnknownNameError: the table does not hold it; the message names the nearest.
    """
    return pick(_by_key(), _key(name), name, "GPU", gpu_names())


def gpu_of(gpu_model: str, memory_gib: int) -> Gpu | None:
    """Return the GPU of the catalogue's words ("NVIDIA A100", 80); None where none is known."""
    return _by_model().get((gpu_model, memory_gib))


def gpu_names() -> tuple[str, ...]:
    """Return the names of all GPUs, in the table's order."""
    return tuple(row["name"] for row in rows("gpus"))


def _key(name: str) -> str:
    plain = _OTHER.sub("", name.lower())
    return _FORM.sub("", _MAKER.sub("", plain))


def _read(row: dict[str, Any]) -> Gpu:
    return Gpu(
        name=row["name"],
        gpu_model=row["gpu_model"],
        memory_gib=row["memory_gib"],
        usable_bytes=row["usable_gib"] * GIB,
        flops_16=row["tflops_16"] * TERA,
        flops_8=row["tflops_8"] * TERA if row["tflops_8"] else None,
        ops_8=row["tops_8"] * TERA if row["tops_8"] else None,
        bandwidth=row["bandwidth_gb_s"] * GIGA,
        link=row["link_gb_s"] * GIGA,
        compute_capability=row["compute_capability"],
        source=row["source"],
    )


@cache
def _by_model() -> dict[tuple[str, int], Gpu]:
    return {(one.gpu_model, one.memory_gib): one for one in map(_read, rows("gpus"))}


@cache
def _by_key() -> dict[str, Gpu]:
    found: dict[str, Gpu] = {}
    for row in rows("gpus"):
        one = _by_model()[row["gpu_model"], row["memory_gib"]]
        spellings = (row["name"], f"{row['name']}{row['memory_gib']}", row["gpu_model"])
        for spelling in (*spellings, *row["aliases"]):
            found.setdefault(_key(spelling), one)
    for row in rows("gpus"):  # an alias of one GPU may be the model name of another
        for spelling in (row["name"], *row["aliases"]):
            found[_key(spelling)] = _by_model()[row["gpu_model"], row["memory_gib"]]
    return found
