"""How managed stores come into the network: by peering, or by endpoints in the nodes' subnet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
from pulumi_gcp import compute, networkconnectivity, servicenetworking

from components.base import PlatformComponent

REDIS_CLUSTERS: Final = "gcp-memorystore-redis"
"""Class of Memorystore for Redis Cluster, which has no way in but endpoints."""
_PEER: Final = "servicenetworking.googleapis.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the ways end: a project, its network, and the nodes' subnet."""

    project: str
    region: str
    network: pulumi.Input[str]
    nodes_subnet: pulumi.Input[str]
    labels: Mapping[str, str]


def peering(
    owner: PlatformComponent, name: str, place: Place, cidr: str, *, protect: bool
) -> pulumi.Resource:
    """Give managed stores a range of the network; return what they wait for.

    Google holds what served a deleted database for days and refuses to end the connection until
    then. Where nothing is protected, the network's side of it is taken away instead; once the
    stores are gone that cuts off nothing (pulumi-gcp, servicenetworking.Connection).
    """
    network = IPv4Network(cidr)
    reserved = compute.GlobalAddress(
        f"{name}-range",
        project=place.project,
        purpose="VPC_PEERING",
        address_type="INTERNAL",
        address=str(network.network_address),
        prefix_length=network.prefixlen,
        network=place.network,
        labels=place.labels,
        opts=owner.child,
    )
    return servicenetworking.Connection(
        f"{name}-peering",
        network=place.network,
        service=_PEER,
        reserved_peering_ranges=[reserved.name],
        deletion_policy="DELETE" if protect else "REMOVE_PEERING",
        opts=owner.child,
    )


def endpoints(
    owner: PlatformComponent, name: str, place: Place, classes: Sequence[str]
) -> list[pulumi.Resource]:
    """Let classes of services make endpoints in the nodes' subnet; return what they wait for.

    A network takes one policy of a class in a region.
    """
    return [
        networkconnectivity.ServiceConnectionPolicy(
            f"{name}-{service_class}",
            project=place.project,
            location=place.region,
            network=place.network,
            service_class=service_class,
            description="endpoints of managed stores",
            psc_config=networkconnectivity.ServiceConnectionPolicyPscConfigArgs(
                subnetworks=[place.nodes_subnet]
            ),
            labels=place.labels,
            opts=owner.child,
        )
        for service_class in sorted(set(classes))
    ]
