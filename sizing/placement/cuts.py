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
    """Worths of the pods, by name, and the most worth that a machine of each kind holds.

    For any replicas up to those of `Fillings`, machines that hold them all hold their worth.
    """

    worths: tuple[int, ...]
    holds: tuple[int, ...]

    def row(self, replicas: Sequence[int]) -> tuple[tuple[int, ...], int]:
        """Return what a machine of each kind counts for, and what is needed, in whole numbers."""
        factor = gcd(*self.holds) or 1
        needed = -(-_dot(self.worths, replicas) // factor)
        return tuple(hold // factor for hold in self.holds), needed

    def misses(self, counts: Sequence[int], replicas: Sequence[int]) -> bool:
        """Say whether so many machines of each kind hold less than so many pods are worth."""
        return _dot(self.holds, counts) < _dot(self.worths, replicas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The most worth that one machine holds, and numbers of each item that come to it."""

    worth: int
    pods: tuple[int, ...]


class Fillings:
    """The ways to fill each kind of machine, found as they are needed.

    Attributes:
        items: the pods, by name, with the most replicas that are asked of any machines.
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
        """Return the inequality that worths prove."""
        kinds = range(len(self.rooms))
        return Cut(worths=worths, holds=tuple(self.best(kind, worths).worth for kind in kinds))

    def sums(self) -> list[Cut]:
        """Return what each resource alone proves."""
        columns = zip(*(needs(item) for item in self.items), strict=True)
        return [
            self.cut(tuple(need // gcd(*column) for need in column))
            for column in columns
            if any(column)
        ]

    def cheapest(self, hourly: Sequence[float], replicas: Sequence[int]) -> Cut:
        """Return what proves the price of the cheapest fractions of machines."""
        return self.cut(self._worths(dict(enumerate(hourly)), replicas))

    def against(self, counts: Sequence[int], replicas: Sequence[int]) -> Cut | None:
        """Return a cut that so many machines miss, None where fractions of fillings would do."""
        machines = {kind: float(count) for kind, count in enumerate(counts) if count}
        found = self.cut(self._worths(machines, replicas))
        return found if found.misses(counts, replicas) else None

    def _worths(self, weights: Mapping[int, float], replicas: Sequence[int]) -> tuple[int, ...]:
        """Return the worths of which the weighted machines hold the least share."""
        while True:
            values, tops = self._linear(weights, replicas)
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

    def _linear(
        self, weights: Mapping[int, float], replicas: Sequence[int]
    ) -> tuple[tuple[float, ...], dict[int, float]]:
        """Minimise what the weighted machines hold of pods worth 1 in all, by known fillings."""
        size, kinds = len(self.items), list(weights)
        total = {place: float(count) for place, count in enumerate(replicas)}
        rows = [Row(coefficients=total, lower=1.0)]
        for place, kind in enumerate(kinds, start=size):
            for filling in self._known[kind]:
                row = {item: -float(pods) for item, pods in enumerate(filling) if pods}
                rows.append(Row(coefficients={**row, place: 1.0}, lower=0))
        costs = [0.0] * size + [weights[kind] for kind in kinds]
        answer = minimise(Program(costs=costs, upper=[inf] * len(costs), whole=False, rows=rows))
        assert answer is not None  # any worths at all are a point
        return answer.values[:size], dict(zip(kinds, answer.values[size:], strict=True))


def _dot(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(one, other, strict=True))


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
