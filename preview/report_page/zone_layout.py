"""Where regions, zones, subnets, pools, nodes and members of stores stand: boxes in boxes.

Zones are columns, kinds of subnets are bands across them; a pool is a row of the private band.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from preview.report_page.geometry import Box, columns, grid, grid_height
from preview.report_page.nodes import Filled, Node
from preview.report_page.stores import Member, Store
from sizing.plans import NodePoolPlan, PlatformPlan, SubnetPlan
from sizing.words import Cloud, SubnetKind

WIDTH, MARGIN = 1400.0, 14.0
GUTTER, GAP, CELL_PAD = 176.0, 10.0, 9.0
REGION_HEAD, NETWORK_HEAD, ZONE_HEAD = 30.0, 28.0, 28.0
SUBNET_HEAD, CAPTION, BAND_GAP = 21.0, 18.0, 10.0
CARD, NODE_GAP = 108.0, 7.0
CHIP, CHIP_GAP, CHIP_MOST = 25.0, 6.0, 3
NODE_HEIGHTS: Mapping[int, float] = MappingProxyType({1: 92.0, 2: 92.0, 3: 86.0, 4: 84.0, 5: 70.0})
SMALLEST_NODE = 34.0
MOST_ACROSS = 10
BANDS = (SubnetKind.PUBLIC, SubnetKind.PRIVATE, SubnetKind.ISOLATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A small box with a line of text: a NAT, a member of a store."""

    label: str
    tip: str
    kind: str
    box: Box
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """Pools of one role with their nodes.

    Attributes:
        card: what is said of them, left of the zones.
        captions: of pools that stand in one zone each, above their nodes.
        nodes: every node with its box.
    """

    pools: tuple[NodePoolPlan, ...]
    card: Box
    captions: tuple[tuple[NodePoolPlan, Box], ...]
    nodes: tuple[tuple[Node, Box], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Subnets of one kind across the zones."""

    kind: SubnetKind
    label: Box
    subnets: tuple[tuple[SubnetPlan, Box], ...]


@dataclass(slots=True, kw_only=True)
class Zones:
    """The whole picture's boxes."""

    region: Box
    network: Box
    zones: tuple[tuple[str, Box], ...]
    bands: list[Band] = field(default_factory=list)
    rows: list[PoolRow] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    width: float = WIDTH
    height: float = 0.0


def laid_out(
    plan: PlatformPlan, filled: Filled, stores: Sequence[Store], regional: Sequence[tuple[str, str]]
) -> Zones:
    """Return every box of the picture.

    Args:
        plan: of the stack.
        filled: its nodes with their pods.
        stores: whose members stand in zones.
        regional: what stands in the region and in no zone: label and what more is told.
    """
    left = MARGIN * 2
    top = MARGIN + REGION_HEAD + NETWORK_HEAD
    lanes = _lanes(plan.request.zone_ids, left + GUTTER, WIDTH - 2 * MARGIN - GAP, top)
    made = Zones(
        region=Box(x=MARGIN, y=MARGIN, width=WIDTH - 2 * MARGIN, height=0),
        network=Box(x=left, y=MARGIN + REGION_HEAD, width=WIDTH - 4 * MARGIN, height=0),
        zones=(),
    )
    y = top + ZONE_HEAD
    for kind in BANDS:
        y = _band(made, plan, kind, lanes, y, (filled, stores))
    low = y
    made.zones = tuple((zone, _to(box, low)) for zone, box in lanes.items())
    made.network = _to(made.network, low + GAP)
    y = _regional(made, regional, low + GAP * 2)
    made.region = _to(made.region, y + GAP)
    made.height = made.region.bottom + MARGIN
    return made


def _to(box: Box, bottom: float) -> Box:
    return Box(x=box.x, y=box.y, width=box.width, height=bottom - box.y)


def _lanes(zones: Sequence[str], left: float, right: float, top: float) -> dict[str, Box]:
    width = (right - left - GAP * (len(zones) - 1)) / len(zones)
    return {
        zone: Box(x=left + place * (width + GAP), y=top, width=width, height=0)
        for place, zone in enumerate(zones)
    }


def _band(
    made: Zones,
    plan: PlatformPlan,
    kind: SubnetKind,
    lanes: Mapping[str, Box],
    y: float,
    inside: tuple[Filled, Sequence[Store]],
) -> float:
    """Add a band with what is in it; return where the next one begins."""
    filled, stores = inside
    own = [one for one in plan.network.subnets if one.kind is kind]
    start, y = y, y + (SUBNET_HEAD if own else 0)
    if kind is SubnetKind.PUBLIC:
        y = _chips(made, _ways_out(plan), lanes, y)
    elif kind is SubnetKind.PRIVATE:
        for pools in _groups(plan.node_pools):
            y = _pool_row(made, pools, filled, lanes, y)
    else:
        members = {
            zone: [
                _member(one, store) for store in stores for one in store.members if one.zone == zone
            ]
            for zone in lanes
        }
        y = _chips(made, members, lanes, y)
    if not own and y == start:
        return start
    bottom = y + CELL_PAD / 2
    first = next(iter(lanes.values()))
    made.bands.append(
        Band(
            kind=kind,
            label=Box(
                x=first.x - GUTTER + GAP, y=start, width=GUTTER - 2 * GAP, height=bottom - start
            ),
            subnets=tuple(
                (one, Box(x=area.x, y=start, width=area.width, height=bottom - start))
                for one in own
                for area in (_across(one, lanes),)
            ),
        )
    )
    return bottom + BAND_GAP


def _across(subnet: SubnetPlan, lanes: Mapping[str, Box]) -> Box:
    """Return a subnet's columns: its zone's, or all where it is the region's."""
    if subnet.zone_id in lanes:
        return lanes[subnet.zone_id].within(side=CELL_PAD / 2)
    boxes = list(lanes.values())
    whole = Box(x=boxes[0].x, y=boxes[0].y, width=boxes[-1].right - boxes[0].x, height=0)
    return whole.within(side=CELL_PAD / 2)


def _groups(pools: Sequence[NodePoolPlan]) -> Iterator[tuple[NodePoolPlan, ...]]:
    """Yield pools by row: those of one role that stand in one zone each share theirs."""
    zonal = [one for one in pools if len(one.zone_ids) == 1]
    done: set[str] = set()
    for pool in pools:
        if pool.name in done:
            continue
        same = tuple(one for one in zonal if one.role == pool.role) if pool in zonal else (pool,)
        done |= {one.name for one in same}
        yield same


def _pool_row(
    made: Zones,
    pools: tuple[NodePoolPlan, ...],
    filled: Filled,
    lanes: Mapping[str, Box],
    y: float,
) -> float:
    named = len(pools[0].zone_ids) == 1
    top = y + (CAPTION if named else 0)
    by_zone = {zone: [node for pool in pools for node in filled.of(pool, zone)] for zone in lanes}
    fullest = max(len(nodes) for nodes in by_zone.values())
    across = columns(fullest, least=min(4, max(1, fullest)), most=MOST_ACROSS)
    height = NODE_HEIGHTS.get(across, max(SMALLEST_NODE, 300.0 / across))
    nodes = tuple(
        pair
        for zone, own in by_zone.items()
        for pair in zip(own, _cells(lanes[zone], top, len(own), across, height), strict=True)
    )
    tall = grid_height(fullest, across=across, height=height, gap=NODE_GAP)
    bottom = max(y + CARD, top + tall)
    first = next(iter(lanes.values()))
    made.rows.append(
        PoolRow(
            pools=pools,
            card=Box(x=first.x - GUTTER + GAP, y=y, width=GUTTER - 2 * GAP, height=bottom - y),
            captions=tuple(
                (pool, Box(x=area.x, y=y, width=area.width, height=CAPTION))
                for pool in pools
                for area in (lanes[pool.zone_ids[0]].within(side=CELL_PAD * 2),)
            )
            if named
            else (),
            nodes=nodes,
        )
    )
    return bottom + GAP


def _cells(lane: Box, top: float, number: int, across: int, height: float) -> tuple[Box, ...]:
    inner = lane.within(side=CELL_PAD * 1.5)
    area = Box(x=inner.x, y=top, width=inner.width, height=0)
    return grid(area, number, across=across, height=height, gap=NODE_GAP)


def _chips(
    made: Zones,
    by_zone: Mapping[str, Sequence[tuple[str, str, str]]],
    lanes: Mapping[str, Box],
    y: float,
) -> float:
    """Add small boxes to zones; return where they end."""
    most = max((len(one) for one in by_zone.values()), default=0)
    if not most:
        return y + CELL_PAD
    for zone, told in by_zone.items():
        cells = _chip_cells(lanes[zone], y, len(told))
        made.chips += [
            Chip(label=label, tip=tip, kind=kind, box=box)
            for (label, tip, kind), box in zip(told, cells, strict=True)
        ]
    return y + grid_height(most, across=CHIP_MOST, height=CHIP, gap=CHIP_GAP) + CELL_PAD / 2


def _chip_cells(lane: Box, y: float, number: int) -> tuple[Box, ...]:
    inner = lane.within(side=CELL_PAD * 1.5)
    area = Box(x=inner.x, y=y, width=inner.width, height=0)
    return grid(area, number, across=CHIP_MOST, height=CHIP, gap=CHIP_GAP)


def _ways_out(plan: PlatformPlan) -> dict[str, list[tuple[str, str, str]]]:
    """Return what stands in public subnets, zone by zone; on Google Cloud it is the region's."""
    found: dict[str, list[tuple[str, str, str]]] = {zone: [] for zone in plan.request.zone_ids}
    if plan.request.cloud is Cloud.GCP:
        return found
    for zone, chips in found.items():
        if zone in plan.network.nat_zone_ids:
            chips.append(("NAT", f"NAT in {zone}, by which nodes reach the internet", "way"))
        if plan.request.switches.ingress:
            chips.append(("balancer", f"the load balancer in {zone}", "way"))
    return found


def _member(member: Member, store: Store) -> tuple[str, str, str]:
    return member.label, f"{member.label} in {member.zone}: {store.product}, {store.size}", "store"


def _regional(made: Zones, told: Sequence[tuple[str, str]], y: float) -> float:
    """Add what stands in the region alone, below its network; return where it ends."""
    if not told:
        return y
    across = 4
    area = Box(x=made.network.x + GUTTER, y=y, width=made.network.width - GUTTER - GAP, height=0)
    cells = grid(area, len(told), across=across, height=CHIP, gap=CHIP_GAP)
    made.chips += [
        Chip(label=label, tip=tip, kind="regional", box=box)
        for (label, tip), box in zip(told, cells, strict=True)
    ]
    return y + grid_height(len(told), across=across, height=CHIP, gap=CHIP_GAP)
