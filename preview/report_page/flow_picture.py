"""The request's way through a stack: callers, gateways, engines, stores, and lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from preview.report_page.amounts import cpu, memory
from preview.report_page.flows import BALANCER, CALLERS, FIREWALL, OUTSIDE, Flow, flows, ways
from preview.report_page.geometry import Box
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.palette import LETTERS, role
from preview.report_page.picture import Picture, tipped
from preview.report_page.routing import Block, Placed, Route, Routed, Row, routed
from preview.report_page.stores import Store, stores
from preview.report_page.svg import box, cut, path, title, words
from preview.words import amount, scale
from sizing.plans import PlatformPlan, ServicePlan
from sizing.words import Cloud

WIDTHS = (112.0, 122.0, 318.0, 276.0, 300.0)
MARGIN, TOP = 14.0, 44.0
WAY_HEIGHT, STORE_HEIGHT = 46.0, 43.0
SIZE, SMALL = 11.5, 10.0
LEFT_ROLES = ("gateway", "apps", "system", "node", "gpu")
"""Namespaces of the first column inside the cluster; the others are in the second."""
CLOUDS = "kube-system"
BALANCERS = {
    Cloud.AWS: ("AWS WAF", "Application Load Balancer"),
    Cloud.GCP: ("Cloud Armor", "Application Load Balancer"),
}
CLUSTERS = {Cloud.AWS: "EKS", Cloud.GCP: "GKE"}
ARROW = 5.0


def flow_picture(plan: PlatformPlan, *, live: bool) -> Picture:
    """Return the picture of who calls whom.

    Args:
        plan: of the stack.
        live: for a page, whose keyboard reaches each part.
    """
    lines = flows(plan)
    columns = _columns(plan, lines)
    kept = [place for place, column in enumerate(columns) if column]
    made = routed([columns[place] for place in kept], [WIDTHS[place] for place in kept], lines, TOP)
    roles = {row.id: one.block.role for one in made.blocks for row, _ in one.rows}
    inside = [one for one in made.blocks if one.block.title]
    parts = [
        _frame(inside, plan),
        *(_route(one, roles) for one in made.routes),
        *(_block(one, live=live) for one in made.blocks),
    ]
    return Picture(
        id="flows",
        name="Who calls whom",
        what=_spoken(made),
        shapes=tag("g", joined(parts), transform=f"translate({MARGIN:.0f} 0)"),
        width=made.width + 2 * MARGIN,
        height=made.height + MARGIN,
    )


def service_words(service: ServicePlan) -> str:
    """Return what a service is, in one line."""
    gpus = f", {service.gpus} GPU" if service.gpus else ""
    volumes = f", {service.volumes_gib:,} GiB" if service.volumes else ""
    return (
        f"{service.name} in {service.namespace}: {scale(service.scale)} replicas (minimum, "
        f"planned, maximum), each {cpu(service.cpu_request_millis)}, "
        f"{memory(service.memory_request_bytes)}{gpus}{volumes}. {service.reason}"
    ).rstrip()


def _spoken(made: Routed) -> str:
    told = "; ".join(f"{r.flow.source} to {r.flow.target}" for r in made.routes)
    return f"Boxes for callers, services and stores, and a line for each connection: {told}."


def _columns(plan: PlatformPlan, lines: Sequence[Flow]) -> list[list[Block]]:
    there = ways(plan)
    busy = {one.source for one in lines} | {one.target for one in lines}
    left = [one for one in _namespaces(plan, busy) if one.role in LEFT_ROLES]
    right = [one for one in _namespaces(plan, busy) if one.role not in LEFT_ROLES]
    return [
        [_callers(plan)],
        list(_ways(plan, there)),
        sorted(left, key=lambda one: (LEFT_ROLES.index(one.role), one.id)),
        sorted(right, key=lambda one: (one.role == "observability", _ORDER.get(one.role, 9))),
        [*_outside(there), *(_store(one) for one in _by_use(stores(plan), lines))],
    ]


_ORDER = {"serving": 0, "data": 1, "vault": 2, "observability": 3}


def _callers(plan: PlatformPlan) -> Block:
    peak = amount(plan.request.load.requests_per_second_peak)
    words_ = f"{peak} requests/s"
    row = Row(
        id=CALLERS,
        label="Callers",
        detail=words_,
        tip=f"Callers: {words_} at peak, {amount(plan.request.load.users)} users",
        height=WAY_HEIGHT,
    )
    return Block(id=CALLERS, title="", role="way", rows=(row,))


def _ways(plan: PlatformPlan, there: set[str]) -> Iterator[Block]:
    firewall, balancer = BALANCERS[plan.request.cloud]
    ingress = plan.ingress
    hosts = ", ".join(f"{one.host}.<domain> to port {one.port}" for one in ingress.targets)
    for name, label, detail, tip in (
        (
            FIREWALL,
            "Firewall",
            firewall,
            f"{firewall}: at most {ingress.waf_rate_limit:,} "
            "requests of one address in five minutes",
        ),
        (
            BALANCER,
            "Load balancer",
            "internal" if ingress.internal else "public",
            f"{balancer}: {hosts}; ends {_ends(plan)}",
        ),
    ):
        if name in there:
            row = Row(id=name, label=label, detail=detail, tip=tip, height=WAY_HEIGHT)
            yield Block(id=name, title="", role="way", rows=(row,))


def _ends(plan: PlatformPlan) -> str:
    """Return what the balancer ends: AWS' counts silence, Google's the whole answer."""
    seconds, google = plan.ingress.idle_timeout_seconds, plan.request.cloud is Cloud.GCP
    return (
        f"an answer after {seconds} s" if google else f"a connection after {seconds} s of silence"
    )


def _outside(there: set[str]) -> Iterator[Block]:
    if OUTSIDE in there:
        row = Row(
            id=OUTSIDE,
            label="Outside models",
            detail="providers on the internet, through NAT",
            tip="Models of providers on the internet, reached through NAT; beside the bill",
            height=STORE_HEIGHT,
        )
        yield Block(id=OUTSIDE, title="", role="way", rows=(row,))


def _namespaces(plan: PlatformPlan, busy: set[str]) -> Iterator[Block]:
    roles = {one.name: one.role for one in plan.namespaces}
    for name in dict.fromkeys(one.namespace for one in plan.services):
        own = [one for one in plan.services if one.namespace == name]
        own.sort(key=lambda one: (one.name not in busy, one.name))
        of = roles.get(name, "system")
        yield Block(id=name, title=name, role=of, rows=tuple(map(_service, own)))


def _service(service: ServicePlan) -> Row:
    gpus = f", {service.gpus} GPU" if service.gpus else ""
    return Row(
        id=service.name,
        label=service.name,
        detail=f"{service.scale.planned} x {cpu(service.cpu_request_millis)}{gpus}",
        tip=service_words(service),
    )


def _by_use(found: Sequence[Store], lines: Sequence[Flow]) -> list[Store]:
    """Return stores in the order of who uses them; those that nobody here does come last."""
    order = {one.target: place for place, one in reversed([*enumerate(lines)])}
    return sorted(found, key=lambda one: (order.get(one.id, len(lines)), one.id))


def _store(store: Store) -> Block:
    row = Row(
        id=store.id,
        label=store.name,
        detail=store.size,
        note=store.product,
        tip=store.words,
        height=STORE_HEIGHT,
    )
    return Block(id=store.id, title="", role="store", rows=(row,))


def _frame(inside: Sequence[Placed], plan: PlatformPlan) -> Markup:
    """Return the cluster's frame around its namespaces."""
    left, right = min(o.box.x for o in inside), max(o.box.right for o in inside)
    low = max(o.box.bottom for o in inside)
    area = Box(x=left - 10, y=TOP - 34, width=right - left + 20, height=low - TOP + 44)
    owner = plan.request.host if plan.request.in_hosts_cluster else None
    of = f" of {owner.stack}" if owner else ""
    name = f"{CLUSTERS[plan.request.cloud]} cluster{of}, Kubernetes"
    return joined(
        [
            box(area, "frame", radius=10),
            words(left, TOP - 15, f"{name} {plan.cluster.kubernetes_version}", "t-name"),
        ]
    )


