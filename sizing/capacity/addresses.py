"""Addresses and pods per node as constraints; `sizing.addresses` and `sizing.reserve` do the sums.

All are hard, and none can be changed without replacing a subnet or a node.
"""

from __future__ import annotations

from sizing.addresses import PREFIX_ADDRESSES, Budget
from sizing.capacity.constraint import Constraint
from sizing.catalog import InstanceType
from sizing.reserve import daemon_pods, max_pods


def pod_addresses(need: Budget, reserved: int) -> Constraint:
    """Judge a zone's addresses for pods at pool maximum against those reserved for them."""
    return Constraint(
        name="pod-addresses",
        unit="addresses a zone",
        demand=need.pod_addresses,
        conservative=reserved,
        physical=reserved,
        hard=True,
        formula="pods of a zone in whole prefixes + a spare prefix a node <= addresses reserved "
        "for prefixes",
        source="eks-networking-add-ons",
    )


def node_addresses(need: Budget, free: int) -> Constraint:
    """Judge a zone's other addresses: nodes, endpoints, the control plane and AWS' own."""
    return Constraint(
        name="node-addresses",
        unit="addresses a zone",
        demand=need.node_addresses,
        conservative=free,
        physical=free,
        hard=True,
        formula="nodes of a zone + endpoints + control plane + reserved <= addresses of the "
        "private subnet outside the reservation",
        source="vpc-reserved-addresses",
    )


def pods_per_node(pods: int, nodes: int, machine: InstanceType) -> Constraint:
    """Judge the pods of the fullest node when they are spread evenly, DaemonSets among them."""
    most = max_pods(machine)
    return Constraint(
        name="pods-per-node",
        unit="pods a node",
        demand=-(-pods // nodes) + daemon_pods(machine),
        conservative=most,
        physical=most,
        hard=True,
        formula="pods / nodes, rounded up, + DaemonSet pods <= pods that the kubelet takes",
        source="eks-managed-node-groups",
    )


def prefix_slots(machine: InstanceType) -> Constraint:
    """Judge whether a node's interfaces can hold prefixes for all pods that the kubelet takes.

    One slot of each interface is its own address. Machines without such a limit have none known.
    """
    slots = None
    if machine.enis is not None and machine.ipv4_per_eni is not None:
        slots = machine.enis * (machine.ipv4_per_eni - 1) * int(PREFIX_ADDRESSES)
    return Constraint(
        name="prefix-slots",
        unit="addresses a node",
        demand=max_pods(machine),
        conservative=slots,
        physical=slots,
        hard=True,
        formula="pods that the kubelet takes <= interfaces x (addresses of one - 1) x 16",
        source="eks-networking-add-ons",
        measure="read the machine's interfaces and addresses from its vendor",
    )
