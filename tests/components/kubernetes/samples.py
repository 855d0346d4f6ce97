"""A small cluster of the cloud that a case is for, and small plans, for what a component makes."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.cluster import Cluster, Identity
from components.kubernetes.litellm_stores import REDIS_PORT, Store
from components.kubernetes.secrets import Remote
from sizing.plans import NodePoolPlan, Scale, ServicePlan, TaintPlan
from sizing.plans.workloads import NamespacePlan, ScalingPlan
from sizing.units import GIB, MIB
from tests.components.kubernetes.surroundings import here

NAMESPACES = {
    "gateway": "prod-gateway",
    "serving": "prod-serving",
    "data": "prod-data",
    "observability": "prod-observability",
    "apps": "prod-apps",
    "system": "platform-system",
    "gpu": "gpu-system",
}
SCALING = ScalingPlan(
    cpu_percent=60,
    up_percent=100,
    up_seconds=15,
    up_window_seconds=0,
    down_percent=25,
    down_seconds=60,
    down_window_seconds=300,
)


def pools() -> tuple[NodePoolPlan, ...]:
    marks = {
        "system": (("CriticalAddonsOnly", "true"),),
        "general": (),
        "data": (("aigw.io/role", "data"),),
        "gpu": (("nvidia.com/gpu", "present"),),
    }
    return tuple(
        replace(
            here().pool(role),
            name="gpu-a10g" if role == "gpu" else role,
            role=role,
            labels=(("aigw.io/role", role),),
            taints=tuple(TaintPlan(key=k, value=v, effect="NO_SCHEDULE") for k, v in of_role),
        )
        for role, of_role in marks.items()
    )


def cluster(
    *, registry: str = "", protect: bool = False, identities: dict[str, Identity] | None = None
) -> Cluster:
    return Cluster(
        environment="prod",
        namespaces=NAMESPACES,
        pools=pools(),
        registry=registry,
        storage_class="zonal",
        secret_store="cloud",
        identities=identities or {},
        gateway_api="nobody",
        credentials_address=here().credentials,
        addresses=(here().vpc,),
        ready=(),
        protect=protect,
    )


def store(role: str, *, clustered: bool = False) -> Store:
    """Return a store of Redis' protocol; one in shards has no authority of its own anywhere."""
    near = here()
    return Store(
        host=f"{role}.example.org",
        token=Remote(name=f"prod/{role}"),
        clustered=clustered,
        port=REDIS_PORT if clustered else near.cache_port,
        authority=None if clustered else near.cache_authority or None,
    )


def service_plan(
    name: str = "echo",
    *,
    role: str = "gateway",
    pool_role: str = "general",
    scale: Scale | None = None,
    scaling: ScalingPlan | None = None,
    volume_gib: int = 0,
    gpus: int = 0,
) -> ServicePlan:
    return ServicePlan(
        name=name,
        pool_role=pool_role,
        scale=scale or Scale(minimum=2, planned=3, maximum=6),
        needed=2,
        cpu_request_millis=500,
        cpu_limit_millis=1000,
        memory_request_bytes=512 * MIB,
        memory_limit_bytes=GIB,
        gpus=gpus,
        volume_gib=volume_gib,
        autoscaled=scaling is not None,
        reason="a test's",
        namespace=NAMESPACES[role],
        scaling=scaling,
    )


def namespace_plan(role: str = "gateway", *, pod_security: str = "restricted") -> NamespacePlan:
    return NamespacePlan(
        name=NAMESPACES[role],
        role=role,
        pod_security=pod_security,
        reason="" if pod_security == "restricted" else "it mounts the node's devices",
        pods=20,
        cpu_request_millis=20_000,
        cpu_limit_millis=40_000,
        memory_request_bytes=40 * GIB,
        memory_limit_bytes=80 * GIB,
        gpus=0,
        volumes=3,
        volume_gib=30,
        default_cpu_millis=100,
        default_memory_bytes=128 * MIB,
        largest_cpu_millis=8000,
        largest_memory_bytes=32 * GIB,
    )
