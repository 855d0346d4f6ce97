"""Pods to nodes: a greedy packing that gives the same answer for the same pods in any order.

First fit decreasing: the pod that takes the largest share of a node in any resource comes first,
ties by name. It may take a node more than the best packing, never one less, so that what it says
fits does fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sizing.reserve import Room
from sizing.units import GIGA

RESOURCES = ("cpu", "memory", "pods", "gpu")
ZONE_SPREAD = "zone-spread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Identical pods, as many as `replicas`."""

    name: str
    replicas: int
    millis: int
    memory_bytes: int
    gpus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How many nodes the pods take.

    Attributes:
        nodes: nodes needed, at least one per zone that the spread asks for.
        binding: what decides the count: "cpu", "memory", "pods", "gpu" or "zone-spread".
        unplaced: names of items of which one pod is larger than an empty node.
        bins: the items on each node, by name, one entry a pod; without nodes of the spread alone.
    """

    nodes: int
    binding: str
    unplaced: tuple[str, ...]
    bins: tuple[tuple[str, ...], ...]


def fits(item: Item, node: Room) -> bool:
    """Say whether one pod fits an empty node."""
    return all(need <= have for need, have in zip(_needs(item), _haves(node), strict=True))


def pack(items: Iterable[Item], node: Room, *, spread: int = 1) -> Packing:
    """Pack pods onto nodes of one kind.

    Args:
        items: the pods; their order does not matter.
        node: what one node offers.
        spread: nodes wanted whatever the pods need: one per zone of the pool.
    """
    ordered = sorted(items, key=lambda item: (-_weight(item, node), item.name))
    unplaced = tuple(sorted(item.name for item in ordered if not fits(item, node)))
    placed = [item for item in ordered if item.replicas > 0 and fits(item, node)]
    bins = _fill(placed, node)
    nodes = max(len(bins), spread)
    binding = ZONE_SPREAD if nodes > len(bins) else _binding(placed, node)
    return Packing(
        nodes=nodes,
        binding=binding,
        unplaced=unplaced,
        bins=tuple(tuple(sorted(names)) for names, _ in bins),
    )


def _needs(item: Item) -> tuple[int, int, int, int]:
    return (item.millis, item.memory_bytes, 1, item.gpus)


def _haves(node: Room) -> tuple[int, int, int, int]:
    return (node.millis, node.memory_bytes, node.pods, node.gpus)


def _weight(item: Item, node: Room) -> int:
    """Return the largest share of a node that one pod takes."""
    return max(_shares(_needs(item), _haves(node)))


def _shares(needs: Iterable[int], haves: Iterable[int]) -> list[int]:
    """Return each need as billionths of what there is: whole numbers compare the same anywhere."""
    return [need * GIGA // have if have > 0 else 0 for need, have in zip(needs, haves, strict=True)]


def _fill(items: Iterable[Item], node: Room) -> list[tuple[list[str], list[int]]]:
    bins: list[tuple[list[str], list[int]]] = []
    for item in items:
        needs = _needs(item)
        start = 0  # identical pods: a node that refused one refuses the next, too
        for _ in range(item.replicas):
            while start < len(bins) and not _takes(bins[start][1], needs):
                start += 1
            if start == len(bins):
                bins.append(([], list(_haves(node))))
            names, left = bins[start]
            names.append(item.name)
            for place, need in enumerate(needs):
                left[place] -= need
    return bins


def _takes(left: list[int], needs: tuple[int, int, int, int]) -> bool:
    millis, memory, pods, gpus = needs
    return millis <= left[0] and memory <= left[1] and pods <= left[2] and gpus <= left[3]


def _binding(items: Iterable[Item], node: Room) -> str:
    """Return the resource of which the pods take the largest share; ties by `RESOURCES`' order."""
    totals = [0] * len(RESOURCES)
    for item in items:
        for place, need in enumerate(_needs(item)):
            totals[place] += need * item.replicas
    shares = _shares(totals, _haves(node))
    return RESOURCES[shares.index(max(shares))]
