"""Types of what document 001 says without regard to a tier: config blocks, triggers, instances."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.tiers.schema import Span
from sizing.tiers.vocabulary import Unit
from sizing.words import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInformation:
    """The document's own header table; `updated` is year and month."""

    section: str
    version: str
    updated: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingPolicy:
    """One direction of an autoscaler: wait, then change by at most a share per period."""

    stabilization_s: int
    change_percent: int
    period_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HpaBlock:
    """LiteLLM's HorizontalPodAutoscaler (2.1); `minimum_by_tier` stands in its comments.

    Attributes:
        maximum_over_minimum: the comment beside the maximum, "4x min for burst".
        cpu_percent: utilisation of the CPU request to aim at, likewise memory.
    """

    section: str
    api_version: str
    name: str
    target_api_version: str
    target_kind: str
    minimum: int
    minimum_by_tier: tuple[tuple[Tier, int], ...]
    maximum: int
    maximum_over_minimum: int
    cpu_percent: int
    memory_percent: int
    scale_down: ScalingPolicy
    scale_up: ScalingPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineResources:
    """What one vLLM engine asks for or is limited to."""

    gpus: int
    memory_bytes: int
    cpu_millis: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model that vLLM serves; context in tokens."""

    name: str
    repository: str
    tensor_parallel: int
    context_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmStackBlock:
    """Helm values of the vLLM production stack (2.3).

    Attributes:
        trigger_threshold: value of `trigger_query` per replica from which it scales up.
    """

    section: str
    router_replicas: int
    engine_minimum: int
    engine_maximum: int
    requests: EngineResources
    limits: EngineResources
    model: ModelSpec
    autoscaling: bool
    autoscaling_minimum: int
    autoscaling_maximum: int
    trigger_type: str
    trigger_query: str
    trigger_threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PgBouncerBlock:
    """Connection pool settings (2.4); the block gives no pool size for Enterprise."""

    section: str
    pool_mode: str
    default_pool_size: tuple[tuple[Tier, int], ...]
    max_client_connections: int
    reserve_pool_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthModel:
    """The growth formula (5.1), in words and in the ranges of its factors."""

    section: str
    formula: str
    growth_factor: str
    peak_factor: Span
    safety_margin: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingTrigger:
    """One row of table 5.2: thresholds that a metric exceeds; a percentage is a share of one."""

    section: str
    metric: str
    warning: float
    critical: float
    unit: Unit
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChecklist:
    """The quarterly review's points (5.3), in order."""

    section: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsInstanceRow:
    """One row of the appendix's AWS table; memory in GB, no GPU where `gpus` is 0."""

    section: str
    use_case: str
    instance_type: str
    vcpu: int
    memory_gb: int
    gpu_model: str
    gpus: int
    network_gbps: int
    network_up_to: bool
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpInstanceRow:
    """One row of the appendix's GCP table; memory in GB, no GPU where `gpus` is 0."""

    section: str
    use_case: str
    instance_type: str
    vcpu: int
    memory_gb: int
    gpu_model: str
    gpus: int
    notes: str
