"""Pods, nodes of several kinds, and where the pods went."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.pack import Item
from sizing.reserve import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """Identical pods, and where they may run.

    Attributes:
        item: what one asks of a node, and how many there are.
        tolerations: taints that do not keep it away.
        labels: labels that its node must carry, all of them.
        spread: no zone holds over one pod more than another (maxSkew 1, DoNotSchedule).
        per_node: the most of them on one node, 0 for no limit; 1 is anti-affinity.
    """

    item: Item
    tolerations: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    spread: bool = False
    per_node: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKind:
    """Nodes of one kind in one zone, all empty."""

    name: str
    zone: str
    count: int
    room: Room
    taints: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Nodes that hold the same pods: names with their number on one node, by name."""

    kind: str
    zone: str
    nodes: int
    pods: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Pods that no node takes.

    Attributes:
        reason: "node" (there is none), "taint", "label", "zone-spread", "per-node", or the resource
            that is short.
    """

    name: str
    pods: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the pods went: nodes that hold any, in the order of kinds and zones."""

    filled: tuple[Filled, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def used(self) -> tuple[tuple[str, int], ...]:
        """Return each kind's nodes that hold a pod, by name."""
        counts: dict[str, int] = {}
        for one in self.filled:
            counts[one.kind] = counts.get(one.kind, 0) + one.nodes
        return tuple(sorted(counts.items()))
