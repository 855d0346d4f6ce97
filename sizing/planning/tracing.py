"""Traces and logs: collectors that decide what is kept, what keeps and shows it, what reads nodes.

Collectors take every span, whatever part of the traces is kept: that an error or a slow answer is
among them shows only once a trace is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sizing.capacity import traces
from sizing.capacity.constraint import RATE_HEADROOM
from sizing.planning import sizes
from sizing.planning.attached import attached
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.wanted import Wanted, cell_size
from sizing.plans import Adjustment, NodePoolPlan, PlanRequest
from sizing.queueing.staffing import with_zone_lost
from sizing.tiers.vocabulary import JaegerForm
from sizing.units import MILLIS_PER_CPU
from sizing.words import Direction

COLLECTOR = "otel-collector"
AGENT = "otel-agent"
SEARCH_SETUP = "search-setup"
JAEGER, JAEGER_COLLECTOR, JAEGER_QUERY = "jaeger", "jaeger-collector", "jaeger-query"
_TOGETHER = (JaegerForm.SINGLE, JaegerForm.ALL_IN_ONE)


def tracing(setting: Setting) -> tuple[Wanted, ...]:
    """Return the collectors and what keeps traces, as far as the stack has them."""
    switches = setting.request.switches
    collectors = (_collector(setting),) if switches.tracing or switches.logs else ()
    return (*collectors, *(_jaeger(setting) if switches.tracing else ()))


def tracing_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return what table 2.7 has and the stack does without."""
    switches, tables = setting.request.switches, setting.tables
    if switches.tracing:
        return ()
    off = [(JAEGER, f'"{tables.jaeger.form}"', "tracing is switched off")]
    if not switches.logs:
        cell = f"{tables.otel_collector.replicas} collectors"
        off.append((COLLECTOR, cell, "tracing and logs are switched off"))
    return tuple(
        note(
            f"services.{name}",
            documented,
            "none",
            direction=Direction.LOWERED,
            rule="tracing-off",
            reason=f"services: {why} in the stack's file",
        )
        for name, documented, why in off
    )


def agents(setting: Setting, pools: Iterable[NodePoolPlan]) -> int:
    """Return the pods that read the logs of nodes: one on each of them at their maximum."""
    return sum(pool.scale.maximum for pool in pools) if setting.request.switches.logs else 0


def sets_search_up(setting: Setting) -> bool:
    """Say whether a job gives anybody rights in OpenSearch, guests of the domain among them."""
    switches = setting.request.switches
    if not switches.own_stores:
        return False
    if any(_searches(one.request) for one in setting.request.guests):
        return True
    return switches.tracing or switches.logs or switches.application is not None


def _searches(guest: PlanRequest) -> bool:
    return attached(guest) or guest.switches.application is not None


def _collector(setting: Setting) -> Wanted:
    """Return the collectors, one of which may be lost where there are several."""
    cell = setting.tables.otel_collector
    asked = Wanted(
        name=COLLECTOR,
        pool_role="general",
        minimum=cell.replicas,
        size=cell_size(cell.cpu_millis, cell.memory_bytes),
        reason="table 2.7",
    )
    if not setting.proven or not setting.request.switches.tracing:
        return asked
    each = asked.size.cpu_millis / MILLIS_PER_CPU * traces.COLLECTOR_SPANS_PER_CORE.value
    each *= RATE_HEADROOM.value
    carrying = _carrying(setting, each)
    if setting.is_dev:
        return replace(asked, needed=carrying, peak=carrying)
    standing = max(carrying + 1, with_zone_lost(carrying, setting.survived_zones))
    # one collector is what the smallest tier has: losing it loses traces, never requests
    peak = standing if carrying > 1 else 0
    return replace(asked, needed=carrying, peak=peak)


def _carrying(setting: Setting, spans_each: float) -> int:
    """Return the collectors that take every span of the peak."""
    for passes in (1, traces.PASSES):
        spans = passes * traces.received_per_second(setting.load, spans_per_request=None)
        found = max(1, -int(-spans // spans_each))
        if found == 1:
            return found
    return found


def _jaeger(setting: Setting) -> tuple[Wanted, ...]:
    form = setting.tables.jaeger.form
    if form in _TOGETHER:
        one = Wanted(
            name=JAEGER,
            pool_role="general",
            minimum=1,
            size=sizes.JAEGER_SINGLE,
            reason=f'"{form}" of table 2.7: one process, traces in OpenSearch',
        )
        return (one,)
    parts = ((JAEGER_COLLECTOR, sizes.JAEGER_COLLECTOR), (JAEGER_QUERY, sizes.JAEGER_QUERY))
    return tuple(
        Wanted(
            name=name,
            pool_role="general",
            minimum=sizes.JAEGER_REPLICAS,
            size=size,
            reason=f'"{form}" of table 2.7: collectors and queries apart, traces in OpenSearch',
        )
        for name, size in parts
    )
