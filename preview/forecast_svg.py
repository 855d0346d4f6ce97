"""A forecast as a drawing: load and bill over the months, and when which constraint breaks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from preview.words import dollars

if TYPE_CHECKING:
    from sizing.forecast import Break, Forecast

WIDTH, HEIGHT, LINE = 860, 300, 18
LEFT, RIGHT, TOP = 70, 90, 56
INK, LOAD, BILL, BREAK, PAPER = "#1f2937", "#2563eb", "#b45309", "#b91c1c", "#ffffff"


def drawing(stack: str, found: Forecast) -> str:
    """Return a forecast as SVG, a file of its own that needs no other."""
    breaks = found.breaks
    tall = TOP + HEIGHT + LINE * 2 + LINE * max(1, len(breaks)) + LINE
    title = f"{stack}: growth of {found.growth:.1%} a month"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{tall}" '
        f'viewBox="0 0 {WIDTH} {tall}" font-family="system-ui, sans-serif" font-size="13" '
        f'role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{tall}" fill="{PAPER}"/>',
        _text(LEFT, 26, title, INK, size=17),
        *_axes(found),
        *_curve(found, [one.factor for one in found.months], LOAD),
        *_curve(found, [one.monthly_usd for one in found.months], BILL),
        *_marks(found),
        *_legend(breaks),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(found: Forecast) -> list[str]:
    last = found.months[-1]
    known = [one.monthly_usd for one in found.months if one.monthly_usd is not None]
    bottom = TOP + HEIGHT
    lines = [
        f'<line x1="{LEFT}" y1="{bottom}" x2="{WIDTH - RIGHT}" y2="{bottom}" stroke="{INK}"/>',
        _text(LEFT - 8, bottom, "x 1.00", LOAD, anchor="end"),
        _text(LEFT - 8, TOP + 5, f"x {last.factor:.2f}", LOAD, anchor="end"),
        _text(WIDTH - RIGHT + 8, bottom, dollars(min(known)), BILL),
        _text(WIDTH - RIGHT + 8, TOP + 5, dollars(max(known)), BILL),
    ]
    step = max(1, len(found.months) // 12)
    for month in range(0, len(found.months), step):
        lines.append(_text(_x(found, month), bottom + LINE, f"M+{month}", INK, anchor="middle"))
    return lines


def _curve(found: Forecast, values: Sequence[float | None], colour: str) -> list[str]:
    known = [value for value in values if value is not None]
    points = " ".join(
        f"{_x(found, month):.1f},{_y(value, min(known), max(known)):.1f}"
        for month, value in enumerate(values)
        if value is not None
    )
    return [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>']


def _marks(found: Forecast) -> list[str]:
    months = sorted({one.month for one in found.breaks})
    return [
        f'<line x1="{_x(found, month):.1f}" y1="{TOP}" x2="{_x(found, month):.1f}" '
        f'y2="{TOP + HEIGHT}" stroke="{BREAK}" stroke-dasharray="4 4"/>'
        for month in months
    ]


def _legend(breaks: Sequence[Break]) -> list[str]:
    top = TOP + HEIGHT + LINE * 3
    if not breaks:
        return [_text(LEFT, top, "Nothing of today's plan breaks in this time.", INK)]
    return [
        _text(LEFT, top + LINE * row, f"M+{one.month}  {one.id}: {one.becomes}", BREAK)
        for row, one in enumerate(breaks)
    ]


def _x(found: Forecast, month: int) -> float:
    return LEFT + month * (WIDTH - LEFT - RIGHT) / max(1, len(found.months) - 1)


def _y(value: float, low: float, high: float) -> float:
    return TOP + HEIGHT - (value - low) / (high - low or 1) * HEIGHT


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: int = 13
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" '
        f'font-size="{size}">{escape(words)}</text>'
    )
