"""Pods spread evenly over zones: whether each zone's nodes hold its part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sizing.pack import Item, pack
from sizing.reserve import Room


def spread_fits(items: Iterable[Item], nodes: int, zones: int, node: Room) -> bool:
    """Say whether pods fit where no zone has over one of a kind more than another.

    Args:
        items: the pods.
        nodes: nodes of one kind, spread evenly over the zones too; the first zones have more.
        zones: zones of the pool.
        node: what one node offers.
    """
    used = min(nodes, zones)
    each, more = divmod(nodes, used)
    counts = [each + 1] * more + [each] * (used - more)
    parts = _parts(items, counts, node)
    return all(pack(part, node).nodes <= held for part, held in zip(parts, counts, strict=True))


def _parts(items: Iterable[Item], counts: list[int], node: Room) -> list[list[Item]]:
    """Return each zone's pods; who comes over an even share goes where most is left."""
    parts: list[list[Item]] = [[] for _ in counts]
    millis = [count * node.millis for count in counts]
    gpus = [count * node.gpus for count in counts]
    for one in sorted(items, key=lambda item: (-item.gpus, -item.millis, item.name)):
        share, over = divmod(one.replicas, len(counts))
        roomy = sorted(range(len(counts)), key=lambda zone: (-gpus[zone], -millis[zone], zone))
        for place, zone in enumerate(roomy):
            replicas = share + 1 if place < over else share
            parts[zone].append(replace(one, replicas=replicas))
            gpus[zone] -= one.gpus * replicas
            millis[zone] -= one.millis * replicas
    return parts
