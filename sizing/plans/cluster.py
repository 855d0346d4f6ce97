"""Network, control plane, node pools and the workloads that fill them."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.plans.workloads import ScalingPlan
from sizing.words import Access, CapacityType, EndpointKind, SubnetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Replicas or nodes: minimum for the autoscaler, planned for the peak, maximum allowed."""

    minimum: int
    planned: int
    maximum: int


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
        nat_ports: ports that NAT sets aside for a node at the least; None where it sets none aside.
    """

    vpc_cidr: str
    zone_ids: tuple[str, ...]
    subnets: tuple[SubnetPlan, ...]
    nat_zone_ids: tuple[str, ...]
    endpoints: tuple[EndpointPlan, ...]
    flow_log_retention_days: int
    pod_addresses_needed: int
    pod_addresses_reserved: int
    nat_ports: int | None = None


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


ASKED_OF_A_POOL = (
    *("requested_millis", "requested_bytes", "requested_pods", "requested_gpus"),
    "binding",
)
"""Fields of a pool that say what pods ask of it: they move with any replica, and its nodes do not
as long as it holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """An in-cluster workload: what it asks of nodes. `volume_gib` is per replica, 0 for none.

    Attributes:
        needed: replicas that carry the peak; what is planned above them stands in for a lost zone.
        pool: name of the only pool that it runs on, "" for any of its role.
        log_volume_gib: a second volume of each replica, for what is logged; 0 for none.
        workers: processes of one replica that answer requests, 0 where that is not counted.
        model: the self-hosted model that it serves, "" for none.
        slots: requests at a time that one replica answers within the objectives, 0 for no limit.
        startup_seconds: from a container's start to its first answer: what a startup probe must
            wait; 0 where no model sets it.
        cold_start_seconds: likewise from the pod without a node: what a scale-up takes.
        namespace: name of the `NamespacePlan` that it runs in; "kube-system", which is the
            cloud's, for what its add-ons bring.
        scaling: what its autoscaler watches, None where nothing scales it.
    """

    name: str
    pool_role: str
    scale: Scale
    needed: int
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int
    gpus: int
    volume_gib: int
    autoscaled: bool
    reason: str
    pool: str = ""
    workers: int = 0
    model: str = ""
    slots: int = 0
    startup_seconds: int = 0
    cold_start_seconds: int = 0
    namespace: str = ""
    log_volume_gib: int = 0
    scaling: ScalingPlan | None = None

    @property
    def volumes(self) -> int:
        """Return how many volumes each replica has."""
        return sum(1 for gib in (self.volume_gib, self.log_volume_gib) if gib)

    @property
    def volumes_gib(self) -> int:
        """Return what the volumes of each replica hold together."""
        return self.volume_gib + self.log_volume_gib
