"""Requests on AWS that tests share, whatever cloud a case is for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sizing.plan import plan
from sizing.plans import Overrides, PlanRequest, PlatformPlan
from sizing.words import Access, Cloud, Environment, Mode, Tier

BASE = PlanRequest(
    tier=Tier.LARGE,
    environment=Environment.PROD,
    cloud=Cloud.AWS,
    region="us-east-1",
    zone_ids=("use1-az1", "use1-az2", "use1-az4"),
    vpc_cidr="10.80.0.0/16",
    service_cidr="172.20.0.0/16",
    access=Access.ALLOWLIST,
)


def request(
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
    overrides: Overrides | None = None,
) -> PlanRequest:
    return replace(
        BASE, environment=environment, tier=tier, mode=mode, overrides=overrides or Overrides()
    )


@cache
def planned(
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
) -> PlatformPlan:
    return plan(request(environment, tier, mode))
