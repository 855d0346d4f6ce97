"""What a million tokens and a thousand requests cost, by component.

Requests of a month stand on two axes that the documents do not reconcile: tokens a day over the
tokens of a request, by which serving and transfer are billed, and requests a second. Costs are
shown on both. What no source prices is left out of a sum, which is then "at least".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH
from sizing.pricing.traffic import monthly_tokens
from sizing.units import MEGA, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sizing.plans import Bill, BillItem, PlatformPlan
    from sizing.workload import Workload

RATE_DECIMALS = 4  # of USD per million tokens: list prices have at most four
SHARE_DECIMALS = 4
THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentCost:
    """What one component adds; None where none of its items has a known price.

    Attributes:
        at_least: some of its items have no known price.
        share: of everything on the bill whose price is known.
    """

    component: str
    monthly_usd: float | None
    at_least: bool
    share: float | None
    usd_per_thousand_requests: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """The bill by what it buys; None where nothing is bought or a price is unknown.

    Attributes:
        requests: of a month, by tokens a day.
        requests_by_rate: of a month, by requests a second.
        self_hosted_tokens: of a month, in and out, that own models answer after cache.
        self_hosted_usd_per_million: the GPU pools and their disks over those tokens.
        usd_per_thousand_requests: the platform's bill over `requests`.
        usd_per_thousand_by_rate: likewise over `requests_by_rate`.
        with_external_usd_per_thousand: bill and outside models after cache, over `requests`.
        at_least: the bill leaves items out, and so do all of these but the tokens' price.
    """

    requests: float
    requests_by_rate: float
    self_hosted_tokens: float
    self_hosted_usd_per_million: float | None
    usd_per_thousand_requests: float | None
    usd_per_thousand_by_rate: float | None
    with_external_usd_per_thousand: float | None
    at_least: bool
    components: tuple[ComponentCost, ...]


def unit_costs(plan: PlatformPlan, bill: Bill, external_usd: float) -> UnitCosts:
    """Return what a million tokens and a thousand requests cost.

    Args:
        plan: whose load is served.
        bill: its bill.
        external_usd: what outside models cost a month, after cache.
    """
    load = plan.request.load
    requests, by_rate = requests_of_month(load)
    return UnitCosts(
        requests=requests,
        requests_by_rate=by_rate,
        self_hosted_tokens=self_hosted_tokens(load),
        self_hosted_usd_per_million=usd_per_million_self_hosted(plan, bill),
        usd_per_thousand_requests=per_thousand(bill.monthly_usd, requests),
        usd_per_thousand_by_rate=per_thousand(bill.monthly_usd, by_rate),
        with_external_usd_per_thousand=per_thousand(bill.monthly_usd + external_usd, requests),
        at_least=bool(bill.unpriced),
        components=_components(bill, requests),
    )


def requests_of_month(load: Workload) -> tuple[float, float]:
    """Return the requests of a month by tokens a day and by requests a second, in this order."""
    by_tokens = monthly_tokens(load) / (load.input_tokens + load.output_tokens)
    by_rate = load.requests_per_second_average * HOURS_PER_MONTH.value * SECONDS_PER_HOUR
    return by_tokens, by_rate


def self_hosted_tokens(load: Workload) -> float:
    """Return the tokens of a month, in and out, that own models answer after cache."""
    return monthly_tokens(load) * (1 - load.cache_hit_share) * load.self_hosted_share


def per_thousand(usd: float, requests: float) -> float | None:
    """Return USD per 1,000 requests, None where there are none."""
    return round(usd / requests * THOUSAND, RATE_DECIMALS) if requests else None


def usd_per_million_self_hosted(plan: PlatformPlan, bill: Bill) -> float | None:
    """Return USD per million tokens, in and out after cache, that our own models answer.

    The GPU pools and their disks over those tokens; None without a GPU pool, without its price,
    and where nothing is self-hosted.
    """
    serving = {one.pool for one in plan.services if one.model}
    # Ollama's own machine answers nothing of the load
    others = {one.pool for one in plan.services if one.gpus} - serving
    pools = {pool.name for pool in plan.node_pools if pool.gpus_per_node} - others
    items = [
        item
        for item in bill.items
        if item.component == "node_pools" and item.item.partition(":")[0] in pools
    ]
    known = [item.planned_usd for item in items if item.planned_usd is not None]
    tokens = self_hosted_tokens(plan.request.load)
    if not items or not tokens or len(known) < len(items):
        return None
    return round(sum(known) / (tokens / MEGA), RATE_DECIMALS)


def _components(bill: Bill, requests: float) -> tuple[ComponentCost, ...]:
    names = dict.fromkeys(item.component for item in bill.items)
    return tuple(
        _component(name, [item for item in bill.items if item.component == name], bill, requests)
        for name in names
    )


def _component(name: str, items: Sequence[BillItem], bill: Bill, requests: float) -> ComponentCost:
    known = [item.planned_usd for item in items if item.planned_usd is not None]
    usd = round(sum(known), 2) if known else None
    return ComponentCost(
        component=name,
        monthly_usd=usd,
        at_least=len(known) < len(items),
        share=None
        if usd is None or not bill.monthly_usd
        else round(usd / bill.monthly_usd, SHARE_DECIMALS),
        usd_per_thousand_requests=None if usd is None else per_thousand(usd, requests),
    )
