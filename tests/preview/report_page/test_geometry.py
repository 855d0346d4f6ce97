"""Boxes of treemaps and grids fill what they are given and never overlap."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.report_page.geometry import Box, columns, grid, grid_height, treemap

pytestmark = pytest.mark.cloud_free("boxes")

AREAS = st.builds(
    Box,
    x=st.floats(-100, 100),
    y=st.floats(-100, 100),
    width=st.floats(1, 2000),
    height=st.floats(1, 2000),
)
VALUES = st.lists(st.floats(0, 1e6), max_size=30).map(lambda found: [round(v, 3) for v in found])


@given(VALUES, AREAS)
def test_a_treemap_keeps_shares_and_never_overlaps(values: list[float], area: Box) -> None:
    boxes = treemap(values, area)
    assert len(boxes) == len(values)
    total = sum(values)
    for value, box in zip(values, boxes, strict=True):
        assert area.holds(box, tolerance=1e-3)
        if total:
            wanted = value / total * area.width * area.height
            assert box.width * box.height == pytest.approx(wanted, rel=1e-6, abs=1e-3)
    seen = [box for box in boxes if box.width * box.height > 0]
    assert not any(one.overlaps(other, 1e-3) for one, other in combinations(seen, 2))


@given(st.integers(1, 12))
def test_alike_values_get_boxes_that_are_nearly_square(number: int) -> None:
    boxes = treemap([1.0] * number, Box(x=0, y=0, width=120, height=100))
    assert all(1 / 3 <= box.width / box.height <= 3 for box in boxes)


def test_a_treemap_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        treemap([1, -1], Box(x=0, y=0, width=1, height=1))


@given(st.integers(0, 40), st.integers(1, 10), st.floats(1, 50), st.floats(0, 9))
def test_a_grid_is_as_high_as_it_says(number: int, across: int, height: float, gap: float) -> None:
    area = Box(x=3, y=5, width=400, height=0)
    cells = grid(area, number, across=across, height=height, gap=gap)
    assert not any(one.overlaps(other) for one, other in combinations(cells, 2))
    low = max((cell.bottom for cell in cells), default=area.y)
    assert low - area.y == pytest.approx(grid_height(number, across=across, height=height, gap=gap))
    assert all(area.x <= cell.x and cell.right <= area.right + 1e-6 for cell in cells)


def test_many_cells_get_more_columns() -> None:
    assert [columns(number, least=1, most=10) for number in (1, 4, 30, 900)] == [1, 2, 8, 10]


def test_margins_never_leave_less_than_nothing() -> None:
    left = Box(x=0, y=0, width=2, height=2).within(top=3, side=3, bottom=3)
    assert (left.width, left.height) == (0, 0)
