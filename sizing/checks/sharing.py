"""A host with its guests on board: what their pods, connections and requests leave of its room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sizing.capacity.postgres import SUPERUSER_CONNECTIONS
from sizing.checks.network import check_network
from sizing.checks.nodes import check_nodes
from sizing.checks.postgres import check_iops, check_storage
from sizing.checks.quotas import check_quotas
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.planning import connections
from sizing.planning.environment import Setting, setting
from sizing.planning.guest import Guest, aboard
from sizing.planning.homes import ENGINES
from sizing.planning.observability import PROMETHEUS
from sizing.planning.tracing import COLLECTOR
from sizing.plans import Finding, PlatformPlan
from sizing.words import Severity, Verdict

HOST = "host."
"""Begins the ids of findings of a host that its guests show."""
_BY_LOAD = ("retention", "row-writes", "vendor-vcpu", "vendor-memory")
Recheck = Callable[[PlatformPlan], Iterable[Finding]]


def on_board(
    host: PlatformPlan, guests: tuple[Guest, ...], recheck: Recheck
) -> tuple[Finding, ...]:
    """Return the host's findings that its guests move, as they are with all of them on board.

    Args:
        host: its own plan.
        guests: all guests of its cluster or stores, one at least.
        recheck: `sizing.check.recheck`.
    """
    full = aboard(host, guests)
    subject = Subject(plan=full, setting=setting(full.request))
    lodging = tuple(one for one in guests if one.lodges)
    found = [
        *(_of_cluster(subject) if lodging else ()),
        *_moved(host, guests, recheck, _of_server),
        *_moved(host, lodging, recheck, _of_engines),
        *_moved(host, lodging, recheck, _of_telemetry),
        # what lodges leaves its traces and lines there as well
        *_moved(host, guests, recheck, _of_search),
        _connections(subject, host, guests),
        check_iops(subject, _users(subject, guests)),
        check_storage(subject, _users(subject, guests)),
    ]
    who = " and ".join(one.stack for one in guests)
    return tuple(replace(one, message=f"{one.message}; with {who} on board") for one in found)


def as_seen_by_guest(
    found: Iterable[Finding], alone: Iterable[Finding], host: str, guest: str
) -> tuple[Finding, ...]:
    """Return the findings of a host as its guest shows them: what it has no room for is an error.

    Args:
        found: with all guests on board.
        alone: the host's findings without guests.
        host: name of its stack.
        guest: name of the guest's.
    """
    before = {one.id: one for one in alone}
    return tuple(_seen(one, before.get(one.id), host, guest) for one in found)


def served(guest: PlatformPlan, host: PlatformPlan, name: str) -> Finding:
    """Judge whether the host's engines serve every model that the guest's load asks for.

    Args:
        guest: its plan.
        host: whose engines answer.
        name: of the host's stack.
    """
    load = guest.request.load
    asked = {one.name for one in load.models} if load.self_hosted_share else set()
    missing = sorted(asked - {one.name for one in host.models})
    return finding(
        Subject(plan=guest, setting=setting(guest.request)),
        "models",
        "served",
        Verdict.REFUTED if missing else Verdict.HOLDS,
        f"{name} serves no {', '.join(missing)}, which the load asks for"
        if missing
        else f"{name} serves every model of the load",
        fix=f"state a workload of models that {name} serves, or of none of its own "
        "(shares.self_hosted: 0)",
        blocking=True,
    )


def _seen(one: Finding, before: Finding | None, host: str, guest: str) -> Finding:
    refused = one.verdict is Verdict.REFUTED
    full = refused and (before is None or before.verdict is not Verdict.REFUTED)
    return replace(
        one,
        id=f"{HOST}{one.id}",
        component=f"{HOST}{one.component}",
        severity=Severity.ERROR if full else one.severity,
        message=f"{host} has no room left: {one.message}" if full else f"{host}: {one.message}",
        fix=f"in {host}: {one.fix}; or leave {guest}'s shares out, then it has all of its own"
        if full
        else one.fix and f"in {host}: {one.fix}",
    )


def _of_cluster(subject: Subject) -> list[Finding]:
    return [
        *check_nodes(subject),
        *(one for one in check_network(subject) if one.constraint == "pod-addresses"),
        *check_quotas(subject),
    ]


def _moved(
    host: PlatformPlan,
    guests: tuple[Guest, ...],
    recheck: Recheck,
    concerned: Callable[[Finding], bool],
) -> list[Finding]:
    """Return the concerned findings of a host at its own load and that of these guests."""
    if not guests:
        return []
    load = host.request.whole_load.scaled(_growth(host, guests))
    more = replace(host, request=replace(host.request, workload=load))
    return [one for one in recheck(more) if concerned(one)]


def _growth(host: PlatformPlan, guests: Iterable[Guest]) -> float:
    """Return the host's load with its guests' over its own, by the axis that they add most to."""
    own, growth = host.request.load, 1.0
    for guest in guests:
        theirs = guest.plan.request.load
        growth += max(
            theirs.requests_per_second_peak / own.requests_per_second_peak,
            theirs.tokens_per_day / own.tokens_per_day,
        )
    return growth


def _of_server(one: Finding) -> bool:
    return one.component == "postgres" and one.constraint in _BY_LOAD


def _of_engines(one: Finding) -> bool:
    return one.component.startswith(f"services.{ENGINES}")


def _of_telemetry(one: Finding) -> bool:
    return one.component in (f"services.{PROMETHEUS}", f"services.{COLLECTOR}")


def _of_search(one: Finding) -> bool:
    return one.component == "search"


def _connections(subject: Subject, host: PlatformPlan, guests: Iterable[Guest]) -> Finding:
    """Judge what all poolers may open: each guest has its own, whose pools add up."""
    most = host.postgres.max_connections
    pooled = sum(
        one.pooler.max_server_connections for one in (host, *(guest.plan for guest in guests))
    )
    demand = pooled + connections.direct_connections(host.services, host.request.switches)
    return finding(
        subject,
        "postgres",
        "server-connections",
        limit(
            demand,
            most - int(SUPERUSER_CONNECTIONS),
            most - int(connections.RESERVED_CONNECTIONS),
        ),
        f"all poolers and those past them may open {demand} of {most} connections",
        amount=Amount(demand=demand, capacity=most, unit="connections"),
        fix="set sizing.overrides.postgres.instance_class to one with more memory",
        source="rds-maxconn",
    )


def _users(subject: Subject, guests: Iterable[Guest]) -> tuple[Setting, ...]:
    return (subject.setting, *(setting(guest.plan.request) for guest in guests))
