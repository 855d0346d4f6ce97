"""Pods on nodes that exist: kinds, zones, taints, spread; what does not bind, and why not.

First fit decreasing over nodes of several kinds. Nodes in the same state are kept once with their
number, and pods are placed as many at a time as a state takes: the work grows with the shapes of
pods and nodes, not with their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sizing.pack import RESOURCES, Amounts, haves, needs
from sizing.placement.pods import Filled, NodeKind, Placement, Pod, Unplaced
from sizing.units import GIGA

NODE = "node"
TAINT = "taint"
LABEL = "label"
ZONE_SPREAD = "zone-spread"
PER_NODE = "per-node"


@dataclass(slots=True)
class _State:
    """Nodes in the same state: what is left on each, the pods on each, and how many of the pods
    that are being placed each could take."""

    kind: NodeKind
    nodes: int
    left: Amounts
    pods: tuple[tuple[str, int], ...]
    takes: int = 0


def place_pods(pods: Iterable[Pod], nodes: Iterable[NodeKind]) -> Placement:
    """Bind pods to nodes; the order in which either are given changes nothing.

    Pods come by their largest share of what there is, onto small nodes first; only where that
    leaves pods over, other orders are tried, and the first that leaves fewest is kept.

    Raises:
        ValueError: two pods of one name.
    """
    kinds = sorted((kind for kind in nodes if kind.count > 0), key=_place)
    wanted = sorted((pod for pod in pods if pod.item.replicas > 0), key=lambda pod: pod.item.name)
    if len({pod.item.name for pod in wanted}) < len(wanted):
        raise ValueError("two kinds of pods share a name: give each a name of its own")
    best: Placement | None = None
    for order in _orders(wanted, kinds):
        for chosen in (kinds, _large_first(kinds)):
            found = _attempt(order, chosen)
            if not found.unplaced:
                return found
            if best is None or _over(found) < _over(best):
                best = found
    assert best is not None
    return best


def _orders(wanted: Sequence[Pod], kinds: Sequence[NodeKind]) -> Iterator[list[Pod]]:
    """Yield orders of pods: by largest share, by sum of shares; those that spread first in each."""
    shares = [_shares(pod, kinds) for pod in wanted]
    places = range(len(wanted))
    for weights in ([max(share) for share in shares], [sum(share) for share in shares]):
        by_weight = sorted(places, key=lambda place, by=weights: (-by[place], place))  # type: ignore[misc]
        yield [wanted[place] for place in by_weight]
        # pods that may go anywhere must not fill the zone that others need
        if any(pod.spread for pod in wanted):
            yield [wanted[place] for place in sorted(by_weight, key=lambda p: not wanted[p].spread)]


def _attempt(wanted: Sequence[Pod], kinds: Sequence[NodeKind]) -> Placement:
    """Place pods in their order, each onto the first nodes that take them."""
    states = [_State(kind, kind.count, haves(kind.room), ()) for kind in kinds]
    unplaced = []
    for pod in wanted:
        short = _place_one(pod, states)
        if short:
            reason = _reason(pod, kinds, states)
            unplaced.append(Unplaced(name=pod.item.name, pods=short, reason=reason))
    filled = [
        Filled(
            kind=one.kind.name, zone=one.kind.zone, nodes=one.nodes, pods=tuple(sorted(one.pods))
        )
        for one in states
        if one.pods
    ]
    return Placement(
        filled=tuple(sorted(filled, key=lambda one: (one.kind, one.zone, one.pods))),
        unplaced=tuple(sorted(unplaced, key=lambda one: one.name)),
    )


def _over(placement: Placement) -> int:
    return sum(one.pods for one in placement.unplaced)


def without_zone(nodes: Iterable[NodeKind], zone: str) -> tuple[NodeKind, ...]:
    """Return the nodes that stand when a zone is lost."""
    return tuple(kind for kind in nodes if kind.zone != zone)


def lost_with_zone(
    pods: Iterable[Pod], nodes: Iterable[NodeKind]
) -> tuple[tuple[str, tuple[Unplaced, ...]], ...]:
    """Return, for each zone, the pods that no longer bind when it is lost."""
    wanted, stand = tuple(pods), tuple(nodes)
    return tuple(
        (zone, place_pods(wanted, without_zone(stand, zone)).unplaced)
        for zone in sorted({kind.zone for kind in stand})
    )


def admits(pod: Pod, kind: NodeKind) -> bool:
    """Say whether taints and labels let a pod onto nodes of a kind."""
    return kind.taints <= pod.tolerations and pod.labels <= kind.labels


def _place(kind: NodeKind) -> tuple[object, ...]:
    """Return the order of nodes: those with GPUs last, small before large, then by name."""
    room = kind.room
    return (room.gpus, room.millis, room.memory_bytes, kind.name, kind.zone, sorted(kind.taints))


def _large_first(kinds: Sequence[NodeKind]) -> list[NodeKind]:
    """Return nodes in the other order, those with GPUs still last."""
    return sorted(kinds, key=lambda kind: (kind.room.gpus, -kind.room.millis, *_place(kind)))


def _shares(pod: Pod, kinds: Sequence[NodeKind]) -> tuple[int, ...]:
    """Return one pod's share of each resource of all the nodes that would let it in."""
    totals = [0] * len(RESOURCES)
    for kind in kinds:
        if admits(pod, kind):
            for place, have in enumerate(haves(kind.room)):
                totals[place] += have * kind.count
    return tuple(
        need * GIGA * GIGA // total if total else 0
        for need, total in zip(needs(pod.item), totals, strict=True)
    )


