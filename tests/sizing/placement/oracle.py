"""What must be true of a placement, recomputed from pods and nodes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sizing.placement.pods import NodeKind, Placement, Pod


def broken(pods: Sequence[Pod], nodes: Sequence[NodeKind], placement: Placement) -> list[str]:
    """Return every rule that a placement breaks, in words; nothing for a good one."""
    return [
        *_capacity(pods, nodes, placement),
        *_allowed(pods, nodes, placement),
        *_numbers(pods, nodes, placement),
        *_skew(pods, nodes, placement),
    ]


def _capacity(pods: Sequence[Pod], nodes: Sequence[NodeKind], placement: Placement) -> list[str]:
    by_name = {pod.item.name: pod.item for pod in pods}
    rooms = {(kind.name, kind.zone): kind.room for kind in nodes}
    found = []
    for one in placement.filled:
        room = rooms[one.kind, one.zone]
        taken = [
            sum(getattr(by_name[name], field) * count for name, count in one.pods)
            for field in ("millis", "memory_bytes", "gpus")
        ]
        count = sum(count for _, count in one.pods)
        if (
            taken[0] > room.millis
            or taken[1] > room.memory_bytes
            or taken[2] > room.gpus
            or count > room.pods
        ):
            found.append(f"{one} holds more than {room}")
    return found


def _allowed(pods: Sequence[Pod], nodes: Sequence[NodeKind], placement: Placement) -> list[str]:
    by_name = {pod.item.name: pod for pod in pods}
    kinds = {(kind.name, kind.zone): kind for kind in nodes}
    return [
        f"{name} may not run on {kinds[one.kind, one.zone]}"
        for one in placement.filled
        for name, count in one.pods
        if not kinds[one.kind, one.zone].taints <= by_name[name].tolerations
        or not by_name[name].labels <= kinds[one.kind, one.zone].labels
        or 0 < by_name[name].per_node < count
    ]


def _numbers(pods: Sequence[Pod], nodes: Sequence[NodeKind], placement: Placement) -> list[str]:
    placed: Counter[str] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    for one in placement.filled:
        used[one.kind, one.zone] += one.nodes
        for name, count in one.pods:
            placed[name] += count * one.nodes
    for short in placement.unplaced:
        placed[short.name] += short.pods
    wanted = Counter({pod.item.name: pod.item.replicas for pod in pods})
    there = {(kind.name, kind.zone): kind.count for kind in nodes}
    found = [
        f"{key} has {there[key]} nodes, {used[key]} used" for key in used if used[key] > there[key]
    ]
    if +placed != +wanted:
        found.append(f"placed and unplaced {placed}, wanted {wanted}")
    return found


def _skew(pods: Sequence[Pod], nodes: Sequence[NodeKind], placement: Placement) -> list[str]:
    found = []
    for pod in pods:
        domains = {kind.zone for kind in nodes if kind.count and _could_run(pod, kind)}
        counts = dict.fromkeys(domains, 0)
        for one in placement.filled:
            if pod.item.name in dict(one.pods):
                here = one.nodes * dict(one.pods)[pod.item.name]
                counts[one.zone] = counts.get(one.zone, 0) + here
        if pod.spread and counts and max(counts.values()) - min(counts.values()) > 1:
            found.append(f"{pod.item.name} is spread {counts}")
    return found


def _could_run(pod: Pod, kind: NodeKind) -> bool:
    item, room = pod.item, kind.room
    return (
        kind.taints <= pod.tolerations
        and pod.labels <= kind.labels
        and item.millis <= room.millis
        and item.memory_bytes <= room.memory_bytes
        and item.gpus <= room.gpus
        and room.pods > 0
    )
