"""How a constraint becomes a finding: verdicts, severities, and who may be overruled."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.planning.environment import Setting
from sizing.plans import Finding, PlatformPlan
from sizing.words import Mode, Severity, Verdict

DIGITS = 4  # of a utilisation: a float's tail is noise in a diff
SEVERITIES = {
    Verdict.HOLDS: Severity.INFORMATION,
    Verdict.NOT_APPLICABLE: Severity.INFORMATION,
    Verdict.UNPROVEN: Severity.WARNING,
    Verdict.REFUTED: Severity.ERROR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked: a plan and the setting that it was made in."""

    plan: PlatformPlan
    setting: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Demand and capacity of a constraint that is a number; None where one is not known."""

    demand: float | None
    capacity: float | None
    unit: str


NO_AMOUNT = Amount(demand=None, capacity=None, unit="")


def finding(
    subject: Subject,
    component: str,
    constraint: str,
    verdict: Verdict,
    message: str,
    *,
    amount: Amount = NO_AMOUNT,
    fix: str = "",
    source: str = "sizing-decisions",
    blocking: bool = False,
) -> Finding:
    """Return a finding.

    Args:
        subject: what is checked.
        component: dotted path of the part ("node_pools.general").
        constraint: what it must do ("fill").
        verdict: what it came to.
        message: one sentence with the figures that matter.
        amount: demand and capacity where the constraint is a number.
        fix: exactly what to change; dropped where nothing needs to.
        source: id of an entry of `sizing.sources`.
        blocking: refuted means that it cannot be created or scheduled, so that it stays an
            error where the documented tables are taken as written.
    """
    severity = SEVERITIES[verdict]
    lenient = subject.plan.request.mode is Mode.DOCUMENTED and not blocking
    if severity is Severity.ERROR and lenient:
        severity = Severity.WARNING
    return Finding(
        id=f"{component}.{constraint}",
        component=component,
        constraint=constraint,
        demand=amount.demand,
        capacity=amount.capacity,
        unit=amount.unit,
        utilisation=_utilisation(amount),
        verdict=verdict,
        severity=severity,
        message=message,
        fix="" if severity is Severity.INFORMATION else fix,
        source=source,
    )


def limit(demand: float, capacity: float, cautious: float | None = None) -> Verdict:
    """Judge a hard limit, which holds up to 100 %.

    Args:
        demand: what is asked.
        capacity: what there is.
        cautious: what there is when assumed constants are worse than assumed; between the two
            the result rests on the assumption.
    """
    if demand > capacity:
        return Verdict.REFUTED
    if cautious is not None and demand > cautious:
        return Verdict.UNPROVEN
    return Verdict.HOLDS


def _utilisation(amount: Amount) -> float | None:
    if amount.demand is None or not amount.capacity:
        return None
    return round(amount.demand / amount.capacity, DIGITS)
