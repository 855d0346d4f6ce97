"""What `aigw diff` says of one stack, in the order of what it may cost: state, risk, money.

The same sections are printed on a terminal and written as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preview.diff.resource_sections import named, resources
from preview.diff.resources import Operation
from preview.tables import Section, Table
from preview.words import count, dollars, percent
from sizing.rules.replaces_stateful import STATEFUL
from sizing.units import GIB

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison
    from preview.diff.resources import Change
    from sizing.difference import BillChange
    from sizing.difference_capacity import Fullness

NOTHING, BYTES, THOUSAND = "-", "bytes", 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section with its importance.

    Attributes:
        rank: 1 for what is lost, then up to the resources: what is cut first has the highest.
        folds: whether a comment shows it only when it is unfolded.
    """

    rank: int
    section: Section
    folds: bool = False


def parts(compared: Comparison) -> Iterator[Part]:
    """Yield the sections of a stack that changes; those without anything to say are left out."""
    if compared.nothing:
        return
    whole = (_lost, _refused, _findings, _capacity, _bill, _adjustments)
    for rank, make in enumerate(whole, start=1):
        section = make(compared)
        if section is not None:
            yield Part(rank=rank, section=section)
    for section in resources(compared):
        yield Part(rank=len(whole) + 1, section=section, folds=True)


def sections(compared: Comparison) -> tuple[Section, ...]:
    """Return the same for a terminal."""
    return tuple(part.section for part in parts(compared))


def heading(compared: Comparison) -> Section:
    """Return the stack's name and both sides, and in one line what comes of the change."""
    sides = f"{compared.old.label} -> {compared.new.label}"
    if compared.nothing:
        return Section(title=f"{compared.stack}: nothing changes ({sides})")
    return Section(title=f"{compared.stack}: {sides}", lines=tuple(_summary(compared)))


def overview(found: Sequence[Comparison]) -> Section:
    """Return a line a stack."""
    return Section(
        title=f"{count(len(found), 'stack')} compared",
        table=Table(
            columns=("stack", "with state", "resources", "findings", "monthly", "difference"),
            rows=tuple(_line(one) for one in found),
            right=frozenset({"monthly", "difference"}),
        ),
    )


def _line(compared: Comparison) -> tuple[str, ...]:
    total = compared.bill.totals[0]
    if compared.nothing:
        return compared.stack, NOTHING, "nothing changes", NOTHING, dollars(total.after), NOTHING
    appear = sum(one.kind == "appears" for one in compared.findings)
    vanish = sum(one.kind == "vanishes" for one in compared.findings)
    return (
        compared.stack,
        f"{len(compared.lost)} replaced or deleted" if compared.lost else NOTHING,
        steps(compared) if compared.changes is not None else compared.new.failed,
        f"{appear} appear, {vanish} vanish" if compared.findings else NOTHING,
        dollars(total.after),
        f"{total.difference:+,.2f}",
    )


def _summary(compared: Comparison) -> Iterator[str]:
    for side in (compared.old, compared.new):
        if side.failed:
            yield f"{side.label}: {side.failed}"
    if compared.changes is not None:
        yield f"{steps(compared)}; {money(compared)}"
    if compared.lost:
        yield f"{count(len(compared.lost), 'resource')} with state replaced or deleted"
    if not compared.by_engine and compared.steps:
        yield "Offline: what stands in the cloud is taken to be the old plan."


def steps(compared: Comparison) -> str:
    """Return "1 to replace, 3 to update", or that no resource changes."""
    told = [f"{number} to {one.value}" for one, number in compared.counts().items()]
    return ", ".join(told).replace("to may", "that may") or "no resource changes"


def money(compared: Comparison) -> str:
    """Return what the change costs a month."""
    total = compared.bill.totals[0]
    if total.before is None and total.after is None:
        return "no bill, since an engine's preview has none"
    if total.before == total.after:
        return f"the bill stays {dollars(total.after)} a month"
    return (
        f"the bill goes from {dollars(total.before or 0)} to {dollars(total.after or 0)} a month "
        f"({total.difference:+,.2f})"
    )


