"""How a range is cut on Google Cloud, where a subnet spans its region.

The cut depends on the range alone, as on the other cloud: the upper half is for pods, the lower
for nodes, for what managed stores take by private services access, and for the proxies of load
balancers. A node takes a block of pod addresses whole, whether its pods use it or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from sizing.addresses import ADDRESS_BITS
from sizing.model import Figure
from sizing.words import Kind

# A /24 for up to 110 pods: twice as many, so that addresses are not used again at once.
NODE_POD_ADDRESSES = Figure(
    value=256,
    unit="pod addresses a node at 110 pods",
    source="gke-pod-cidr",
    date="2026",
    kind=Kind.VENDOR,
)
SUBNET_RESERVED = Figure(
    value=4,
    unit="addresses a subnet",
    source="gcp-reserved-addresses",
    date="2026",
    kind=Kind.VENDOR,
)
# Prefixes longer than the range's by so much. Source: sizing-decisions.
PODS_DEEPER = 1
NODES_DEEPER = 2
SERVICES_DEEPER = 3
PROXIES_DEEPER = 4
# Shortest and longest range that is planned: pods in a /9 at most (gke-pod-cidr), and at least a
# /24 for managed stores. Source: sizing-decisions.
LARGEST_PREFIX = 8
SMALLEST_PREFIX = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The ranges of one region."""

    nodes: str
    pods: str
    services: str
    proxies: str

    @property
    def pod_addresses(self) -> int:
        """Return the addresses of the pods' range."""
        return IPv4Network(self.pods).num_addresses


def pod_addresses(nodes: int) -> int:
    """Return the pod addresses that so many nodes take."""
    return nodes * int(NODE_POD_ADDRESSES)


def cut(vpc_cidr: str, nodes: int) -> Cut:
    """Cut a range for so many nodes.

    Raises:
        ValueError: not a range, or too small; the message names the smallest that works.
    """
    network = IPv4Network(vpc_cidr)
    if network.prefixlen < LARGEST_PREFIX:
        raise ValueError(f"{vpc_cidr}, larger than is planned; the largest is /{LARGEST_PREFIX}")
    if not holds(network.prefixlen, nodes):
        raise ValueError(_too_small(network, nodes))
    start, prefix = int(network.network_address), network.prefixlen
    at_services = start + _size(prefix + NODES_DEEPER)
    at_proxies = at_services + _size(prefix + SERVICES_DEEPER)
    return Cut(
        nodes=_text(start, prefix + NODES_DEEPER),
        services=_text(at_services, prefix + SERVICES_DEEPER),
        proxies=_text(at_proxies, prefix + PROXIES_DEEPER),
        pods=_text(start + _size(prefix + PODS_DEEPER), prefix + PODS_DEEPER),
    )


def holds(prefix: int, nodes: int) -> bool:
    """Say whether a range of that prefix holds so many nodes and their pods."""
    return (
        prefix <= SMALLEST_PREFIX
        and nodes + int(SUBNET_RESERVED) <= _size(prefix + NODES_DEEPER)
        and pod_addresses(nodes) <= _size(prefix + PODS_DEEPER)
    )


def _too_small(network: IPv4Network, nodes: int) -> str:
    wanted = (
        f"{network}, too small: {nodes} nodes at pool maximum take {pod_addresses(nodes)} "
        f"addresses for pods, {int(NODE_POD_ADDRESSES)} each; "
    )
    for prefix in range(SMALLEST_PREFIX, LARGEST_PREFIX - 1, -1):
        if holds(prefix, nodes):
            return wanted + f"the smallest range that works is a /{prefix}"
    return wanted + f"no range holds that, /{LARGEST_PREFIX} being the largest"


def _size(prefix: int) -> int:
    return 1 << (ADDRESS_BITS - prefix)


def _text(address: int, prefix: int) -> str:
    return str(IPv4Network((address, prefix)))
