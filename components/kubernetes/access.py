"""Who may speak to whom: a service names its peers, everyone else is refused in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_kubernetes import meta, networking

from components.kubernetes.cluster import Cluster, labels, selector
from components.sequel import Sequel

DNS = 53
_HTTPS = 443
_NAMESPACE = "kubernetes.io/metadata.name"
METADATA = "169.254.169.254/32"
"""Where a node's own credentials are handed out on AWS: no pod may ask. On GKE each pod is answered
there with its own, and asks where it has any (`credentials`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pods:
    """Pods of one workload, or all of a namespace where `name` is ""."""

    namespace: str
    name: str = ""
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Addresses outside the cluster; `excluded` ones within them stay closed.

    Attributes:
        ranges: of ports, from the first to the last of each, beside `ports`.
    """

    blocks: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    ports: tuple[int, ...]
    ranges: tuple[tuple[int, int], ...] = ()


Peer = Pods | Blocks
PROMETHEUS = "prometheus"
CREDENTIALS_PORT = 80
"""Of `Cluster.credentials_address`: the agent of EKS' pod identities, GKE's metadata server with
Dataplane V2 (gke-labs/kube-agents, pull request 805: nothing needs its port 8080)."""


def credentials(cluster: Cluster) -> tuple[Blocks, ...]:
    """Return what hands out the cloud's credentials to pods; nothing where nothing does."""
    address = cluster.credentials_address
    return (Blocks(blocks=(address,), ports=(CREDENTIALS_PORT,)),) if address else ()


def buckets(cluster: Cluster, addresses: tuple[str, ...] = ()) -> tuple[Blocks, ...]:
    """Return whom pods speak to that use object storage: it, and who hands out their rights.

    Args:
        cluster: whose pods they are.
        addresses: blocks at which it answers, where they are known; else everything outside of
            private networks.
    """
    store = Blocks(blocks=addresses, ports=(_HTTPS,)) if addresses else internet(cluster.addresses)
    return (*credentials(cluster), store)


def prometheus(cluster: Cluster, *ports: int) -> Pods:
    """Return Prometheus, at these ports: as it asks for metrics, or as it is asked itself."""
    return Pods(namespace=cluster.namespaces["observability"], name=PROMETHEUS, ports=ports)


def internet(addresses: Iterable[str], ports: tuple[int, ...] = (443,)) -> Blocks:
    """Return everything but private networks, the cluster's own and the metadata address.

    Args:
        addresses: blocks of the cluster's network.
    """
    private = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"}
    return Blocks(
        blocks=("0.0.0.0/0",), excluded=tuple(sorted({*private, *addresses})), ports=ports
    )


def closed(
    turn: Sequel,
    name: str,
    pods: str,
    namespace: pulumi.Input[str],
    *,
    called_by: Sequence[Peer],
    calls: Sequence[Peer],
) -> None:
    """Create the policy of a workload's pods in turn; it is there before they are.

    Args:
        turn: of the component that the workload belongs to.
        name: of the resource, unique in the stack.
        pods: their name label.
        namespace: where they run.
        called_by: who may open a connection to them.
        calls: whom they may open one to, besides looking up names.
    """
    made = networking.v1.NetworkPolicy(
        name,
        metadata=meta.v1.ObjectMetaArgs(name=pods, namespace=namespace, labels=labels(pods)),
        spec=networking.v1.NetworkPolicySpecArgs(
            pod_selector=meta.v1.LabelSelectorArgs(match_labels=selector(pods)),
            policy_types=["Ingress", "Egress"],
            ingress=incoming(called_by),
            egress=[names(), *outgoing(calls)],
        ),
        opts=turn.next,
    )
    turn.add(made)


def incoming(peers: Iterable[Peer]) -> list[networking.v1.NetworkPolicyIngressRuleArgs]:
    """Return the peers as those that may come."""
    return [
        networking.v1.NetworkPolicyIngressRuleArgs(from_=_peer(one), ports=_ports(one))
        for one in peers
    ]


def outgoing(peers: Iterable[Peer]) -> list[networking.v1.NetworkPolicyEgressRuleArgs]:
    """Return the peers as those that may be asked."""
    return [
        networking.v1.NetworkPolicyEgressRuleArgs(to=_peer(one), ports=_ports(one)) for one in peers
    ]


def names() -> networking.v1.NetworkPolicyEgressRuleArgs:
    """Return the rule that lets pods look names up, by both protocols, in kube-system alone."""
    dns = Pods(namespace="kube-system", ports=())
    return networking.v1.NetworkPolicyEgressRuleArgs(
        to=_peer(dns),
        ports=[
            networking.v1.NetworkPolicyPortArgs(port=DNS, protocol=protocol)
            for protocol in ("UDP", "TCP")
        ],
    )


def _ports(peer: Peer) -> list[networking.v1.NetworkPolicyPortArgs]:
    ranges = peer.ranges if isinstance(peer, Blocks) else ()
    return [
        *(networking.v1.NetworkPolicyPortArgs(port=p, protocol="TCP") for p in sorted(peer.ports)),
        *(
            networking.v1.NetworkPolicyPortArgs(port=first, end_port=last, protocol="TCP")
            for first, last in sorted(ranges)
        ),
    ]


def _peer(peer: Peer) -> list[networking.v1.NetworkPolicyPeerArgs]:
    if isinstance(peer, Blocks):
        return [_block(block, peer.excluded) for block in peer.blocks]
    return [
        networking.v1.NetworkPolicyPeerArgs(
            namespace_selector=meta.v1.LabelSelectorArgs(match_labels={_NAMESPACE: peer.namespace}),
            pod_selector=meta.v1.LabelSelectorArgs(match_labels=selector(peer.name))
            if peer.name
            else None,
        )
    ]


def _block(block: str, excluded: tuple[str, ...]) -> networking.v1.NetworkPolicyPeerArgs:
    inside = [one for one in excluded if _within(one, block)]
    return networking.v1.NetworkPolicyPeerArgs(
        ip_block=networking.v1.IPBlockArgs(cidr=block, except_=inside or None)
    )


def _within(inner: str, outer: str) -> bool:
    # Kubernetes refuses an exception that is not a part of its block
    small, large = IPv4Network(inner), IPv4Network(outer)
    return small != large and small.subnet_of(large)
