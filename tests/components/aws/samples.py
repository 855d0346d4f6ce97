"""Small plans, built by hand, for tests of what a component makes of a plan."""

from __future__ import annotations

from sizing.plans import (
    AddonPlan,
    ClusterPlan,
    EndpointPlan,
    NetworkPlan,
    NodePoolPlan,
    Scale,
    SubnetPlan,
    TaintPlan,
)
from sizing.words import Access, CapacityType, EndpointKind, SubnetKind

ZONES = ("use1-az1", "use1-az2", "use1-az4")
LOGS_KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"


def network_plan(
    *, nat_zone_ids: tuple[str, ...] = ZONES, interfaces: tuple[str, ...] = ("ecr.api", "sts")
) -> NetworkPlan:
    subnets = [
        SubnetPlan(
            name=f"{kind.value}-{zone}",
            kind=kind,
            zone_id=zone,
            cidr=f"10.40.{block + 64 * index}.0/20",
            pod_reservation_cidr=(
                f"10.40.{block + 64 * index + 8}.0/21" if kind is SubnetKind.PRIVATE else None
            ),
        )
        for block, kind in enumerate(SubnetKind)
        for index, zone in enumerate(ZONES)
    ]
    gateway = EndpointPlan(service="s3", kind=EndpointKind.GATEWAY)
    inside = [EndpointPlan(service=one, kind=EndpointKind.INTERFACE) for one in interfaces]
    return NetworkPlan(
        vpc_cidr="10.40.0.0/16",
        zone_ids=ZONES,
        subnets=tuple(subnets),
        nat_zone_ids=nat_zone_ids,
        endpoints=(gateway, *inside),
        flow_log_retention_days=30,
        pod_addresses_needed=600,
        pod_addresses_reserved=2048,
    )


def addon(
    name: str, *, before_nodes: bool, service_account: str = "", version: str = ""
) -> AddonPlan:
    return AddonPlan(
        name=name,
        version=version,
        before_nodes=before_nodes,
        configuration="",
        service_account=service_account,
    )


ADDONS = (
    AddonPlan(
        name="vpc-cni",
        version="v1.20.1-eksbuild.3",
        before_nodes=True,
        configuration='{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
        service_account="",
    ),
    addon("kube-proxy", before_nodes=True),
    addon("eks-pod-identity-agent", before_nodes=True),
    addon("coredns", before_nodes=False),
    addon(
        "aws-ebs-csi-driver",
        before_nodes=False,
        service_account="kube-system/ebs-csi-controller-sa",
    ),
    addon(
        "aws-efs-csi-driver",
        before_nodes=False,
        service_account="kube-system/efs-csi-controller-sa",
    ),
)


def cluster_plan(*, access: Access = Access.ALLOWLIST) -> ClusterPlan:
    return ClusterPlan(
        kubernetes_version="1.35",
        support_type="STANDARD",
        service_cidr="172.20.0.0/16",
        access=access,
        log_types=("api", "audit", "authenticator", "controllerManager", "scheduler"),
        log_retention_days=90,
        addons=ADDONS,
        deletion_protection=True,
    )


def pool(
    name: str = "general",
    *,
    instance_types: tuple[str, ...] = ("m5.2xlarge",),
    capacity_type: CapacityType = CapacityType.ON_DEMAND,
    zone_ids: tuple[str, ...] = ZONES,
    minimum: int = 3,
    desired: int | None = None,
    gpus: int = 0,
    ami_type: str = "AL2023_x86_64_STANDARD",
    taints: tuple[TaintPlan, ...] = (),
    reservation: str = "",
) -> NodePoolPlan:
    return NodePoolPlan(
        name=name,
        role="gpu" if gpus else "general",
        instance_types=instance_types,
        architecture="x86_64",
        zone_ids=zone_ids,
        capacity_type=capacity_type,
        scale=Scale(minimum=minimum, planned=5, maximum=12),
        desired=desired,
        gpu_model="A10G" if gpus else "",
        gpus_per_node=gpus,
        ami_type=ami_type,
        ami_release="1.35.0-20261101",
        root_disk_gib=100,
        root_disk_iops=3000,
        root_disk_throughput=125,
        max_pods=110,
        labels=(("aigw/role", "gpu" if gpus else "general"),),
        taints=taints,
        rolling="MINIMAL" if gpus else "DEFAULT",
        max_unavailable=1,
        capacity_reservation_id=reservation,
        requested_millis=1,
        requested_bytes=1,
        requested_pods=1,
        requested_gpus=gpus,
        allocatable_millis=7910,
        allocatable_bytes=1 << 34,
        binding="cpu",
    )
