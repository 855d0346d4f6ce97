"""The bill in the report: by component or item, beside table 4.1, and what stands outside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import amount, dollars

if TYPE_CHECKING:
    from preview.facts import Facts
    from sizing.plans import Bill, BillItem


def bill(priced: Bill, *, verbose: bool) -> Section:
    """Return the monthly bill by component, or by item; unknown prices are said, never zero."""
    right = frozenset({"quantity", "each", "planned", "floor", "ceiling"})
    columns: tuple[str, ...] = ("component", "planned", "floor", "ceiling")
    rows: list[tuple[str, ...]]
    total = ("total", *map(dollars, (priced.monthly_usd, priced.floor_usd, priced.ceiling_usd)))
    if verbose:
        columns += ("quantity", "unit", "each", "item")
        rows = [*map(_item, priced.items), (*total, "", "", "", "")]
    else:
        names = dict.fromkeys(item.component for item in priced.items)
        rows = [*(_summed(name, priced.items) for name in names), total]
    lines = [f"{priced.currency}, {priced.region}, list prices of {priced.prices_as_of}"]
    if priced.unpriced:
        lines.append(f"At least: no price is known for {'; '.join(priced.unpriced)}")
    return Section(
        title="Monthly bill",
        table=Table(columns=columns, rows=tuple(rows), right=right),
        lines=tuple(lines),
    )


def _item(item: BillItem) -> tuple[str, ...]:
    sums = map(dollars, (item.planned_usd, item.floor_usd, item.ceiling_usd))
    each = "unknown" if item.unit_usd is None else f"${item.unit_usd:,.6g}"
    return (item.component, *sums, amount(item.quantity), item.unit, each, item.item)


def _summed(component: str, items: Iterable[BillItem]) -> tuple[str, ...]:
    own = [item for item in items if item.component == component]
    return (
        component,
        _sum(item.planned_usd for item in own),
        _sum(item.floor_usd for item in own),
        _sum(item.ceiling_usd for item in own),
    )


def _sum(amounts: Iterable[float | None]) -> str:
    """Return a sum in dollars; with an unknown part it is marked as a lower bound."""
    given = list(amounts)
    known = [amount for amount in given if amount is not None]
    if not known:
        return "unknown"
    return f"{dollars(sum(known))}{'+' if len(known) < len(given) else ''}"


def at_least(priced: Bill) -> str:
    """Return the words before a total that leaves items out."""
    return "at least " if priced.unpriced else ""


def comparison(priced: Bill) -> Section:
    """Return the bill beside table 4.1, each difference explained."""
    return Section(
        title="Beside table 4.1",
        table=Table(
            columns=("line", "documented", "planned", "explanation"),
            rows=tuple(
                (
                    line.line,
                    dollars(line.documented_usd),
                    dollars(line.planned_usd),
                    line.explanation,
                )
                for line in priced.comparison
            ),
            right=frozenset({"documented", "planned"}),
        ),
    )


def external(facts: Facts) -> Section:
    """Return what outside models cost, which the bill does not hold."""
    cost, own = facts.external, facts.own_usd_per_million
    lines = [
        f"{cost.model} at {dollars(cost.usd_per_million)} per million tokens: "
        f"{dollars(cost.before_cache_usd)} before cache, "
        f"{dollars(cost.after_cache_usd)} after it",
        f"Table 4.2 says {dollars(cost.documented_usd)} for the whole tier, "
        f"which is {dollars(cost.documented_usd_per_million)} per million",
    ]
    if own is not None:
        lines.append(f"Own models: {dollars(own)} per million tokens, GPU pools and their disks")
    return Section(title="Outside models, beside the bill", lines=tuple(lines))
