"""All that is said of a plan's money beside its bill, gathered once for every output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.document_costs import DocumentCost, document_costs
from sizing.environments import EnvironmentCost, environments
from sizing.external import ExternalCost, external_cost
from sizing.pricing.commitments import Committed, PoolPrices, Term, committed, pool_prices
from sizing.unit_costs import UnitCosts, unit_costs

if TYPE_CHECKING:
    from sizing.plans import Bill, PlatformPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the bill's sum means: by what it buys, otherwise bought, elsewhere and as written.

    Attributes:
        external: outside models, which the bill does not hold.
        pools: each on demand, on spot and committed.
        committed: the bill with every on-demand pool's minimum committed, by term.
        environments: dev, staging and prod of the same request.
        documents: the cost tables of the other documents.
    """

    external: ExternalCost
    units: UnitCosts
    pools: tuple[PoolPrices, ...]
    committed: tuple[Committed, ...]
    environments: tuple[EnvironmentCost, ...]
    documents: tuple[DocumentCost, ...]


def costs(plan: PlatformPlan, bill: Bill) -> Costs:
    """Return everything beside the bill."""
    external = external_cost(plan)
    units = unit_costs(plan, bill, external.after_cache_usd)
    return Costs(
        external=external,
        units=units,
        pools=pool_prices(plan),
        committed=tuple(committed(plan, bill, term) for term in Term),
        environments=environments(plan.request),
        documents=document_costs(plan, external, units.self_hosted_usd_per_million),
    )
