"""Requests on Google Cloud that its tests share."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sizing.catalog import region_zone_ids
from sizing.plan import plan
from sizing.plans import NodePoolPlan, Overrides, PlanRequest, PlatformPlan
from sizing.words import Access, Cloud, Environment, Mode, Tier

# Priced whole; without A100s of 40 GB; in Europe.
REGIONS = ("us-central1", "us-east4", "europe-west1")
BASE = PlanRequest(
    tier=Tier.LARGE,
    environment=Environment.PROD,
    cloud=Cloud.GCP,
    region="us-central1",
    zone_ids=("us-central1-a", "us-central1-b", "us-central1-c"),
    vpc_cidr="10.64.0.0/16",
    service_cidr="172.20.0.0/16",
    access=Access.ALLOWLIST,
)


def request(
    tier: Tier = Tier.LARGE,
    environment: Environment = Environment.PROD,
    region: str = "us-central1",
    mode: Mode = Mode.PROVEN,
    overrides: Overrides | None = None,
) -> PlanRequest:
    return replace(
        BASE,
        tier=tier,
        environment=environment,
        region=region,
        zone_ids=region_zone_ids(Cloud.GCP, region)[:3],
        mode=mode,
        overrides=overrides or Overrides(),
    )


@cache
def planned(
    tier: Tier = Tier.LARGE,
    environment: Environment = Environment.PROD,
    region: str = "us-central1",
    mode: Mode = Mode.PROVEN,
) -> PlatformPlan:
    return plan(request(tier, environment, region, mode))


def pool(found: PlatformPlan, name: str) -> NodePoolPlan:
    return next(one for one in found.node_pools if one.name == name)
