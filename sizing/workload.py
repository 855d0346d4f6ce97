"""What users do: the load that a tier is planned for, on its two axes.

Requests a second size the request path; tokens a day size serving. A `Workload` holds both as they
are stated, since the documents' figures for the two do not agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sizing.model import Figure
from sizing.tiers import PLANNING_FACTORS, TIERS, VLLM_STACK
from sizing.tiers.schema import ProfileRow
from sizing.units import SECONDS_PER_DAY
from sizing.words import Environment, Kind, Tier

PROFILES: Mapping[Tier, ProfileRow] = MappingProxyType(
    {tier: tables.profile for tier, tables in TIERS.items()}
)
"""Table 1.1 by tier."""

PEAK_REQUESTS_PER_SECOND: Mapping[Tier, Figure] = MappingProxyType(
    {
        Tier.SMALL: Figure(
            value=10,
            unit="requests/s",
            source="document-001",
            date="2026-02",
            kind=Kind.DERIVED,
        ),
        Tier.MEDIUM: Figure(
            value=100,
            unit="requests/s",
            source="document-001",
            date="2026-02",
            kind=Kind.DERIVED,
        ),
        Tier.LARGE: Figure(
            value=500,
            unit="requests/s",
            source="document-001",
            date="2026-02",
            kind=Kind.DERIVED,
        ),
        # Table 1.1 leaves Enterprise open ("500+"); table 2.1's "1000+" is where it begins to end.
        Tier.ENTERPRISE: Figure(
            value=1000,
            unit="requests/s",
            source="sizing-decisions",
            date="2026-11-21",
            kind=Kind.DERIVED,
        ),
    }
)
"""The peak of a tier: the upper end of table 1.1's range, where it has one."""

ENVIRONMENT_SHARES: Mapping[Environment, Figure] = MappingProxyType(
    {
        Environment.DEV: Figure(
            value=0.10,
            unit="share of the tier's load",
            source="sizing-decisions",
            date="2026-11-21",
            kind=Kind.ASSUMED,
        ),
        Environment.STAGING: Figure(
            value=0.50,
            unit="share of the tier's load",
            source="sizing-decisions",
            date="2026-11-21",
            kind=Kind.ASSUMED,
        ),
        Environment.PROD: Figure(
            value=1,
            unit="share of the tier's load",
            source="sizing-decisions",
            date="2026-11-21",
            kind=Kind.ASSUMED,
        ),
    }
)
"""How much of the tier's load each environment carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """What users may expect, in milliseconds."""

    inter_token_latency_ms: Figure
    first_token_p95_ms: Figure
    first_token_external_p95_ms: Figure
    proxy_queue_p99_ms: Figure


OBJECTIVES = Objectives(
    inter_token_latency_ms=Figure(
        value=50, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.ASSUMED
    ),
    first_token_p95_ms=Figure(
        value=2000, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.ASSUMED
    ),
    first_token_external_p95_ms=Figure(
        value=478, unit="ms", source="document-000", date="2026-02", kind=Kind.VENDOR
    ),
    proxy_queue_p99_ms=Figure(
        value=50, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.ASSUMED
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A self-hosted model as it is served; the context is in tokens.

    Attributes:
        share: part of the self-hosted requests that it answers.
    """

    name: str
    repository: str
    precision: str
    tensor_parallel: int
    context_tokens: int
    share: float


SELF_HOSTED_MODEL = ServedModel(
    name=VLLM_STACK.model.name,
    repository=VLLM_STACK.model.repository,
    precision="bf16",  # the precision that the model is published in
    tensor_parallel=VLLM_STACK.model.tensor_parallel,
    context_tokens=VLLM_STACK.model.context_tokens,
    share=1,
)
"""The model of chapter 2.3, which answers everything that is not sent to an outside model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What users do, as it is stated on each axis.

    Attributes:
        requests_per_second_peak: what the proxy and all behind it must take.
        tokens_per_day: input and output tokens of a day, cached and external ones included.
        peak_factor: peak over the day's average.
        input_tokens: tokens of an average request, likewise `output_tokens`.
        cache_hit_share: requests that the response cache answers.
        self_hosted_share: requests that our own models answer, of those that miss the cache.
    """

    requests_per_second_peak: float
    tokens_per_day: float
    peak_factor: float
    input_tokens: float
    output_tokens: float
    streaming_share: float
    cache_hit_share: float
    self_hosted_share: float
    model: ServedModel
    objectives: Objectives

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
    def input_tokens_per_second_at_peak(self) -> float:
        """Tokens a second that self-hosted models must read at peak, by the token axis."""
        return self.output_tokens_per_second_at_peak * self.input_tokens / self.output_tokens

    @property
    def output_share(self) -> float:
        """Output tokens of all tokens."""
        return self.output_tokens / (self.input_tokens + self.output_tokens)

    @property
    def requests_per_second_average(self) -> float:
        """Requests a second over the day, by the request axis."""
        return self.requests_per_second_peak / self.peak_factor

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
        """Return this workload with both axes multiplied by `share`.

        Raises:
            ValueError: the share is not above zero.
        """
        if share <= 0:
            raise ValueError(f"a workload cannot be scaled by {share}")
        return replace(
            self,
            requests_per_second_peak=self.requests_per_second_peak * share,
            tokens_per_day=self.tokens_per_day * share,
        )


def reference(tier: Tier) -> Workload:
    """Return the load that a tier is planned for in prod.

    Peak requests are the upper end of table 1.1, daily tokens and the external share are of table
    4.2, the rest are the planning factors of table 1.2.
    """
    cost = TIERS[tier].llm_cost
    return Workload(
        requests_per_second_peak=PEAK_REQUESTS_PER_SECOND[tier].value,
        tokens_per_day=cost.daily_tokens,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
        input_tokens=PLANNING_FACTORS.input_tokens.planned,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        streaming_share=PLANNING_FACTORS.streaming_share.planned,
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
        self_hosted_share=1 - cost.external_share,
        model=SELF_HOSTED_MODEL,
        objectives=OBJECTIVES,
    )


def environment_load(tier: Tier, environment: Environment) -> Workload:
    """Return the part of a tier's load that one environment carries."""
    return reference(tier).scaled(ENVIRONMENT_SHARES[environment].value)


def required_capacity(
    *,
    current_load: float,
    monthly_growth_rate: float,
    months_ahead: float,
    peak_factor: float,
    safety_margin: float,
) -> float:
    """Return the capacity to have in some months, in the unit of `current_load` (5.1).

    Args:
        current_load: average load now.
        monthly_growth_rate: growth in a month as a share, 0.05 for 5 %.
        months_ahead: how far to look.
        peak_factor: peak over average.
        safety_margin: what to have above the peak, as a factor.

    Raises:
        ValueError: a load, a rate of shrinking to nothing, or a factor that cannot be.
    """
    if current_load < 0 or months_ahead < 0 or monthly_growth_rate <= -1:
        raise ValueError("load and months must not be negative, nor growth -100 % or less")
    if peak_factor < 1 or safety_margin < 1:
        raise ValueError("a peak factor or safety margin below 1 plans for less than the load")
    growth_factor: float = (1 + monthly_growth_rate) ** months_ahead
    return current_load * growth_factor * peak_factor * safety_margin


__all__ = [
    "ENVIRONMENT_SHARES",
    "OBJECTIVES",
    "PEAK_REQUESTS_PER_SECOND",
    "PLANNING_FACTORS",
    "PROFILES",
    "SELF_HOSTED_MODEL",
    "Objectives",
    "ServedModel",
    "Workload",
    "environment_load",
    "reference",
    "required_capacity",
]
