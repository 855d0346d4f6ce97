"""Claims of document 001, 4.2: tokens that outside models answer, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import Said, agrees, at_most, contains, of, span
from sizing.audit.prices import blended_range
from sizing.capacity.constraint import Constraint
from sizing.tiers import PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import LlmCostRow
from sizing.units import DAYS_PER_MONTH, MEGA
from sizing.words import Tier

OUTSIDE = Block("001-4.2", "4.2")
USD = "USD a month"


def claims() -> Iterator[Claim]:
    """Return the claims of table 4.2."""
    for tier, tables in TIERS.items():
        yield from _outside(tier, tables)


def _outside(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    row, day = tables.llm_cost, tables.profile.daily_tokens
    yield OUTSIDE.claim(
        f"share-{tier}",
        f"{row.external_share:.0%} of {row.daily_tokens:,} is {row.external_tokens:,}",
        external_share,
        daily_tokens=row.daily_tokens,
        external_share=row.external_share,
        external_tokens=row.external_tokens,
    )
    yield OUTSIDE.claim(
        f"profile-{tier}",
        f"{row.daily_tokens:,} tokens a day are {tier}'s",
        in_profile,
        daily_tokens=row.daily_tokens,
        low=day.low,
        high=day.high,
    )
    yield from _prices(tier, row)


def _prices(tier: Tier, row: LlmCostRow) -> Iterator[Claim]:
    said = f"{row.external_tokens:,} outside tokens a day cost ${row.monthly.usd:,} a month"
    shared = {"usd": row.monthly.usd, "external_tokens": row.external_tokens}
    factors = PLANNING_FACTORS
    judged: tuple[tuple[str, str, Callable[..., Recomputed], dict[str, float]], ...] = (
        (
            "price",
            said,
            outside_price,
            {
                "input_tokens": factors.input_tokens.planned,
                "output_tokens": factors.output_tokens.planned,
            },
        ),
        (
            "cache",
            f"{said}, cached ones included",
            after_cache,
            {"cache_hit_share": factors.cache_hit_share.planned},
        ),
    )
    for words, text, compute, more in judged:
        yield OUTSIDE.claim(f"{words}-{tier}", text, compute, **shared, **more)


def external_share(
    *, daily_tokens: float, external_share: float, external_tokens: float
) -> Recomputed:
    """Compare the outside tokens with their share of all."""
    return agrees(
        external_tokens, daily_tokens * external_share, unit="tokens a day", formula="share x day"
    )


def in_profile(*, daily_tokens: float, low: float | None, high: float | None) -> Recomputed:
    """Compare the tokens that are priced with the tier's range in table 1.1."""
    return contains(low, high, daily_tokens, unit="tokens a day", formula="range of table 1.1")


def outside_price(
    *, usd: float, external_tokens: float, input_tokens: float, output_tokens: float
) -> Recomputed:
    """Compare the price that a row implies with those of all models; it names none."""
    implied = usd / (external_tokens * DAYS_PER_MONTH / MEGA)
    low, high = blended_range(output_tokens / (input_tokens + output_tokens))
    return of(
        Constraint(
            name="price",
            unit="USD a million tokens",
            demand=implied,
            conservative=low,
            physical=high,
            hard=True,
            formula="month / (tokens a day x 30); list prices of the catalogue, weighed by tokens "
            "in and out",
            source="sizing-decisions",
            measure=f"name the model: list prices are {span(low, high)}",
        ),
        Said.DEMAND,
    )


def after_cache(*, usd: float, external_tokens: float, cache_hit_share: float) -> Recomputed:
    """Compare a row with the same price for the tokens that no cache answers."""
    each = usd / external_tokens
    return at_most(
        usd,
        external_tokens * (1 - cache_hit_share) * each,
        unit=USD,
        formula="tokens x (1 - cache hits) x the row's own price",
        said=Said.DEMAND,
    )
