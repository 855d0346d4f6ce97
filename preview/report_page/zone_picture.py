"""Where a stack stands: region, zones and subnets, and each node filled by its pods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from preview.report_page.flow_picture import cylinder
from preview.report_page.geometry import Box, treemap
from preview.report_page.markup import Markup, joined
from preview.report_page.nodes import CPU, GPU, MEMORY, Filled, Node, measure, part
from preview.report_page.palette import LETTERS, NAMES, role
from preview.report_page.picture import Picture, tipped
from preview.report_page.stores import Store, stores
from preview.report_page.svg import box, cut, fits, title, words
from preview.report_page.zone_layout import Band, Chip, PoolRow, Zones, laid_out
from preview.words import count, percent
from sizing.plans import NodePoolPlan, PlatformPlan
from sizing.words import CapacityType, Cloud, EndpointKind

CLOUDS = {Cloud.AWS: "AWS", Cloud.GCP: "Google Cloud"}
NETWORKS = {Cloud.AWS: "VPC", Cloud.GCP: "VPC network"}
NODE_HEAD, NODE_PAD = 15.0, 3.0
NAME, SMALL, TINY = 12.5, 10.0, 9.0
READABLE = 11.0
"""A pod's box is at least so wide and high to have a letter in it."""
LEGEND = 24.0
BAND_NAMES = {
    Cloud.AWS: {
        "public": "Public subnets",
        "private": "Nodes' subnets",
        "isolated": "Stores' subnets",
    },
    Cloud.GCP: {
        "public": "Proxies' subnet",
        "private": "Nodes' subnet",
        "isolated": "Services' range",
    },
}
"""What a band is, as a row's heading."""


def zone_picture(plan: PlatformPlan, filled: Filled, *, live: bool) -> Picture:
    """Return the picture of zones and nodes.

    Args:
        plan: of the stack.
        filled: its nodes with their pods.
        live: for a page, whose keyboard reaches each part.
    """
    found = stores(plan)
    made = laid_out(plan, filled, found, tuple(_regional(plan, found)))
    roles = {one.name: role(one.role) for one in plan.namespaces}
    parts = [
        *_frames(made, plan),
        *(shape for band in made.bands for shape in _band(band, plan.request.cloud)),
        *(shape for row in made.rows for shape in _row(row, roles, live=live)),
        *(_chip(one, live=live) for one in made.chips),
        *_legend(_kinds(filled, roles), made.height, made),
    ]
    return Picture(
        id="zones",
        name="Where it runs",
        what=f"{count(len(filled.nodes), 'node')} in {count(len(made.zones), 'zone')}: a column "
        "for each zone, a box for each node, and in it a box for each pod, as large as its part "
        "of the node. The table of nodes says the same in words.",
        shapes=joined(parts),
        width=made.width,
        height=made.height + LEGEND,
    )


def node_words(node: Node) -> str:
    """Return what a node holds, in one line."""
    of = measure(node.pool)
    held = ", ".join(f"{one.count} {one.service.name}" for one in node.pods) or "no planned pod"
    return (
        f"{node.pool.name} {node.number} of {node.pool.scale.planned} in {node.zone}, "
        f"{node.pool.instance_types[0]}: {held}; {percent(node.taken(of))} of its {of}"
    )


def pool_words(pool: NodePoolPlan, nodes: Sequence[Node]) -> str:
    """Return what a pool is and how full its nodes are, in one line."""
    own = [one for one in nodes if one.pool.name == pool.name]
    measures = (CPU, MEMORY, *((GPU,) if pool.gpus_per_node else ()))
    full = ", ".join(f"{percent(_mean(own, of))} of {of}" for of in measures)
    return (
        f"pool {pool.name}: {pool.scale.minimum} to {pool.scale.maximum} x "
        f"{', '.join(pool.instance_types)}, {pool.scale.planned} planned, {bought(pool)}; pods ask "
        f"for {full}; {pool.binding} decides the number"
    )


def bought(pool: NodePoolPlan) -> str:
    """Return how a pool's machines are paid."""
    return "spot" if pool.capacity_type is CapacityType.SPOT else "on demand"


