"""Who may open a connection to the LiteLLM proxy, and whom it may open one to."""

from __future__ import annotations

from collections.abc import Iterable

from components.kubernetes.access import Blocks, Peer, Pods, credentials, internet, prometheus
from components.kubernetes.cluster import Cluster
from components.kubernetes.litellm_runtime import METRICS_PORT, PORT
from components.kubernetes.litellm_stores import Store

ENGINE_PORT = 8000
HTTPS = 443
# Workloads that ask the proxy for models, by the role of their namespace; "" is all of them.
_CALLERS = (("gateway", "agent-gateway"), ("gateway", "agent-router"), ("apps", ""))


def callers(cluster: Cluster, balancers: tuple[str, ...]) -> tuple[Peer, ...]:
    """Return who comes: load balancers, what asks for models in the cluster, and Prometheus.

    Args:
        cluster: where they live.
        balancers: blocks in which load balancers stand.
    """
    asking = [
        Pods(namespace=cluster.namespaces[role], name=name, ports=(PORT,))
        for role, name in _CALLERS
        if role in cluster.namespaces
    ]
    watching = prometheus(cluster, METRICS_PORT)
    outside = (Blocks(blocks=balancers, ports=(PORT,)),) if balancers else ()
    return (*outside, *asking, watching)


def called(
    cluster: Cluster,
    *,
    engines: Iterable[str],
    pooler_port: int,
    stores: Iterable[Store],
    by_identity: bool,
) -> tuple[Peer, ...]:
    """Return whom it calls: engines, pooler, stores, and providers on the internet.

    Args:
        cluster: where they live.
        engines: names of the Services that answer for our models.
        pooler_port: of the pooler's pods.
        stores: of Redis' protocol, in the cluster's network.
        by_identity: a provider is part of the cloud and opened by the pod's identity.
    """
    inside = [
        Pods(namespace=cluster.namespaces["serving"], name=name, ports=(ENGINE_PORT,))
        for name in sorted({*engines})
    ]
    pooler = Pods(namespace=cluster.namespaces["data"], name="pgbouncer", ports=(pooler_port,))
    known = tuple(stores)
    own = Blocks(
        blocks=cluster.addresses,
        ports=tuple(sorted({one.port for one in known})),
        ranges=tuple(sorted({one.shard_ports for one in known if one.shard_ports})),
    )
    asks = by_identity or any(one.account is not None for one in known)
    return (*inside, pooler, own, internet(cluster.addresses), *_cloud(cluster, asks))


def _cloud(cluster: Cluster, by_identity: bool) -> tuple[Peer, ...]:
    """Return the way to the pod's credentials, and to the cloud's endpoints in our own network."""
    if not by_identity:
        return ()
    return (Blocks(blocks=cluster.addresses, ports=(HTTPS,)), *credentials(cluster))
