"""What users do: the load that a plan must carry, resolved on every axis.

Requests a second size the request path; tokens a day size serving. A `Workload` holds both as they
are stated, since the documents' figures for the two do not agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from sizing.model import Figure
from sizing.units import MILLIS_PER_SECOND, SECONDS_PER_DAY

ABOVE_ZERO = (
    "requests_per_second_peak",
    "tokens_per_day",
    "peak_factor",
    "input_tokens",
    "output_tokens",
)
SHARES = ("streaming_share", "cache_hit_share", "self_hosted_share", "trace_share")
"""Fields of a workload by the values that they may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """What users may expect, in milliseconds."""

    inter_token_latency_ms: Figure
    first_token_p95_ms: Figure
    first_token_external_p95_ms: Figure
    proxy_queue_p99_ms: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A self-hosted model as it is served; the context is in tokens.

    Attributes:
        share: part of the self-hosted requests that it answers.
        cache_precision: precision of the key-value cache.
    """

    name: str
    repository: str
    precision: str
    tensor_parallel: int
    context_tokens: int
    share: float
    cache_precision: str = "bf16"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An outside provider and what it grants; None where nobody has said.

    Attributes:
        share: part of the outside requests that it answers.
        models: how many of the outside models it serves.
    """

    name: str
    share: float
    models: int = 1
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What users do, as it is stated or derived on each axis.

    Attributes:
        requests_per_second_peak: what the proxy and all behind it must take.
        tokens_per_day: input and output tokens of a day, cached and external ones included.
        peak_factor: peak over the day's average.
        input_tokens: tokens of an average request, likewise `output_tokens`.
        input_spread: standard deviation over mean of a request's tokens, likewise `output_spread`.
        cache_hit_share: requests that the response cache answers.
        self_hosted_share: requests that our own models answer, of those that miss the cache.
        models: the self-hosted models; their shares add up to 1.
        model_names: models that callers can name, ours and outside ones: what labels multiply by.
        providers: outside providers; empty where nobody has named them.
        users: the population, None where it is not stated.
        keys: API keys that exist.
        regions: regions that share the load evenly; each is a platform of its own.
        retention_days: days that a row of the spend log is kept.
        cache_ttl_seconds: how long an answer stays in the response cache.
        vectors: rows of the vector database.
        vector_dimensions: floats of one, None where it is not stated.
        trace_share: part of the requests whose trace is kept.
        prompts_stored: whether the spend log keeps prompts and answers.
        limits_requests_per_minute: sum of the rate limits of all keys, None where none are set.

    Raises:
        ValueError: an amount that is not above zero, a share beyond 0 to 1, or nobody who answers
            what is self-hosted. The message names the field.
    """

    requests_per_second_peak: float
    tokens_per_day: float
    peak_factor: float
    input_tokens: float
    output_tokens: float
    input_spread: float
    output_spread: float
    streaming_share: float
    cache_hit_share: float
    self_hosted_share: float
    models: tuple[ServedModel, ...]
    model_names: int
    providers: tuple[Provider, ...]
    users: float | None
    keys: int
    regions: int
    retention_days: float
    cache_ttl_seconds: float
    vectors: float
    vector_dimensions: int | None
    trace_share: float
    prompts_stored: bool
    limits_requests_per_minute: float | None
    objectives: Objectives

    def __post_init__(self) -> None:
        for name in ABOVE_ZERO:
            if not 0 < getattr(self, name) < inf:
                raise ValueError(f"{name}: found {getattr(self, name)}; allowed: above 0")
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: found {getattr(self, name)}; allowed: 0 to 1")
        if self.cache_hit_share == 1:
            raise ValueError("cache_hit_share: found 1; allowed: below 1, as the first must miss")
        if self.self_hosted_share and not self.models:
            raise ValueError("models: found none; allowed: at least one, or self_hosted_share 0")

    @property
    def output_tokens_per_second_at_peak(self) -> float:
        """Tokens a second that self-hosted models must write at peak, by the token axis."""
        return (
            self.tokens_per_day
            / SECONDS_PER_DAY
            * self.peak_factor
            * self.output_share
            * (1 - self.cache_hit_share)
            * self.self_hosted_share
        )

    @property
    def served_requests_per_second_at_peak(self) -> float:
        """Requests a second that self-hosted models answer at peak, by the token axis."""
        return self.output_tokens_per_second_at_peak / self.output_tokens

    @property
    def outside_requests_per_second_at_peak(self) -> float:
        """Requests a second that outside models answer at peak, by the request axis."""
        return (
            self.requests_per_second_peak
            * (1 - self.cache_hit_share)
            * (1 - self.self_hosted_share)
        )

    @property
    def output_share(self) -> float:
        """Output tokens of all tokens."""
        return self.output_tokens / (self.input_tokens + self.output_tokens)

    @property
    def requests_per_second_average(self) -> float:
        """Requests a second over the day, by the request axis."""
        return self.requests_per_second_peak / self.peak_factor

    @property
    def request_seconds(self) -> float:
        """Seconds that a request is in flight at the objectives: first token, then the others.

        A P95 stands in for the mean of the first token, so that concurrency is not understated.
        """
        goals = self.objectives
        milliseconds = (
            goals.first_token_p95_ms.value + self.output_tokens * goals.inter_token_latency_ms.value
        )
        return milliseconds / MILLIS_PER_SECOND

    @property
    def concurrent_requests_at_peak(self) -> float:
        """Requests in flight at peak by Little's law; cached answers take no time."""
        return self.requests_per_second_peak * (1 - self.cache_hit_share) * self.request_seconds

    @property
    def tokens_per_day_by_requests(self) -> float:
        """Tokens of a day if every request were of average length: the request axis in tokens."""
        tokens = self.input_tokens + self.output_tokens
        return self.requests_per_second_average * SECONDS_PER_DAY * tokens

    @property
    def axes_ratio(self) -> float:
        """How many times more tokens the request axis implies than the token axis states."""
        return self.tokens_per_day_by_requests / self.tokens_per_day

    def scaled(self, share: float) -> Workload:
        """Return this workload with everything that grows with users multiplied by `share`.

        Raises:
            ValueError: the share is not above zero.
        """
        if share <= 0:
            raise ValueError(f"a workload cannot be scaled by {share}")
        return replace(
            self,
            requests_per_second_peak=self.requests_per_second_peak * share,
            tokens_per_day=self.tokens_per_day * share,
            users=None if self.users is None else self.users * share,
        )

    def in_environment(self, share: float) -> Workload:
        """Return the part of this workload that an environment carries: of its data as well.

        Raises:
            ValueError: the share is not above zero.
        """
        return replace(self.scaled(share), vectors=self.vectors * share)
