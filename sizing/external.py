"""What outside models cost beside the platform: paid to other vendors, so no bill holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.catalog import llm_price, llm_prices
from sizing.pricing.traffic import DAYS_PER_MONTH, monthly_tokens
from sizing.tiers import TIERS
from sizing.unit_costs import RATE_DECIMALS, usd_per_million_self_hosted
from sizing.units import MEGA

if TYPE_CHECKING:
    from sizing.catalog import LlmPrice
    from sizing.plans import PlatformPlan

__all__ = ["ExternalCost", "external_cost", "usd_per_million_self_hosted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalCost:
    """A month of outside models; tokens are input and output together.

    Attributes:
        documented_usd: table 4.2 for the whole tier.
        documented_usd_per_million: what the table's sum implies, by its own tokens of a month.
        documented_share: part of all tokens that the table sends outside.
        share: part that this load sends outside, of what misses the cache.
        model: whose list price is used; `usd_per_million` weighs it as the load has tokens in
            and out (75 % in, 25 % out in the guide's).
        before_cache_tokens: the external share of all tokens, as table 4.2 counts them.
        after_cache_tokens: likewise of what the response cache leaves over.
    """

    documented_usd: float
    documented_usd_per_million: float
    documented_share: float
    share: float
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
    load = plan.request.load
    row = TIERS[plan.request.tier].llm_cost
    implied = row.monthly.usd / (row.external_tokens * DAYS_PER_MONTH / MEGA)
    out_share = load.output_share
    chosen = llm_price(model) if model else _nearest(implied, out_share)
    blended = _blended(chosen, out_share)
    share = 1 - load.self_hosted_share
    before = monthly_tokens(load) * share
    after = before * (1 - load.cache_hit_share)
    return ExternalCost(
        documented_usd=row.monthly.usd,
        documented_usd_per_million=round(implied, RATE_DECIMALS),
        documented_share=row.external_share,
        share=share,
        model=chosen.name,
        usd_per_million=round(blended, RATE_DECIMALS),
        source=chosen.source,
        before_cache_tokens=before,
        before_cache_usd=round(before / MEGA * blended, 2),
        after_cache_tokens=after,
        after_cache_usd=round(after / MEGA * blended, 2),
    )


def _blended(model: LlmPrice, out_share: float) -> float:
    return model.input_usd * (1 - out_share) + model.output_usd * out_share


def _nearest(usd_per_million: float, out_share: float) -> LlmPrice:
    answering = [model for model in llm_prices() if model.output_usd]  # embeddings write nothing
    return min(answering, key=lambda m: (abs(_blended(m, out_share) - usd_per_million), m.name))
