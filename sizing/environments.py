"""What dev, staging and prod of the same request cost, each planned and priced by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import Overrides
from sizing.unit_costs import per_thousand, requests_of_month
from sizing.words import CapacityType, Environment

if TYPE_CHECKING:
    from sizing.plans import PlanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentCost:
    """A month of one environment; None where no plan can be made, with the reason.

    Attributes:
        at_least: some items of its bill have no known price.
        spot_pools: pools that its plan buys on spot.
    """

    environment: Environment
    monthly_usd: float | None
    floor_usd: float | None
    ceiling_usd: float | None
    at_least: bool
    usd_per_thousand_requests: float | None
    spot_pools: tuple[str, ...]
    obstacle: str = ""


def environments(request: PlanRequest) -> tuple[EnvironmentCost, ...]:
    """Return what each environment costs, dev first.

    What a stack sets by hand is for its own environment; the others are planned without it.
    """
    return tuple(_cost(request, environment) for environment in Environment)


def _cost(request: PlanRequest, environment: Environment) -> EnvironmentCost:
    own = environment is request.environment
    overrides = request.overrides if own else Overrides()
    try:
        made = plan(replace(request, environment=environment, overrides=overrides))
    except ValueError as error:
        return EnvironmentCost(
            environment=environment,
            monthly_usd=None,
            floor_usd=None,
            ceiling_usd=None,
            at_least=False,
            usd_per_thousand_requests=None,
            spot_pools=(),
            obstacle=str(error),
        )
    bill = cost(made)
    requests, _ = requests_of_month(made.request.load)
    return EnvironmentCost(
        environment=environment,
        monthly_usd=bill.monthly_usd,
        floor_usd=bill.floor_usd,
        ceiling_usd=bill.ceiling_usd,
        at_least=bool(bill.unpriced),
        usd_per_thousand_requests=per_thousand(bill.monthly_usd, requests),
        spot_pools=tuple(p.name for p in made.node_pools if p.capacity_type is CapacityType.SPOT),
    )