def _block(placed: Placed, *, live: bool) -> Markup:
    block, look = placed.block, role(placed.block.role)
    rows = joined(_row(placed, row, area, live=live) for row, area in placed.rows)
    if not block.title:
        return rows
    head = words(placed.box.x + 10, placed.box.y + 18, block.title, f"t-strong on-{look}")
    letter = words(
        placed.box.right - 10, placed.box.y + 18, LETTERS[look], f"t-strong on-{look}", anchor="end"
    )
    return joined([box(placed.box, f"role-{look}", radius=7), head, letter, rows])


def _row(placed: Placed, row: Row, area: Box, *, live: bool) -> Markup:
    of = placed.block.role
    if placed.block.title:
        shapes: Iterable[str] = _line(row, area)
        kind = {"data_service": row.id}
    else:
        shapes = _single(row, area, of)
        kind = {"data_store" if of == "store" else "data_way": row.id}
    return tipped(row.tip, *shapes, live=live, look="end", data_end=row.id, **kind)


def _line(row: Row, area: Box) -> Iterator[Markup]:
    """Draw a service in its namespace: name on the left, replicas on the right."""
    yield box(area.within(side=4), "row", radius=4)
    beside = len(row.detail) * SMALL * 0.6
    yield words(area.x + 10, area.y + 15, cut(row.label, area.width - 24 - beside, SIZE), "t-label")
    yield words(area.right - 10, area.y + 15, row.detail, "t-small", anchor="end")


