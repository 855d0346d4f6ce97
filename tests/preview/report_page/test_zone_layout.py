"""Nodes lie in their zones, pools in their rows, and nothing of one kind overlaps."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.report_page.geometry import Box
from preview.report_page.nodes import filled
from preview.report_page.stores import stores
from preview.report_page.zone_layout import Zones, laid_out
from sizing.plans import PlatformPlan
from tests.preview.report_page.facts import STACKS, sized

REGIONAL = (("backups: S3", "x"), ("6 keys", "y"), ("one more", "z"), ("and more", "z"), ("5", ""))


def made(plan: PlatformPlan) -> Zones:
    return laid_out(plan, filled(plan), stores(plan), REGIONAL)


def apart(boxes: list[Box]) -> bool:
    return not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def check(plan: PlatformPlan) -> None:
    found = made(plan)
    zones = dict(found.zones)
    nodes = [pair for row in found.rows for pair in row.nodes]
    assert len(nodes) == sum(pool.scale.planned for pool in plan.node_pools)
    captions = [box for row in found.rows for _, box in row.captions]
    small = [box for _, box in nodes] + [chip.box for chip in found.chips] + captions
    assert apart(small)
    assert apart(list(zones.values()))
    assert apart([box for band in found.bands for _, box in band.subnets])
    assert apart([row.card for row in found.rows])
    for node, box in nodes:
        assert zones[node.zone].holds(box)
    for zone in zones.values():
        assert found.network.holds(zone)
        assert not any(zone.overlaps(row.card) for row in found.rows)
    assert found.region.holds(found.network)
    assert all(found.region.holds(chip.box) for chip in found.chips)
    assert found.region.bottom <= found.height


@pytest.mark.parametrize("stack", STACKS)
def test_the_picture_of_a_stack_has_every_box_in_its_place(stack: str) -> None:
    check(sized(stack).plan)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 70), min_size=6, max_size=6))
def test_any_number_of_nodes_finds_its_place(counts: list[int]) -> None:
    plan = sized("prod-large").plan
    pools = tuple(
        replace(pool, scale=replace(pool.scale, planned=number))
        for pool, number in zip(plan.node_pools, counts, strict=True)
    )
    check(replace(plan, node_pools=pools))


@pytest.mark.parametrize("stack", STACKS)
def test_every_pool_and_subnet_is_there_once(stack: str) -> None:
    plan = sized(stack).plan
    found = made(plan)
    pools = [pool.name for row in found.rows for pool in row.pools]
    subnets = [subnet.name for band in found.bands for subnet, _ in band.subnets]
    assert sorted(pools) == sorted(pool.name for pool in plan.node_pools)
    assert sorted(subnets) == sorted(one.name for one in plan.network.subnets)
