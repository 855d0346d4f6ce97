"""A forecast as a drawing: load and bill over the months, and when which constraint breaks.

Both curves start from zero, so that heights compare as amounts do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from preview.words import amount, dollars
from sizing.words import Verdict

if TYPE_CHECKING:
    from sizing.forecast import Break, Forecast

WIDTH, HEIGHT, LINE = 860, 300, 18
LEFT, RIGHT, TOP = 70, 100, 84
BOTTOM = TOP + HEIGHT
LEGEND, DASH = 50, 26
MOST_LABELS = 12
INK, FAINT, PAPER = "#1f2937", "#e5e7eb", "#ffffff"
LOAD, BILL = "#2563eb", "#b45309"
COLOURS = {Verdict.REFUTED: "#b91c1c", Verdict.UNPROVEN: "#7c3aed"}
"""Of a break, by what it becomes."""


def drawing(stack: str, found: Forecast) -> str:
    """Return a forecast as SVG, a file of its own that needs no other."""
    tall = BOTTOM + LINE * (4 + max(1, len(found.breaks)))
    title = f"{stack}: growth of {found.growth:.1%} a month"
    bills = [one.monthly_usd for one in found.months]
    loads = [one.factor for one in found.months]
    most = max(one for one in bills if one is not None)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{tall}" '
        f'viewBox="0 0 {WIDTH} {tall}" font-family="system-ui, sans-serif" font-size="13" '
        f'role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{tall}" fill="{PAPER}"/>',
        _text(LEFT, 26, title, INK, size=17),
        *_legend(found.breaks),
        *_axes(max(loads), most),
        *_months(found),
        *_marks(found),
        *_curve(found, loads, LOAD),
        *_curve(found, bills, BILL),
        *_list(found.breaks),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _legend(breaks: Sequence[Break]) -> Iterator[str]:
    kinds = [one for one in COLOURS if any(found.becomes is one for found in breaks)]
    entries = [
        ("load, times today's", LOAD, ""),
        ("$ a month to hold it", BILL, ""),
        *((f"a limit {one}", COLOURS[one], ' stroke-dasharray="4 4"') for one in kinds),
    ]
    at = float(LEFT)
    for words, colour, dashed in entries:
        yield _line(at, LEGEND - 4, at + DASH, LEGEND - 4, colour, f' stroke-width="2"{dashed}')
        yield _text(at + DASH + 6, LEGEND, words, INK)
        at += DASH + 20 + 7 * len(words)


def _axes(load: float, bill: float) -> Iterator[str]:
    for part in (0.0, 0.5, 1.0):
        y = _y(part, 1)
        yield _line(LEFT, y, WIDTH - RIGHT, y, INK if part == 0 else FAINT)
        yield _text(LEFT - 8, y + 4, f"x {amount(load * part)}", LOAD, anchor="end")
        yield _text(WIDTH - RIGHT + 8, y + 4, dollars(bill * part), BILL)


def _months(found: Forecast) -> Iterator[str]:
    step = -(-len(found.months) // MOST_LABELS)
    for month in range(0, len(found.months), step):
        yield _text(_x(found, month), BOTTOM + LINE, f"M+{month}", INK, anchor="middle")


def _curve(found: Forecast, values: Sequence[float | None], colour: str) -> Iterator[str]:
    """Draw a line, broken where a month has no value; a lone month is a dot."""
    most = max(value for value in values if value is not None)
    months = enumerate(values)
    for known, part in groupby(months, key=lambda one: one[1] is not None):
        if known:
            yield _piece([(_x(found, m), _y(value or 0, most)) for m, value in part], colour)


def _piece(points: Sequence[tuple[float, float]], colour: str) -> str:
    if len(points) == 1:
        return f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3" fill="{colour}"/>'
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _marks(found: Forecast) -> Iterator[str]:
    for month, breaks in groupby(found.breaks, key=lambda one: one.month):
        x = _x(found, month)
        yield _line(x, TOP, x, BOTTOM, _worst(breaks), ' stroke-dasharray="4 4"')


def _worst(breaks: Iterable[Break]) -> str:
    becomes = {one.becomes for one in breaks}
    return next((colour for verdict, colour in COLOURS.items() if verdict in becomes), INK)


def _list(breaks: Sequence[Break]) -> Iterator[str]:
    top = BOTTOM + LINE * 3
    if not breaks:
        yield _text(LEFT, top, "Nothing of today's plan breaks in this time.", INK)
    for row, one in enumerate(breaks):
        colour = COLOURS.get(one.becomes, INK)
        yield _text(LEFT, top + LINE * row, f"M+{one.month}", colour)
        yield _text(LEFT + LINE * 3, top + LINE * row, f"{one.id}: {one.becomes}", colour)


def _x(found: Forecast, month: int) -> float:
    return LEFT + month * (WIDTH - LEFT - RIGHT) / max(1, len(found.months) - 1)


def _y(value: float, most: float) -> float:
    return BOTTOM - value / (most or 1) * HEIGHT


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, more: str = "") -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{more}/>'
    )


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: int = 13
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" '
        f'font-size="{size}">{escape(words)}</text>'
    )