def _regional(plan: PlatformPlan, found: Sequence[Store]) -> Iterator[tuple[str, str]]:
    if plan.request.cloud is Cloud.GCP:
        yield "NAT", "Cloud NAT, by which nodes of all zones reach the internet"
        if plan.request.switches.ingress:
            yield "balancer", "the load balancer, whose proxies have a subnet of their own"
    for one in found:
        if not one.members:
            yield f"{one.name}: {one.product}", one.words
    if plan.keys:
        names = ", ".join(one.name for one in plan.keys)
        yield count(len(plan.keys), "key"), f"keys of the platform: {names}"
    private = [o.service for o in plan.network.endpoints if o.kind is EndpointKind.INTERFACE]
    if private:
        yield (
            count(len(private), "private endpoint"),
            f"services that nodes reach without NAT: {', '.join(private)}",
        )


def _frames(made: Zones, plan: PlatformPlan) -> Iterator[Markup]:
    request = plan.request
    yield box(made.region, "frame", radius=12)
    yield words(
        made.region.x + 14,
        made.region.y + 20,
        f"{CLOUDS[request.cloud]} region {request.region}",
        "t-name",
    )
    yield box(made.network, "frame inner", radius=10)
    host = f" of {request.host.stack}" if request.in_hosts_cluster and request.host else ""
    name = f"{NETWORKS[request.cloud]}{host} {plan.network.vpc_cidr}"
    yield words(made.network.x + 14, made.network.y + 19, name, "t-strong")
    for zone, area in made.zones:
        yield box(area, "zone", radius=8)
        yield words(area.x + 12, area.y + 19, f"zone {zone}", "t-strong")


def _band(band: Band, cloud: Cloud) -> Iterator[Markup]:
    yield words(band.label.x, band.label.y + 15, BAND_NAMES[cloud][band.kind], "t-strong")
    for subnet, area in band.subnets:
        pods = f", pods {subnet.pod_reservation_cidr}" if subnet.pod_reservation_cidr else ""
        yield box(
            area, f"subnet {band.kind}", title(f"{subnet.name} {subnet.cidr}{pods}"), radius=6
        )
        told = cut(f"{subnet.name}  {subnet.cidr}{pods}", area.width - 20, SMALL)
        yield words(area.x + 9, area.y + 15, told, "t-small")


def _row(row: PoolRow, roles: Mapping[str, str], *, live: bool) -> Iterator[Markup]:
    yield _card(row, live=live)
    nodes = [node for node, _ in row.nodes]
    for pool, area in row.captions:
        told = f"{pool.name}: {count(pool.scale.planned, 'node')} of {pool.scale.maximum} at most"
        yield tipped(
            pool_words(pool, nodes),
            words(area.x, area.y + 12, cut(told, area.width, SMALL + 1), "t-label"),
            live=live,
            data_pool=pool.name,
        )
    for node, area in row.nodes:
        yield _node(node, area, roles, live=live)


def _card(row: PoolRow, *, live: bool) -> Markup:
    """Draw what is said of pools: machines, nodes, and how full they are together."""
    area, first = row.card, row.pools[0]
    single = not row.captions
    name = first.name if single else f"{first.role} pools"
    low, most = (
        sum(getattr(pool.scale, end) for pool in row.pools) for end in ("minimum", "maximum")
    )
    planned = sum(pool.scale.planned for pool in row.pools)
    wide = area.width
    shapes: list[str] = [
        words(area.x, area.y + 13, cut(name, wide, NAME), "t-name"),
        words(
            area.x,
            area.y + 29,
            cut(f"{planned} x {first.instance_types[0]}", wide, SMALL + 1),
            "t-label",
        ),
        words(area.x, area.y + 43, f"{low} to {most} nodes, {bought(first)}", "t-small"),
    ]
    if first.gpu_model:
        told = f"{first.gpus_per_node} x {first.gpu_model} each"
        shapes.append(words(area.x, area.y + 56, cut(told, wide, SMALL), "t-small"))
    top = area.y + (62 if first.gpu_model else 52)
    for place, (label, full) in enumerate(_fullness(row)):
        shapes += _gauge(Box(x=area.x, y=top + 15 * place, width=wide, height=12), label, full)
    if not single:
        return joined(shapes)
    told = pool_words(first, [node for node, _ in row.nodes])
    return tipped(told, *shapes, live=live, data_pool=first.name)


def _fullness(row: PoolRow) -> Iterator[tuple[str, float]]:
    """Yield how full a row's nodes are together, each resource by its name."""
    for of in (CPU, MEMORY, *((GPU,) if row.pools[0].gpus_per_node else ())):
        yield of, _mean([node for node, _ in row.nodes], of)


