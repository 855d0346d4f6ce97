"""Table 4.1 of document 001 beside the bill, line by line, the difference in words.

Every figure in the words is computed: from the document's own pools at the catalogue's price, and
from the bill's items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, instance, price
from sizing.plans import BillComparison
from sizing.pricing.ledger import Line
from sizing.tiers import COST_REGION, TIERS
from sizing.words import Cloud, Environment
from sizing.workload import ENVIRONMENT_SHARES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sizing.plans import BillItem, PlatformPlan
    from sizing.tiers.schema import Pool

TOTAL = "Total"


def compare(
    plan: PlatformPlan, items: Sequence[BillItem], monthly_usd: float
) -> tuple[BillComparison, ...]:
    """Return the table's lines in its order, then its total.

    `planned_usd` is None where an item of the line has no price; the words then say what is known.
    """
    if plan.request.cloud is not Cloud.AWS:
        return _claims(plan, monthly_usd)
    column = TIERS[plan.request.tier].cost
    lines = [
        _line(plan, line.name, line.monthly.usd, [i for i in items if i.line == line.name])
        for line in column.lines
    ]
    listed = sum(line.monthly.usd for line in column.lines)
    beside = [i for i in items if not i.line]
    words = (
        f"The table's lines add up to {_usd(listed)}. Not in the table: "
        f"{_usd(_known(beside))} for {', '.join(dict.fromkeys(i.component for i in beside))}."
    )
    if any(i.planned_usd is None for i in items):
        words += " The planned total is at least this: some items have no known price."
    total = BillComparison(
        line=TOTAL,
        documented_usd=column.total.usd,
        planned_usd=monthly_usd,
        explanation=_scoped(plan, words),
    )
    return (*lines, total)


def _claims(plan: PlatformPlan, monthly_usd: float) -> tuple[BillComparison, ...]:
    """Return the table as what it is on another cloud: a claim about AWS, and the plan's sum."""
    column = TIERS[plan.request.tier].cost
    claim = f"The document's claim for AWS in {COST_REGION}; nothing of it is on this bill."
    rows = [(line.name, line.monthly.usd, None, claim) for line in column.lines]
    return tuple(
        BillComparison(
            line=name, documented_usd=documented, planned_usd=planned, explanation=explanation
        )
        for name, documented, planned, explanation in (
            *rows,
            (
                TOTAL,
                column.total.usd,
                monthly_usd,
                f"The document's claim for AWS in {COST_REGION}, beside all of this bill.",
            ),
        )
    )


def _line(
    plan: PlatformPlan, name: str, documented: float, items: Sequence[BillItem]
) -> BillComparison:
    known = _known(items)
    complete = all(i.planned_usd is not None for i in items)
    reason = _reason(plan, name, documented, items)
    if not complete:
        unknown = sum(i.planned_usd is None for i in items)
        reason += f" At least {_usd(known)}: {unknown} of {len(items)} items have no known price."
    return BillComparison(
        line=name,
        documented_usd=documented,
        planned_usd=known if complete else None,
        explanation=_scoped(plan, reason),
    )


def _reason(plan: PlatformPlan, name: str, documented: float, items: Sequence[BillItem]) -> str:
    cluster = TIERS[plan.request.tier].cluster
    if name == Line.CPU:
        return f"{_pool(cluster.cpu_pool, documented)} {_planned(items)}"
    if name == Line.GPU:
        return f"{_pool(cluster.gpu_pool, documented)} {_planned(items)}"
    if name == Line.CONTROL_PLANE:
        return f"{_control_plane(documented)} {_planned(items)}"
    if name == Line.EBS:
        return f"{_bought(documented, 'ebs.gp3.gib_month', 'of gp3')} {_planned(items)}"
    if name == Line.TRANSFER:
        first = "transfer.internet.gib.first_10tb"
        return f"{_bought(documented, first, 'to the internet')} {_planned(items)}"
    if any(i.planned_usd is None for i in items):
        return _planned(items)
    return f"{_share(documented, _known(items))}{_planned(items)}"


def _pool(pool: Pool, documented: float) -> str:
    hourly = instance(Cloud.AWS, pool.instance_type).price(COST_REGION)
    if hourly is None:
        return f"The list price of {pool.instance_type} is unknown."
    each = hourly * HOURS_PER_MONTH.value
    at_list = pool.count * each
    return (
        f"The document's {pool.count} x {pool.instance_type} cost {_usd(at_list)} at list price "
        f"({COST_REGION}); {_usd(documented)} is {documented / at_list:.1%} of that and buys "
        f"{documented / each:.2f} nodes.{_spot(pool)}"
    )


def _spot(pool: Pool) -> str:
    machine = instance(Cloud.AWS, pool.instance_type)
    hourly = machine.spot_price(COST_REGION)
    if hourly is None:
        return ""
    monthly = pool.count * hourly * HOURS_PER_MONTH.value
    return f" On spot they would cost about {_usd(monthly)}."


def _control_plane(documented: float) -> str:
    figure = price("eks.control_plane.standard.hour", COST_REGION)
    if figure is None:
        return ""
    each = figure.value * HOURS_PER_MONTH.value
    return f"{_usd(documented)} pays {documented / each:.3g} control planes at {_usd(each)}."


def _bought(documented: float, price_id: str, what: str) -> str:
    figure = price(price_id, COST_REGION)
    if figure is None:
        return ""
    gib = documented / figure.value
    return f"{_usd(documented)} buys {gib:,.0f} GiB {what} at {figure.value:g} USD."


def _planned(items: Sequence[BillItem]) -> str:
    if not items:
        return "Planned: nothing."
    parts = "; ".join(
        f"{i.item} ({_amount(i)})"
        + (f" = {_usd(i.planned_usd)}" if i.planned_usd is not None else "")
        for i in items
    )
    return f"Planned: {parts}."


def _amount(item: BillItem) -> str:
    unit = item.unit
    if item.quantity == 1 and unit.isalpha() and unit.islower():
        unit = unit.removesuffix("s")
    return f"{item.quantity:,.6g} {unit}"


def _share(documented: float, planned: float) -> str:
    return f"{_usd(documented)} is {documented / planned:.0%} of the plan. " if planned else ""


def _scoped(plan: PlatformPlan, words: str) -> str:
    request = plan.request
    if request.environment is not Environment.PROD:
        share = ENVIRONMENT_SHARES[request.environment].value
        words += (
            f" The table is for the tier's whole load; {request.environment} carries {share:.0%}."
        )
    if request.region != COST_REGION:
        words += f" The table is for AWS in {COST_REGION}."
    return words


def _known(items: Sequence[BillItem]) -> float:
    return round(sum(i.planned_usd for i in items if i.planned_usd is not None), 2)


def _usd(amount: float) -> str:
    return f"{amount:,.2f} USD" if amount % 1 else f"{amount:,.0f} USD"
