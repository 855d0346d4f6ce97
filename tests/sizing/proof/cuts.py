"""Plans with a replica or a node fewer than they must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sizing.plans import Finding, NodePoolPlan, PlatformPlan, Scale, ServicePlan
from sizing.words import Verdict

RANKS = (Verdict.NOT_APPLICABLE, Verdict.HOLDS, Verdict.UNPROVEN, Verdict.REFUTED)


def with_replicas(plan: PlatformPlan, name: str, planned: int) -> PlatformPlan:
    """Return a plan in which so many replicas of a service are planned."""
    services = tuple(
        replace(one, scale=_scale(one.scale, planned)) if one.name == name else one
        for one in plan.services
    )
    return replace(plan, services=services)


def with_nodes(plan: PlatformPlan, name: str, planned: int) -> PlatformPlan:
    """Return a plan in which so many nodes of a pool are planned."""
    pools = tuple(
        replace(one, scale=_scale(one.scale, planned)) if one.name == name else one
        for one in plan.node_pools
    )
    return replace(plan, node_pools=pools)


def with_most(plan: PlatformPlan, name: str, maximum: int) -> PlatformPlan:
    """Return a plan in which a pool's autoscaler, or a service's, stops at a maximum."""
    services = tuple(
        replace(one, scale=replace(one.scale, maximum=maximum)) if one.name == name else one
        for one in plan.services
    )
    pools = tuple(
        replace(one, scale=replace(one.scale, maximum=maximum)) if one.name == name else one
        for one in plan.node_pools
    )
    return replace(plan, services=services, node_pools=pools)


def one_too_few(needed: int, zones: int) -> int:
    """Return the most replicas or nodes of which fewer than the needed stand with a zone lost."""
    count = needed
    while count + 1 - ceil_share(count + 1, zones) < needed:
        count += 1
    return count


def ceil_share(count: int, zones: int) -> int:
    """Return the part of the fullest zone."""
    return -(-count // zones) if zones > 1 else 0


def worse(before: Mapping[str, Finding], after: Mapping[str, Finding], component: str) -> set[str]:
    """Return the findings of a component that came to less.

    Also those beyond their capacity now: what rests on an assumption is unproven before and after.
    """
    return {
        one.id
        for one in after.values()
        if one.component == component
        and one.id in before
        and (
            RANKS.index(one.verdict) > RANKS.index(before[one.id].verdict)
            or (one.verdict is Verdict.UNPROVEN and _beyond(one) and not _beyond(before[one.id]))
        )
    }


def _beyond(one: Finding) -> bool:
    return one.utilisation is not None and one.utilisation > 1


def pool_of(plan: PlatformPlan, service: ServicePlan) -> NodePoolPlan:
    """Return the first pool that a service may run on."""
    return next(
        one
        for one in plan.node_pools
        if one.role == service.pool_role and service.pool in ("", one.name)
    )


def _scale(scale: Scale, planned: int) -> Scale:
    return Scale(
        minimum=min(scale.minimum, planned), planned=planned, maximum=max(scale.maximum, planned)
    )
