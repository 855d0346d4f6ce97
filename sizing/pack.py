"""Pods to nodes: a greedy packing that gives the same answer for the same pods in any order.

First fit decreasing: the pod that takes the largest share of a node in any resource comes first,
ties by name. It may take a node more than the best packing, never one less, so that what it says
fits does fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from sizing.reserve import Room
from sizing.units import GIGA

RESOURCES = ("cpu", "memory", "pods", "gpu")
ZONE_SPREAD = "zone-spread"

KEPT = 4096  # packings kept: planner and checks ask for the same ones

Amounts: TypeAlias = tuple[int, int, int, int]


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
    return all(need <= have for need, have in zip(needs(item), haves(node), strict=True))


def most_of(item: Item, node: Room) -> int:
    """Return how many pods of one kind an empty node holds."""
    asked = zip(needs(item), haves(node), strict=True)
    return min(have // need for need, have in asked if need)


def pack(items: Iterable[Item], node: Room, *, spread: int = 1) -> Packing:
    """Pack pods onto nodes of one kind.

    Args:
        items: the pods; their order does not matter.
        node: what one node offers.
        spread: nodes wanted whatever the pods need: one per zone of the pool.
    """
    return _packed(tuple(items), node, spread)


@lru_cache(maxsize=KEPT)
def _packed(items: tuple[Item, ...], node: Room, spread: int) -> Packing:
    ordered = sorted(items, key=lambda item: (-_weight(item, node), item.name))
    unplaced = tuple(sorted(item.name for item in ordered if not fits(item, node)))
    placed = [item for item in ordered if item.replicas > 0 and fits(item, node)]
    bins = _bins(_fill(placed, node))
    nodes = max(len(bins), spread)
    binding = ZONE_SPREAD if nodes > len(bins) else _binding(placed, node)
    return Packing(
        nodes=nodes,
        binding=binding,
        unplaced=unplaced,
        bins=bins,
    )


def needs(item: Item) -> Amounts:
    """Return what one pod takes of each of `RESOURCES`."""
    return (item.millis, item.memory_bytes, 1, item.gpus)


def haves(node: Room) -> Amounts:
    """Return what one node offers of each of `RESOURCES`."""
    return (node.millis, node.memory_bytes, node.pods, node.gpus)


def _weight(item: Item, node: Room) -> int:
    """Return the largest share of a node that one pod takes."""
    return max(_shares(needs(item), haves(node)))


def _shares(needs: Iterable[int], haves: Iterable[int]) -> list[int]:
    """Return each need as billionths of what there is: whole numbers compare the same anywhere."""
    return [need * GIGA // have if have > 0 else 0 for need, have in zip(needs, haves, strict=True)]


class _Alike(NamedTuple):
    """Nodes in the same state: how many, the pods on each by item, and what is left on each."""

    nodes: int
    pods: tuple[tuple[str, int], ...]
    left: Amounts


def _fill(items: Iterable[Item], node: Room) -> list[_Alike]:
    """Fill nodes item by item, first node first; alike nodes are filled and kept as one."""
    states: list[_Alike] = []
    for item in items:
        asked, count = needs(item), item.replicas
        filled: list[_Alike] = []
        for state in states:
            each = _most(asked, state.left) if count else 0
            if each:
                count -= _put(item.name, asked, min(count, each * state.nodes), state, filled)
            else:
                filled.append(state)
        if count:
            empty = _Alike(-(-count // _most(asked, haves(node))), (), haves(node))
            _put(item.name, asked, count, empty, filled)
        states = filled
    return states


def _put(name: str, asked: Amounts, count: int, state: _Alike, filled: list[_Alike]) -> int:
    """Put pods on alike nodes that take them all, append what becomes of them, return `count`."""
    each = _most(asked, state.left)
    full, rest = divmod(count, each)
    if full:
        filled.append(_with(name, asked, each, full, state))
    if rest:
        filled.append(_with(name, asked, rest, 1, state))
    same = state.nodes - full - (1 if rest else 0)
    if same:
        filled.append(state._replace(nodes=same))
    return count


def _with(name: str, asked: Amounts, pods: int, nodes: int, state: _Alike) -> _Alike:
    millis, memory, places, gpus = state.left
    return _Alike(
        nodes,
        (*state.pods, (name, pods)),
        (
            millis - asked[0] * pods,
            memory - asked[1] * pods,
            places - asked[2] * pods,
            gpus - asked[3] * pods,
        ),
    )


def _most(asked: Amounts, left: Amounts) -> int:
    """Return how many such pods fit into what is left."""
    millis, memory, places, gpus = asked
    most = left[2] // places
    if millis:
        most = min(most, left[0] // millis)
    if memory:
        most = min(most, left[1] // memory)
    if gpus:
        most = min(most, left[3] // gpus)
    return most


def _bins(states: Iterable[_Alike]) -> tuple[tuple[str, ...], ...]:
    bins: list[tuple[str, ...]] = []
    for state in states:
        names = tuple(name for name, pods in sorted(state.pods) for _ in range(pods))
        bins += [names] * state.nodes
    return tuple(bins)


def _binding(items: Iterable[Item], node: Room) -> str:
    """Return the resource of which the pods take the largest share; ties by `RESOURCES`' order."""
    totals = [0] * len(RESOURCES)
    for item in items:
        for place, need in enumerate(needs(item)):
            totals[place] += need * item.replicas
    shares = _shares(totals, haves(node))
    return RESOURCES[shares.index(max(shares))]
