"""The bill: a treemap of the month by component and item, and every item as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preview.bill import at_least
from preview.report_page.geometry import Box, treemap
from preview.report_page.html import Citations, because, fold, paragraph, region, section, table
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.palette import ROLES
from preview.report_page.picture import Picture, inline, tipped
from preview.report_page.svg import box, cut, fits, words
from preview.words import amount, count, dollars, percent
from sizing.plans import Bill, BillItem

WIDTH, HEIGHT, HEAD = 1180.0, 430.0, 18.0
NAME, SMALL, BOLD = 12.0, 10.5, 1.12
"""Sizes of letters, and how much wider bold ones are."""
READABLE = 15.0
"""A box at least so high has room for a line of text."""
SUMS = ("planned", "floor", "ceiling")
COLUMNS = ("item", "quantity", "unit", "each", *SUMS)
RIGHT = frozenset({"quantity", "each", *SUMS})
TOLD = {
    "quantity": "units of a month at planned size, from the plan and its load",
    "each": "list price of one unit; each leads to its source",
    "planned": "quantity times price, every autoscaler at its planned size",
    "floor": "the same with every autoscaler at its minimum",
    "ceiling": "the same with every autoscaler at its maximum",
}
POOLS = "node_pools"


def bill_part(bill: Bill, cited: Citations) -> Markup:
    """Return the section: picture, sums, items, what has no price, and table 4.1 beside it."""
    lines = [
        paragraph(
            f"{bill.currency}, {bill.region}, list prices of {bill.prices_as_of}: planned ",
            because(f"{at_least(bill)}{dollars(bill.monthly_usd)}", _sum_words(bill)),
            f" a month, {dollars(bill.floor_usd)} at every autoscaler's minimum, "
            f"{dollars(bill.ceiling_usd)} at its maximum.",
        )
    ]
    if bill.unpriced:
        lines.append(
            paragraph(tag("strong", "No price is known for: "), "; ".join(bill.unpriced), ".")
        )
    return section(
        "bill",
        "Bill of a month",
        *lines,
        region("The bill as a picture", inline(picture(bill))),
        table(
            "The bill by component",
            ("component", "items", *SUMS),
            [_summed(name, own) for name, own in _by_component(bill.items).items()],
            right=frozenset({"items", *SUMS}),
            told=TOLD,
        ),
        fold(
            f"{count(len(bill.items), 'item')} with their prices",
            table(
                "Every item of the bill",
                ("component", *COLUMNS),
                [_item(one, cited) for one in bill.items],
                right=RIGHT,
                told=TOLD,
                attributes=[{"data_item": f"{o.component}: {o.item}"} for o in bill.items],
            ),
        ),
        fold(
            "Beside table 4.1 of document 001",
            table(
                "The documented cost table and this plan",
                ("line", "documented", "planned", "explanation"),
                [
                    (o.line, dollars(o.documented_usd), dollars(o.planned_usd), o.explanation)
                    for o in bill.comparison
                ],
                right=frozenset({"documented", "planned"}),
            ),
        ),
    )


def _sum_words(bill: Bill) -> str:
    return f"Sum of {len(bill.items) - len(bill.unpriced)} priced items; see the table below"


def _by_component(items: Sequence[BillItem]) -> dict[str, list[BillItem]]:
    found: dict[str, list[BillItem]] = {}
    for one in items:
        found.setdefault(one.component, []).append(one)
    return found


def _summed(name: str, own: Sequence[BillItem]) -> tuple[str, ...]:
    """Return a component's sums, marked as the least where an item of it has no price."""
    open_ = any(one.planned_usd is None for one in own)
    sums = (
        sum(getattr(one, field) or 0 for one in own)
        for field in ("planned_usd", "floor_usd", "ceiling_usd")
    )
    told = [f"{'at least ' if open_ else ''}{dollars(one)}" for one in sums]
    return (name, str(len(own)), *told)


