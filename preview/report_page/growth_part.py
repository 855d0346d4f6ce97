"""Growth: load and bill month by month, and the dates at which constraints break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from preview.forecast_out import MONTH_COLUMNS, MONTH_NUMBERS, MONTHS, month_cells
from preview.report_page.capacity_part import verdict
from preview.report_page.geometry import Box
from preview.report_page.html import fold, paragraph, region, section, table
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.months import Month
from preview.report_page.picture import Picture, inline, tipped
from preview.report_page.svg import box, line, words
from preview.words import amount, count, dollars
from sizing.forecast import Break, Forecast
from sizing.words import Verdict

WIDTH, LEFT, RIGHT = 1180.0, 64.0, 84.0
TOP, HEIGHT = 74.0, 260.0
BOTTOM = TOP + HEIGHT
MARK = 10.0
MOST_LABELS = 12
TOLD = {
    "load": "growth compounded, over today's load",
    "requests/s": "peak of this environment, grown as the load",
    "load of": "the tier whose peak by document 001 holds that of this month",
    "$/month": "list-price bill of a plan of today's tier that is raised to this month's load",
    "from": "the first month in which the check of today's plan comes to a worse verdict",
    "demand": "what the load of that month asks",
    "limit": "what today's plan gives; the finding of the same name has its source",
}


def growth_part(found: Forecast, first: Month) -> Markup:
    """Return the section: curves with breaks, then breaks and months as tables."""
    last = found.months[-1]
    known = [one.monthly_usd for one in found.months if one.monthly_usd is not None]
    return section(
        "growth",
        "Growth",
        paragraph(
            f"At {found.growth:.1%} a month from {first} on, the load is {last.factor:.2f} times "
            f"today's by {first.after(last.month)}. The bill goes from {dollars(known[0])} to "
            f"{dollars(known[-1])} a month for a plan of today's tier raised to each month's load, "
            "at today's prices."
        ),
        region("Growth as a picture", inline(picture(found, first))),
        _breaks(found.breaks, first),
        fold(
            f"{count(len(found.months), 'month')}",
            table(
                MONTHS,
                MONTH_COLUMNS,
                [
                    (str(first.after(one.month)), f"x {one.factor:.2f}", *month_cells(one))
                    for one in found.months
                ],
                right=MONTH_NUMBERS,
                narrow=frozenset({"month"}),
                told=TOLD,
            ),
        ),
    )


def _breaks(found: Sequence[Break], first: Month) -> Markup:
    if not found:
        return paragraph("Nothing of today's plan breaks in this time.")
    rows = [
        (
            str(place),
            f"{first.after(one.month)}",
            tag("code", one.id),
            joined([verdict(one.was), " → ", verdict(one.becomes)]),
            amount(one.demand),
            amount(one.capacity),
            one.unit,
            one.fix,
        )
        for place, one in enumerate(found, start=1)
    ]
    return table(
        "What breaks of today's plan, and when",
        ("mark", "from", "constraint", "verdict", "demand", "limit", "unit", "what to do"),
        rows,
        right=frozenset({"demand", "limit"}),
        narrow=frozenset({"mark", "from", "constraint"}),
        told=TOLD,
        attributes=[{"data_break": one.id} for one in found],
    )


def picture(found: Forecast, first: Month) -> Picture:
    """Return load and bill as curves from zero, with a numbered mark for each break."""
    bills = [one.monthly_usd for one in found.months]
    loads: list[float | None] = [one.factor for one in found.months]
    load = max(one for one in loads if one is not None)
    bill = max((one for one in bills if one is not None), default=0.0)
    shapes = [
        *_axes(load, bill),
        *_dates(found, first),
        *_curve(loads, load, len(loads), "load"),
        *_curve(bills, bill, len(bills), "bill"),
        *_marks(found, first),
        *_legend(found),
    ]
    return Picture(
        id="curve",
        name=f"Load and bill at {found.growth:.1%} a month",
        what=f"Load as a full line, bill as a dashed one, over {len(found.months) - 1} months from "
        f"{first} on, and {count(len(found.breaks), 'mark')} where a limit breaks. The tables "
        "below say the same in words.",
        shapes=joined(shapes),
        width=WIDTH,
        height=BOTTOM + 34,
    )


def _legend(found: Forecast) -> Iterator[Markup]:
    entries = [("load, times today's", "curve load"), ("$ a month to hold it", "curve bill")]
    kinds = [one for one in (Verdict.REFUTED, Verdict.UNPROVEN) if _becomes(found.breaks, one)]
    entries += [(f"a limit becomes {one}", f"mark-line {one}") for one in kinds]
    x = LEFT
    for told, look in entries:
        yield line(x, 14, x + 30, 14, look)
        yield words(x + 38, 18, told, "t-label")
        x += 70 + 6.6 * len(told)


def _becomes(breaks: Sequence[Break], of: Verdict) -> bool:
    return any(one.becomes is of for one in breaks)


def _axes(load: float, bill: float) -> Iterator[Markup]:
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = BOTTOM - part * HEIGHT
        yield line(LEFT, y, WIDTH - RIGHT, y, "axis" if part == 0 else "grid")
        yield words(LEFT - 8, y + 4, f"x {load * part:.3g}", "t-label on-load", anchor="end")
        yield words(WIDTH - RIGHT + 8, y + 4, dollars(bill * part), "t-label on-bill")


def _dates(found: Forecast, first: Month) -> Iterator[Markup]:
    number = len(found.months)
    step = -(-number // MOST_LABELS)
    for month in range(0, number, step):
        x = _x(month, number)
        yield line(x, BOTTOM, x, BOTTOM + 4, "axis")
        yield words(x, BOTTOM + 19, str(first.after(month)), "t-label", anchor="middle")


def _curve(values: Sequence[float | None], most: float, number: int, look: str) -> Iterator[Markup]:
    """Draw a line, broken where a month has no value; a lone month is a dot."""
    for known, part in groupby(enumerate(values), key=lambda one: one[1] is not None):
        if not known:
            continue
        points = [(_x(m, number), BOTTOM - (v or 0) / (most or 1) * HEIGHT) for m, v in part]
        told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        if len(points) == 1:
            yield tag("circle", cx=points[0][0], cy=points[0][1], r="3", class_=f"dot {look}")
        else:
            yield tag("polyline", points=told, class_=f"curve {look}")


def _marks(found: Forecast, first: Month) -> Iterator[Markup]:
    """Draw a line in the month of each break, with the breaks' numbers above it."""
    numbered = list(enumerate(found.breaks, start=1))
    for month, pairs in groupby(numbered, key=lambda pair: pair[1].month):
        own = list(pairs)
        x = _x(month, len(found.months))
        worst = (
            Verdict.REFUTED if _becomes([o for _, o in own], Verdict.REFUTED) else Verdict.UNPROVEN
        )
        told = "; ".join(f"{place} {one.id} becomes {one.becomes}" for place, one in own)
        numbers = f"{own[0][0]}" if len(own) == 1 else f"{own[0][0]}-{own[-1][0]}"
        wide = max(20.0, 9.0 + 7.0 * len(numbers))
        yield tipped(
            f"{first.after(month)}: {told}",
            line(x, TOP - 6, x, BOTTOM, f"mark-line {worst}"),
            box(
                Box(x=x - wide / 2, y=TOP - 26, width=wide, height=20), f"mark {worst}", radius=MARK
            ),
            words(x, TOP - 12, numbers, "t-label", anchor="middle"),
            live=True,
        )


def _x(month: int, number: int) -> float:
    return LEFT + month * (WIDTH - LEFT - RIGHT) / max(1, number - 1)
