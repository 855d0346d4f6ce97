"""From machines that are too few to machines that hold every pod: one more where it helps most."""

from __future__ import annotations

from typing import TypeAlias

from sizing.pack import needs, pack
from sizing.placement.model import (
    MixNodes,
    MixProblem,
    Offer,
    holds,
    missing,
    placements,
)
from sizing.units import GIGA

STEPS = 200  # machines added at most before a start is given up. Source: sizing-decisions.


Counts: TypeAlias = dict[tuple[str, str], int]


def uniform(problem: MixProblem, offer: Offer) -> tuple[MixNodes, ...]:
    """Return the fewest machines of one offer, evenly over its zones, that hold all pods.

    Empty where `STEPS` more than the pods need without regard to zones are not enough.
    """
    zones = [zone for zone in problem.zones if zone in offer.zones]
    packing = pack([pod.item for pod in problem.pods], offer.room)
    if packing.unplaced or not zones:
        return ()
    start = max(packing.nodes, problem.minimum_nodes)
    for nodes in range(start, start + STEPS):
        each, rest = divmod(nodes, len(zones))
        found = mix(
            {
                (offer.name, zone): each + 1 if place < rest else each
                for place, zone in enumerate(zones)
            }
        )
        if holds(problem, found):
            return found
    return ()


def raised(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> tuple[MixNodes, ...]:
    """Return a mix with machines added until all pods bind, then without those not needed.

    Empty where `STEPS` machines more are not enough.
    """
    counts = {(one.offer, one.zone): one.nodes for one in nodes}
    for _ in range(STEPS):
        if holds(problem, mix(counts)):
            return mix(_trimmed(problem, counts))
        counts = _one_more(problem, counts)
    return ()


def mix(counts: Counts) -> tuple[MixNodes, ...]:
    """Return numbers of machines by offer and zone as a mix, in that order."""
    return tuple(
        MixNodes(offer=offer, zone=zone, nodes=count)
        for (offer, zone), count in sorted(counts.items())
        if count
    )


def _one_more(problem: MixProblem, counts: Counts) -> Counts:
    """Add the machine that binds the most for its price; ties by name and zone."""
    now = _shortage(problem, counts)
    trials = []
    for offer in problem.offers:
        for zone in problem.zones:
            if zone in offer.zones:
                trial = _changed(counts, (offer.name, zone), 1)
                gain = now - _shortage(problem, trial)
                worth = gain / offer.hourly_usd if gain > 0 else 0
                trials.append((-worth, offer.hourly_usd, offer.name, zone, trial))
    return min(trials, key=lambda one: one[:-1])[-1]


def _trimmed(problem: MixProblem, counts: Counts) -> Counts:
    """Take machines away that are not needed, the dearest first; ties by name and zone."""
    hourly = {offer.name: offer.hourly_usd for offer in problem.offers}
    for key in sorted(counts, key=lambda key: (-hourly[key[0]], key)):
        while counts[key] and holds(problem, mix(_changed(counts, key, -1))):
            counts = _changed(counts, key, -1)
    return counts


def _changed(counts: Counts, key: tuple[str, str], by: int) -> Counts:
    return {**counts, key: counts.get(key, 0) + by}


def _shortage(problem: MixProblem, counts: Counts) -> int:
    """Return what does not bind, in billionths of all pods, summed over all that may be lost."""
    nodes = mix(counts)
    shares = _shares(problem)
    short = sum(
        shares[one.name] * one.pods
        for placement in placements(problem, nodes)
        for one in placement.unplaced
    )
    return short + GIGA * missing(problem, nodes)


def _shares(problem: MixProblem) -> dict[str, int]:
    """Return the largest share that one pod has in any resource that all pods ask for."""
    pods = {pod.item.name: pod for pod in (*problem.after_loss, *problem.pods)}.values()
    asked = [tuple(need * pod.item.replicas for need in needs(pod.item)) for pod in pods]
    totals = [sum(column) for column in zip(*asked, strict=True)]
    return {
        pod.item.name: max(
            need * GIGA // total if total else 0
            for need, total in zip(needs(pod.item), totals, strict=True)
        )
        for pod in pods
    }
