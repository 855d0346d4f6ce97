"""What machines cost where a year or three are promised: EC2 reserved, GCE committed use.

A commitment is paid for every hour, so it is priced for a pool's minimum alone; what stands above
that stays as it is bought. Rates are list prices where a source shows them; where none does the
answer is unknown. The bill's own list price holds no sustained-use discount, which Google gives
without a commitment and not beside one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.model import Figure
from sizing.words import CapacityType, Cloud, Kind

if TYPE_CHECKING:
    from sizing.plans import Bill, NodePoolPlan, PlatformPlan

TABLE: Final = Path(__file__).parent.parent / "catalog" / "data" / "commitments.json"
_HOURS: Final = HOURS_PER_MONTH.value


class Term(StrEnum):
    """How long is promised; nothing is paid upfront."""

    ONE_YEAR = "1y"
    THREE_YEARS = "3y"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPrices:
    """What a pool's planned nodes cost a month, by how they are bought; None is unknown.

    Attributes:
        committed: nodes that stand at all times: what a commitment is priced for.
        bought: how the plan buys them.
        one_year_usd: the minimum committed for a year, the rest on demand; likewise three years.
    """

    pool: str
    machine: str
    nodes: int
    committed: int
    bought: CapacityType
    on_demand_usd: float | None
    spot_usd: float | None
    one_year_usd: float | None
    three_years_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """The bill with every on-demand pool's minimum committed, as far as rates are known.

    Attributes:
        monthly_usd: the bill less what is saved; None where no pool's rate is known.
        saved_usd: of the pools whose rate is known.
        sources: where those rates stand, with their dates ("vantage-gpu (2025-11-30)").
        unknown: pools whose rate no source shows; they are taken as the plan buys them.
    """

    term: Term
    monthly_usd: float | None
    saved_usd: float | None
    sources: tuple[str, ...]
    unknown: tuple[str, ...]


def commitment(cloud: Cloud, machine: str, region: str, term: Term) -> Figure | None:
    """Return USD an hour of a committed machine, None where no source shows it."""
    return _rates().get((cloud, machine, region, term))


def pool_prices(plan: PlatformPlan) -> tuple[PoolPrices, ...]:
    """Return every pool on demand, on spot and committed, in the plan's order."""
    return tuple(_pool(plan, pool) for pool in plan.node_pools)


def committed(plan: PlatformPlan, bill: Bill, term: Term = Term.ONE_YEAR) -> Committed:
    """Return what the bill would be with every on-demand pool's minimum committed."""
    saved, sources, unknown = 0.0, [], []
    for pool in plan.node_pools:
        if pool.capacity_type is not CapacityType.ON_DEMAND or not pool.scale.minimum:
            continue
        rate, hourly = _rate(plan, pool, term), _on_demand(plan, pool)
        if rate is None or hourly is None:
            unknown.append(pool.name)
            continue
        saved += (hourly - rate.value) * HOURS_PER_MONTH.value * pool.scale.minimum
        sources.append(f"{rate.source} ({rate.date})")
    return Committed(
        term=term,
        monthly_usd=round(bill.monthly_usd - saved, 2) if sources else None,
        saved_usd=round(saved, 2) if sources else None,
        sources=tuple(sorted(set(sources))),
        unknown=tuple(unknown),
    )


def _pool(plan: PlatformPlan, pool: NodePoolPlan) -> PoolPrices:
    machine = instance(plan.request.cloud, pool.instance_types[0])
    hourly, nodes = machine.price(plan.request.region), pool.scale.planned
    least = min(pool.scale.minimum, nodes)

    def with_commitment(term: Term) -> float | None:
        rate = _rate(plan, pool, term)
        if rate is None:
            return None
        rest = _month(hourly, nodes - least)
        return None if rest is None else round(least * rate.value * _HOURS + rest, 2)

    return PoolPrices(
        pool=pool.name,
        machine=machine.name,
        nodes=nodes,
        committed=least,
        bought=pool.capacity_type,
        on_demand_usd=_month(hourly, nodes),
        spot_usd=_month(machine.spot_price(plan.request.region), nodes),
        one_year_usd=with_commitment(Term.ONE_YEAR),
        three_years_usd=with_commitment(Term.THREE_YEARS),
    )


def _month(hourly: float | None, nodes: int) -> float | None:
    return None if hourly is None else round(hourly * _HOURS * nodes, 2)


def _on_demand(plan: PlatformPlan, pool: NodePoolPlan) -> float | None:
    return instance(plan.request.cloud, pool.instance_types[0]).price(plan.request.region)


def _rate(plan: PlatformPlan, pool: NodePoolPlan, term: Term) -> Figure | None:
    request = plan.request
    return commitment(request.cloud, pool.instance_types[0], request.region, term)


@cache
def _rates() -> dict[tuple[Cloud, str, str, Term], Figure]:
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["rows"]
    return {
        (Cloud(row["cloud"]), row["name"], region, Term(row["term"])): Figure(
            value=value,
            unit=f"USD an hour, committed for {row['term']}",
            source=row["source"],
            date=row["date"],
            kind=Kind(row["kind"]),
        )
        for row in rows
        for region, value in row["usd_per_hour"].items()
    }