def _item(item: BillItem, cited: Citations) -> tuple[str, ...]:
    each = "unknown" if item.unit_usd is None else f"${item.unit_usd:,.6g}"
    sums = map(dollars, (item.planned_usd, item.floor_usd, item.ceiling_usd))
    return (
        item.component,
        item.item,
        amount(item.quantity),
        item.unit,
        cited.cite(each, item.source),
        *sums,
    )


def picture(bill: Bill) -> Picture:
    """Return the bill as boxes in boxes, each as large as its part of the planned sum."""
    groups = _groups(bill.items)
    sums = {name: sum(one.planned_usd or 0 for one in own) for name, own in groups.items()}
    whole = sum(sums.values())
    areas = treemap(list(sums.values()), Box(x=0, y=0, width=WIDTH, height=HEIGHT))
    # the largest get colours of their own, the others share the last
    order = sorted(sums, key=lambda name: (-sums[name], name))
    look = {name: ROLES[min(place, len(ROLES) - 1)] for place, name in enumerate(order)}
    shapes = [
        _component(name, groups[name], area, whole, look[name])
        for name, area in zip(sums, areas, strict=True)
        if sums[name] > 0
    ]
    told = ", ".join(f"{name} {dollars(sums[name])}" for name in order if sums[name])
    return Picture(
        id="treemap",
        name="The bill by component and item",
        what=f"Boxes as large as their part of {dollars(whole)} a month: {told}. The table of "
        "items says the same in words.",
        shapes=joined(shapes),
        width=WIDTH,
        height=HEIGHT,
    )


def _groups(items: Sequence[BillItem]) -> dict[str, list[BillItem]]:
    """Return items by component; node pools, most of a bill, by pool."""
    found: dict[str, list[BillItem]] = {}
    for one in items:
        pool, _, _ = one.item.partition(": ")
        found.setdefault(pool if one.component == POOLS else one.component, []).append(one)
    return found


def _component(name: str, items: Sequence[BillItem], area: Box, whole: float, look: str) -> Markup:
    inner = area.within(top=1, side=1, bottom=1)
    parts = [one for one in items if one.planned_usd]
    own = sum(one.planned_usd or 0 for one in parts)
    told = f"{name} {dollars(own)}, {percent(own / whole)}"
    head = _heading(name, own, told, inner.width - 10)
    headed = inner.height > HEAD * 2 and bool(head)
    shapes: list[str] = [box(inner, f"role-{look}", radius=3)]
    if headed:
        shapes.append(words(inner.x + 6, inner.y + 14, head, "t-strong"))
    low = inner.within(top=HEAD if headed else 2, side=2, bottom=2)
    cells = treemap([one.planned_usd or 0 for one in parts], low)
    for item, cell in zip(parts, cells, strict=True):
        shapes += _cell(item, cell, "" if headed else name)
    spoken = "; ".join(f"{one.item} {dollars(one.planned_usd)}" for one in parts)
    return tipped(f"{told}: {spoken}", *shapes, live=True, data_component=name)


def _heading(name: str, own: float, told: str, width: float) -> str:
    """Return as much of a heading as there is room for: sums go before the name does."""
    for words_ in (told, f"{name} {dollars(own)}", name):
        if fits(words_, width, NAME * BOLD):
            return words_
    return cut(name, width, NAME * BOLD)


def _cell(item: BillItem, area: Box, name: str) -> Iterator[Markup]:
    seen = area.within(top=0.75, side=0.75, bottom=0.75)
    yield box(seen, "cell", radius=2)
    if seen.height < READABLE:
        return
    # a component without room for its heading is named in its first box
    label = f"{name}: {item.item}" if name else item.item
    wide = seen.width - 8
    yield words(seen.x + 5, seen.y + 12, cut(label, wide, SMALL), "t-item")
    if seen.height > READABLE * 2:
        told = cut(dollars(item.planned_usd), wide, SMALL)
        yield words(seen.x + 5, seen.y + 26, told, "t-item")
