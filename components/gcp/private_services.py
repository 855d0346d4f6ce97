"""How managed stores come into the network: by a range of it, joined to Google's by peering."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Final

import pulumi
from pulumi_gcp import compute, servicenetworking

from components.base import PlatformComponent

_PEER: Final = "servicenetworking.googleapis.com"


def peering(
    owner: PlatformComponent,
    name: str,
    cidr: str,
    *,
    project: str,
    network: pulumi.Input[str],
    labels: Mapping[str, str],
    protect: bool,
) -> pulumi.Resource:
    """Give managed stores a range of the network; return what they wait for.

    Google holds what served a deleted database for days and refuses to end the connection until
    then. Where nothing is protected, the network's side of it is taken away instead; once the
    stores are gone that cuts off nothing (pulumi-gcp, servicenetworking.Connection).
    """
    kept = IPv4Network(cidr)
    reserved = compute.GlobalAddress(
        f"{name}-range",
        project=project,
        purpose="VPC_PEERING",
        address_type="INTERNAL",
        address=str(kept.network_address),
        prefix_length=kept.prefixlen,
        network=network,
        labels=labels,
        opts=owner.child,
    )
    return servicenetworking.Connection(
        f"{name}-peering",
        network=network,
        service=_PEER,
        reserved_peering_ranges=[reserved.name],
        deletion_policy="DELETE" if protect else "REMOVE_PEERING",
        opts=owner.child,
    )
