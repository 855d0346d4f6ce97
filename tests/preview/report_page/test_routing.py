"""Blocks never overlap, and no line between two rows crosses a block."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.report_page.flow_picture import TOP, WIDTHS, _columns
from preview.report_page.flows import Flow, flows
from preview.report_page.geometry import Box
from preview.report_page.routing import Block, Routed, Row, routed
from tests.preview.report_page.facts import STACKS, sized


def block(name: str, rows: int, *, titled: bool) -> Block:
    return Block(
        id=name,
        title=name if titled else "",
        role="data",
        rows=tuple(Row(id=f"{name}.{place}", label="x") for place in range(rows)),
    )


@st.composite
def pictures(draw: st.DrawFn) -> tuple[list[list[Block]], list[Flow]]:
    """Draw columns of blocks, and flows between any of their rows."""
    shape = draw(
        st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=2, max_size=5)
    )
    columns = [
        [
            block(f"{column}-{place}", rows, titled=draw(st.booleans()))
            for place, rows in enumerate(blocks)
        ]
        for column, blocks in enumerate(shape)
    ]
    ids = [row.id for column in columns for one in column for row in one.rows]
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=25))
    return columns, [Flow(source=one, target=to, what="x") for one, to in pairs if one != to]


def crossed(made: Routed) -> list[tuple[Flow, str]]:
    """Return lines that go through the inside of a block."""
    found = []
    for route in made.routes:
        for (x, y), (to_x, to_y) in pairwise(route.points):
            line = Box(x=min(x, to_x), y=min(y, to_y), width=abs(to_x - x), height=abs(to_y - y))
            thick = Box(x=line.x, y=line.y, width=line.width + 0.01, height=line.height + 0.01)
            found += [
                (route.flow, one.block.id)
                for one in made.blocks
                if thick.overlaps(one.box, tolerance=0.02)
            ]
    return found


@given(pictures())
def test_blocks_never_overlap_and_lines_go_around_them(
    picture: tuple[list[list[Block]], list[Flow]],
) -> None:
    columns, lines = picture
    made = routed(columns, [100.0] * len(columns), lines, 10)
    assert not any(a.box.overlaps(b.box) for a, b in combinations(made.blocks, 2))
    assert crossed(made) == []
    assert len(made.routes) == len(lines)


@given(pictures())
def test_a_line_is_level_or_upright_and_ends_at_its_rows(
    picture: tuple[list[list[Block]], list[Flow]],
) -> None:
    columns, lines = picture
    made = routed(columns, [100.0] * len(columns), lines, 10)
    rows = {row.id: box for one in made.blocks for row, box in one.rows}
    for route in made.routes:
        for (x, y), (to_x, to_y) in pairwise(route.points):
            assert x == to_x or y == to_y
        for (x, y), end in zip(
            (route.points[0], route.points[-1]),
            (route.flow.source, route.flow.target),
            strict=True,
        ):
            box = rows[end]
            assert y == pytest.approx(box.middle)
            assert x in (pytest.approx(box.x), pytest.approx(box.right))


@pytest.mark.parametrize("stack", STACKS)
def test_a_plan_has_every_service_in_its_picture_and_no_line_across_it(stack: str) -> None:
    plan = sized(stack).plan
    lines = flows(plan)
    columns = [one for one in _columns(plan, lines) if one]
    made = routed(columns, WIDTHS[: len(columns)], lines, TOP)
    ids = [row.id for one in made.blocks for row, _ in one.rows]
    assert len(ids) == len(set(ids))
    assert {one.name for one in plan.services} <= set(ids)
    assert len(made.routes) == len(lines)
    assert crossed(made) == []
