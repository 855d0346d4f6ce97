"""Address space: how a VPC's range is cut, and how many addresses pods take.

The cut depends on the range and the number of zones alone, never on the budget: a subnet whose
range moved because a pool grew would be replaced, and with it everything inside. The budget then
says whether the cut is large enough, and which range would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from sizing.model import Figure
from sizing.words import Kind, SubnetKind

# A prefix is the unit in which the VPC CNI takes addresses with prefix delegation.
PREFIX_ADDRESSES = Figure(
    value=16,
    unit="addresses a prefix",
    source="eks-networking-add-ons",
    date="2026",
    kind=Kind.VENDOR,
)
WARM_PREFIXES = Figure(
    value=1,
    unit="spare prefixes that each node holds",
    source="eks-networking-add-ons",
    date="2026",
    kind=Kind.VENDOR,
)
# Network, router, DNS, one kept, broadcast: AWS takes them from every subnet.
SUBNET_RESERVED = Figure(
    value=5,
    unit="addresses a subnet",
    source="vpc-reserved-addresses",
    date="2026",
    kind=Kind.VENDOR,
)
# EKS asks for six and advises sixteen free addresses for its own interfaces (cloud rule 37).
CONTROL_PLANE_ADDRESSES = Figure(
    value=16,
    unit="addresses a subnet",
    source="eks-network-requirements",
    date="2026",
    kind=Kind.VENDOR,
)
LARGEST_PREFIX = 16  # what a VPC may be. Source: ec2-api, 2026.
SMALLEST_PREFIX = 28  # likewise, and a subnet
SMALL_SUBNET_PREFIX = 24  # public and isolated subnets need no more. Source: sizing-decisions.
ADDRESS_BITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one zone's private subnet must hold when the pools stand at their maximum.

    Attributes:
        pod_addresses: addresses for pods, whole prefixes and the spare ones included.
        node_addresses: addresses for nodes, endpoints and the control plane.
    """

    pod_addresses: int
    node_addresses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One subnet's range; `pods` is the part reserved for prefixes, None outside private ones."""

    kind: SubnetKind
    zone: int
    cidr: str
    pods: str | None


def budget(*, pods: int, nodes: int, zones_left: int, endpoints: int) -> Budget:
    """Return what a zone must hold when `zones_left` zones carry everything.

    Args:
        pods: pods with an address of their own, at pool maximum.
        nodes: nodes at pool maximum.
        zones_left: zones that still stand, at least 1.
        endpoints: interface endpoints, one address in each zone.
    """
    zone_pods, zone_nodes = -(-pods // zones_left), -(-nodes // zones_left)
    prefix = int(PREFIX_ADDRESSES)
    # Each node rounds its pods up to whole prefixes and holds spare ones beside them.
    waste = zone_nodes * (prefix - 1 + int(WARM_PREFIXES) * prefix)
    return Budget(
        pod_addresses=-(-(zone_pods + waste) // prefix) * prefix,
        node_addresses=zone_nodes + endpoints + int(CONTROL_PLANE_ADDRESSES) + int(SUBNET_RESERVED),
    )


def cut(vpc_cidr: str, zones: int, need: Budget) -> tuple[Block, ...]:
    """Cut a VPC's range into a public, a private and an isolated subnet per zone.

    The range falls into equal parts, one per zone for private subnets and the last for the rest.
    The upper half of a private subnet is reserved for pods.

    Raises:
        ValueError: not a range, or too small; the message names the smallest that works.
    """
    network = IPv4Network(vpc_cidr)
    if network.prefixlen < LARGEST_PREFIX:
        raise ValueError(f"{vpc_cidr}, larger than a VPC may be; the largest is /{LARGEST_PREFIX}")
    if not _holds(network.prefixlen, zones, need):
        raise ValueError(_too_small(network, zones, need))
    part = _private_prefix(network.prefixlen, zones)
    small = _small_prefix(network.prefixlen, zones)
    start, rest = int(network.network_address), _last_part(network, part)
    blocks = []
    for zone in range(zones):
        private = start + zone * _size(part)
        pods = f"{_text(private + _size(part + 1))}/{part + 1}"
        blocks += [
            Block(
                kind=SubnetKind.PUBLIC,
                zone=zone,
                cidr=f"{_text(rest + zone * _size(small))}/{small}",
                pods=None,
            ),
            Block(kind=SubnetKind.PRIVATE, zone=zone, cidr=f"{_text(private)}/{part}", pods=pods),
            Block(
                kind=SubnetKind.ISOLATED,
                zone=zone,
                cidr=f"{_text(rest + (zones + zone) * _size(small))}/{small}",
                pods=None,
            ),
        ]
    return tuple(blocks)


def smallest(zones: int, need: Budget) -> int | None:
    """Return the longest VPC prefix that holds the budget, None where none does."""
    for prefix in range(SMALLEST_PREFIX, LARGEST_PREFIX - 1, -1):
        if _holds(prefix, zones, need):
            return prefix
    return None


def pod_capacity(blocks: tuple[Block, ...]) -> int:
    """Return the addresses reserved for pods in each zone."""
    return min(IPv4Network(block.pods).num_addresses for block in blocks if block.pods is not None)


def overlap(one: str, other: str) -> bool:
    """Say whether two ranges share an address.

    Raises:
        ValueError: one of them is not a range.
    """
    return IPv4Network(one).overlaps(IPv4Network(other))


def _holds(prefix: int, zones: int, need: Budget) -> bool:
    part, small = _private_prefix(prefix, zones), _small_prefix(prefix, zones)
    if max(part + 1, small) > SMALLEST_PREFIX:  # a subnet may not be smaller than a VPC
        return False
    half = _size(part + 1)
    return need.pod_addresses <= half and need.node_addresses <= half


def _too_small(network: IPv4Network, zones: int, need: Budget) -> str:
    wanted = (
        f"{network}, too small: each of {zones} zones needs {need.pod_addresses} addresses for "
        f"pods at pool maximum and {need.node_addresses} for nodes; "
    )
    prefix = smallest(zones, need)
    if prefix is None:
        return wanted + f"no VPC range holds that, /{LARGEST_PREFIX} being the largest"
    return wanted + f"the smallest range that works is a /{prefix}"


def _private_prefix(prefix: int, zones: int) -> int:
    parts = 1
    while parts < zones + 1:
        parts += parts
        prefix += 1
    return prefix


def _small_prefix(prefix: int, zones: int) -> int:
    """Return the prefix of public and isolated subnets: two per zone in the last part."""
    part = _private_prefix(prefix, zones)
    return max(SMALL_SUBNET_PREFIX, _private_prefix(part, zones + zones - 1))


def _last_part(network: IPv4Network, part: int) -> int:
    return int(network.network_address) + network.num_addresses - _size(part)


def _size(prefix: int) -> int:
    return 1 << (ADDRESS_BITS - prefix)


def _text(address: int) -> str:
    return str(IPv4Network((address, ADDRESS_BITS)).network_address)
