"""What a balancer sends requests to: groups of pods' addresses, one a zone, and how it chooses.

The groups are made here and filled by GKE: a Service that names a group in its annotation has its
pods registered there (`components.kubernetes.endpoint_groups`). GKE adopts a group that exists
under the named name if its description is a text of somebody else's, neither empty nor one of its
own (ingress-gce, pkg/neg/syncers/utils.go and pkg/utils/negdescription.go). So the balancer
needs no cluster to be made, a new cluster fills the same groups, and a zone without nodes has an
empty group instead of none. A Service that goes takes its members away and would take the group,
too, which Compute Engine refuses for as long as a backend service names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_gcp import compute

from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans.edge import IngressPlan, IngressTarget

_SUFFIX_BYTES = 4
_NAME_LENGTH = 63
_STEM_LENGTH = _NAME_LENGTH - 2 * _SUFFIX_BYTES - 1
# Requests a second and pod, by which zones are weighed and nothing is limited: the same for every
# pod, so that a zone's share is that of its pods.
_WEIGHT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where groups stand.

    Attributes:
        zones: of the cluster's nodes; a group stands in each.
        nodes_subnet: the nodes' subnet, whose secondary range the pods' addresses are of.
    """

    project: str
    region: str
    zones: Sequence[str]
    stack: str
    network: pulumi.Input[str]
    nodes_subnet: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The groups of one target by one name, and the service that chooses among their members."""

    name: pulumi.Output[str]
    groups: Sequence[compute.NetworkEndpointGroup]
    service: compute.RegionBackendService


def targets(
    owner: PlatformComponent,
    name: str,
    target: IngressTarget,
    *,
    plan: IngressPlan,
    place: Place,
    policy: pulumi.Input[str] | None,
    logged: bool,
) -> Targets:
    """Create the groups of a target, its health check and its backend service.

    Args:
        owner: whose children they are.
        name: first part of their logical names.
        target: what is behind it.
        plan: how long it waits, and how it asks for health.
        place: where the groups stand.
        policy: the firewall's policy, None for none.
        logged: write each request to Cloud Logging.
    """
    stem = f"{name}-{target.name}"
    suffix = random.RandomId(
        f"{stem}-suffix",
        byte_length=_SUFFIX_BYTES,
        # what replaces a group: the new one stands beside the old under another name
        keepers={"network": place.network, "subnetwork": place.nodes_subnet},
        opts=owner.child,
    )
    group_name = pulumi.Output.concat(group_stem(place.stack, target.name), "-", suffix.hex)
    groups = [_group(owner, stem, zone, group_name, target, place) for zone in place.zones]
    return Targets(
        name=group_name,
        groups=groups,
        service=_service(owner, stem, groups, target, plan, place, policy, logged=logged),
    )


def group_stem(stack: str, target: str) -> str:
    """Return the beginning of a group's name, at most 63 characters with its random end."""
    return store_name(stack, target, _STEM_LENGTH)


def _group(
    owner: PlatformComponent,
    stem: str,
    zone: str,
    name: pulumi.Output[str],
    target: IngressTarget,
    place: Place,
) -> compute.NetworkEndpointGroup:
    return compute.NetworkEndpointGroup(
        f"{stem}-{zone}",
        name=name,
        project=place.project,
        zone=zone,
        network=place.network,
        subnetwork=place.nodes_subnet,
        network_endpoint_type="GCE_VM_IP_PORT",
        # an empty one, or JSON as GKE writes it, would keep GKE from adopting the group
        description=f"Pods of {target.name}, made by Pulumi and filled by GKE",
        opts=owner.child,
    )


def _service(
    owner: PlatformComponent,
    stem: str,
    groups: Sequence[compute.NetworkEndpointGroup],
    target: IngressTarget,
    plan: IngressPlan,
    place: Place,
    policy: pulumi.Input[str] | None,
    *,
    logged: bool,
) -> compute.RegionBackendService:
    health = compute.RegionHealthCheck(
        f"{stem}-health",
        project=place.project,
        region=place.region,
        check_interval_sec=plan.health_interval_seconds,
        timeout_sec=plan.health_timeout_seconds,
        healthy_threshold=plan.healthy_threshold,
        unhealthy_threshold=plan.unhealthy_threshold,
        http_health_check=compute.RegionHealthCheckHttpHealthCheckArgs(
            port_specification="USE_FIXED_PORT",
            port=target.health_port,
            request_path=target.health_path,
        ),
        opts=owner.child,
    )
    return compute.RegionBackendService(
        f"{stem}-backend",
        project=place.project,
        region=place.region,
        protocol="HTTP",
        load_balancing_scheme=scheme(plan),
        backends=[
            compute.RegionBackendServiceBackendArgs(
                group=group.self_link,
                balancing_mode="RATE",
                max_rate_per_endpoint=_WEIGHT,
                capacity_scaler=1.0,
            )
            for group in groups
        ],
        health_checks=health.self_link,
        locality_lb_policy=plan.algorithm,
        timeout_sec=plan.idle_timeout_seconds,
        connection_draining_timeout_sec=plan.deregistration_delay_seconds,
        security_policy=policy,
        log_config=compute.RegionBackendServiceLogConfigArgs(
            enable=logged, sample_rate=1.0 if logged else None
        ),
        opts=owner.child,
    )


def scheme(plan: IngressPlan) -> str:
    """Return the kind of balancer: of the region's proxies, for the world or for the network."""
    return "INTERNAL_MANAGED" if plan.internal else "EXTERNAL_MANAGED"
