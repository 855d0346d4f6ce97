"""One GPU engine as a server of requests: its slots, and how requests slow one another down."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

from sizing.queueing.erlang import HALF, MS_PER_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long requests are, in tokens.

    Attributes:
        output_variability: squared coefficient of variation of the output: 0 where all are alike,
            above 1 for heavy tails.
    """

    input_tokens: float
    output_tokens: float
    output_variability: float = 0

    def __post_init__(self) -> None:
        values = (self.input_tokens, self.output_tokens - 1, self.output_variability)
        if not all(isfinite(one) and one >= 0 for one in values):
            raise ValueError(f"{self} cannot be: an answer has one token or more")

    @property
    def context_tokens(self) -> float:
        """Mean tokens that a request in flight holds.

        Long answers are in flight longer: a look at any moment finds them more often, by the
        variability, half way through.
        """
        return self.input_tokens + self.output_tokens * (1 + self.output_variability) * HALF


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a decode step of an engine takes, in milliseconds.

    Attributes:
        base_ms: reading the weights and starting the step, whatever it decodes.
        per_request_ms: for each request decoded.
        per_context_token_ms: for each token of context read.
        prefill_per_token_ms: for each prompt token when a request starts; all others wait.
    """

    base_ms: float
    per_request_ms: float
    per_context_token_ms: float
    prefill_per_token_ms: float

    def __post_init__(self) -> None:
        values = (self.per_request_ms, self.per_context_token_ms, self.prefill_per_token_ms)
        if not (isfinite(self.base_ms) and self.base_ms > 0):
            raise ValueError(f"a step of {self.base_ms} ms cannot be")
        if not all(isfinite(one) and one >= 0 for one in values):
            raise ValueError(f"{self} has a negative time")

    def prefill_ms(self, lengths: Lengths) -> float:
        """Return how long the prompt of a mean request takes."""
        return self.prefill_per_token_ms * lengths.input_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One engine under a mix of requests: the time between tokens is linear in its requests.

    Attributes:
        slots: requests that it decodes at once within the objective and its memory.
        base_ms: time between tokens of a request alone, less `slope_ms`.
        slope_ms: what each request in flight adds, its share of all prefills included.
        prefill_ms: what an idle engine takes to the first token.
        output_tokens: of a mean request.
    """

    slots: int
    base_ms: float
    slope_ms: float
    prefill_ms: float
    output_tokens: float

    def inter_token_ms(self, in_flight: float) -> float:
        """Return the mean time between tokens with so many requests on the engine."""
        return self.base_ms + self.slope_ms * in_flight

    @property
    def seconds_per_request(self) -> float:
        """How long a mean request keeps its slot while all slots are taken."""
        return self.output_tokens * self.inter_token_ms(self.slots) / MS_PER_SECOND

    @property
    def requests_per_second(self) -> float:
        """Mean requests that it finishes in a second with all slots taken."""
        return self.slots / self.seconds_per_request


def engine(step: Step, lengths: Lengths, *, kv_tokens: float, inter_token_ms: float) -> Engine:
    """Return an engine with as many slots as objective and memory allow; none may fit.

    Memory is counted at the mean context. Where it is what binds, heavy tails fill it now and then
    before all slots are taken; the headroom of the rate, not `Serving.needed`, covers that.

    Args:
        step: what a decode step takes.
        lengths: of the requests it serves.
        kv_tokens: tokens that its key-value cache holds.
        inter_token_ms: the longest mean time between tokens.
    """
    prefill = step.prefill_ms(lengths)
    slope = (
        step.per_request_ms
        + step.per_context_token_ms * lengths.context_tokens
        + prefill / lengths.output_tokens
    )
    by_time = (inter_token_ms - step.base_ms) / slope if slope else inf
    by_memory = kv_tokens / lengths.context_tokens
    return Engine(
        slots=max(0, int(min(by_time, by_memory))),
        base_ms=step.base_ms,
        slope_ms=slope,
        prefill_ms=prefill,
        output_tokens=lengths.output_tokens,
    )
