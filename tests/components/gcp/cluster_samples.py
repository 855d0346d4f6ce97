"""Small plans of clusters and pools on Google Cloud, and what builds them, for several tests."""

from __future__ import annotations

from dataclasses import replace

from components.gcp.gke import Gke, GkeArgs
from components.gcp.gke_settings import Exclusion
from components.gcp.node_pools import NodePools, NodePoolsArgs
from components.naming import gke_cluster_name
from sizing.plans import ClusterPlan, NodePoolPlan, Scale, TaintPlan
from sizing.words import Access, CapacityType
from tests.components.gcp.samples import LABELS, NETWORK, PROJECT, REGION, ZONES
from tests.components.support import Recorder, record

_RING = f"projects/{PROJECT}/locations/{REGION}/keyRings/aigw-prod-large/cryptoKeys"
CLUSTER_KEY = f"{_RING}/cluster"
NODES_KEY = f"{_RING}/nodes"
LOGS_KEY = f"{_RING}/logs"
SUBNET = f"projects/{PROJECT}/regions/{REGION}/subnetworks/nodes"
NETWORK_CIDR = "10.64.0.0/16"
ADMINS = ("group:platform@example.com", "user:oncall@example.com")
EXCLUSION = Exclusion(name="freeze", start="2026-12-20T00:00:00Z", end="2027-01-04T00:00:00Z")
NODES = f"aigw-prod-large-nodes@{PROJECT}.iam.gserviceaccount.com"
GPU_TAINT = TaintPlan(key="nvidia.com/gpu", value="present", effect="NO_SCHEDULE")


def cluster_plan(
    *, access: Access = Access.ALLOWLIST, deletion_protection: bool = True
) -> ClusterPlan:
    return ClusterPlan(
        kubernetes_version="1.35",
        support_type="REGULAR",
        service_cidr="172.20.0.0/16",
        access=access,
        log_types=("APISERVER", "SYSTEM_COMPONENTS"),
        log_retention_days=90,
        addons=(),
        deletion_protection=deletion_protection,
    )


def gke_args(
    plan: ClusterPlan | None = None, *, stack: str = "prod-large", protect: bool = True
) -> GkeArgs:
    return GkeArgs(
        plan=plan or cluster_plan(),
        cluster_name=gke_cluster_name(stack),
        project=PROJECT,
        stack=stack,
        region=REGION,
        zone_ids=ZONES,
        network=NETWORK,
        subnet=SUBNET,
        network_cidr=NETWORK_CIDR,
        pod_range="pods",
        service_range="services",
        secrets_key_id=CLUSTER_KEY,
        nodes_key_id=NODES_KEY,
        logs_key_id=LOGS_KEY,
        allow_list=("203.0.113.0/24", "198.51.100.7/32"),
        admin_principals=ADMINS,
        volume_backups=True,
        exclusions=(EXCLUSION,),
        labels=LABELS,
        protect=protect,
    )


def build_cluster(args: GkeArgs | None = None) -> Recorder:
    return record(lambda: Gke("cluster", args or gke_args()))


def pool(
    name: str = "general",
    *,
    machine: str = "n2-standard-8",
    capacity_type: CapacityType = CapacityType.ON_DEMAND,
    zone_ids: tuple[str, ...] = ZONES,
    scale: Scale | None = None,
    gpus: int = 0,
    reservation: str = "",
) -> NodePoolPlan:
    role = "gpu" if gpus else "general"
    return NodePoolPlan(
        name=name,
        role=role,
        instance_types=(machine,),
        architecture="x86_64",
        zone_ids=zone_ids,
        capacity_type=capacity_type,
        scale=scale or Scale(minimum=4, planned=5, maximum=12),
        desired=None,
        gpu_model="NVIDIA A100" if gpus else "",
        gpus_per_node=gpus,
        ami_type="COS_CONTAINERD",
        ami_release="",
        root_disk_gib=100,
        root_disk_iops=600,
        root_disk_throughput=28,
        max_pods=110,
        labels=(("aigw.io/role", role),),
        taints=(GPU_TAINT,) if gpus else (),
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


def gpu_pool(*, machine: str = "a2-highgpu-1g", gpus: int = 1) -> NodePoolPlan:
    return pool("gpu-a100", machine=machine, zone_ids=ZONES[:1], gpus=gpus)


def desired(plan: NodePoolPlan, count: int) -> NodePoolPlan:
    return replace(plan, desired=count)


def build_pools(*plans: NodePoolPlan) -> Recorder:
    args = NodePoolsArgs(
        plans=plans,
        cluster_name="aigw-prod-large",
        project=PROJECT,
        region=REGION,
        service_account_email=NODES,
        boot_disk_key_id=NODES_KEY,
        repositories={"mirror": "aigw-mirror"},
        network_tags=("aigw-prod-large-nodes",),
        ready=[],
        labels=LABELS,
    )
    return record(lambda: NodePools("nodes", args))
