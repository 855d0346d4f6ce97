"""The cheapest mix of machines for a role's pods, and the bound that no mix can be below.

A master program chooses numbers of machines by zone; cuts (`sizing.placement.cuts`) tell it what
any packing needs. Its optimum is a lower bound of every mix. The first that passes all cuts is
bound pod by pod, with every zone lost in turn where the role must survive that; a mix to which no
way binds all pods is left out, and the next one tried. A mix that is left out without a proof, for
its spread over zones or because the work grew too large, freezes the bound.
The work is limited by rounds and tree nodes, not by a clock: equal problems give equal mixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sizing.pack import Item, fits
from sizing.placement.cuts import Cut, Fillings
from sizing.placement.exact import bind
from sizing.placement.highs import Answer, Program, Row, minimise
from sizing.placement.model import (
    Mix,
    MixNodes,
    MixProblem,
    NoMixError,
    kinds,
    price,
    undominated,
)
from sizing.placement.pods import Pod
from sizing.placement.raises import mix, raised, uniform

ROUNDS = 60  # of the master; every tier's roles end before. Source: sizing-decisions.
EFFORT = 3_000  # nodes of all its trees, likewise. Source: sizing-decisions.
DIGITS = 9  # of USD an hour: sums of the same prices differ by less. Source: IEEE 754.


@dataclass(slots=True)
class _Demand:
    """Pods, what may be lost under them, and what is known of the machines they need.

    Attributes:
        replicas: of each of all pods, by name; 0 of those that are not asked for here.
        missed: machines by offer to which no way was found to bind all of them.
    """

    pods: tuple[Pod, ...]
    losses: tuple[str, ...]
    replicas: tuple[int, ...]
    missed: list[tuple[int, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _Search:
    """A problem with its demands, and the cuts that hold for each.

    Attributes:
        columns: the numbers to choose, each an offer's place and a zone.
    """

    problem: MixProblem
    columns: tuple[tuple[int, str], ...]
    demands: tuple[_Demand, ...]
    fillings: Fillings
    cuts: list[Cut]

    def left(self, counts: Sequence[int], lost: str) -> tuple[int, ...]:
        """Return the machines by offer that stand when a zone is lost."""
        stand = [0] * len(self.problem.offers)
        for (place, zone), count in zip(self.columns, counts, strict=True):
            stand[place] += count if zone != lost else 0
        return tuple(stand)

    def nodes(self, counts: Sequence[int], lost: str = "") -> tuple[MixNodes, ...]:
        """Return counts as a mix, by offer and zone, without a zone that is lost."""
        return mix(
            {
                (self.problem.offers[place].name, zone): count
                for (place, zone), count in zip(self.columns, counts, strict=True)
                if zone != lost
            }
        )


def cheapest(problem: MixProblem) -> Mix:
    """Return the cheapest mix found, with the proven bound of every mix.

    Raises:
        NoMixError: a pod fits none of the machines on offer, or no mix was found.
    """
    problem = _reduced(problem)
    search = _start(problem)
    exact, bound = _rounds(search)
    starts = [uniform(problem, offer) for offer in problem.offers]
    starts.append(raised(problem, exact) if exact else ())
    simple = min(filter(None, starts), key=lambda nodes: _rank(problem, nodes), default=())
    # of two at the same price the one that first fit fills, too
    same = bool(exact and simple) and _usd(problem, simple) <= _usd(problem, exact)
    best = simple if same or not exact else exact
    if not best:
        raise NoMixError(f"{problem.role}: no mix of the machines on offer was found")
    return Mix(
        nodes=best,
        hourly_usd=price(problem, best),
        bound_hourly_usd=min(bound, price(problem, best)),
        first_fit=simple,
        first_fit_hourly_usd=price(problem, simple),
    )


def _usd(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> float:
    return round(price(problem, nodes), DIGITS)


def _rank(problem: MixProblem, nodes: tuple[MixNodes, ...]) -> tuple[object, ...]:
    """Return the order of mixes: by price, then the fewest machines, then by name and zone."""
    return (_usd(problem, nodes), sum(one.nodes for one in nodes), nodes)


def _rounds(search: _Search) -> tuple[tuple[MixNodes, ...], float]:
    """Return the first mix by price to which all pods bind, () for none, and the proven bound."""
    bound, proven, effort = 0.0, True, 0
    for _ in range(ROUNDS):
        answer = _master(search)
        if answer is None or not answer.values:
            break
        effort += answer.effort
        bound = max(bound, answer.bound) if proven else bound
        counts = tuple(round(value) for value in answer.values[: len(search.columns)])
        if _cut(search, counts):
            continue
        missed, refuted = _missed(search, counts)
        if not missed:
            return search.nodes(counts), bound
        proven = proven and refuted
        if effort > EFFORT:
            break
    return (), bound


def _reduced(problem: MixProblem) -> MixProblem:
    """Leave out pods of which there are none and machines that others beat.

    Raises:
        NoMixError: a pod fits no machine.
    """
    pods = tuple(pod for pod in problem.pods if pod.item.replicas > 0)
    after_loss = tuple(pod for pod in problem.after_loss if pod.item.replicas > 0)
    offers = undominated(
        tuple(offer for offer in problem.offers if set(offer.zones) & set(problem.zones))
    )
    if not offers:
        raise NoMixError(f"{problem.role}: there is no machine on offer")
    for pod in (*pods, *after_loss):
        if not any(fits(pod.item, offer.room) for offer in offers):
            raise NoMixError(
                f"{problem.role}: a pod of {pod.item.name} fits none of the {len(offers)} machines "
                "on offer"
            )
    return replace(problem, pods=pods, after_loss=after_loss, offers=offers)


def _start(problem: MixProblem) -> _Search:
    most: dict[str, Item] = {}
    for pod in (*problem.after_loss, *problem.pods):
        known = most.get(pod.item.name, pod.item)
        most[pod.item.name] = max(known, pod.item, key=lambda item: item.replicas)
    fillings = Fillings(list(most.values()), [offer.room for offer in problem.offers])
    demands = []
    for pods, losses in problem.demands:
        replicas = {pod.item.name: pod.item.replicas for pod in pods}
        asked = tuple(replicas.get(item.name, 0) for item in fillings.items)
        demands.append(_Demand(pods=pods, losses=losses, replicas=asked))
    hourly = [offer.hourly_usd for offer in problem.offers]
    cuts = fillings.sums() if most else []
    cuts += [fillings.cheapest(hourly, one.replicas) for one in demands if any(one.replicas)]
    columns = [
        (place, zone)
        for place, offer in enumerate(problem.offers)
        for zone in problem.zones
        if zone in offer.zones
    ]
    return _Search(problem, tuple(columns), tuple(demands), fillings, cuts)


def _master(search: _Search) -> Answer | None:
    """Return the cheapest numbers of machines that pass every cut with any zone lost."""
    problem, columns = search.problem, search.columns
    most = sum(pod.item.replicas for pod in (*problem.pods, *problem.after_loss))
    program = Program(
        costs=[problem.offers[place].hourly_usd for place, _ in columns],
        upper=[float(most + problem.minimum_nodes)] * len(columns),
        whole=True,
        rows=[*_minima(search), *_alike_zones(search)],
    )
    for demand in search.demands:
        for lost in demand.losses:
            for cut in search.cuts:
                holds, needed = cut.row(demand.replicas)
                row = _row(search, lost, holds)
                program.rows.append(Row(coefficients=row, lower=float(needed)))
            for missed in demand.missed:
                _exceed(search, program, lost, missed)
    return minimise(program)


def _row(search: _Search, lost: str, weights: Sequence[int]) -> dict[int, float]:
    """Return weights by offer as coefficients of the columns that stand when a zone is lost."""
    return {
        column: float(weights[place])
        for column, (place, zone) in enumerate(search.columns)
        if zone != lost and weights[place]
    }


def _minima(search: _Search) -> list[Row]:
    problem, ones = search.problem, [1] * len(search.problem.offers)
    rows = [Row(coefficients=_row(search, "", ones), lower=float(problem.minimum_nodes))]
    for wanted in problem.zones:
        row = {column: 1.0 for column, (_, zone) in enumerate(search.columns) if zone == wanted}
        rows.append(Row(coefficients=row, lower=float(problem.minimum_per_zone)))
    return rows


def _alike_zones(search: _Search) -> list[Row]:
    """Where all zones sell the same, let none cost more than the one before: only names differ."""
    problem = search.problem
    if any(set(offer.zones) < set(problem.zones) for offer in problem.offers):
        return []
    rows = []
    for before, after in zip(problem.zones, problem.zones[1:], strict=False):
        row = {}
        for column, (place, zone) in enumerate(search.columns):
            usd = problem.offers[place].hourly_usd
            if zone in (before, after):
                row[column] = usd if zone == before else -usd
        rows.append(Row(coefficients=row, lower=0))
    return rows


def _exceed(search: _Search, program: Program, lost: str, missed: tuple[int, ...]) -> None:
    """Ask for more of some machine than in a mix that did not bind, by a switch for each offer."""
    switches = {}
    for place, count in enumerate(missed):
        switch = len(program.costs)
        program.costs.append(0.0)
        program.upper.append(1.0)
        ones = [1 if place == other else 0 for other in range(len(missed))]
        row = {**_row(search, lost, ones), switch: -float(count + 1)}
        program.rows.append(Row(coefficients=row, lower=0))
        switches[switch] = 1.0
    program.rows.append(Row(coefficients=switches, lower=1))


def _cut(search: _Search, counts: Sequence[int]) -> bool:
    """Add the cuts that numbers of machines miss, and say whether there were any."""
    found: list[Cut] = []
    for demand in search.demands:
        for left in sorted({search.left(counts, lost) for lost in demand.losses}):
            known = any(cut.misses(left, demand.replicas) for cut in found)
            if any(demand.replicas) and not known:
                cut = search.fillings.against(left, demand.replicas)
                found += [cut] if cut else []
    search.cuts += found
    return bool(found)


def _missed(search: _Search, counts: Sequence[int]) -> tuple[bool, bool]:
    """Keep the machines to which not all pods bind; say whether any, and whether all for sure."""
    some, refuted = False, True
    for demand in search.demands:
        for lost in demand.losses:
            binding = bind(demand.pods, kinds(search.problem, search.nodes(counts, lost)))
            left = search.left(counts, lost)
            if binding.placement is None and left not in demand.missed:
                demand.missed.append(left)
                some, refuted = True, refuted and binding.refuted
    return some, refuted
