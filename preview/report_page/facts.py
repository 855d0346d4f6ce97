"""All that a report tells of a stack, gathered before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from preview.facts import Sized
from preview.report_page.nodes import Filled, filled
from sizing.check import check
from sizing.cost import cost
from sizing.forecast import Forecast, forecast
from sizing.plan import plan
from sizing.plans import Bill, Finding, Overrides, PlatformPlan
from sizing.words import Tier

if TYPE_CHECKING:
    from preview.report_page.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFacts:
    """The same stack in one tier, by that tier's reference load; its own as it is.

    Attributes:
        plan: None where none can be made, then `obstacle` says why; likewise `bill`.
    """

    tier: Tier
    own: bool
    plan: PlatformPlan | None
    findings: tuple[Finding, ...]
    bill: Bill | None
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What the page shows.

    Attributes:
        first: the month that growth begins in.
    """

    stack: str
    sized: Sized
    filled: Filled
    forecast: Forecast
    first: Month
    tiers: tuple[TierFacts, ...]


def gather(stack: str, sized: Sized, *, growth: float, months: int, first: Month) -> ReportFacts:
    """Return what a report tells.

    Args:
        stack: its name.
        sized: its plan, findings and bill.
        growth: of the load in a month, as a share.
        months: how far to look.
        first: the month that growth begins in.

    Raises:
        ValueError: growth or months out of range.
    """
    return ReportFacts(
        stack=stack,
        sized=sized,
        filled=filled(sized.plan),
        forecast=forecast(sized.plan.request, growth=growth, months=months),
        first=first,
        tiers=tuple(_tier(sized, tier) for tier in Tier),
    )


def _tier(sized: Sized, tier: Tier) -> TierFacts:
    request = sized.plan.request
    if tier is request.tier:
        return TierFacts(
            tier=tier, own=True, plan=sized.plan, findings=sized.findings, bill=sized.bill
        )
    # what a stack states of its load, sets by hand or shares is its own and no other tier's
    other = replace(request, tier=tier, workload=None, overrides=Overrides(), host=None, guests=())
    try:
        made = plan(other)
        return TierFacts(tier=tier, own=False, plan=made, findings=check(made), bill=cost(made))
    except ValueError as error:
        return TierFacts(
            tier=tier, own=False, plan=None, findings=(), bill=None, obstacle=str(error)
        )
