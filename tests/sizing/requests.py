"""Requests that the tests of the planner share."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sizing.plan import plan
from sizing.plans import (
    Adjustment,
    NodePoolPlan,
    Overrides,
    PlanRequest,
    PlatformPlan,
    ServicePlan,
)
from sizing.words import Access, Cloud, Environment, Mode, Tier

ENGINE = "vllm-llama-3-1-8b"
THREE_ZONES = ("use1-az1", "use1-az2", "use1-az4")
PRESETS = (
    (Environment.DEV, Tier.SMALL),
    (Environment.STAGING, Tier.MEDIUM),
    (Environment.PROD, Tier.SMALL),
    (Environment.PROD, Tier.MEDIUM),
    (Environment.PROD, Tier.LARGE),
    (Environment.PROD, Tier.ENTERPRISE),
)
BASE = PlanRequest(
    tier=Tier.LARGE,
    environment=Environment.PROD,
    cloud=Cloud.AWS,
    region="us-east-1",
    zone_ids=THREE_ZONES,
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


def pool(found: PlatformPlan, role: str) -> NodePoolPlan:
    return next(one for one in found.node_pools if one.role == role)


def service(found: PlatformPlan, name: str) -> ServicePlan:
    return next(one for one in found.services if one.name == name)


def rules(found: PlatformPlan) -> dict[str, Adjustment]:
    return {one.rule: one for one in found.adjustments}
