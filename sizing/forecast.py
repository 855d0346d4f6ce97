"""What growth does to a plan: which constraint breaks in which month, and what holding it costs.

Two questions, month by month. The plan as it stands is checked against the grown load: the first
month in which a constraint comes to a worse verdict is the month in which it breaks. And a plan is
made for the grown load, whose bill is what holding that load costs then, at today's prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sizing.check import recheck
from sizing.cost import cost
from sizing.model import Figure
from sizing.plan import plan
from sizing.plans import Finding, PlanRequest, PlatformPlan
from sizing.words import Kind, Tier, Verdict
from sizing.workload import PEAK_REQUESTS_PER_SECOND

MOST_MONTHS = Figure(
    value=120,
    unit="months, the furthest that a forecast looks",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
# Shares a month: below, half of the load is gone each month; above, it more than doubles, and no
# plan is made in months. Source: sizing-decisions.
LEAST_GROWTH = -0.5
MOST_GROWTH = 1.0
SEVERITY = (Verdict.NOT_APPLICABLE, Verdict.HOLDS, Verdict.UNPROVEN, Verdict.REFUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A constraint of today's plan that the grown load breaks.

    Attributes:
        month: the first one, M+n; 0 is today.
        demand: of that month, beside what the plan gives.
        becomes: the verdict in that month, `was` today's.
    """

    id: str
    month: int
    was: Verdict
    becomes: Verdict
    demand: float | None
    capacity: float | None
    unit: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of the forecast.

    Attributes:
        factor: load over today's.
        tier: whose requests/s this load is within, by document 001.
        monthly_usd: the bill of a plan of today's tier, raised to this load; None where none can
            be made.
        obstacle: why none can be made, "" where one is.
        breaks: ids of what breaks in this month of today's plan.
    """

    month: int
    factor: float
    requests_per_second_peak: float
    tier: Tier
    monthly_usd: float | None
    obstacle: str
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Growth month by month, and what breaks when, the first first."""

    growth: float
    months: tuple[Month, ...]
    breaks: tuple[Break, ...]


def forecast(request: PlanRequest, *, growth: float, months: int) -> Forecast:
    """Return what growth does to the plan of a request.

    Args:
        request: today's.
        growth: of the load in a month, as a share (0.08 for 8 %).
        months: how far to look.

    Raises:
        ValueError: growth or months out of range, or no plan can be made of the request itself.
    """
    if not LEAST_GROWTH <= growth <= MOST_GROWTH:
        raise ValueError(f"growth {growth:g}: {LEAST_GROWTH:g} to {MOST_GROWTH:g} a month")
    if not 1 <= months <= int(MOST_MONTHS):
        raise ValueError(f"months {months}: 1 to {int(MOST_MONTHS)}")
    today = plan(request)
    first = {one.id: one for one in recheck(today)}
    rows, broken = [], dict[str, Break]()
    for month in range(months + 1):
        grown = _grown(request, (1 + growth) ** month)
        fresh = tuple(_breaks(today, first, grown, month, broken)) if month else ()
        broken |= {one.id: one for one in fresh}
        rows.append(_month(request, grown, month, (1 + growth) ** month, fresh))
    ordered = sorted(broken.values(), key=lambda one: (one.month, one.id))
    return Forecast(growth=growth, months=tuple(rows), breaks=tuple(ordered))


def _grown(request: PlanRequest, factor: float) -> PlanRequest:
    return replace(request, workload=request.whole_load.scaled(factor))


def _breaks(
    today: PlatformPlan,
    first: dict[str, Finding],
    grown: PlanRequest,
    month: int,
    known: dict[str, Break],
) -> Iterator[Break]:
    for one in recheck(replace(today, request=grown)):
        before = first.get(one.id)
        if before is None or one.id in known or not _worse(before.verdict, one.verdict):
            continue
        yield Break(
            id=one.id,
            month=month,
            was=before.verdict,
            becomes=one.verdict,
            demand=one.demand,
            capacity=one.capacity,
            unit=one.unit,
            message=one.message,
            fix=one.fix,
        )


def _worse(before: Verdict, after: Verdict) -> bool:
    return SEVERITY.index(after) > SEVERITY.index(before)


def _month(
    request: PlanRequest, grown: PlanRequest, month: int, factor: float, fresh: tuple[Break, ...]
) -> Month:
    usd, obstacle = None, ""
    try:
        usd = cost(plan(grown)).monthly_usd
    except ValueError as error:
        obstacle = str(error)
    return Month(
        month=month,
        factor=factor,
        requests_per_second_peak=grown.load.requests_per_second_peak,
        tier=_tier(request, grown),
        monthly_usd=usd,
        obstacle=obstacle,
        breaks=tuple(one.id for one in fresh),
    )


def _tier(request: PlanRequest, grown: PlanRequest) -> Tier:
    """Return the tier that names the grown load: today's, or a larger one."""
    tiers = list(Tier)
    rate = grown.whole_load.requests_per_second_peak
    for tier in tiers[tiers.index(request.tier) :]:
        if rate <= PEAK_REQUESTS_PER_SECOND[tier].value:
            return tier
    return tiers[-1]
