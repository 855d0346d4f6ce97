"""Archestra and the OsMEN services: what their documents ask of them, and of the stores they share.

None of the findings is there where nothing of it is switched on.
"""

from __future__ import annotations

from collections.abc import Iterator

from sizing.capacity import archestra as platform
from sizing.capacity import osmen as services
from sizing.capacity.constraint import Constraint
from sizing.capacity.ends import highest
from sizing.capacity.postgres import pods_at_once
from sizing.checks.constraints import constrained
from sizing.checks.load import named, standing
from sizing.checks.ollama import check_ollama
from sizing.checks.postgres import server_connections
from sizing.checks.verdicts import Subject
from sizing.documents import archestra as document
from sizing.documents import osmen_resources
from sizing.documents.osmen_performance import ThroughputRow
from sizing.planning import archestra, connections, direct, osmen
from sizing.planning.sizes import ROLLOUT_SURGE
from sizing.plans import Finding
from sizing.plans.tools import OsmenRequest
from sizing.tiers import PLANNING_FACTORS

# 1 query, 10 of its cache and 2 listeners: with fewer the vendor's chart renders nothing.
# Source: archestra-chart, 2026-10.
LEAST_CONNECTIONS = 13
SHARED = document.CONFIGURATIONS[0].tier
"""The deployment with "shared DB"."""


def check_tools(subject: Subject) -> list[Finding]:
    """Return the findings of whatever is switched on."""
    switches = subject.plan.request.switches
    found: list[Finding] = []
    if switches.archestra is not None:
        found += _archestra(subject)
    if switches.osmen.any:
        found += _osmen(subject, switches.osmen)
    return found


def _archestra(subject: Subject) -> Iterator[Finding]:
    asked = subject.plan.request.switches.archestra
    assert asked is not None
    web, component = named(subject, archestra.WEB), f"services.{archestra.WEB}"
    yield constrained(
        subject,
        component,
        platform.throughput(archestra.peak(subject.setting, asked), standing(subject, web)),
        said="with a zone lost, quarantine not counted: each of its rounds asks two models more",
        fix=f"plan in proven mode, which raises the processes to {web.needed} that stand",
    )
    yield constrained(
        subject,
        component,
        _granted(subject),
        said="at the autoscaler's maximum and a rollout's surge, of what the others leave",
        fix="set sizing.overrides.postgres.instance_class to one with more memory",
    )
    yield constrained(subject, component, _least(), said="of each pod")
    row = archestra.row(asked)
    for one in _database(subject, row):
        yield constrained(
            subject,
            component,
            one,
            said=f"document 002's server for {row.tier}, which the platform's has beside its own "
            "work",
            fix="set sizing.overrides.postgres.instance_class to a larger one",
        )


def _granted(subject: Subject) -> Constraint:
    mine = [named(subject, name) for name in (archestra.WEB, archestra.WORKER)]
    processes = sum(pods_at_once(one.scale.maximum, ROLLOUT_SURGE.value) for one in mine)
    others = [one for one in subject.plan.services if one not in mine]
    taken = (
        server_connections(subject)
        + connections.direct_connections(others, subject.plan.request.switches)
        + int(connections.RESERVED_CONNECTIONS)
    )
    return platform.connections(
        processes=processes,
        pool=direct.CONNECTIONS[archestra.WEB],
        granted=subject.plan.postgres.max_connections - taken,
    )


def _least() -> Constraint:
    each = direct.CONNECTIONS[archestra.WEB]
    return Constraint(
        name="connection-budget",
        unit="connections",
        demand=LEAST_CONNECTIONS,
        conservative=each,
        physical=each,
        hard=True,
        formula="one query, ten of its cache, two listeners; what a pod may open",
        source="archestra-chart",
    )


def _database(subject: Subject, row: document.ConfigurationRow) -> Iterator[Constraint]:
    plan = subject.plan.postgres
    amounts = (
        ("database-vcpu", "vCPU", highest(row.database.vcpu), plan.vcpu),
        ("database-memory", "bytes", highest(row.database.memory), plan.memory_bytes),
    )
    for name, unit, demand, there in amounts:
        yield Constraint(
            name=name,
            unit=unit,
            demand=demand,
            conservative=there,
            physical=None,
            hard=True,
            formula="the documented server; the planned one",
            source=document.SOURCE,
            # of the smallest deployment the document itself says that its server is shared
            assumption="" if row.tier == SHARED else "the platform's own databases leave as much",
            measure="read the server's load with Archestra's own requests on it",
        )


def _osmen(subject: Subject, asked: OsmenRequest) -> Iterator[Finding]:
    row = osmen.configuration(asked)
    yield constrained(
        subject,
        "services.osmen",
        Constraint(
            name="users",
            unit="users at a time",
            demand=asked.concurrent_users,
            conservative=highest(row.concurrent_users),
            physical=highest(row.concurrent_users),
            hard=True,
            formula=f"users stated; those of {row.configuration.written}",
            source="document-003",
            measure="state services.osmen.concurrent_users",
        ),
        fix="choose a larger services.osmen.configuration, or leave it out",
    )
    yield constrained(
        subject,
        "services.osmen",
        services.throughput(_rate(asked), row) if asked.users else _unknown(row),
        said="by the growth table, at its peak" if asked.users else "",
        fix="choose a larger services.osmen.configuration",
    )
    if asked.ollama is not None:
        yield from check_ollama(subject, asked.ollama)


def _rate(asked: OsmenRequest) -> float:
    """Return the requests a second at the peak of so many users, of the last row beyond it."""
    growth = services.growth_for(asked.users or 0) or osmen_resources.GROWTH[-1]
    each = services.rates(growth, peak_factor=PLANNING_FACTORS.peak_factor.planned)
    return each.peak / highest(growth.users) * (asked.users or 0)


def _unknown(row: ThroughputRow) -> Constraint:
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=None,
        conservative=row.requests_per_second.low,
        physical=row.requests_per_second.high,
        hard=True,
        formula=f"requests/s at peak; those of {row.configuration.written}",
        source="document-003",
        measure="state services.osmen.users, from which the growth table makes requests",
    )
