"""Row types of the tables of document 001; each row says which section it was typed from.

Shares are fractions of one. CPU is in thousandths of a vCPU and memory in bytes where the document
writes Kubernetes quantities ("500m", "1Gi"); a size that it writes in GB or TB is in GB, 1 TB being
1,000 GB. None stands where the document says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.tiers.vocabulary import (
    ControlPlane,
    EndpointNeed,
    JaegerForm,
    Persistence,
    PostgresTopology,
    PrometheusForm,
    RedisTopology,
    StorageMedium,
    Unit,
    VaultTopology,
)
from sizing.words import Tier

__all__ = [
    "ClusterRow",
    "ControlPlane",
    "CostColumn",
    "CostLine",
    "Count",
    "EndpointNeed",
    "JaegerCell",
    "JaegerForm",
    "LlmCostRow",
    "Money",
    "NetworkRow",
    "Persistence",
    "PlanningFactor",
    "PlanningFactors",
    "Pool",
    "PostgresRow",
    "PostgresTopology",
    "ProfileRow",
    "PrometheusCell",
    "PrometheusForm",
    "RedisRow",
    "RedisTopology",
    "ReplicasCell",
    "ServiceRow",
    "Span",
    "StorageColumn",
    "StorageMedium",
    "TierTables",
    "Unit",
    "VaultRow",
    "VaultTopology",
    "VllmRow",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of things; `open_ended` where the document adds a "+"."""

    value: int
    open_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range; `low` is None for "< 10M", `high` is None for "500+"."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """US dollars; `approximate` where the document writes "~"."""

    usd: int
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One tier of table 1.1. Rates are requests a second, tokens are per day."""

    section: str
    tier: Tier
    requests_per_second: Span
    concurrent_users: Span
    daily_tokens: Span
    use_case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningFactor:
    """One metric of table 1.2; a percentage is a share of one."""

    section: str
    metric: str
    typical: Span
    planned: float
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningFactors:
    """Table 1.2 by name: tokens per request, shares of requests, peak over average."""

    input_tokens: PlanningFactor
    output_tokens: PlanningFactor
    streaming_share: PlanningFactor
    cache_hit_share: PlanningFactor
    peak_factor: PlanningFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One tier of tables 2.1 and 2.2; CPU and memory are per replica, `max_rps` is of all."""

    section: str
    tier: Tier
    replicas: Count
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int
    max_rps: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmRow:
    """One row of table 2.3; GPU memory in GB of all GPUs, throughput in tokens a second."""

    section: str
    model: str
    gpu_model: str
    gpus: int
    tensor_parallel: bool
    memory_gb: int
    tokens_per_second: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresRow:
    """One tier of table 2.4; vCPU, memory and storage are per node."""

    section: str
    tier: Tier
    topology: PostgresTopology
    nodes: int
    vcpu: int
    memory_gb: int
    storage_gb: int
    medium: StorageMedium
    iops: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisRow:
    """One tier of table 2.5; memory is per node. A cluster says its primaries or its nodes."""

    section: str
    tier: Tier
    topology: RedisTopology
    primaries: int | None
    nodes: int | None
    memory_gb: int
    persistence: Persistence
    rdb_interval_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultRow:
    """One tier of table 2.6; sizes are per node, "HA + DR" does not say how many."""

    section: str
    tier: Tier
    topology: VaultTopology
    nodes: int | None
    cpu_millis: int
    memory_bytes: int
    storage_gb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicasCell:
    """A cell such as "2 x 1000m/1Gi" of table 2.7: replicas, CPU and memory of each."""

    section: str
    tier: Tier
    replicas: int
    cpu_millis: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusCell:
    """A cell such as "1 x 1Gi/4Gi" of table 2.7.

    Both figures carry a memory unit; they are read as request and limit, as in tables 2.1 and 2.2.
    """

    section: str
    tier: Tier
    form: PrometheusForm
    replicas: int | None
    memory_request_bytes: int | None
    memory_limit_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JaegerCell:
    """A cell of table 2.7: the form of Jaeger, without sizes."""

    section: str
    tier: Tier
    form: JaegerForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Worker nodes such as "3 x m5.xlarge"."""

    count: int
    instance_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One tier of table 3.1."""

    section: str
    tier: Tier
    control_plane: ControlPlane
    control_plane_nodes: int
    cpu_pool: Pool
    gpu_pool: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRow:
    """One tier of table 3.2; bandwidths in megabits a second."""

    section: str
    tier: Tier
    ingress_mbps: int
    internal_mbps: int
    vpc_endpoints: EndpointNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageColumn:
    """One tier of table 3.3, in GB."""

    section: str
    tier: Tier
    postgres_gb: int
    redis_gb: int
    prometheus_gb: int
    model_cache_gb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of table 4.1 in the document's words, for one tier."""

    name: str
    monthly: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CostColumn:
    """One tier of table 4.1: a month on AWS in us-east-1."""

    section: str
    tier: Tier
    lines: tuple[CostLine, ...]
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmCostRow:
    """One tier of table 4.2; tokens are per day, `external_share` of them by outside models."""

    section: str
    tier: Tier
    daily_tokens: int
    external_share: float
    external_tokens: int
    monthly: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTables:
    """Everything that document 001 says of one tier."""

    tier: Tier
    profile: ProfileRow
    litellm: ServiceRow
    agent_gateway: ServiceRow
    postgres: PostgresRow
    redis: RedisRow
    vault: VaultRow
    otel_collector: ReplicasCell
    prometheus: PrometheusCell
    grafana: ReplicasCell
    jaeger: JaegerCell
    cluster: ClusterRow
    network: NetworkRow
    storage: StorageColumn
    cost: CostColumn
    llm_cost: LlmCostRow
    litellm_hpa_minimum: int | None
    pgbouncer_pool_size: int | None
