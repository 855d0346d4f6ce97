"""What is asked of an engine: a model on some GPUs, with requests of some length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sizing.serving.gpus import Gpu
from sizing.serving.models import CACHE_PRECISIONS, PRECISIONS, ModelShape
from sizing.serving.profiles import MOST_SEQUENCES

# What a request may say. Two million tokens: the longest context that any served model offers
# (Gemini's, cloud price lists of 2026); 16 GPUs: two of the largest machines. Source:
# sizing-decisions, 2026-11.
MOST_TOKENS: Final = 2_000_000
MOST_GPUS: Final = 16
MOST_CONCURRENCY: Final = 1_000_000
MOST: Final = {
    "tensor_parallel": MOST_GPUS,
    "input_tokens": MOST_TOKENS,
    "output_tokens": MOST_TOKENS,
    "context_tokens": MOST_TOKENS,
    "max_num_seqs": MOST_CONCURRENCY,
    "concurrency": MOST_CONCURRENCY,
    "requests": MOST_CONCURRENCY,
}
"""The largest value of each whole number of a request; the smallest is 1."""
LEAST_UTILISATION: Final = 0.05
MOST_UTILISATION: Final = 0.99


class ServingError(ValueError):
    """A field out of its range: which, what was found, and what is allowed."""

    def __init__(self, field: str, found: object, allowed: str) -> None:
        super().__init__(f"{field}: found {found!r}; allowed: {allowed}")
        self.field = field
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A model on a group of GPUs, and the requests it gets.

    Attributes:
        tensor_parallel: GPUs that share every layer.
        cache_precision: of the key-value cache; None: fp8 where weights and arithmetic are fp8,
            as TensorRT-LLM's fp8 checkpoints have it; else bf16, vLLM's default.
        concurrency: requests in the system at a time; None: as many as fit.
        requests: how many come in all, at once and of lengths as those of chats, so that the last
            run alone; None: new ones keep coming.
        max_num_seqs: the engine's own limit of sequences a step.
        context_tokens: longest sequence that must fit; None: that of these requests.
        memory_utilisation: share of GPU memory that the engine takes; None: the profile's.

    Raises:
        ServingError: a field out of its range.
    """

    gpu: Gpu
    model: ModelShape
    tensor_parallel: int = 1
    precision: str = "bf16"
    cache_precision: str | None = None
    input_tokens: int
    output_tokens: int
    concurrency: int | None = None
    requests: int | None = None
    max_num_seqs: int = int(MOST_SEQUENCES)
    context_tokens: int | None = None
    memory_utilisation: float | None = None

    def __post_init__(self) -> None:
        _among("precision", self.precision, PRECISIONS)
        if self.cache_precision is not None:
            _among("cache_precision", self.cache_precision, CACHE_PRECISIONS)
        for field in MOST:
            found = getattr(self, field)
            if found is not None:
                _whole(field, found)
        if self.memory_utilisation is not None and not (
            LEAST_UTILISATION <= self.memory_utilisation <= MOST_UTILISATION
        ):
            allowed = f"{LEAST_UTILISATION} to {MOST_UTILISATION}"
            raise ServingError("memory_utilisation", self.memory_utilisation, allowed)
        if self.model.heads % self.tensor_parallel:
            heads = f"a number that divides the {self.model.heads} heads of {self.model.name}"
            raise ServingError("tensor_parallel", self.tensor_parallel, heads)

    @property
    def cache(self) -> str:
        """Return the precision of the cache, stated or as the weights have it."""
        if self.cache_precision is not None:
            return self.cache_precision
        return "fp8" if self.precision == "fp8" and self.gpu.fp8 else "bf16"

    @property
    def sequence_tokens(self) -> int:
        """Return the length of one of these requests when it ends."""
        return self.input_tokens + self.output_tokens

    @property
    def present(self) -> int | None:
        """Return how many requests are in the system at most; None: as many as fit."""
        stated = [one for one in (self.concurrency, self.requests) if one is not None]
        return min(stated, default=None)

    @property
    def obstacle(self) -> str:
        """Return why the GPU cannot run the precision at all; "" where it can."""
        card = self.gpu.name
        if self.precision == "bf16" and not self.gpu.bf16:
            return f"{card} has no bf16 arithmetic: serve int8 or int4 weights, or take another GPU"
        if "fp8" in (self.precision, self.cache) and not self.gpu.fp8_weights:
            return f"no engine loads fp8 onto {card}: serve int8 or int4, or take another GPU"
        return ""


def allowed_range(field: str) -> str:
    """Return what a whole number of a request may be, in words.

    Raises:
        KeyError: no such field.
    """
    return f"a whole number from 1 to {MOST[field]:,}"


def _whole(field: str, found: object) -> None:
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= MOST[field]:
        raise ServingError(field, found, allowed_range(field))


def _among(field: str, found: str, allowed: tuple[str, ...]) -> None:
    if found not in allowed:
        raise ServingError(field, found, ", ".join(allowed))
