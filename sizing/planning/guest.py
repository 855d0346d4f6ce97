"""A stack in another's cluster: what is its own, what it uses, and what its host then carries.

Such a guest has namespaces with quotas, gateways, a pooler, a vector database, caches, buckets,
keys and databases of its own; nodes, engines, controllers and the database server are the host's.
The host lets its autoscaler add the nodes that its guests' pods need, and pays none beforehand;
nothing else of it is sized for them. `aboard` is the host with its guests on board: checking it
says whether there is room. A guest of stores alone is planned in `sizing.planning.attached`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from sizing.planning import attached
from sizing.planning.engines import gpu_pools
from sizing.planning.environment import setting
from sizing.planning.homes import APPS, DATA, GATEWAY, namespace
from sizing.planning.pools import node_pools
from sizing.planning.serving import servings
from sizing.plans import (
    Adjustment,
    HelperPlan,
    NodePoolPlan,
    PlanRequest,
    PlatformPlan,
    Scale,
    ServicePlan,
)
from sizing.plans.request import PoolOverride, Switches
from sizing.words import Cloud

ROLES = (APPS, DATA, GATEWAY)
"""Roles of the namespaces that a guest has."""
KEYS = {Cloud.AWS: ("data", "logs", "objects"), Cloud.GCP: ("data", "objects")}
"""Keys of its own: its secrets and stores, their logs where they have any, and its buckets."""
BUCKETS = ("backups", "data")
"""Buckets of its own: metrics and weights are the host's."""
FOLDERS = ("shared",)
"""Folders of its own: its application's."""
_NO_NODES = Scale(minimum=0, planned=0, maximum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A guest of a host: its stack, and its plan before anything is known of the host."""

    stack: str
    plan: PlatformPlan

    @property
    def lodges(self) -> bool:
        """Say whether its pods run in the host's cluster; otherwise it uses stores alone."""
        return not attached.attached(self.plan.request)


def asked(request: PlanRequest) -> PlanRequest:
    """Return what a guest's own parts are planned from: without what its host has for it."""
    if attached.attached(request):
        return attached.asked(request)
    return replace(request, host=None, guests=(), switches=_own(request.switches))


def own_parts(request: PlanRequest, whole: PlatformPlan) -> PlatformPlan:
    """Return a guest's plan without its host: what it has of its own.

    Args:
        request: the guest's.
        whole: a plan of `asked(request)`, all parts of which would be its own.
    """
    if attached.attached(request):
        return attached.own_parts(request, whole)
    names = _namespaces(request)
    services = tuple(one for one in whole.services if one.namespace in names)
    kept = {f"services.{one.name}" for one in services}
    return replace(
        attached.on_server(request, whole),
        request=request,
        node_pools=(),
        services=services,
        helpers=tuple(one for one in whole.helpers if one.namespace in names),
        namespaces=tuple(one for one in whole.namespaces if one.name in names),
        models=(),
        document_database=None,
        files=replace(
            whole.files,
            access_points=tuple(one for one in whole.files.access_points if one.name in FOLDERS),
        ),
        buckets=tuple(one for one in whole.buckets if one.name in BUCKETS),
        keys=tuple(one for one in whole.keys if one.name in KEYS[request.cloud]),
        adjustments=tuple(one for one in whole.adjustments if _concerns(one, kept)),
    )


def in_cluster(own: PlatformPlan, host: PlatformPlan, others: Iterable[Guest]) -> PlatformPlan:
    """Return such a guest's plan: its own parts, and those of its host that it uses.

    Its node pools are the host's, with the nodes that are added for it.

    Args:
        own: `own_parts` of it.
        host: the host's own plan.
        others: the host's other guests.
    """
    before = tuple(others)
    pools = _added(host, before, Guest(stack="", plan=own))
    return replace(
        own,
        network=host.network,
        cluster=host.cluster,
        node_pools=pools,
        models=host.models,
        postgres=replace(host.postgres, databases=own.postgres.databases),
        search=host.search,
        ingress=host.ingress,
    )


def aboard(host: PlatformPlan, guests: Iterable[Guest]) -> PlatformPlan:
    """Return the host's plan with the pods of its guests, on nodes up to the maxima that it has.

    Services are called "<stack>:<name>" where they are a guest's. Guests of its stores alone have
    no pods here.
    """
    on_board = tuple(one for one in guests if one.lodges)
    services = (*host.services, *(one for guest in on_board for one in _renamed(guest)))
    wished = {one.name: one for one in _wished(host.request, host.node_pools, services)}
    return replace(
        host,
        services=tuple(sorted(services, key=lambda one: one.name)),
        helpers=(*host.helpers, *(one for guest in on_board for one in _helpers(guest))),
        namespaces=tuple(
            sorted(
                (*host.namespaces, *(one for guest in on_board for one in guest.plan.namespaces)),
                key=lambda one: one.name,
            )
        ),
        node_pools=tuple(_carrying(one, wished.get(one.name)) for one in host.node_pools),
    )


def with_room(
    request: PlanRequest,
    pools: tuple[NodePoolPlan, ...],
    services: tuple[ServicePlan, ...],
    guests: Iterable[Guest],
) -> tuple[NodePoolPlan, ...]:
    """Return a host's pools with maxima at which the pods of its guests have nodes, too."""
    theirs = tuple(one for guest in guests if guest.lodges for one in _renamed(guest))
    if not theirs:
        return pools
    wished = {one.name: one.scale for one in _wished(request, pools, (*services, *theirs))}
    return tuple(
        replace(
            one,
            scale=replace(
                one.scale, maximum=max(one.scale.maximum, wished.get(one.name, one.scale).maximum)
            ),
        )
        for one in pools
    )


def _own(switches: Switches) -> Switches:
    """Return a guest's switches: of what can be switched it may have the agents' router alone."""
    off = {one.name: False for one in fields(switches) if getattr(switches, one.name) is True}
    return replace(switches, **{**off, "agent_router": switches.agent_router})  # type: ignore[arg-type]


def _namespaces(request: PlanRequest) -> frozenset[str]:
    given = setting(request)
    return frozenset(namespace(given, role) for role in ROLES)


def _concerns(note: Adjustment, services: set[str]) -> bool:
    return any(note.field == one or note.field.startswith(f"{one}.") for one in services)


def _renamed(guest: Guest) -> list[ServicePlan]:
    return [replace(one, name=f"{guest.stack}:{one.name}", pool="") for one in guest.plan.services]


def _helpers(guest: Guest) -> list[HelperPlan]:
    return [replace(one, name=f"{guest.stack}:{one.name}") for one in guest.plan.helpers]


def _wished(
    request: PlanRequest, pools: tuple[NodePoolPlan, ...], services: tuple[ServicePlan, ...]
) -> tuple[NodePoolPlan, ...]:
    """Return the pools that would hold all of them, of the machines that the host has."""
    kept = {one.role: one for one in request.overrides.pools}
    for pool in pools:
        if pool.role != "gpu":
            by_hand = kept.get(pool.role, PoolOverride(role=pool.role))
            kept[pool.role] = replace(by_hand, instance_type=pool.instance_types[0])
    overrides = replace(request.overrides, pools=tuple(kept[role] for role in sorted(kept)))
    given = setting(replace(request, overrides=overrides))
    found, _ = node_pools(given, services, gpu_pools(given, servings(given)))
    return found


def _carrying(pool: NodePoolPlan, wished: NodePoolPlan | None) -> NodePoolPlan:
    if wished is None:
        return pool
    planned = max(pool.scale.planned, min(wished.scale.planned, pool.scale.maximum))
    return replace(
        pool,
        scale=replace(pool.scale, planned=planned),
        requested_millis=wished.requested_millis,
        requested_bytes=wished.requested_bytes,
        requested_pods=wished.requested_pods,
        requested_gpus=wished.requested_gpus,
        binding=wished.binding,
    )


def _added(host: PlatformPlan, before: tuple[Guest, ...], guest: Guest) -> tuple[NodePoolPlan, ...]:
    """Return the host's pools with the nodes that this guest adds to those that stand anyway."""
    without = {one.name: one.scale for one in aboard(host, before).node_pools}
    with_it = aboard(host, (*before, guest))
    members = {one.pool_role: 0 for one in guest.plan.services}
    for one in guest.plan.services:
        members[one.pool_role] = max(members[one.pool_role], one.scale.planned)
    zonal = [one.name for one in with_it.node_pools if one.role == DATA]
    # a volume is in one zone, nobody knows in which beforehand: all may grow, few do
    growing = set(zonal[: members.get(DATA, 0)])
    return tuple(
        replace(
            one,
            scale=_more(one.scale, without[one.name])
            if one.role != DATA or one.name in growing
            else _NO_NODES,
            desired=None,
            requested_millis=0,
            requested_bytes=0,
            requested_pods=0,
            requested_gpus=0,
        )
        for one in with_it.node_pools
        if one.role in members
    )


def _more(scale: Scale, before: Scale) -> Scale:
    nodes = scale.planned - before.planned
    return Scale(minimum=nodes, planned=nodes, maximum=nodes)
