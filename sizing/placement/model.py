"""A role's question: which machines, where, hold its pods for the least money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sizing.placement.nodes import place_pods, without_zone
from sizing.placement.pods import NodeKind, Placement, Pod
from sizing.reserve import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A machine that may be bought, and in which zones."""

    name: str
    hourly_usd: float
    room: Room
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixProblem:
    """Pods that one role's nodes must hold.

    Attributes:
        pods: what binds while every node stands.
        zones: where nodes may stand.
        after_loss: what still binds with any one zone lost; () where that is not asked.
        minimum_nodes: nodes wanted whatever the pods need.
        minimum_per_zone: nodes wanted in each zone.
    """

    role: str
    pods: tuple[Pod, ...]
    offers: tuple[Offer, ...]
    zones: tuple[str, ...]
    after_loss: tuple[Pod, ...] = ()
    minimum_nodes: int = 1
    minimum_per_zone: int = 0

    @property
    def demands(self) -> tuple[tuple[tuple[Pod, ...], tuple[str, ...]], ...]:
        """Return pods with the zones that may be lost under them; "" where none is."""
        if not self.after_loss or len(self.zones) == 1:
            return ((self.pods, ("",)),)
        if self.pods == self.after_loss and not any(pod.spread for pod in self.pods):
            return ((self.after_loss, self.zones),)  # what binds to fewer nodes binds to all
        return ((self.pods, ("",)), (self.after_loss, self.zones))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MixNodes:
    """So many machines of one offer in one zone."""

    offer: str
    zone: str
    nodes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Machines that hold a problem's pods, and how far they can be from the cheapest.

    Attributes:
        hourly_usd: price of the machines.
        bound_hourly_usd: no machines that hold the pods cost less; proven, whatever packs them.
        first_fit: the cheapest mix found to which plain first fit binds the pods, too; () for none.
    """

    nodes: tuple[MixNodes, ...]
    hourly_usd: float
    bound_hourly_usd: float
    first_fit: tuple[MixNodes, ...]
    first_fit_hourly_usd: float

    @property
    def gap(self) -> float | None:
        """Return the most that a cheaper mix could save, as a share of the bound."""
        return distance(self.hourly_usd, self.bound_hourly_usd)


class NoMixError(ValueError):
    """No number of the machines on offer holds the pods; the message names the role and why."""


def distance(usd: float, bound: float) -> float | None:
    """Return what a price is above a bound, as a share of the bound; rounding is no distance.

    None where the bound says nothing.
    """
    if usd <= bound:
        return 0.0
    return round(usd / bound - 1, 9) if bound > 0 else None


def undominated(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Return the offers that no other beats in room, price and zones; ties stay by name."""
    kept: list[Offer] = []
    for one in sorted(offers, key=lambda offer: (offer.hourly_usd, offer.name)):
        if not any(_beats(better, one) for better in offers if better is not one):
            kept.append(one)
    return tuple(kept)


def kinds(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> tuple[NodeKind, ...]:
    """Return the nodes of a mix as the packer takes them."""
    rooms = {offer.name: offer.room for offer in problem.offers}
    return tuple(
        NodeKind(name=one.offer, zone=one.zone, count=one.nodes, room=rooms[one.offer])
        for one in nodes
    )


def placements(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> Iterator[Placement]:
    """Yield where the pods go: with all nodes, then with each zone lost that may be."""
    stand = kinds(problem, nodes)
    for pods, losses in problem.demands:
        for zone in losses:
            yield place_pods(pods, without_zone(stand, zone))


def missing(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> int:
    """Return how many nodes a mix lacks of those wanted whatever the pods need."""
    per_zone = dict.fromkeys(problem.zones, 0)
    for one in nodes:
        per_zone[one.zone] += one.nodes
    in_zones = sum(max(0, problem.minimum_per_zone - count) for count in per_zone.values())
    return max(0, in_zones, problem.minimum_nodes - sum(per_zone.values()))


def holds(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> bool:
    """Say whether a mix lacks no node and the packer binds every pod in every case."""
    return not missing(problem, nodes) and not any(
        placement.unplaced for placement in placements(problem, nodes)
    )


def price(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> float:
    """Return USD an hour of a mix."""
    hourly = {offer.name: offer.hourly_usd for offer in problem.offers}
    return sum(hourly[one.offer] * one.nodes for one in nodes)


def _beats(better: Offer, worse: Offer) -> bool:
    has, needs = better.room, worse.room
    at_least = (
        has.millis >= needs.millis
        and has.memory_bytes >= needs.memory_bytes
        and has.pods >= needs.pods
        and has.gpus >= needs.gpus
        and better.hourly_usd <= worse.hourly_usd
        and set(better.zones) >= set(worse.zones)
    )
    if not at_least:
        return False
    same = has == needs and better.hourly_usd == worse.hourly_usd
    same = same and set(better.zones) == set(worse.zones)
    return not same or better.name < worse.name