def _place_one(pod: Pod, states: list[_State]) -> int:
    """Place all pods of one shape, and return how many found no node."""
    by_zone: dict[str, int] = {}
    for one in states:
        allowed = admits(pod, one.kind)
        one.takes = _takes(pod, one) if allowed else 0
        # a zone without a node that could ever take the pod is no domain of its spread
        if allowed and _suits(pod, haves(one.kind.room)):
            by_zone[one.kind.zone] = by_zone.get(one.kind.zone, 0) + one.takes * one.nodes
    if not pod.spread:
        return _fill(pod, states, pod.item.replicas, None)
    shares = zone_shares(pod.item.replicas, by_zone)
    for zone, share in shares.items():
        _fill(pod, states, share, zone)
    return pod.item.replicas - sum(shares.values())


def zone_shares(replicas: int, capacity: dict[str, int]) -> dict[str, int]:
    """Return how many pods each zone gets, no zone over one more than another.

    Args:
        replicas: pods to spread.
        capacity: pods that each zone could take.
    """
    if not capacity:
        return {}
    each = min(replicas // len(capacity), *capacity.values())
    shares = dict.fromkeys(sorted(capacity), each)
    rest = replicas - each * len(capacity)
    # the emptiest zones take what does not divide
    for zone in sorted(capacity, key=lambda zone: (-capacity[zone], zone)):
        if rest and capacity[zone] > each:
            shares[zone] += 1
            rest -= 1
    return shares


def _takes(pod: Pod, state: _State) -> int:
    """Return how many of the pods one node in this state takes."""
    most = min(
        have // need for need, have in zip(needs(pod.item), state.left, strict=True) if need > 0
    )
    return min(most, pod.per_node) if pod.per_node else most


def _suits(pod: Pod, left: Amounts) -> bool:
    return all(need <= have for need, have in zip(needs(pod.item), left, strict=True))


def _fill(pod: Pod, states: list[_State], count: int, zone: str | None) -> int:
    """Fill nodes in their order, all zones or one; return how many pods are left over."""
    place = 0
    while place < len(states) and count:
        state = states[place]
        each = state.takes
        if not each or (zone is not None and state.kind.zone != zone):
            place += 1
            continue
        full = min(state.nodes, count // each)
        parts = [(full, each)] if full else []
        if full < state.nodes and count - full * each:
            parts.append((1, count - full * each))
        count -= sum(nodes * pods for nodes, pods in parts)
        filled = [_with(state, pod, nodes, pods) for nodes, pods in parts]
        state.nodes -= sum(nodes for nodes, _ in parts)
        states[place : place + 1] = [*filled, state] if state.nodes else filled
        place += len(filled)
    return count


def _with(state: _State, pod: Pod, nodes: int, pods: int) -> _State:
    """Return so many of a state's nodes with so many pods more on each."""
    millis, memory, one, gpus = needs(pod.item)
    left = state.left
    return _State(
        state.kind,
        nodes,
        (
            left[0] - millis * pods,
            left[1] - memory * pods,
            left[2] - one * pods,
            left[3] - gpus * pods,
        ),
        (*state.pods, (pod.item.name, pods)),
    )


def _reason(pod: Pod, kinds: Sequence[NodeKind], states: Sequence[_State]) -> str:
    """Return the constraint that keeps a pod off: the first that no node passes."""
    if not kinds:
        return NODE
    tolerated = [kind for kind in kinds if kind.taints <= pod.tolerations]
    if not tolerated:
        return TAINT
    if not any(admits(pod, kind) for kind in tolerated):
        return LABEL
    open_to = [one for one in states if admits(pod, one.kind)]
    roomy = [one for one in open_to if _suits(pod, one.left)]
    if not roomy:
        return _short(pod, open_to)
    full = [one for one in roomy if pod.per_node and dict(one.pods).get(pod.item.name)]
    return PER_NODE if len(full) == len(roomy) else ZONE_SPREAD


def _short(pod: Pod, states: Sequence[_State]) -> str:
    """Return the resource that is short on the most nodes; ties by `RESOURCES`' order."""
    refused = [0] * len(RESOURCES)
    for one in states:
        for place, need in enumerate(needs(pod.item)):
            refused[place] += one.nodes if need > one.left[place] else 0
    return RESOURCES[refused.index(max(refused))]