def _lost(compared: Comparison) -> Section | None:
    if not compared.lost:
        return None
    return Section(
        title="Replaced or deleted with what they hold",
        table=Table(
            columns=("operation", "resource", "why", "lost"),
            rows=tuple(
                (one.operation.value, named(one), _why(one), STATEFUL[one.type])
                for one in compared.lost
            ),
        ),
        lines=tuple(
            f"{one.name} is protected: `pulumi up` refuses this until its protection is taken off"
            for one in compared.lost
            if (state := compared.old.resources.get(one.earlier or one.urn)) and state.protect
        ),
    )


def _why(change: Change) -> str:
    if change.operation is Operation.DELETE:
        return "not in the plan any more"
    own = [one.difference.where for one in change.forcing]
    follows = [f"{name} is replaced" for name in change.because]
    return ", ".join((*own, *follows))


def _refused(compared: Comparison) -> Section | None:
    rows = [(named(one), why) for one in compared.steps for why in one.refused]
    if not rows:
        return None
    return Section(
        title="Refused: `pulumi up` would fail",
        table=Table(columns=("resource", "why"), rows=tuple(rows)),
    )


def _findings(compared: Comparison) -> Section | None:
    rows = [
        (one.kind, one.after or one.before, one.id, "; ".join(filter(None, (one.message, one.fix))))
        for one in compared.findings
    ]
    if not rows:
        return None
    return Section(
        title="Findings",
        table=Table(columns=("finding", "severity", "id", "what"), rows=tuple(rows)),
    )


def _capacity(compared: Comparison) -> Section | None:
    rows = [
        (
            one.name,
            _used(one.before),
            _used(one.after),
            percent(one.after.headroom) if one.after else NOTHING,
        )
        for one in compared.capacity
    ]
    if not rows:
        return None
    return Section(
        title="Capacity: demand of capacity, and what stays free",
        table=Table(
            columns=("constraint", "before", "after", "headroom"),
            rows=tuple(rows),
            right=frozenset({"before", "after", "headroom"}),
        ),
    )


def _figure(value: float) -> str:
    """Return an amount in four figures, so that a replica more shows in a pool of hundreds."""
    return f"{value:,.4g}" if abs(value) < THOUSAND else f"{value:,.0f}"


def _used(used: Fullness | None) -> str:
    if used is None:
        return NOTHING
    if used.demand is None or used.capacity is None:
        return f"{percent(used.utilisation)} {used.verdict}"
    size, unit = 1, used.unit
    if unit.startswith(BYTES) and used.capacity >= GIB:
        size, unit = GIB, f"GiB{unit.removeprefix(BYTES)}"
    figures = f"{_figure(used.demand / size)} of {_figure(used.capacity / size)}"
    return " ".join(filter(None, (figures, unit, used.verdict)))


def _bill(compared: Comparison) -> Section | None:
    bill = compared.bill
    if not bill.moved:
        return None
    before, after = bill.dates
    dates = f"of {after or before}" if before in ("", after) else f"of {before}, then of {after}"
    return Section(
        title=f"Bill: {bill.currency} a month at list prices {dates}",
        table=Table(
            columns=("component", "before", "after", "difference"),
            rows=tuple(_money_row(one) for one in (*bill.components, *bill.totals)),
            right=frozenset({"before", "after", "difference"}),
        ),
        lines=("+: at least, as a line has no known price",)
        if any(one.open_before or one.open_after for one in (*bill.components, *bill.totals))
        else (),
    )


def _money_row(one: BillChange) -> tuple[str, ...]:
    return (
        one.component,
        _sum(one.before, one.open_before),
        _sum(one.after, one.open_after),
        f"{one.difference:+,.2f}",
    )


def _sum(usd: float | None, unknown: int) -> str:
    return NOTHING if usd is None else f"{dollars(usd)}{'+' if unknown else ''}"


def _adjustments(compared: Comparison) -> Section | None:
    if not compared.adjustments:
        return None
    return Section(
        title="Adjustments of the documented tables",
        table=Table(
            columns=("field", "documented", "before", "after", "reason"),
            rows=tuple(
                (one.field, one.documented, one.before or NOTHING, one.after or NOTHING, one.reason)
                for one in compared.adjustments
            ),
        ),
    )
