"""The finished decision: what each component gets, complete, so that none has to decide.

Everything here is plain, frozen data. Sizes are integers in base units, named in the field
(`_millis` thousandths of a vCPU, `_bytes`, `_gib`). A tuple is in a stable order: a change of
order would be a change in every pull request.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.words import (
    Access,
    CacheRole,
    CapacityType,
    Cloud,
    Direction,
    EndpointKind,
    Environment,
    Eviction,
    Mode,
    PostgresForm,
    Severity,
    SubnetKind,
    Tier,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Replicas or nodes: minimum for the autoscaler, planned for the peak, maximum allowed."""

    minimum: int
    planned: int
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a managed engine; `static` ones apply at the next restart only."""

    name: str
    value: str
    static: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetPlan:
    """One subnet in one zone; pods get the upper part, reserved as prefixes (cloud rule 12)."""

    name: str
    kind: SubnetKind
    zone_id: str
    cidr: str
    pod_reservation_cidr: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPlan:
    """A VPC endpoint; `service` is the name after `com.amazonaws.<region>.`."""

    service: str
    kind: EndpointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPlan:
    """Address space, subnets per zone, NAT and endpoints.

    Attributes:
        nat_zone_ids: zones with a NAT gateway of their own; every other zone uses the first.
        pod_addresses_needed: addresses all pods need at pool maximum, per zone.
        pod_addresses_reserved: addresses reserved for pods, per zone.
    """

    vpc_cidr: str
    zone_ids: tuple[str, ...]
    subnets: tuple[SubnetPlan, ...]
    nat_zone_ids: tuple[str, ...]
    endpoints: tuple[EndpointPlan, ...]
    flow_log_retention_days: int
    pod_addresses_needed: int
    pod_addresses_reserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonPlan:
    """An EKS add-on; `configuration` is its JSON values ("" for none), `role` its Pod Identity.

    Attributes:
        version: "" where no source shows one for the cluster's version: AWS then picks its default.
        before_nodes: nodes stay NotReady without it (cloud rule 10).
        service_account: "<namespace>/<name>" that the role is bound to, or "".
    """

    name: str
    version: str
    before_nodes: bool
    configuration: str
    service_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """The Kubernetes control plane."""

    kubernetes_version: str
    support_type: str
    service_cidr: str
    access: Access
    log_types: tuple[str, ...]
    log_retention_days: int
    addons: tuple[AddonPlan, ...]
    deletion_protection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaintPlan:
    """A node taint; `effect` in EKS' spelling (NO_SCHEDULE)."""

    key: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePoolPlan:
    """One managed node group.

    Attributes:
        name: role, and zone or accelerator where there are several ("data-use1-az1", "gpu-a10g").
        role: system | general | data | gpu.
        instance_types: one for on-demand, several alternatives for spot, first one planned with.
        desired: set by an operator to lift the autoscaler's own value once (cloud rule 9).
        rolling: EKS update strategy, DEFAULT or MINIMAL (cloud rule 14).
        requested_millis: CPU requests of the pods planned on this pool.
        allocatable_millis: CPU one node offers pods after reserves, likewise memory and pods.
        binding: the resource that decides the node count.
    """

    name: str
    role: str
    instance_types: tuple[str, ...]
    architecture: str
    zone_ids: tuple[str, ...]
    capacity_type: CapacityType
    scale: Scale
    desired: int | None
    gpu_model: str
    gpus_per_node: int
    ami_type: str
    ami_release: str
    root_disk_gib: int
    root_disk_iops: int
    root_disk_throughput: int
    max_pods: int
    labels: tuple[tuple[str, str], ...]
    taints: tuple[TaintPlan, ...]
    rolling: str
    max_unavailable: int
    capacity_reservation_id: str
    requested_millis: int
    requested_bytes: int
    requested_pods: int
    requested_gpus: int
    allocatable_millis: int
    allocatable_bytes: int
    binding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """An in-cluster workload: what it asks of nodes. `volume_gib` is per replica, 0 for none."""

    name: str
    pool_role: str
    scale: Scale
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int
    gpus: int
    volume_gib: int
    autoscaled: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresPlan:
    """The relational store, in one of the forms that RDS sells.

    Attributes:
        iops: provisioned IOPS to ask for, None where the storage gives a fixed baseline.
        iops_delivered: what the storage gives, asked for or not.
        max_allocated_gib: ceiling of storage autoscaling, None where it is not offered or wanted.
    """

    form: PostgresForm
    instance_class: str
    vcpu: int
    memory_bytes: int
    nodes: int
    storage_gib: int
    storage_type: str
    iops: int | None
    iops_delivered: int
    throughput_mibps: int | None
    max_allocated_gib: int | None
    engine_version: str
    family: str
    max_connections: int
    parameters: tuple[Parameter, ...]
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    deletion_protection: bool
    final_snapshot: bool
    insights_mode: str
    insights_retention_days: int
    monitoring_interval_s: int
    log_exports: tuple[str, ...]
    log_retention_days: int
    databases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePlan:
    """A Redis-protocol store on ElastiCache."""

    role: CacheRole
    engine: str
    engine_version: str
    family: str
    node_type: str
    shards: int
    replicas_per_shard: int
    cluster_mode: bool
    multi_az: bool
    memory_bytes_per_shard: int
    eviction: Eviction
    parameters: tuple[Parameter, ...]
    snapshot_days: int
    snapshot_window: str
    maintenance_window: str
    final_snapshot: bool
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointPlan:
    """A folder of the shared file system with the identity its users get."""

    name: str
    path: str
    uid: int
    gid: int
    permissions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPlan:
    """The shared file system; `planning_gib` is for the bill, EFS is not provisioned by size."""

    planning_gib: int
    throughput_mode: str
    transition_to_ia_days: int
    access_points: tuple[AccessPointPlan, ...]
    backup: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlan:
    """The OpenSearch domain; no dedicated masters where `master_count` is 0."""

    engine_version: str
    instance_type: str
    instance_count: int
    zone_count: int
    master_type: str
    master_count: int
    volume_gib: int
    volume_iops: int
    volume_throughput: int
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlan:
    """One bucket; `planning_gib` is for the bill, `expire_days` None keeps objects for ever."""

    name: str
    planning_gib: int
    versioned: bool
    noncurrent_days: int
    expire_days: int | None
    transition_to_ia_days: int | None
    force_destroy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """One KMS key per kind of data, with the services its policy must name (cloud rule 16)."""

    name: str
    services: tuple[str, ...]
    deletion_window_days: int
    rotation_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan:
    """AWS Backup for the stores that have no mechanism of their own; one mechanism per store."""

    enabled: bool
    schedule: str
    start_window_minutes: int
    completion_window_minutes: int
    retention_days: int
    mechanisms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Any difference between the plan and the documented table.

    Attributes:
        field: dotted path of the plan ("postgres.iops").
        rule: id of the rule that made it ("rds-gp3-floor").
        monthly_usd: what it adds to the bill, None where the price is unknown.
    """

    field: str
    documented: str
    planned: str
    direction: Direction
    rule: str
    reason: str
    monthly_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One checked constraint.

    Attributes:
        id: stable, "<component>.<constraint>".
        demand: what is asked, in `unit`; None where the constraint is not a number.
        capacity: what the plan gives, in `unit`.
        utilisation: demand / capacity, None where either is missing.
        fix: exactly what to change, "" where nothing needs to.
        source: id of an entry of `sizing.sources`.
    """

    id: str
    component: str
    constraint: str
    demand: float | None
    capacity: float | None
    unit: str
    utilisation: float | None
    verdict: Verdict
    severity: Severity
    message: str
    fix: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillItem:
    """One line of the monthly bill; None is a price that no source shows, never zero.

    Attributes:
        line: the line of the documented cost table that it belongs to, "" for none.
        quantity: how many units at planned size; floor and ceiling are at minimum and maximum.
    """

    component: str
    item: str
    line: str
    quantity: float
    unit: str
    unit_usd: float | None
    planned_usd: float | None
    floor_usd: float | None
    ceiling_usd: float | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillComparison:
    """One line of table 4.1 beside what the plan costs, the difference in words."""

    line: str
    documented_usd: float
    planned_usd: float | None
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a month costs at list price. Totals are "at least" where `unpriced` is not empty."""

    currency: str
    region: str
    prices_as_of: str
    monthly_usd: float
    floor_usd: float
    ceiling_usd: float
    unpriced: tuple[str, ...]
    items: tuple[BillItem, ...]
    comparison: tuple[BillComparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRequest:
    """A service quota to ask for before the first `up`: pool maximum and surge."""

    service: str
    name: str
    needed: float
    unit: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOverride:
    """What a stack may set of one pool by hand."""

    role: str
    instance_type: str | None = None
    planned: int | None = None
    desired: int | None = None
    spot: bool | None = None
    capacity_reservation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a stack may set by hand; None keeps the plan's own decision."""

    pools: tuple[PoolOverride, ...] = ()
    postgres_instance_class: str | None = None
    postgres_storage_gib: int | None = None
    search_volume_gib: int | None = None
    backup_retention_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Everything a plan is made from: the stack's own facts and nothing of the outside world."""

    tier: Tier
    environment: Environment
    cloud: Cloud
    region: str
    zone_ids: tuple[str, ...]
    vpc_cidr: str
    service_cidr: str
    access: Access
    mode: Mode = Mode.PROVEN
    overrides: Overrides = Overrides()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlan:
    """The whole platform, decided."""

    request: PlanRequest
    protect: bool
    network: NetworkPlan
    cluster: ClusterPlan
    node_pools: tuple[NodePoolPlan, ...]
    services: tuple[ServicePlan, ...]
    postgres: PostgresPlan
    caches: tuple[CachePlan, ...]
    files: FilesPlan
    search: SearchPlan
    buckets: tuple[BucketPlan, ...]
    keys: tuple[KeyPlan, ...]
    backups: BackupPlan
    adjustments: tuple[Adjustment, ...]
