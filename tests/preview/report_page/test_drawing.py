"""The drawing by itself: an SVG with all of the plan for any viewer; the docs' is current."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from preview.report_page.stores import stores
from tests.preview.report_page.facts import STACKS, sized, svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_drawing_is_well_formed_and_has_title_and_description(stack: str) -> None:
    root = ElementTree.fromstring(svg(stack))
    assert root.tag == f"{SVG}svg"
    for child in ("title", "desc"):
        found = root.find(f"{SVG}{child}")
        assert found is not None
        assert found.text
        assert str(found.get("id")) in str(root.get("aria-labelledby"))


@pytest.mark.parametrize("stack", STACKS)
def test_a_drawing_has_everything_of_the_plan_once(stack: str) -> None:
    plan, text = sized(stack).plan, svg(stack)
    for kind, wanted in (
        ("pool", {one.name for one in plan.node_pools}),
        ("service", {one.name for one in plan.services}),
        ("store", {one.id for one in stores(plan)}),
    ):
        assert sorted(re.findall(rf'data-{kind}="([^"]*)"', text)) == sorted(wanted)
    assert text.count("data-node=") == sum(one.scale.planned for one in plan.node_pools)


@pytest.mark.parametrize("stack", STACKS)
def test_no_shape_has_a_size_below_nothing_and_none_leaves_the_canvas(stack: str) -> None:
    root = ElementTree.fromstring(svg(stack))
    wide = float(str(root.get("width")))
    for shape in root.iter(f"{SVG}rect"):
        sizes = [str(shape.get(side, "0")) for side in ("width", "height")]
        assert all(size.endswith("%") or float(size) >= 0 for size in sizes)
        assert float(shape.get("x", "0")) <= wide


def test_a_drawing_loads_nothing_and_follows_the_readers_theme() -> None:
    text = svg("prod-large")
    assert "prefers-color-scheme:dark" in text
    assert "<script" not in text
    assert "tabindex" not in text
    assert re.findall(r'(?:href|src)="', text) == []
