"""The network's firewall: nothing comes in and nothing leaves but what is named here.

Google's own defaults let everything out. GKE adds the rules that nodes, pods and balancers of a
cluster need to come in, above ours; it adds none for what leaves, or for webhooks on other ports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_gcp import compute

from components.base import PlatformComponent
from components.sequel import Sequel

ANYWHERE: Final = "0.0.0.0/0"
WEBHOOK_PORTS: Final = (443, 6443, 8443, 9443, 10250)
"""Where admission and metrics of our controllers answer the Kubernetes API."""
_EXCEPTION: Final = 1000
# below every rule of anyone's, above the two that Google implies
_DEFAULT: Final = 65534


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rules are about.

    Attributes:
        inside: the network's own range and that of the cluster's services.
        nodes_cidr: range of the nodes; the Kubernetes API has its private address in it, too.
        google_cidr: addresses by which Google's APIs are reached from inside.
        internet_ports: TCP ports of the internet that nodes and pods reach, none for no internet.
    """

    project: str
    network: pulumi.Input[str]
    inside: tuple[str, ...]
    nodes_cidr: str
    google_cidr: str
    internet_ports: tuple[int, ...]


def firewall(owner: PlatformComponent, name: str, around: Surroundings) -> pulumi.Resource:
    """Close the network but for the named exceptions; return what comes last.

    The exceptions come first: whatever runs already is never cut off in between.
    """
    row = Sequel(owner, [])
    row.add(_out(f"{name}-out-inside", around, list(around.inside), row))
    row.add(_out(f"{name}-out-google", around, [around.google_cidr], row, (443,)))
    if around.internet_ports:
        row.add(_out(f"{name}-out-internet", around, [ANYWHERE], row, around.internet_ports))
    row.add(
        compute.Firewall(
            f"{name}-in-webhooks",
            project=around.project,
            network=around.network,
            description="the Kubernetes API calls webhooks in the cluster",
            direction="INGRESS",
            priority=_EXCEPTION,
            source_ranges=[around.nodes_cidr],
            allows=[compute.FirewallAllowArgs(protocol="tcp", ports=_texts(WEBHOOK_PORTS))],
            opts=row.next,
        )
    )
    row.add(_closed(f"{name}-in-closed", around, "INGRESS", row))
    return _closed(f"{name}-out-closed", around, "EGRESS", row)


def _out(
    name: str,
    around: Surroundings,
    to: list[str],
    row: Sequel,
    ports: tuple[int, ...] = (),
) -> compute.Firewall:
    # without ports every protocol, as between members of one network
    allowed = (
        compute.FirewallAllowArgs(protocol="tcp", ports=_texts(ports))
        if ports
        else compute.FirewallAllowArgs(protocol="all")
    )
    return compute.Firewall(
        name,
        project=around.project,
        network=around.network,
        direction="EGRESS",
        priority=_EXCEPTION,
        destination_ranges=to,
        allows=[allowed],
        opts=row.next,
    )


def _closed(name: str, around: Surroundings, direction: str, row: Sequel) -> compute.Firewall:
    inward = direction == "INGRESS"
    return compute.Firewall(
        name,
        project=around.project,
        network=around.network,
        description="whatever no other rule names",
        direction=direction,
        priority=_DEFAULT,
        source_ranges=[ANYWHERE] if inward else None,
        destination_ranges=None if inward else [ANYWHERE],
        denies=[compute.FirewallDenyArgs(protocol="all")],
        # what was refused is how a missing exception is found
        log_config=compute.FirewallLogConfigArgs(metadata="INCLUDE_ALL_METADATA"),
        opts=row.next,
    )


def _texts(ports: tuple[int, ...]) -> list[str]:
    return [str(port) for port in ports]
