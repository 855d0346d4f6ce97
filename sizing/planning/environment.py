"""What an environment makes of a tier's figures: shares, floors, topology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sizing.catalog import REFERENCE_REGIONS
from sizing.plans import PlanRequest, PoolOverride
from sizing.tiers import TIERS, TierTables
from sizing.words import Environment, Mode, Placement
from sizing.workload import ENVIRONMENT_SHARES, Workload

STAGING_REPLICAS = 2  # staging loses a replica as prod does. Source: sizing-decisions.
# Days that logs and flow logs are kept; CloudWatch takes these values alone (cloud rule 45).
# Source: sizing-decisions.
LOG_DAYS: Mapping[Environment, int] = MappingProxyType(
    {Environment.DEV: 7, Environment.STAGING: 30, Environment.PROD: 90}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A request with what follows from its tier and environment.

    Attributes:
        load: what users do in this environment.
        percent: share of the tier's sizes in whole percent, so that shares stay exact.
        store_zone_ids: zones that stores and zonal volumes use: one in dev.
    """

    request: PlanRequest
    tables: TierTables
    load: Workload
    percent: int
    store_zone_ids: tuple[str, ...]

    @property
    def environment(self) -> Environment:
        """Return the stage of delivery."""
        return self.request.environment

    @property
    def is_dev(self) -> bool:
        """Say whether one of everything is enough."""
        return self.environment is Environment.DEV

    @property
    def is_prod(self) -> bool:
        """Say whether data is guarded and the whole load carried."""
        return self.environment is Environment.PROD

    @property
    def proven(self) -> bool:
        """Say whether the plan may leave the documented tables to hold what it promises."""
        return self.request.mode is Mode.PROVEN

    @property
    def floored(self) -> bool:
        """Say whether documented machines and counts are the floor of every pool."""
        return not self.proven or self.request.placement is Placement.DOCUMENTED

    @property
    def price_region(self) -> str:
        """Return the region whose prices rank where the own region's are not known."""
        return REFERENCE_REGIONS[self.request.cloud]

    @property
    def zones(self) -> int:
        """Return the number of zones."""
        return len(self.request.zone_ids)

    @property
    def survived_zones(self) -> int:
        """Return the zones of which one may be lost; 1 where nothing needs to survive."""
        return 1 if self.is_dev or not self.proven else self.zones

    @property
    def log_days(self) -> int:
        """Return how long logs are kept."""
        return LOG_DAYS[self.environment]

    def quantity(self, documented: int) -> int:
        """Return the environment's share of a size, at least 1, rounded up."""
        return max(1, -(-documented * self.percent // 100))

    def count(self, documented: int, *, quorum: bool = False) -> int:
        """Return the environment's replicas of so many documented ones.

        Args:
            documented: replicas that the tier's table gives.
            quorum: members vote: their number stays odd, so that a lost one does not tie.
        """
        if self.is_prod:
            return documented
        floor = 1 if self.is_dev else STAGING_REPLICAS
        wanted = max(floor, self.quantity(documented))
        if quorum and not wanted & 1:  # even
            wanted += 1
        return min(documented, wanted)

    def override(self, role: str) -> PoolOverride:
        """Return what the stack sets of a pool by hand."""
        for one in self.request.overrides.pools:
            if one.role == role:
                return one
        return PoolOverride(role=role)


def setting(request: PlanRequest) -> Setting:
    """Return the setting of a request.

    Raises:
        ValueError: no zone.
    """
    if not request.zone_ids:
        raise ValueError("zone_ids is empty: a plan needs the zones that the stack stands in")
    dev = request.environment is Environment.DEV
    return Setting(
        request=request,
        tables=TIERS[request.tier],
        load=request.load,
        percent=round(ENVIRONMENT_SHARES[request.environment].value * 100),
        store_zone_ids=request.zone_ids[:1] if dev else request.zone_ids,
    )


def next_setting(given: Setting) -> Setting:
    """Return the setting of the same stack in the environment that follows; prod follows itself."""
    following = {Environment.DEV: Environment.STAGING, Environment.STAGING: Environment.PROD}
    environment = following.get(given.environment, given.environment)
    return setting(replace(given.request, environment=environment))
