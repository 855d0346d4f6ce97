"""Whether pods can bind to given nodes at all: an integer program where first fit finds no way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

from sizing.pack import fits, haves, needs
from sizing.placement.highs import Answer, Program, Row, minimise
from sizing.placement.nodes import admits, place_pods
from sizing.placement.pods import Filled, NodeKind, Placement, Pod


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where all pods go, None where no way was found; `refuted` once none can exist."""

    placement: Placement | None
    refuted: bool = False


def bind(pods: Sequence[Pod], nodes: Sequence[NodeKind]) -> Binding:
    """Bind all pods: by the packer if it can, else exactly.

    `refuted` is never said of pods that fail for their spread over zones alone: other zones for
    the same machines might do.
    """
    placed = place_pods(pods, nodes)
    if not placed.unplaced:
        return Binding(placement=placed)
    found = _exactly(pods, nodes)
    if found.refuted and any(pod.spread for pod in pods):
        anywhere = [replace(pod, spread=False) for pod in pods]
        return replace(found, refuted=_exactly(anywhere, nodes).refuted)
    return found


def _exactly(pods: Sequence[Pod], nodes: Sequence[NodeKind]) -> Binding:
    wanted = sorted((pod for pod in pods if pod.item.replicas), key=lambda pod: pod.item.name)
    single = [kind for kind in nodes for _ in range(kind.count)]
    if not wanted:
        return Binding(placement=Placement(filled=(), unplaced=()))
    if any(_most(pod, single) < pod.item.replicas for pod in wanted):
        return Binding(placement=None, refuted=True)
    program = Program(
        costs=[0.0] * (len(wanted) * len(single)),
        upper=[float(_takes(pod, kind)) for pod in wanted for kind in single],
        whole=True,
        rows=[*_demand(wanted, single), *_capacity(wanted, single), *_spread(wanted, single)],
    )
    answer = minimise(program)
    if answer is None:
        return Binding(placement=None, refuted=True)
    return Binding(placement=_placement(answer, wanted, single) if answer.values else None)


def _takes(pod: Pod, kind: NodeKind) -> int:
    """Return how many of the pods an empty node takes."""
    if not admits(pod, kind):
        return 0
    pairs = zip(needs(pod.item), haves(kind.room), strict=True)
    most = min(pod.item.replicas, *(have // need for need, have in pairs if need))
    return min(most, pod.per_node) if pod.per_node else most


def _most(pod: Pod, single: Sequence[NodeKind]) -> int:
    return sum(_takes(pod, kind) for kind in single)


def _demand(pods: Sequence[Pod], single: Sequence[NodeKind]) -> list[Row]:
    """Ask for all pods of each kind and no more."""
    rows, size = [], len(single)
    for place, pod in enumerate(pods):
        for sign in (1.0, -1.0):
            row = {place * size + node: sign for node in range(size)}
            rows.append(Row(coefficients=row, lower=sign * pod.item.replicas))
    return rows


def _capacity(pods: Sequence[Pod], single: Sequence[NodeKind]) -> list[Row]:
    rows, size = [], len(single)
    columns = zip(*(needs(pod.item) for pod in pods), strict=True)
    for resource, column in enumerate(columns):
        unit = gcd(*column)
        for node, kind in enumerate(single if unit else ()):
            row = {
                place * size + node: -float(need // unit)
                for place, need in enumerate(column)
                if need
            }
            rows.append(Row(coefficients=row, lower=-float(haves(kind.room)[resource] // unit)))
    return rows


def _spread(pods: Sequence[Pod], single: Sequence[NodeKind]) -> list[Row]:
    """Keep each zone with a node for a spread pod at its even share, rounded up at most."""
    rows, size = [], len(single)
    for place, pod in enumerate(pods):
        zones = {kind.zone for kind in single if admits(pod, kind) and fits(pod.item, kind.room)}
        for zone in sorted(zones if pod.spread else ()):
            inside = [place * size + node for node, one in enumerate(single) if one.zone == zone]
            least = pod.item.replicas // len(zones)
            most = -(-pod.item.replicas // len(zones))
            rows.append(Row(coefficients=dict.fromkeys(inside, 1.0), lower=float(least)))
            rows.append(Row(coefficients=dict.fromkeys(inside, -1.0), lower=-float(most)))
    return rows


def _placement(answer: Answer, pods: Sequence[Pod], single: Sequence[NodeKind]) -> Placement:
    size = len(single)
    alike: Counter[tuple[str, str, tuple[tuple[str, int], ...]]] = Counter()
    for node, kind in enumerate(single):
        held = []
        for place, pod in enumerate(pods):
            count = round(answer.values[place * size + node])
            held += [(pod.item.name, count)] if count else []
        if held:
            alike[kind.name, kind.zone, tuple(sorted(held))] += 1
    return Placement(
        filled=tuple(
            Filled(kind=kind, zone=zone, nodes=nodes, pods=pods_on)
            for (kind, zone, pods_on), nodes in sorted(alike.items())
        ),
        unplaced=(),
    )
