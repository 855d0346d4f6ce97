"""The load of each tier, and the part of it that an environment carries."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, sqrt
from types import MappingProxyType

from sizing.model import Figure
from sizing.tiers import PLANNING_FACTORS, TIERS, VLLM_STACK
from sizing.tiers.schema import PlanningFactor, ProfileRow
from sizing.words import Environment, Kind, Tier
from sizing.workload.load import Objectives, ServedModel, Workload

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
            kind=Kind.DERIVED,
        ),
    }
)
"""How much of the tier's load each environment carries."""


OBJECTIVES = Objectives(
    inter_token_latency_ms=Figure(
        value=50, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.DERIVED
    ),
    first_token_p95_ms=Figure(
        value=2000, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.DERIVED
    ),
    first_token_external_p95_ms=Figure(
        value=478, unit="ms", source="document-000", date="2026-11-21", kind=Kind.VENDOR
    ),
    proxy_queue_p99_ms=Figure(
        value=50, unit="ms", source="sizing-decisions", date="2026-11-21", kind=Kind.DERIVED
    ),
)


SELF_HOSTED_MODEL = ServedModel(
    name=VLLM_STACK.model.name,
    repository=VLLM_STACK.model.repository,
    precision="bf16",  # the precision that the model is published in
    tensor_parallel=VLLM_STACK.model.tensor_parallel,
    context_tokens=VLLM_STACK.model.context_tokens,
    share=1,
)
"""The model of chapter 2.3, which answers everything that is not sent to an outside model."""


# A typical range read as the middle nine tenths of a lognormal spread: 2 x 1.645 deviations wide.
RANGE_DEVIATIONS = Figure(
    value=3.29,
    unit="standard deviations between P5 and P95",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
RETENTION_DAYS = Figure(
    value=30,
    unit="days that the spend log is kept",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
CACHE_TTL_SECONDS = Figure(
    value=3600,
    unit="seconds that an answer stays in the response cache",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
TRACE_SHARE = Figure(
    value=0.10,
    unit="share of requests whose trace is kept",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
MODEL_NAMES = Figure(
    value=25, unit="models", source="document-004", date="2026-11-21", kind=Kind.VENDOR
)
VECTORS = Figure(
    value=1_000_000, unit="vectors", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)


def spread(factor: PlanningFactor) -> float:
    """Return standard deviation over mean of a lognormal whose P5 to P95 is the typical range."""
    low, high = factor.typical.low, factor.typical.high
    if not low or not high:
        raise ValueError(f"{factor.metric} has no closed range")
    deviation = log(high / low) / RANGE_DEVIATIONS.value
    return sqrt(exp(deviation * deviation) - 1)


def reference(tier: Tier) -> Workload:
    """Return the load that a tier is planned for in prod.

    Peak requests are the upper end of table 1.1, daily tokens and the external share are of table
    4.2, the rest are the planning factors of table 1.2. A key for every user that table 1.1 names.
    """
    cost, users = TIERS[tier].llm_cost, PROFILES[tier].concurrent_users
    population = users.high or users.low or 1
    return Workload(
        requests_per_second_peak=PEAK_REQUESTS_PER_SECOND[tier].value,
        tokens_per_day=cost.daily_tokens,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
        input_tokens=PLANNING_FACTORS.input_tokens.planned,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        input_spread=spread(PLANNING_FACTORS.input_tokens),
        output_spread=spread(PLANNING_FACTORS.output_tokens),
        streaming_share=PLANNING_FACTORS.streaming_share.planned,
        cache_hit_share=PLANNING_FACTORS.cache_hit_share.planned,
        self_hosted_share=1 - cost.external_share,
        models=(SELF_HOSTED_MODEL,),
        model_names=int(MODEL_NAMES),
        providers=(),
        users=population,
        keys=int(population),
        regions=1,
        retention_days=RETENTION_DAYS.value,
        cache_ttl_seconds=CACHE_TTL_SECONDS.value,
        vectors=VECTORS.value,
        vector_dimensions=None,
        trace_share=TRACE_SHARE.value,
        prompts_stored=False,
        limits_requests_per_minute=None,
        objectives=OBJECTIVES,
    )


def environment_load(tier: Tier, environment: Environment) -> Workload:
    """Return the part of a tier's load that one environment carries."""
    return reference(tier).in_environment(ENVIRONMENT_SHARES[environment].value)
