"""What is to be said of a workload itself: contradictions, the tier's axes, open questions.

None of them is refuted: a workload is whatever it is. All but a tier that every axis names are
unproven, so that none is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.plans import Finding
from sizing.words import Severity, Verdict
from sizing.workload.axes import STATED_SOURCE, Resolved
from sizing.workload.load import Workload
from sizing.workload.origins import Contradiction
from sizing.workload.quantities import figure
from sizing.workload.questions import OpenQuestion, unanswered
from sizing.workload.reference import PEAK_REQUESTS_PER_SECOND
from sizing.workload.tier import TierChoice, tier_for

COMPONENT = "workload"
QUESTIONS_COMPONENT = "workload.questions"


def findings(resolved: Resolved, choice: TierChoice | None = None) -> tuple[Finding, ...]:
    """Return what is to be said of a workload, before anything is planned for it."""
    load = resolved.of_largest_region
    chosen = choice or tier_for(load)
    return (
        *map(_contradiction, resolved.contradictions),
        _tier(load, chosen),
        *question_findings(unanswered(resolved)),
        *_telemetry(resolved),
    )


def question_findings(questions: Sequence[OpenQuestion]) -> tuple[Finding, ...]:
    """Return a finding for each question that is still open."""
    return tuple(
        _finding(
            QUESTIONS_COMPONENT,
            one.id,
            f"{one.text} Assumed: {one.assumption}",
            fix=f"state {', '.join(one.state)}",
            source="document-004",
        )
        for one in questions
    )


def _contradiction(found: Contradiction) -> Finding:
    names = "-".join(axis.replace(" ", "-") for axis in (found.axis_a, found.axis_b))
    return _finding(
        COMPONENT,
        f"contradiction.{names}",
        f"{found.message} ({figure(found.ratio)} times apart)",
        demand=max(found.value_a, found.value_b),
        capacity=min(found.value_a, found.value_b),
        unit=found.unit,
        fix=f"measure both, and mend or drop {found.axis_a} or {found.axis_b}",
    )


def _tier(load: Workload, choice: TierChoice) -> Finding:
    other = [f"{axis} would name {tier}" for axis, tier in choice.disagreeing.items()]
    beyond = choice.beyond is not None
    sure = not other and not beyond
    return _finding(
        COMPONENT,
        "tier",
        "; ".join((choice.by, *other)),
        verdict=Verdict.HOLDS if sure else Verdict.UNPROVEN,
        demand=load.requests_per_second_peak,
        capacity=PEAK_REQUESTS_PER_SECOND[choice.tier].value,
        unit="requests/s",
        fix="state a load within the tier, or a larger tier" if beyond else "measure the load",
        source="document-001",
    )


def _telemetry(resolved: Resolved) -> tuple[Finding, ...]:
    """Hold key and model labels against the series that the metrics store is said to bear."""
    bears = resolved.statement.metrics_series
    if bears is None:
        return ()
    load = resolved.workload
    pairs = load.keys * load.model_names
    return (
        _finding(
            COMPONENT,
            "label-pairs",
            f"{load.keys:,} keys x {load.model_names} models are {pairs:,} label pairs, and every "
            "metric with both labels multiplies them",
            demand=pairs,
            capacity=bears,
            unit="time series of one metric",
            fix="leave the key out of the exported labels, or count the pairs that occur",
            source="document-004",
        ),
    )


def measured_replicas(resolved: Resolved, load: Workload, replicas: int) -> Finding | None:
    """Hold the peak against the proxy's planned replicas, where somebody measured one.

    Args:
        resolved: the statement with its measurement.
        load: what the planned platform carries.
        replicas: LiteLLM replicas planned.
    """
    measured = resolved.statement.replica_per_second
    if measured is None:
        return None
    held = Constraint(
        name="measured-requests",
        unit="requests/s",
        demand=load.requests_per_second_peak,
        conservative=replicas * measured,
        physical=replicas * measured,
        hard=False,
        formula="peak requests/s <= replicas x requests/s measured of one",
        source=STATED_SOURCE,
    )
    return _finding(
        "services.litellm",
        held.name,
        f"{replicas} replicas of {figure(measured)} requests/s, as measured, of which 80 % may be "
        "filled",
        verdict=held.verdict,
        demand=held.demand,
        capacity=held.conservative,
        unit=held.unit,
        fix=f"plan {ceil(load.requests_per_second_peak / (measured * RATE_HEADROOM.value))} "
        "replicas: a larger tier or node pool",
    )


SEVERITIES = {
    Verdict.HOLDS: Severity.INFORMATION,
    Verdict.UNPROVEN: Severity.WARNING,
    Verdict.REFUTED: Severity.ERROR,
}


def _finding(
    component: str,
    constraint: str,
    message: str,
    *,
    fix: str,
    verdict: Verdict = Verdict.UNPROVEN,
    demand: float | None = None,
    capacity: float | None = None,
    unit: str = "",
    source: str = STATED_SOURCE,
) -> Finding:
    holds = verdict is Verdict.HOLDS
    return Finding(
        id=f"{component}.{constraint}",
        component=component,
        constraint=constraint,
        demand=demand,
        capacity=capacity,
        unit=unit,
        utilisation=round(demand / capacity, 4) if demand is not None and capacity else None,
        verdict=verdict,
        severity=SEVERITIES[verdict],
        message=message,
        fix="" if holds else fix,
        source=source,
    )
