"""What autoscalers aim at, beside the lines at which alerts begin."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.capacity.constraint import Constraint
from sizing.capacity.ends import highest
from sizing.capacity.litellm import CPU_TARGET_PERCENT
from sizing.documents import osmen, osmen_settings
from sizing.documents.osmen_performance import ResponseTimeRow
from sizing.model import Figure
from sizing.tiers import HPA, SOURCE
from sizing.triggers.tables import ruling
from sizing.triggers.trigger import Trigger
from sizing.words import Kind
from sizing.workload import Workload

PERCENT = 100
HPA_TOLERANCE = Figure(
    value=0.1,
    unit="share of its target by which an HPA lets a metric be off",
    source="kubernetes-hpa",
    date="2026-11-21",
    kind=Kind.VENDOR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HpaTarget:
    """What an autoscaler aims at; None leaves a resource out."""

    component: str
    cpu_percent: int
    memory_percent: int | None
    source: str


def litellm_target() -> HpaTarget:
    """Return what the plan lets LiteLLM's autoscaler aim at."""
    return HpaTarget(
        component=HPA.name,
        cpu_percent=int(CPU_TARGET_PERCENT),
        memory_percent=None,
        source=CPU_TARGET_PERCENT.source,
    )


def documented_targets() -> tuple[HpaTarget, ...]:
    """Return what the documents' own autoscalers aim at."""
    return (
        HpaTarget(
            component=HPA.name,
            cpu_percent=HPA.cpu_percent,
            memory_percent=HPA.memory_percent,
            source=SOURCE,
        ),
        HpaTarget(
            component=osmen_settings.GATEWAY_DEPLOYMENT.name,
            cpu_percent=osmen_settings.GATEWAY_DEPLOYMENT.cpu_percent,
            memory_percent=None,
            source=osmen.SOURCE,
        ),
    )


def steering(percent: float, one: Trigger) -> Constraint:
    """Compare how far an autoscaler lets a metric rise with the trigger's warning.

    An autoscaler whose target is the warning line holds the metric there, and the alert never ends.
    """
    return Constraint(
        name="autoscaler-target",
        unit="share of the request",
        demand=percent / PERCENT * (1 + HPA_TOLERANCE.value),
        conservative=one.warning,
        physical=one.warning,
        hard=True,
        formula="target x 1.1 (the autoscaler's tolerance); warning line",
        source=HPA_TOLERANCE.source,
        measure="" if one.warning is not None else "state a warning line",
    )


def whole_answers(load: Workload) -> Constraint:
    """Compare how long a whole answer takes at the objectives with table 5.2's latency lines."""
    row = ruling("latency")
    return Constraint(
        name="latency-lines",
        unit="seconds",
        demand=load.request_seconds,
        conservative=row.warning,
        physical=row.critical,
        hard=True,
        formula="first token + output tokens x inter-token latency; warning, critical",
        source=SOURCE,
        measure="state whether latency is of first tokens or of whole answers",
    )


def stated_latency(row: ResponseTimeRow) -> Constraint:
    """Compare what document 003 calls a typical P95 with table 5.2's latency lines."""
    lines = ruling("latency")
    return Constraint(
        name="typical-latency",
        unit="seconds",
        demand=highest(row.p95),
        conservative=lines.warning,
        physical=lines.critical,
        hard=True,
        formula="upper end of the typical P95; warning, critical",
        source=osmen.SOURCE,
        measure="state whether latency is of first tokens or of whole answers",
    )
