"""The bill: a treemap of the month by component and item, and every item as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preview.bill import at_least
from preview.report_page.geometry import Box, treemap
from preview.report_page.html import Citations, because, fold, paragraph, region, section, table
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.palette import ROLES
from preview.report_page.picture import Picture, inline, tipped
from preview.report_page.svg import box, cut, words
from preview.words import amount, count, dollars, percent
from sizing.plans import Bill, BillItem

WIDTH, HEIGHT, HEAD = 1180.0, 430.0, 18.0
NAME, SMALL = 12.0, 10.5
READABLE = 15.0
"""A box at least so high has room for a line of text."""
COLUMNS = ("item", "quantity", "unit", "each", "planned", "floor", "ceiling")
RIGHT = frozenset({"quantity", "each", "planned", "floor", "ceiling"})


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
        fold(
            f"{count(len(bill.items), 'item')}",
            table(
                "Every item of the bill",
                ("component", *COLUMNS),
                [_item(one, cited) for one in bill.items],
                right=RIGHT,
                attributes=[{"data_item": f"{o.component}: {o.item}"} for o in bill.items],
            ),
            opened=True,
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
    names = list(dict.fromkeys(item.component for item in bill.items))
    sums = [sum(o.planned_usd or 0 for o in bill.items if o.component == n) for n in names]
    whole = sum(sums)
    areas = treemap(sums, Box(x=0, y=0, width=WIDTH, height=HEIGHT))
    # the largest get colours of their own, the others share the last
    order = sorted(range(len(names)), key=lambda place: -sums[place])
    look = {names[place]: ROLES[min(at, len(ROLES) - 1)] for at, place in enumerate(order)}
    shapes = [
        _component(name, own, area, whole, look[name], bill.items)
        for name, own, area in zip(names, sums, areas, strict=True)
        if own > 0
    ]
    told = ", ".join(f"{names[place]} {dollars(sums[place])}" for place in order if sums[place])
    return Picture(
        id="treemap",
        name="The bill by component and item",
        what=f"Boxes as large as their part of {dollars(whole)} a month: {told}. The table of "
        "items says the same in words.",
        shapes=joined(shapes),
        width=WIDTH,
        height=HEIGHT,
    )


def _component(
    name: str, own: float, area: Box, whole: float, look: str, items: Sequence[BillItem]
) -> Markup:
    inner = Box(x=area.x + 1, y=area.y + 1, width=area.width - 2, height=area.height - 2)
    parts = [one for one in items if one.component == name and one.planned_usd]
    told = f"{name}  {dollars(own)}, {percent(own / whole)}"
    headed = inner.height > HEAD * 2 and bool(cut(told, inner.width - 8, NAME))
    shapes: list[str] = [box(inner, f"role-{look}", radius=3)]
    if headed:
        shapes.append(
            words(inner.x + 6, inner.y + 14, cut(told, inner.width - 8, NAME), "t-strong")
        )
    low = inner.within(top=HEAD if headed else 2, side=2, bottom=2)
    cells = treemap([one.planned_usd or 0 for one in parts], low)
    for item, cell in zip(parts, cells, strict=True):
        shapes += _cell(item, cell, headed=headed)
    spoken = "; ".join(f"{one.item} {dollars(one.planned_usd)}" for one in parts)
    return tipped(f"{told}: {spoken}", *shapes, live=True, data_component=name)


def _cell(item: BillItem, area: Box, *, headed: bool) -> Iterator[Markup]:
    seen = area.within(top=0.75, side=0.75, bottom=0.75)
    yield box(seen, "cell", radius=2)
    if seen.height < READABLE:
        return
    # a component without room for its heading is named in its first box
    label = item.item if headed else f"{item.component}: {item.item}"
    wide = seen.width - 8
    yield words(seen.x + 5, seen.y + 12, cut(label, wide, SMALL), "t-item")
    if seen.height > READABLE * 2:
        told = cut(dollars(item.planned_usd), wide, SMALL)
        yield words(seen.x + 5, seen.y + 26, told, "t-item")
