"""The few shapes that all pictures are made of, as SVG with classes in place of colours."""

from __future__ import annotations

from collections.abc import Iterable

from preview.report_page.geometry import Box
from preview.report_page.markup import Markup, tag

LETTER = 0.58
"""How wide a letter is on average, over the size of its font."""
ELLIPSIS, WIDE = "…", 1.7
"""What stands for the rest of a text, and how many letters it is wide."""
LEAST = 3
"""Fewer letters of a text say nothing."""


def box(area: Box, look: str, *children: str, radius: float = 0, **more: str | None) -> Markup:
    """Return a rectangle; children are its title."""
    return tag(
        "rect",
        *children,
        x=area.x,
        y=area.y,
        width=area.width,
        height=area.height,
        rx=radius or None,
        class_=look,
        **more,
    )


def words(x: float, y: float, text: str, look: str, *, anchor: str | None = None) -> Markup:
    """Return a line of text that begins at x, or ends or has its middle there."""
    return tag("text", text, x=x, y=y, class_=look, text_anchor=anchor)


def line(x: float, y: float, to_x: float, to_y: float, look: str) -> Markup:
    """Return a straight line."""
    return tag("line", x1=x, y1=y, x2=to_x, y2=to_y, class_=look)


def path(points: Iterable[tuple[float, float]], look: str, *children: str, **more: str) -> Markup:
    """Return a line through points, its corners rounded."""
    return tag("path", *children, d=_rounded(list(points)), class_=look, **more)


def fits(text: str, width: float, size: float) -> bool:
    """Say whether a text is at most so wide."""
    return len(text) * size * LETTER <= width


def cut(text: str, width: float, size: float) -> str:
    """Return as much of a text as is at most so wide, "" where hardly any letter is."""
    if fits(text, width, size):
        return text
    most = int(width / (size * LETTER) - WIDE)
    return f"{text[:most].rstrip(' -,')}{ELLIPSIS}" if most >= LEAST else ""


def title(text: str) -> Markup:
    """Return what a pointer that rests on the shape is told."""
    return tag("title", text)


RADIUS = 5.0


def _rounded(points: list[tuple[float, float]]) -> str:
    told = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(RADIUS, _far(before, at) / 2, _far(at, after) / 2)
        first, second = _towards(at, before, radius), _towards(at, after, radius)
        told.append(
            f"L{first[0]:.1f} {first[1]:.1f}"
            f"Q{at[0]:.1f} {at[1]:.1f} {second[0]:.1f} {second[1]:.1f}"
        )
    told.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(told)


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(
    one: tuple[float, float], other: tuple[float, float], by: float
) -> tuple[float, float]:
    far = _far(one, other)
    part = by / far if far else 0
    return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part
