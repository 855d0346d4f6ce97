"""Whom a workload must be let out to, after the addresses that it is told."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi

from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.cluster import Cluster

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


def callers(
    cluster: Cluster,
    *,
    balancers: tuple[str, ...],
    served: int,
    health: int = 0,
    scraped: int = 0,
) -> tuple[Peer, ...]:
    """Return who comes: load balancers, applications of the cluster, and Prometheus.

    Args:
        cluster: where they live; a namespace that it has not sends nobody.
        balancers: blocks in which load balancers stand.
        served: port of the requests.
        health: port that balancers ask, 0 for the same.
        scraped: port of the metrics, 0 for none.
    """
    homes = cluster.namespaces
    asked = tuple(sorted({served, health or served}))
    far = (Blocks(blocks=balancers, ports=asked),) if balancers else ()
    apps = (Pods(namespace=homes["apps"], ports=(served,)),) if "apps" in homes else ()
    watched = scraped and "observability" in homes
    watching = (
        (Pods(namespace=homes["observability"], name="prometheus", ports=(scraped,)),)
        if watched
        else ()
    )
    return (*far, *apps, *watching)
