"""What outside models cost beside the platform, and what our own tokens cost.

Neither is in the platform's bill: the first is paid to other vendors, the second is a quotient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.catalog import llm_price, llm_prices
from sizing.pricing.traffic import monthly_tokens
from sizing.tiers import TIERS
from sizing.units import MEGA

if TYPE_CHECKING:
    from sizing.catalog import LlmPrice
    from sizing.plans import Bill, PlatformPlan

RATE_DECIMALS = 4  # of USD per million tokens: list prices have at most four


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalCost:
    """A month of outside models; tokens are input and output together.

    Attributes:
        documented_usd: table 4.2 for the whole tier.
        documented_usd_per_million: what the table's sum implies, by its own tokens of a month.
        model: whose list price is used; `usd_per_million` weighs it 75 % in, 25 % out.
        before_cache_tokens: the external share of all tokens, as table 4.2 counts them.
        after_cache_tokens: likewise of what the response cache leaves over.
    """

    documented_usd: float
    documented_usd_per_million: float
    model: str
    usd_per_million: float
    source: str
    before_cache_tokens: float
    before_cache_usd: float
    after_cache_tokens: float
    after_cache_usd: float


def external_cost(plan: PlatformPlan, model: str | None = None) -> ExternalCost:
    """Return the cost of the tokens that outside models answer.

    Without a model named, the one whose price is nearest to what table 4.2 implies; ties by name.

    Raises:
        sizing.catalog.UnknownNameError: the catalogue does not hold the model.
    """
    request = plan.request
    load = request.load
    row = TIERS[request.tier].llm_cost
    documented_tokens = row.external_tokens * (monthly_tokens(load) / load.tokens_per_day)
    implied = row.monthly.usd / (documented_tokens / MEGA)
    out_share = load.output_share
    chosen = llm_price(model) if model else _nearest(implied, out_share)
    blended = _blended(chosen, out_share)
    before = monthly_tokens(load) * row.external_share
    after = before * (1 - load.cache_hit_share)
    return ExternalCost(
        documented_usd=row.monthly.usd,
        documented_usd_per_million=round(implied, RATE_DECIMALS),
        model=chosen.name,
        usd_per_million=round(blended, RATE_DECIMALS),
        source=chosen.source,
        before_cache_tokens=before,
        before_cache_usd=round(before / MEGA * blended, 2),
        after_cache_tokens=after,
        after_cache_usd=round(after / MEGA * blended, 2),
    )


def usd_per_million_self_hosted(plan: PlatformPlan, bill: Bill) -> float | None:
    """Return USD per million tokens, in and out after cache, that our own models answer.

    The GPU pools and their disks over those tokens; None without a GPU pool or without its price.
    """
    pools = {pool.name for pool in plan.node_pools if pool.gpus_per_node}
    items = [
        item
        for item in bill.items
        if item.component == "node_pools" and item.item.partition(":")[0] in pools
    ]
    if not items or any(item.planned_usd is None for item in items):
        return None
    load = plan.request.load
    tokens = monthly_tokens(load) * (1 - load.cache_hit_share) * load.self_hosted_share
    return round(sum(item.planned_usd or 0 for item in items) / (tokens / MEGA), RATE_DECIMALS)


def _blended(model: LlmPrice, out_share: float) -> float:
    return model.input_usd * (1 - out_share) + model.output_usd * out_share


def _nearest(usd_per_million: float, out_share: float) -> LlmPrice:
    answering = [model for model in llm_prices() if model.output_usd]  # embeddings write nothing
    return min(answering, key=lambda m: (abs(_blended(m, out_share) - usd_per_million), m.name))
