"""What any mix must offer: valid inequalities of bin packing over numbers of machines.

Give every pod a worth, in whole numbers. A machine holds at most a certain worth, whichever pods
it takes (an exact knapsack); the machines together must hold the worth of all pods. Each choice of
worths proves one inequality; the strongest against a given mix follows from a linear program over
the ways to fill a machine, found as they are needed (Gilmore and Gomory's columns, Farkas' cut).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, gcd, inf

from sizing.pack import Item, haves, needs
from sizing.placement.highs import Program, Row, minimise
from sizing.reserve import Room

WORTH = 10_000  # of the dearest pod; others are rounded to it. Source: sizing-decisions.
VIOLATION = 1e-6  # share by which a mix must miss a cut to call it missed. Source: HiGHS' 1e-7.


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The sum of `holds` x machines, over the kinds by place, is at least `worth`."""

    holds: tuple[int, ...]
    worth: int

    def misses(self, counts: Sequence[int]) -> bool:
        """Say whether so many machines of each kind hold too little."""
        return sum(h * c for h, c in zip(self.holds, counts, strict=True)) < self.worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The most worth that one machine holds, and numbers of each item that come to it."""

    worth: int
    pods: tuple[int, ...]


class Fillings:
    """The ways to fill each kind of machine, found as they are needed.

    Attributes:
        items: the pods, by name.
        rooms: the kinds of machines.
    """

    def __init__(self, items: Sequence[Item], rooms: Sequence[Room]) -> None:
        self.items = tuple(sorted(items, key=lambda item: item.name))
        self.rooms = tuple(rooms)
        places = range(len(self.items))
        self._known = [[_alone(self.items, place, room) for place in places] for room in rooms]
        self._best: dict[tuple[int, tuple[int, ...]], Filling] = {}

    def best(self, kind: int, worths: tuple[int, ...]) -> Filling:
        """Return the filling of one machine of the greatest worth."""
        key = (kind, worths)
        if key not in self._best:
            self._best[key] = _knapsack(self.items, self.rooms[kind], worths)
        return self._best[key]

    def cut(self, worths: tuple[int, ...]) -> Cut:
        """Return the inequality that worths prove, in its smallest whole numbers."""
        holds = [self.best(kind, worths).worth for kind in range(len(self.rooms))]
        worth = sum(w * item.replicas for w, item in zip(worths, self.items, strict=True))
        factor = gcd(*holds) or 1
        return Cut(holds=tuple(hold // factor for hold in holds), worth=-(-worth // factor))

    def first_cuts(self, hourly: Sequence[float]) -> list[Cut]:
        """Return what holds for every mix: each resource's sum, and the cheapest fractions'."""
        cuts = []
        for column in zip(*(needs(item) for item in self.items), strict=True):
            if any(column):
                unit = gcd(*column)
                cuts.append(self.cut(tuple(need // unit for need in column)))
        return [*cuts, self.cut(self._worths(dict(enumerate(hourly))))]

    def against(self, counts: Sequence[int]) -> Cut | None:
        """Return a cut that so many machines miss, None where fractions of fillings would do."""
        machines = {kind: float(count) for kind, count in enumerate(counts) if count}
        found = self.cut(self._worths(machines))
        return found if found.misses(counts) else None

    def _worths(self, weights: Mapping[int, float]) -> tuple[int, ...]:
        """Return the worths of which the weighted machines hold the least share."""
        while True:
            values, tops = self._linear(weights)
            worths = tuple(round(value / max(values) * WORTH) for value in values)
            fresh = False
            for kind, top in tops.items():
                filling = self.best(kind, worths)
                better = filling.worth * max(values) > top * WORTH * (1 + VIOLATION)
                if better and filling.pods not in self._known[kind]:
                    self._known[kind].append(filling.pods)
                    fresh = True
            if not fresh:
                return worths

    def _linear(self, weights: Mapping[int, float]) -> tuple[tuple[float, ...], dict[int, float]]:
        """Minimise what the weighted machines hold of pods worth 1 in all, by known fillings."""
        size, kinds = len(self.items), list(weights)
        total = {place: float(item.replicas) for place, item in enumerate(self.items)}
        rows = [Row(coefficients=total, lower=1.0)]
        for place, kind in enumerate(kinds, start=size):
            for filling in self._known[kind]:
                row = {item: -float(pods) for item, pods in enumerate(filling) if pods}
                rows.append(Row(coefficients={**row, place: 1.0}, lower=0))
        costs = [0.0] * size + [weights[kind] for kind in kinds]
        answer = minimise(Program(costs=costs, upper=[inf] * len(costs), whole=False, rows=rows))
        assert answer is not None  # any worths at all are a point
        return answer.values[:size], dict(zip(kinds, answer.values[size:], strict=True))


def _alone(items: Sequence[Item], place: int, room: Room) -> tuple[int, ...]:
    """Return the filling of a machine by as many pods of one item as it takes."""
    item = items[place]
    pairs = zip(needs(item), haves(room), strict=True)
    most = min(have // need for need, have in pairs if need)
    return tuple(min(most, item.replicas) if i == place else 0 for i in range(len(items)))


def _knapsack(items: Sequence[Item], room: Room, worths: tuple[int, ...]) -> Filling:
    """Return the filling of the greatest worth that one machine takes."""
    rows = []
    for column, have in zip(
        zip(*(needs(item) for item in items), strict=True), haves(room), strict=True
    ):
        unit = gcd(*column)
        if unit:
            row = {place: -float(need // unit) for place, need in enumerate(column) if need}
            rows.append(Row(coefficients=row, lower=-float(have // unit)))
    most = [float(max(_alone(items, place, room))) for place in range(len(items))]
    costs = [-float(worth) for worth in worths]
    answer = minimise(Program(costs=costs, upper=most, whole=True, rows=rows))
    assert answer is not None  # an empty machine is a point
    return Filling(
        worth=floor(VIOLATION - answer.bound),
        pods=tuple(round(value) for value in answer.values),
    )
