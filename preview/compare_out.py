"""What `aigw compare` prints: two stacks part by part, how full each is, and both bills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preview.bill import at_least
from preview.sizes import size_rows
from preview.tables import Section, Table
from preview.words import count, dollars, percent
from sizing.side_by_side import capacity, money, pools

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.plans import NodePoolPlan, PlatformPlan
    from sizing.side_by_side import Constraint, Used

NOTHING = "-"
# Parts of which a plan has one; others are told apart by their own names.
SINGLE = frozenset(
    {"network", "cluster", "ingress", "pooler", "postgres", "documents", "vectors", "search"}
    | {"files", "keys", "backups"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part is on either side, in words; "" where a side has no such part."""

    component: str
    part: str
    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two stacks by name, sized."""

    names: tuple[str, str]
    one: Sized
    other: Sized


def parts(one: PlatformPlan, other: PlatformPlan) -> tuple[Part, ...]:
    """Return every part that one of two plans has: pools by role, then the rest in its order."""
    first, second = _worded(one), _worded(other)
    return tuple(
        Part(component=component, part=part, one=first.get(key, ""), other=second.get(key, ""))
        for key in dict.fromkeys((*first, *second))
        for component, part in (key,)
    )


def sections(pair: Pair, *, verbose: bool = False) -> tuple[Section, ...]:
    """Return what differs, and what both come to; `verbose` lists also what is the same."""
    return (
        Section(title=f"{pair.names[0]} and {pair.names[1]}", lines=tuple(_heading(pair))),
        _parts(pair, verbose=verbose),
        _capacity(pair, verbose=verbose),
        _bill(pair),
    )


def _worded(plan: PlatformPlan) -> dict[tuple[str, str], str]:
    rows = {("node pools", role): _machines(own) for role, own in sorted(pools(plan).items())}
    for component, part, size, _ in size_rows(plan):
        if component in SINGLE:
            rows[component, ""] = f"{part}: {size}"
        else:
            rows[component, str(part)] = size
    return rows


def _machines(own: Sequence[NodePoolPlan]) -> str:
    """Return "3 x m5.2xlarge, at most 6": the pools of a role together."""
    planned: Counter[str] = Counter()
    for pool in own:
        planned[", ".join(pool.instance_types)] += pool.scale.planned
    most = sum(pool.scale.maximum for pool in own)
    machines = ", ".join(f"{nodes} x {machine}" for machine, nodes in planned.items())
    return f"{machines}, at most {most}"


def _heading(pair: Pair) -> Iterator[str]:
    for name, side in zip(pair.names, (pair.one, pair.other), strict=True):
        request, bill = side.plan.request, side.bill
        yield (
            f"{name}: {request.tier} in {request.environment} on {request.cloud}, "
            f"{request.region}, {at_least(bill)}{dollars(bill.monthly_usd)} a month"
        )
    one, other = pair.one.plan.request, pair.other.plan.request
    if one.load != other.load:
        yield "They carry different loads: sizes and sums differ by that as well."


def _parts(pair: Pair, *, verbose: bool) -> Section:
    found = parts(pair.one.plan, pair.other.plan)
    shown = [one for one in found if verbose or one.one != one.other]
    return Section(
        title="Parts",
        table=Table(
            columns=("part", *pair.names),
            rows=tuple(
                (f"{one.component} {one.part}".rstrip(), one.one or NOTHING, one.other or NOTHING)
                for one in shown
            ),
        )
        if shown
        else None,
        lines=_same(len(found) - len(shown), "part"),
    )


def _capacity(pair: Pair, *, verbose: bool) -> Section:
    found = constraints(pair)
    shown = [one for one in found if verbose or one.differs]
    return Section(
        title="Capacity: how much of it the load takes",
        table=Table(
            columns=("constraint", *pair.names),
            rows=tuple((one.name, _used(one.one), _used(one.other)) for one in shown),
            right=frozenset(pair.names),
        )
        if shown
        else None,
        lines=_same(len(found) - len(shown), "constraint"),
    )


def constraints(pair: Pair) -> tuple[Constraint, ...]:
    """Return every constraint that one of both is measured by."""
    return capacity((pair.one.plan, pair.one.findings), (pair.other.plan, pair.other.findings))


def _used(used: Used | None) -> str:
    return NOTHING if used is None else f"{percent(used.utilisation)} {used.verdict}"


def _bill(pair: Pair) -> Section:
    one, other = pair.one.bill, pair.other.bill
    rows = [
        (
            row.component,
            _sum(row.one, row.open_one),
            _sum(row.other, row.open_other),
            _difference(row.one, row.other),
        )
        for row in money(one, other)
    ]
    for name, sums in (
        ("total", (one.monthly_usd, other.monthly_usd)),
        ("at every minimum", (one.floor_usd, other.floor_usd)),
        ("at every maximum", (one.ceiling_usd, other.ceiling_usd)),
    ):
        rows.append(
            (
                name,
                _sum(sums[0], len(one.unpriced)),
                _sum(sums[1], len(other.unpriced)),
                _difference(*sums),
            )
        )
    return Section(
        title=f"Bill: {one.currency} a month at list price",
        table=Table(
            columns=("component", *pair.names, "difference"),
            rows=tuple(rows),
            right=frozenset({*pair.names, "difference"}),
        ),
        lines=tuple(
            f"{name}: {count(len(bill.unpriced), 'line')} without a known price, so that its sums "
            "are the least"
            for name, bill in zip(pair.names, (one, other), strict=True)
            if bill.unpriced
        ),
    )


def _sum(usd: float | None, unknown: int) -> str:
    if usd is None:
        return NOTHING
    return f"{dollars(usd)}{'+' if unknown else ''}"


def _difference(one: float | None, other: float | None) -> str:
    return f"{(other or 0) - (one or 0):+,.0f}"


def _same(number: int, noun: str) -> tuple[str, ...]:
    if not number:
        return ()
    return (f"{count(number, noun)} the same on both (--verbose lists them)",)
