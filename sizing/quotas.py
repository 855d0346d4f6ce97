"""The service quotas to ask for before the first `up`: what the plan takes at its maximum.

A pool counts its maximum, which carries a surge node per zone unless it rolls without one. P and G
instances start at 0 in a new account, so `up` stops at the first GPU node without these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import instance
from sizing.planning.gcp.quotas import quotas as google_quotas
from sizing.plans import QuotaRequest
from sizing.words import CapacityType, Cloud, EndpointKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sizing.plans import NodePoolPlan, PlatformPlan

STANDARD = "Standard (A, C, D, H, I, M, R, T, Z)"
GROUPS = {  # ec2-quotas: family letters -> the group's name in Service Quotas
    "g": "G and VT",
    "vt": "G and VT",
    "p": "P",
    "x": "X",
    "f": "F",
    "inf": "Inf",
    "trn": "Trn",
    "dl": "DL",
}
NAMES = {
    CapacityType.ON_DEMAND: "Running On-Demand {group} instances",
    CapacityType.SPOT: "All {group} Spot Instance Requests",
}

# Services of which a guest of a cluster takes something; its nodes are among its host's.
GUESTS = (
    *("elasticache", "elasticfilesystem", "kms", "s3"),
    *("file.googleapis.com", "redis.googleapis.com"),
)


# Services whose stores are another's where a guest has none of its own.
STORES = ("es", "rds")


def quotas(plan: PlatformPlan) -> tuple[QuotaRequest, ...]:
    """Return the requests of one account and region, by service, then by name.

    Raises:
        sizing.catalog.UnknownNameError: a pool names a type that the catalogue does not hold.
    """
    if plan.request.cloud is Cloud.GCP:
        requests = google_quotas(plan)
    else:
        requests = [*_vcpus(plan), *_network(plan), *_cluster(plan), *_stores(plan)]
    if plan.request.in_hosts_cluster:
        requests = [one for one in requests if one.service in GUESTS]
    elif not plan.request.switches.own_stores:
        requests = [one for one in requests if one.service not in STORES] + _peering()
    return tuple(sorted(requests, key=lambda request: (request.service, request.name)))


def _vcpus(plan: PlatformPlan) -> list[QuotaRequest]:
    needed: dict[str, int] = {}
    reasons: dict[str, list[str]] = {}
    for pool in plan.node_pools:
        vcpu, machine = _largest(plan, pool)
        name = NAMES[pool.capacity_type].format(group=_group(machine))
        needed[name] = needed.get(name, 0) + vcpu * pool.scale.maximum
        reasons.setdefault(name, []).append(f"{pool.name}: {pool.scale.maximum} x {machine}")
    return [
        QuotaRequest(
            service="ec2",
            name=name,
            needed=amount,
            unit="vCPU",
            reason=f"pools at their maximum: {', '.join(reasons[name])}",
        )
        for name, amount in needed.items()
    ]


def _largest(plan: PlatformPlan, pool: NodePoolPlan) -> tuple[int, str]:
    machines = [instance(plan.request.cloud, name) for name in pool.instance_types]
    return max((machine.vcpu, machine.name) for machine in machines)


def _group(machine: str) -> str:
    family = machine.partition(".")[0]
    letters = family[: next((i for i, c in enumerate(family) if c.isdigit()), len(family))]
    return GROUPS.get(letters, STANDARD)


def _network(plan: PlatformPlan) -> list[QuotaRequest]:
    zones, gateways = plan.network.zone_ids, plan.network.nat_zone_ids
    interfaces = [e.service for e in plan.network.endpoints if e.kind is EndpointKind.INTERFACE]
    gateway_endpoints = len(plan.network.endpoints) - len(interfaces)
    entries = [
        ("ec2", "EC2-VPC Elastic IPs", len(gateways), "addresses", "one per NAT gateway"),
        (
            "vpc",
            "NAT gateways per Availability Zone",
            int(bool(gateways)),
            "gateways per zone",
            f"NAT in {', '.join(gateways)}",
        ),
        ("vpc", "VPCs per Region", 1, "VPCs", "a VPC of its own"),
        (
            "vpc",
            "Interface VPC endpoints per VPC",
            len(interfaces),
            "endpoints",
            f"{', '.join(interfaces)} in {len(zones)} zones",
        ),
        (
            "vpc",
            "Gateway VPC endpoints per Region",
            gateway_endpoints,
            "endpoints",
            "traffic to S3 past NAT",
        ),
    ]
    return _requests(entries)


def _peering() -> list[QuotaRequest]:
    return _requests(
        [
            (
                "vpc",
                "Active VPC peering connections per VPC",
                1,
                "peerings",
                "the way to the stores of the host",
            )
        ]
    )


def _cluster(plan: PlatformPlan) -> list[QuotaRequest]:
    largest = max((pool.scale.maximum for pool in plan.node_pools), default=0)
    root = sum(pool.root_disk_gib * pool.scale.maximum for pool in plan.node_pools)
    pods = sum(service.volumes_gib * service.scale.maximum for service in plan.services)
    return _requests(
        [
            ("eks", "Clusters", 1, "clusters", "a cluster of its own"),
            (
                "eks",
                "Managed node groups per cluster",
                len(plan.node_pools),
                "groups",
                "one per role, and per zone or accelerator",
            ),
            ("eks", "Nodes per managed node group", largest, "nodes", "the largest pool's maximum"),
            (
                "ebs",
                "Storage for General Purpose SSD (gp3) volumes, in TiB",
                round((root + pods) / 1024, 2),
                "TiB",
                f"{root:,} GiB of root disks and {pods:,} GiB of pod volumes at maximum",
            ),
        ]
    )


def _stores(plan: PlatformPlan) -> list[QuotaRequest]:
    cache_nodes = sum(c.shards * (1 + c.replicas_per_shard) for c in plan.caches)
    search = plan.search
    return _requests(
        [
            ("rds", "DB instances", plan.postgres.nodes, "instances", plan.postgres.form.value),
            (
                "rds",
                "Total storage for all DB instances",
                plan.postgres.max_allocated_gib or plan.postgres.storage_gib,
                "GiB",
                "storage at its autoscaling ceiling",
            ),
            (
                "elasticache",
                "Nodes per Region",
                cache_nodes,
                "nodes",
                ", ".join(c.role.value for c in plan.caches),
            ),
            (
                "es",
                "Instances per domain",
                search.instance_count,
                "instances",
                search.instance_type,
            ),
            ("elasticfilesystem", "File systems per account", 1, "file systems", "shared files"),
            ("kms", "Customer managed keys", len(plan.keys), "keys", "one per kind of data"),
            ("s3", "Buckets", len(plan.buckets), "buckets", "one per purpose"),
        ]
    )


def _requests(entries: Sequence[tuple[str, str, float, str, str]]) -> list[QuotaRequest]:
    return [
        QuotaRequest(service=service, name=name, needed=needed, unit=unit, reason=reason)
        for service, name, needed, unit, reason in entries
        if needed
    ]