def _mean(nodes: Sequence[Node], of: str) -> float:
    return sum(node.taken(of) for node in nodes) / len(nodes) if nodes else 0.0


def _gauge(area: Box, label: str, full: float) -> Iterator[Markup]:
    """Draw a bar with its name before it and its share behind."""
    bar = Box(x=area.x + 48, y=area.y + 2, width=area.width - 48 - 38, height=8)
    yield words(area.x, area.y + 10, label, "t-small")
    yield box(bar, "rail", radius=3)
    yield box(Box(x=bar.x, y=bar.y, width=bar.width * min(1.0, full), height=8), "bar", radius=3)
    yield words(area.right, area.y + 10, percent(full), "t-small", anchor="end")


def _node(node: Node, area: Box, roles: Mapping[str, str], *, live: bool) -> Markup:
    of = measure(node.pool)
    full = node.taken(of)
    told = f"{node.number} · {percent(full)}"
    told = f"{told} {of}" if fits(f"{told} {of}", area.width - 8, TINY) else told
    head = NODE_HEAD if area.height > 40 else 11.0
    inner = area.within(top=head, side=NODE_PAD, bottom=NODE_PAD)
    return tipped(
        node_words(node),
        box(area, "node", radius=5),
        words(area.x + 6, area.y + head - 4, cut(told, area.width - 8, TINY), "t-tiny"),
        box(inner, "free", radius=2),
        *_pods(node, of, min(1.0, full), inner, roles),
        live=live,
        data_node=f"{node.pool.name}/{node.number}",
    )


def _pods(
    node: Node, of: str, full: float, inner: Box, roles: Mapping[str, str]
) -> Iterator[Markup]:
    """Draw a node's pods, each as large as its part of the node; what is free stays."""
    pods = [one.service for one in node.pods for _ in range(one.count)]
    used = Box(x=inner.x, y=inner.y, width=inner.width * full, height=inner.height)
    areas = treemap([part(one, node.pool, of) for one in pods], used)
    for service, area in zip(pods, areas, strict=True):
        look = roles.get(service.namespace, "system")
        if area.width * area.height == 0:
            continue  # asks for nothing of what the boxes show; the node's words name it
        seen = Box(
            x=area.x + 0.5,
            y=area.y + 0.5,
            width=max(0.5, area.width - 1),
            height=max(0.5, area.height - 1),
        )
        yield box(seen, f"pod role-{look}", radius=min(2.0, seen.width / 4))
        yield _pod_name(service.name, LETTERS[look], area)


def _pod_name(name: str, letter: str, area: Box) -> Markup:
    """Write a pod's name in its box, its kind's letter where that is too long, or nothing."""
    if min(area.width, area.height) < READABLE:
        return Markup("")
    short = fits(name, area.width - 6, TINY)
    x, y = area.x + area.width / 2, area.middle + 3
    return words(x, y, name if short else letter, "t-tiny", anchor="middle")


def _chip(chip: Chip, *, live: bool) -> Markup:
    area = chip.box
    left = area.x + 8
    shapes: list[str] = [box(area, chip.kind, radius=5)]
    if chip.kind == "store" or ":" in chip.label:
        shapes.append(cylinder(left, area.y + 6, 9, 13))
        left += 15
    told = cut(chip.label, area.right - left - 5, SMALL + 0.5)
    shapes.append(words(left, area.y + 16.5, told, "t-label"))
    return tipped(chip.tip, *shapes, live=live)


def _kinds(filled: Filled, roles: Mapping[str, str]) -> list[str]:
    """Return the kinds of pods that there are, in the order of their letters' table."""
    there = Counter(
        roles.get(one.service.namespace, "system") for node in filled.nodes for one in node.pods
    )
    return [one for one in LETTERS if there[one]]


def _legend(kinds: Sequence[str], y: float, made: Zones) -> Iterator[Markup]:
    x = made.region.x
    yield words(x, y + 8, "Pods:", "t-small")
    x += 38
    for one in kinds:
        told = f"{LETTERS[one]} {NAMES[one]}"
        yield box(Box(x=x, y=y - 2, width=12, height=12), f"pod role-{one}", radius=2)
        yield words(x + 17, y + 8, told, "t-small")
        x += 30 + len(told) * 6
    yield box(Box(x=x, y=y - 2, width=12, height=12), "free legend", radius=2)
    yield words(x + 17, y + 8, "free", "t-small")
