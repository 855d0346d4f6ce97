"""Boxes that never overlap: rows, grids, treemaps. Nothing here knows what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Return the y half-way down."""
        return self.y + self.height / 2

    def within(self, *, top: float = 0, side: float = 0, bottom: float = 0) -> Box:
        """Return what is left of it inside margins; never less than nothing."""
        return Box(
            x=self.x + side,
            y=self.y + top,
            width=max(0.0, self.width - 2 * side),
            height=max(0.0, self.height - top - bottom),
        )

    def overlaps(self, other: Box, tolerance: float = 1e-6) -> bool:
        """Say whether both share more than an edge."""
        return (
            self.x < other.right - tolerance
            and other.x < self.right - tolerance
            and self.y < other.bottom - tolerance
            and other.y < self.bottom - tolerance
        )

    def holds(self, other: Box, tolerance: float = 1e-6) -> bool:
        """Say whether another lies in it."""
        return (
            self.x <= other.x + tolerance
            and self.y <= other.y + tolerance
            and other.right <= self.right + tolerance
            and other.bottom <= self.bottom + tolerance
        )


def columns(number: int, *, least: int, most: int) -> int:
    """Return the columns of a grid of so many cells, wider than it is high."""
    wanted = least
    while wanted < most and ceil(number / wanted) > max(2, wanted // 2):
        wanted += 1
    return max(1, wanted)


def grid(area: Box, number: int, *, across: int, height: float, gap: float) -> tuple[Box, ...]:
    """Return cells of one size, row by row from the top left; they may reach below the area."""
    width = (area.width - gap * (across - 1)) / across
    return tuple(
        Box(
            x=area.x + (width + gap) * (place % across),
            y=area.y + (height + gap) * (place // across),
            width=width,
            height=height,
        )
        for place in range(number)
    )


def grid_height(number: int, *, across: int, height: float, gap: float) -> float:
    """Return how high such a grid is."""
    rows = ceil(number / across)
    return rows * height + max(0, rows - 1) * gap


def treemap(values: Sequence[float], area: Box) -> tuple[Box, ...]:
    """Return a box for each value, as large as its part of the sum; squarified.

    Args:
        values: zero or more; what is zero gets a box without area.
        area: what they fill together.

    Raises:
        ValueError: a value below zero.
    """
    if any(value < 0 for value in values):
        raise ValueError("a treemap has no box for less than nothing")
    total = sum(values)
    found = [Box(x=area.x, y=area.y, width=0, height=0)] * len(values)
    if total <= 0 or area.width <= 0 or area.height <= 0:
        return tuple(found)
    scale = area.width * area.height / total
    order = sorted(range(len(values)), key=lambda place: (-values[place], place))
    wanted = [(place, values[place] * scale) for place in order if values[place] > 0]
    for place, box in _squarified(wanted, area):
        found[place] = box
    return tuple(found)


def _squarified(wanted: Sequence[tuple[int, float]], area: Box) -> Iterator[tuple[int, Box]]:
    """Yield boxes row by row, each row along the shorter side and as square as it gets."""
    start, free = 0, area
    while start < len(wanted):
        side = min(free.width, free.height)
        end = start + 1
        sizes = [wanted[start][1]]
        while end < len(wanted) and _worst([*sizes, wanted[end][1]], side) <= _worst(sizes, side):
            sizes.append(wanted[end][1])
            end += 1
        last = end == len(wanted)
        boxes, free = _row(sizes, free, last=last)
        yield from zip((place for place, _ in wanted[start:end]), boxes, strict=True)
        start = end


def _worst(sizes: Sequence[float], side: float) -> float:
    """Return the most that a row's boxes differ from squares; infinite where no side is left."""
    thick = sum(sizes) / side if side > 0 else 0
    if thick <= 0:
        return float("inf")
    return max(max(thick * thick / size, size / (thick * thick)) for size in sizes)


def _row(sizes: Sequence[float], free: Box, *, last: bool) -> tuple[list[Box], Box]:
    """Return a row's boxes and what is left; the last row takes all that is left."""
    upright = free.width >= free.height
    side, depth = (free.height, free.width) if upright else (free.width, free.height)
    thick = depth if last else min(depth, sum(sizes) / side if side > 0 else 0)
    boxes, at, total = [], 0.0, sum(sizes)
    for size in sizes:
        long = side * size / total
        boxes.append(
            Box(x=free.x, y=free.y + at, width=thick, height=long)
            if upright
            else Box(x=free.x + at, y=free.y, width=long, height=thick)
        )
        at += long
    rest = (
        Box(x=free.x + thick, y=free.y, width=max(0.0, free.width - thick), height=free.height)
        if upright
        else Box(x=free.x, y=free.y + thick, width=free.width, height=max(0.0, free.height - thick))
    )
    return boxes, rest
