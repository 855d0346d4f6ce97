"""Every constraint of a plan with demand, capacity, verdict and fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sizing.checks.caches import check_caches
from sizing.checks.cluster import check_cluster
from sizing.checks.data import check_data
from sizing.checks.edge import check_edge
from sizing.checks.load import check_load
from sizing.checks.models import check_models
from sizing.checks.namespaces import check_namespaces
from sizing.checks.network import check_network
from sizing.checks.nodes import check_nodes
from sizing.checks.observability import check_observability
from sizing.checks.postgres import check_postgres
from sizing.checks.providers import check_providers
from sizing.checks.quotas import check_quotas
from sizing.checks.refused import check_refused
from sizing.checks.routers import check_routers
from sizing.checks.serving import check_serving
from sizing.checks.sharing import as_seen_by_guest, on_board, served
from sizing.checks.stores import check_stores
from sizing.checks.tools import check_tools
from sizing.checks.traffic import check_traffic
from sizing.checks.triggers import check_triggers
from sizing.checks.verdicts import Subject
from sizing.plan import guests
from sizing.plan import plan as planned
from sizing.planning.attached import own_findings
from sizing.planning.environment import setting
from sizing.planning.guest import asked
from sizing.plans import Finding, PlatformPlan
from sizing.plans.request import Neighbour
from sizing.words import Cloud


def check_way_in(subject: Subject) -> list[Finding]:
    """Return the findings of the load balancer and of the document database."""
    return check_edge(subject, subject.plan.ingress, subject.plan.document_database)


# What is asked of the load is asked on every cloud.
SHARED = (
    check_load,
    check_serving,
    check_quotas,
    check_traffic,
    check_caches,
    check_data,
    check_observability,
    check_providers,
    check_routers,
    check_tools,
    check_way_in,
    check_triggers,
)
# What follows from the plan alone, on every cloud.
FIXED = (check_namespaces, check_models)
FIRST = (check_cluster, check_network, check_nodes)
LAST = (check_postgres, check_stores, check_refused)


# What is a guest's own besides its services, namespaces and buckets.
OWN = ("caches", "files", "providers", "workload")
OWN_SHARED = (check_load, check_caches, check_providers)


def check(plan: PlatformPlan) -> tuple[Finding, ...]:
    """Return one finding per constraint, those that hold included; a plan is never changed.

    A host is checked with its guests on board, a guest by what is its own and by what its host then
    is.
    """
    request = plan.request
    if request.host is not None and request.in_hosts_cluster:
        return _of_guest(plan, request.host)
    if request.host is not None and request.on_hosts_stores:
        own = own_findings(_alone(replace(plan, request=asked(request))))
        return (*own, *_of_host(plan, planned(request.host.request), request.host))
    alone = _alone(plan)
    on_it = guests(request)
    if not on_it:
        return alone
    moved = {one.id: one for one in on_board(plan, on_it, recheck)}
    return tuple(moved.get(one.id, one) for one in alone)


def _of_guest(plan: PlatformPlan, host: Neighbour) -> tuple[Finding, ...]:
    names = {f"services.{one.name}" for one in plan.services}
    names |= {f"namespaces.{one.name}" for one in plan.namespaces}
    names |= {f"buckets.{one.name}" for one in plan.buckets}
    own = (one for one in _alone(planned(asked(plan.request))) if _is_own(one, names))
    hosts = planned(host.request)
    return (*own, served(plan, hosts, host.stack), *_of_host(plan, hosts, host))


def _of_host(plan: PlatformPlan, hosts: PlatformPlan, host: Neighbour) -> tuple[Finding, ...]:
    """Return the host's findings as its guest shows them."""
    found = on_board(hosts, guests(host.request), recheck)
    stacks = {one.stack: one.request for one in host.request.guests}
    named = next(
        (name for name, one in stacks.items() if one.environment is plan.request.environment), ""
    )
    return as_seen_by_guest(found, _alone(hosts), host.stack, named)


def _is_own(one: Finding, names: set[str]) -> bool:
    return one.component in names or one.component.partition(".")[0] in OWN


def _alone(plan: PlatformPlan) -> tuple[Finding, ...]:
    subject = Subject(plan=plan, setting=setting(plan.request))
    if plan.request.cloud is Cloud.AWS:
        return _found(subject, (*FIRST, *FIXED, *SHARED, *LAST))
    # the other cloud's modules are read only where they are wanted: half of a start is reading
    from sizing.checks.gcp import parts

    return tuple(
        map(parts.own_source, _found(subject, (*parts.FIRST, *FIXED, *SHARED, *parts.LAST)))
    )


def recheck(plan: PlatformPlan) -> tuple[Finding, ...]:
    """Return the findings that another load on the same plan moves, as `check` has them.

    Nodes, addresses and what a cloud refuses follow from the plan alone: they are left out. Of a
    guest there is what is its own.
    """
    subject = Subject(plan=plan, setting=setting(plan.request))
    if plan.request.in_hosts_cluster:
        return _found(subject, OWN_SHARED)
    if not plan.request.switches.own_stores:
        return own_findings(_found(subject, (*SHARED, check_stores)))
    if plan.request.cloud is Cloud.AWS:
        return _found(subject, (*SHARED, check_postgres, check_stores))
    from sizing.checks.gcp import parts

    moved = (*SHARED, parts.check_postgres, parts.check_stores)
    return tuple(map(parts.own_source, _found(subject, moved)))


def _found(
    subject: Subject, parts: Iterable[Callable[[Subject], list[Finding]]]
) -> tuple[Finding, ...]:
    return tuple(one for part in parts for one in part(subject))
