"""Blocks in columns, and lines between their rows that cross no block.

A line leaves a row sideways, turns in the gap beside its column and, past a column, goes through
the channel between two of its blocks. Gaps and channels are as wide as what goes through them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preview.report_page.flows import Flow
from preview.report_page.geometry import Box

HEADING, ROW, PAD = 27.0, 21.0, 6.0
GAP, CHANNEL, LANE = 26.0, 13.0, 6.0
"""Between columns, between blocks, and what each line adds to either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a block that flows begin or end at; `height` where one line is too little."""

    id: str
    label: str
    detail: str = ""
    note: str = ""
    tip: str = ""
    height: float = ROW


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows that belong together; without a title it is a single box."""

    id: str
    title: str
    role: str
    rows: tuple[Row, ...]

    @property
    def height(self) -> float:
        """Return how high it is drawn."""
        around = HEADING + PAD if self.title else 0
        return around + sum(row.height for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block where it stands, with its rows."""

    block: Block
    box: Box
    rows: tuple[tuple[Row, Box], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A flow as a line of upright and level parts, from its source on."""

    flow: Flow
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Everything of the picture, and how large it is."""

    blocks: tuple[Placed, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Way:
    """A flow from left to right by columns; `turned` where it really goes the other way."""

    flow: Flow
    first: int
    last: int
    turned: bool

    @property
    def gaps(self) -> range:
        return range(self.first, max(self.last, self.first + 1))

    @property
    def passed(self) -> range:
        return range(self.first + 1, self.last)


def routed(
    columns: Sequence[Sequence[Block]], widths: Sequence[float], flows: Sequence[Flow], top: float
) -> Routed:
    """Return blocks and lines.

    Args:
        columns: blocks from left to right, each column from its top.
        widths: of each column.
        flows: between rows; one whose ends are no rows is left out.
        top: y at which every column begins.
    """
    at = {row.id: place for place, one in enumerate(columns) for b in one for row in b.rows}
    ways = [_way(one, at) for one in flows if one.source in at and one.target in at]
    lanes = Counter(gap for way in ways for gap in way.gaps)
    spots = [_stacked(one, top, Counter()) for one in columns]
    channels = _channels(ways, spots, columns)
    used = Counter((column, slot) for (_, column), slot in channels.items())
    spots = [
        _stacked(one, top, Counter({slot: n for (col, slot), n in used.items() if col == place}))
        for place, one in enumerate(columns)
    ]
    lefts = _lefts(widths, lanes)
    middles = {
        row.id: (y + _offset(block, row) + row.height / 2)
        for place, one in enumerate(columns)
        for block, y in zip(one, spots[place], strict=True)
        for row in block.rows
    }
    levels = _levels(channels, spots, columns)
    upright = _upright(ways, levels, middles, lefts, widths, lanes)
    blocks = tuple(
        _placed(block, lefts[place], y, widths[place])
        for place, one in enumerate(columns)
        for block, y in zip(one, spots[place], strict=True)
    )
    routes = tuple(
        _route(number, way, levels, middles, upright, (lefts, widths))
        for number, way in enumerate(ways)
    )
    lowest = max([one.box.bottom for one in blocks] + [y for r in routes for _, y in r.points])
    widest = max([one.box.right for one in blocks] + [x for r in routes for x, _ in r.points])
    return Routed(blocks=blocks, routes=routes, width=widest, height=lowest + CHANNEL)


def _way(flow: Flow, at: Mapping[str, int]) -> _Way:
    first, last = at[flow.source], at[flow.target]
    return _Way(flow, min(first, last), max(first, last), last < first)


def _stacked(blocks: Sequence[Block], top: float, used: Counter[int]) -> list[float]:
    """Return the y of each block, with room for what passes above it."""
    spots, y = [], top
    for place, block in enumerate(blocks):
        y += (CHANNEL if place else 0) + LANE * used[place]
        spots.append(y)
        y += block.height
    return spots


def _offset(block: Block, row: Row) -> float:
    offset = HEADING if block.title else 0
    for one in block.rows:
        if one.id == row.id:
            break
        offset += one.height
    return offset


def _lefts(widths: Sequence[float], lanes: Counter[int]) -> list[float]:
    lefts = [0.0]
    for place, width in enumerate(widths[:-1]):
        lefts.append(lefts[-1] + width + GAP + LANE * lanes[place])
    return lefts


def _channels(
    ways: Sequence[_Way], spots: Sequence[Sequence[float]], columns: Sequence[Sequence[Block]]
) -> dict[tuple[int, int], int]:
    """Return above which block of each passed column a way goes: the nearest to a straight line."""
    middles = {
        row.id: y + _offset(block, row)
        for place, one in enumerate(columns)
        for block, y in zip(one, spots[place], strict=True)
        for row in block.rows
    }
    found = {}
    for number, way in enumerate(ways):
        wanted = (middles[way.flow.source] + middles[way.flow.target]) / 2
        for column in way.passed:
            edges = [*spots[column], _end(columns[column], spots[column])]
            found[number, column] = min(
                range(len(edges)), key=lambda slot: (abs(edges[slot] - wanted), slot)
            )
    return found


def _end(blocks: Sequence[Block], spots: Sequence[float]) -> float:
    return spots[-1] + blocks[-1].height + CHANNEL if blocks else 0.0


def _levels(
    channels: Mapping[tuple[int, int], int],
    spots: Sequence[Sequence[float]],
    columns: Sequence[Sequence[Block]],
) -> dict[tuple[int, int], float]:
    """Return the y at which each way passes a column, its own in its channel."""
    sharing: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for (number, column), slot in channels.items():
        sharing[column, slot].append(number)
    found = {}
    for (column, slot), numbers in sharing.items():
        blocks, ys = columns[column], spots[column]
        below = ys[slot] - CHANNEL / 2 if slot < len(ys) else _end(blocks, ys) + LANE * len(numbers)
        for place, number in enumerate(sorted(numbers, reverse=True)):
            found[number, column] = below - LANE * place
    return found


def _upright(
    ways: Sequence[_Way],
    levels: Mapping[tuple[int, int], float],
    middles: Mapping[str, float],
    lefts: Sequence[float],
    widths: Sequence[float],
    lanes: Counter[int],
) -> dict[tuple[int, int], float]:
    """Return the x at which each way turns in each gap, so that few of them cross."""
    by_gap: defaultdict[int, list[tuple[tuple[int, float], int]]] = defaultdict(list)
    for number, way in enumerate(ways):
        for gap in way.gaps:
            start, end = _heights(number, way, gap, levels, middles)
            # going down, what begins lowest turns first; going up, what begins highest
            by_gap[gap].append(((0, -start) if end >= start else (1, start), number))
    found = {}
    for gap, entries in by_gap.items():
        begin = lefts[gap] + widths[gap]
        width = GAP + LANE * lanes[gap]
        for place, (_, number) in enumerate(sorted(entries)):
            found[number, gap] = begin + width * (place + 1) / (len(entries) + 1)
    return found


def _heights(
    number: int,
    way: _Way,
    gap: int,
    levels: Mapping[tuple[int, int], float],
    middles: Mapping[str, float],
) -> tuple[float, float]:
    source, target = way.flow.source, way.flow.target
    if way.turned:
        source, target = target, source
    start = middles[source] if gap == way.first else levels[number, gap]
    end = middles[target] if gap + 1 >= way.last else levels[number, gap + 1]
    return start, end


def _placed(block: Block, x: float, y: float, width: float) -> Placed:
    return Placed(
        block=block,
        box=Box(x=x, y=y, width=width, height=block.height),
        rows=tuple(
            (row, Box(x=x, y=y + _offset(block, row), width=width, height=row.height))
            for row in block.rows
        ),
    )


def _route(
    number: int,
    way: _Way,
    levels: Mapping[tuple[int, int], float],
    middles: Mapping[str, float],
    upright: Mapping[tuple[int, int], float],
    across: tuple[Sequence[float], Sequence[float]],
) -> Route:
    lefts, widths = across
    begin, end = lefts[way.first] + widths[way.first], lefts[way.last]
    if way.first == way.last:
        end = begin  # out to the gap and back to its own column
    points: list[tuple[float, float]] = []
    for gap in way.gaps:
        before, after = _heights(number, way, gap, levels, middles)
        points = points or [(begin, before)]
        points += [(upright[number, gap], before), (upright[number, gap], after)]
    points.append((end, points[-1][1]))
    return Route(flow=way.flow, points=tuple(points[::-1] if way.turned else points))
