"""Addresses and pods per node as constraints; `sizing.addresses` and `sizing.reserve` do the sums.

Both are hard, and neither can be changed without replacing a subnet or a node. Addresses of nodes
and endpoints are no constraint: a range that does not hold them is refused when it is cut.
"""

from __future__ import annotations

from sizing.capacity.constraint import Constraint
from sizing.catalog import InstanceType
from sizing.reserve import daemon_pods


def pod_addresses(needed: int, reserved: int) -> Constraint:
    """Judge a zone's addresses for pods, as its budget has them, against those reserved."""
    return Constraint(
        name="pod-addresses",
        unit="addresses a zone",
        demand=needed,
        conservative=reserved,
        physical=reserved,
        hard=True,
        formula="pods of a zone in whole prefixes + a spare prefix a node <= addresses reserved "
        "for prefixes",
        source="eks-networking-add-ons",
    )


def pods_per_node(fullest: int, machine: InstanceType, most: int) -> Constraint:
    """Judge the pods of the fullest node with its DaemonSets against those the kubelet takes."""
    return Constraint(
        name="pods-per-node",
        unit="pods a node",
        demand=fullest + daemon_pods(machine),
        conservative=most,
        physical=most,
        hard=True,
        formula="pods of the fullest node + DaemonSet pods <= pods that the kubelet takes",
        source="eks-managed-node-groups",
    )
