"""The cheapest mix by trying every one in the order of price, and every packing of each.

Written apart from the solver and the packer, so that it can judge them. For two zones and a
handful of offers and pods: the mixes below the cheapest grow with the power of its machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from heapq import heappop, heappush

from sizing.pack import Item
from sizing.placement.model import MixProblem
from sizing.reserve import Room

Needs = tuple[int, int, int, int]
Mixes = dict[tuple[str, str], int]


def cheapest_by_trying(problem: MixProblem) -> tuple[float, Mixes]:
    """Return the price of the cheapest mix that holds everything, and the mix by offer and zone."""
    for usd, mix in mixes(problem):
        if stands(problem, mix):
            return usd, mix
    raise AssertionError("there are always dearer mixes")


def mixes(problem: MixProblem) -> Iterator[tuple[float, Mixes]]:
    """Yield every mix once, the cheapest first."""
    columns = [
        (offer, zone) for offer in problem.offers for zone in problem.zones if zone in offer.zones
    ]
    heap = [(0.0, (0,) * len(columns), 0)]
    while heap:
        usd, counts, first = heappop(heap)
        yield (
            usd,
            {
                (offer.name, zone): count
                for (offer, zone), count in zip(columns, counts, strict=True)
                if count
            },
        )
        for place in range(first, len(columns)):
            more = (*counts[:place], counts[place] + 1, *counts[place + 1 :])
            dearer = sum(
                offer.hourly_usd * count for (offer, _), count in zip(columns, more, strict=True)
            )
            heappush(heap, (dearer, more, place))


def stands(problem: MixProblem, mix: Mixes) -> bool:
    """Say whether a mix has its minimum counts and packs, with every zone lost that may be."""
    per_zone = dict.fromkeys(problem.zones, 0)
    for (_, zone), count in mix.items():
        per_zone[zone] += count
    if sum(per_zone.values()) < problem.minimum_nodes:
        return False
    if min(per_zone.values()) < problem.minimum_per_zone:
        return False
    rooms = {offer.name: offer.room for offer in problem.offers}

    def left(lost: str) -> list[Room]:
        return [
            rooms[offer]
            for (offer, zone), count in mix.items()
            for _ in range(count)
            if zone != lost
        ]

    if not packs([pod.item for pod in problem.pods], left("")):
        return False
    if not problem.after_loss or len(problem.zones) == 1:
        return True
    items = [pod.item for pod in problem.after_loss]
    return all(packs(items, left(zone)) for zone in problem.zones)


def packs(items: Sequence[Item], rooms: Sequence[Room]) -> bool:
    """Say whether any packing puts all pods on the nodes."""
    pods = [
        (item.millis, item.memory_bytes, 1, item.gpus)
        for item in sorted(items, key=lambda item: (-item.gpus, -item.memory_bytes, -item.millis))
        for _ in range(item.replicas)
    ]
    nodes = [(room.millis, room.memory_bytes, room.pods, room.gpus) for room in rooms]

    @cache
    def place(first: int, left: tuple[Needs, ...]) -> bool:
        if first == len(pods):
            return True
        pod = pods[first]
        for node in dict.fromkeys(left):
            rest = (node[0] - pod[0], node[1] - pod[1], node[2] - pod[2], node[3] - pod[3])
            if min(rest) >= 0:
                others = list(left)
                others.remove(node)
                if place(first + 1, tuple(sorted([*others, rest]))):
                    return True
        return False

    return place(0, tuple(sorted(nodes)))
