"""Which tier carries a workload: requests decide, since they size the topology.

Tokens only add serving, and users are a population. The documents' axes disagree by two tiers and
more, so that what the others would have named is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.tiers import TIERS
from sizing.words import Tier
from sizing.workload.load import Workload
from sizing.workload.quantities import figure
from sizing.workload.reference import PEAK_REQUESTS_PER_SECOND, PROFILES

LARGEST = Tier.ENTERPRISE


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChoice:
    """A tier and what named it.

    Attributes:
        by: the comparison that decided, in words.
        others: what tokens and users would have named, by axis; users only where they are stated.
        beyond: peak over that of the largest reference, where it is more than that.
    """

    tier: Tier
    by: str
    others: Mapping[str, Tier]
    beyond: float | None

    @property
    def disagreeing(self) -> Mapping[str, Tier]:
        """Return the axes that name another tier."""
        return {axis: tier for axis, tier in self.others.items() if tier is not self.tier}


def tier_for(load: Workload, forced: Tier | None = None) -> TierChoice:
    """Return the smallest tier whose reference peak carries the load's, or the one forced."""
    peak = load.requests_per_second_peak
    tier = forced or tier_of_requests(peak)
    reference = PEAK_REQUESTS_PER_SECOND[tier].value
    others = {"tokens": tier_of_tokens(load.tokens_per_day)}
    if forced:
        others["requests"] = tier_of_requests(peak)
    if load.users is not None:
        others["users"] = tier_of_users(load.users)
    relation = "more than" if peak > reference else "within"
    by = f"{figure(peak)} requests/s at peak, {relation} the {figure(reference)} of {tier}"
    return TierChoice(
        tier=tier,
        by=f"{by}, which was asked for" if forced else by,
        others=MappingProxyType(others),
        beyond=peak / reference if peak > reference else None,
    )


def tier_of_requests(per_second_peak: float) -> Tier:
    """Return the smallest tier whose peak is at least so many requests a second."""
    return _smallest(
        {tier: one.value for tier, one in PEAK_REQUESTS_PER_SECOND.items()}, per_second_peak
    )


def tier_of_tokens(per_day: float) -> Tier:
    """Return the smallest tier of table 4.2 with at least so many tokens a day."""
    return _smallest(
        {tier: tables.llm_cost.daily_tokens for tier, tables in TIERS.items()}, per_day
    )


def tier_of_users(users: float) -> Tier:
    """Return the smallest tier of table 1.1 for so many users; it counts those active at once."""
    return _smallest({tier: row.concurrent_users.high for tier, row in PROFILES.items()}, users)


def _smallest(ends: Mapping[Tier, float | None], demand: float) -> Tier:
    return next((tier for tier in Tier if demand <= (ends[tier] or 0)), LARGEST)
