"""Address space, subnets, NAT and VPC endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.addresses import budget, cut, pod_capacity
from sizing.catalog import instance
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import (
    Adjustment,
    EndpointPlan,
    NetworkPlan,
    NodePoolPlan,
    ServicePlan,
    SubnetPlan,
)
from sizing.reserve import daemon_pods
from sizing.tiers.vocabulary import EndpointNeed
from sizing.words import Direction, EndpointKind, SubnetKind

GATEWAY_ENDPOINTS = ("s3",)  # costs nothing, and images and models come through it
# "Recommended" is read as what moves the most bytes: images. "Required" is cloud rule 25's list.
IMAGE_ENDPOINTS = ("ecr.api", "ecr.dkr")
ALL_ENDPOINTS = (
    "autoscaling",
    *IMAGE_ENDPOINTS,
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "secretsmanager",
    "sts",
)
INTERFACE_ENDPOINTS: Mapping[EndpointNeed, tuple[str, ...]] = MappingProxyType(
    {
        EndpointNeed.OPTIONAL: (),
        EndpointNeed.RECOMMENDED: IMAGE_ENDPOINTS,
        EndpointNeed.REQUIRED: ALL_ENDPOINTS,
    }
)


def network(
    setting: Setting, pools: tuple[NodePoolPlan, ...], services: tuple[ServicePlan, ...]
) -> tuple[NetworkPlan, tuple[Adjustment, ...]]:
    """Return the network, sized so that every pod has an address at pool maximum.

    Raises:
        ValueError: the VPC's range is too small; the message names the smallest that works.
    """
    request, endpoints = setting.request, _endpoints(setting)
    zones_left = setting.zones if setting.is_dev else max(1, setting.zones - 1)
    need = budget(
        pods=_pods(setting, pools, services),
        nodes=sum(pool.scale.maximum for pool in pools),
        zones_left=zones_left,
        endpoints=len(endpoints),
    )
    blocks = cut(request.vpc_cidr, setting.zones, need)
    plan = NetworkPlan(
        vpc_cidr=request.vpc_cidr,
        zone_ids=request.zone_ids,
        subnets=tuple(
            SubnetPlan(
                name=f"{block.kind}-{request.zone_ids[block.zone]}",
                kind=block.kind,
                zone_id=request.zone_ids[block.zone],
                cidr=block.cidr,
                pod_reservation_cidr=block.pods if block.kind is SubnetKind.PRIVATE else None,
            )
            for block in blocks
        ),
        # one gateway is enough where an outage of its zone may stop the environment
        nat_zone_ids=request.zone_ids if setting.is_prod else request.zone_ids[:1],
        endpoints=endpoints,
        flow_log_retention_days=setting.log_days,
        pod_addresses_needed=need.pod_addresses,
        pod_addresses_reserved=pod_capacity(blocks),
    )
    return plan, _notes(setting, plan)


def _pods(
    setting: Setting, pools: tuple[NodePoolPlan, ...], services: tuple[ServicePlan, ...]
) -> int:
    planned = sum(service.scale.maximum for service in services)
    daemons = (
        pool.scale.maximum * daemon_pods(instance(setting.request.cloud, pool.instance_types[0]))
        for pool in pools
    )
    return planned + sum(daemons)


def _endpoints(setting: Setting) -> tuple[EndpointPlan, ...]:
    need = EndpointNeed.OPTIONAL if setting.is_dev else setting.tables.network.vpc_endpoints
    plans = [EndpointPlan(service=name, kind=EndpointKind.GATEWAY) for name in GATEWAY_ENDPOINTS]
    plans += [
        EndpointPlan(service=name, kind=EndpointKind.INTERFACE)
        for name in INTERFACE_ENDPOINTS[need]
    ]
    return tuple(sorted(plans, key=lambda plan: plan.service))


def _notes(setting: Setting, plan: NetworkPlan) -> tuple[Adjustment, ...]:
    if setting.tables.network.vpc_endpoints is not EndpointNeed.RECOMMENDED:
        return ()
    return (
        note(
            "network.endpoints",
            EndpointNeed.RECOMMENDED,
            ", ".join(one.service for one in plan.endpoints),
            direction=Direction.REPLACED,
            rule="endpoints-recommended",
            reason="storage and images, which move the most bytes; the rest goes through NAT",
            monthly_usd=None,
        ),
    )