def _single(row: Row, area: Box, of: str) -> Iterator[Markup]:
    """Draw a box that stands alone: a store with its cylinder, a way in without."""
    yield box(area, of, radius=7)
    left = area.x + 10
    if of == "store":
        yield cylinder(left, area.y + 9, 18, 25)
        left += 28
    wide = area.right - left - 8
    yield words(left, area.y + 19, cut(row.label, wide, SIZE + 1), "t-name")
    if row.note:
        begin = left + len(row.label) * (SIZE + 1) * 0.62 + 8
        yield words(begin, area.y + 19, cut(row.note, area.right - begin - 8, SMALL), "t-small")
    yield words(left, area.y + 33, cut(row.detail, wide, SMALL), "t-small")


def cylinder(x: float, y: float, width: float, height: float) -> Markup:
    """Return the sign of a store."""
    half, flat = width / 2, width / 5
    body = (
        f"M{x:.1f} {y + flat:.1f}v{height - 2 * flat:.1f}a{half:.1f} {flat:.1f} 0 0 0 {width:.1f} 0"
        f"v{-(height - 2 * flat):.1f}a{half:.1f} {flat:.1f} 0 0 0 {-width:.1f} 0"
        f"a{half:.1f} {flat:.1f} 0 0 0 {width:.1f} 0"
    )
    return tag("path", d=body, class_="cylinder")


def _route(route: Route, roles: dict[str, str]) -> Markup:
    flow = route.flow
    look = roles.get(flow.source, "way")
    look = "way" if look == "way" else role(look)
    (x, y), (before, _) = route.points[-1], route.points[-2]
    back = -ARROW if x > before else ARROW
    head = f"M{x:.1f} {y:.1f}l{back * 1.6:.1f} {-ARROW * 0.8:.1f}v{ARROW * 1.6:.1f}z"
    return tag(
        "g",
        title(f"{flow.source} to {flow.target}: {flow.what}"),
        path(route.points, f"flow line-{look}"),
        tag("path", d=head, class_=f"head line-{look}"),
        class_="route",
        data_from=flow.source,
        data_to=flow.target,
    )
