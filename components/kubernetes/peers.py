"""Whom a workload must be let out to, after the addresses that it is told."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi

from components.kubernetes.access import Blocks, Peer, Pods

_INSIDE = ".svc.cluster.local"
Place = tuple[pulumi.Input[str], int]
"""A host and a port of it."""


def is_inside(host: pulumi.Input[str]) -> bool:
    """Say whether a host is a Service of the cluster; one known after the engine's run is none."""
    return isinstance(host, str) and host.endswith(_INSIDE)


def services(places: Iterable[Place]) -> tuple[Pods, ...]:
    """Return the namespaces of the Services among the places, each with its ports.

    A Service's port must be its pods' own: a network policy sees where a packet ends up.
    """
    found: dict[str, set[int]] = {}
    for host, port in places:
        if isinstance(host, str) and is_inside(host):
            found.setdefault(host.split(".")[1], set()).add(port)
    return tuple(
        Pods(namespace=one, ports=tuple(sorted(ports))) for one, ports in sorted(found.items())
    )


def stores(places: Iterable[Place], network: tuple[str, ...]) -> tuple[Peer, ...]:
    """Return what leads to Services of the cluster and to stores in the blocks of its network."""
    known = tuple(places)
    ports = {port for host, port in known if not is_inside(host)}
    beside = (Blocks(blocks=network, ports=tuple(sorted(ports))),) if ports else ()
    return (*services(known), *beside)
