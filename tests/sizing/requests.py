"""Requests that the tests of the planner share, on the cloud that the running case is for."""

from __future__ import annotations

from sizing.plans import (
    Adjustment,
    NodePoolPlan,
    Overrides,
    PlanRequest,
    PlatformPlan,
    ServicePlan,
)
from sizing.words import Cloud, Environment, Mode, Tier
from tests.both_clouds import here
from tests.sizing.aws import requests as aws
from tests.sizing.gcp import requests as gcp

ENGINE = "vllm-llama-3-1-8b"
PRESETS = (
    (Environment.DEV, Tier.SMALL),
    (Environment.STAGING, Tier.MEDIUM),
    (Environment.PROD, Tier.SMALL),
    (Environment.PROD, Tier.MEDIUM),
    (Environment.PROD, Tier.LARGE),
    (Environment.PROD, Tier.ENTERPRISE),
)
# Machines of Google Cloud with the cores and memory, or the GPUs, of those that documents name.
TWINS = {
    "m5.xlarge": "n2-standard-4",
    "m5.2xlarge": "n2-standard-8",
    "m5.4xlarge": "n2-standard-16",
    "m5.8xlarge": "n2-standard-32",
    "g4dn.xlarge": "n1-standard-4+t4",
    "g4dn.2xlarge": "n1-standard-8+t4",
    "g5.4xlarge": "g2-standard-16",
    "g5.12xlarge": "g2-standard-48",
    "p4d.24xlarge": "a2-highgpu-8g",
}
# The largest network that each cloud sells: any load has room.
WIDEST = {Cloud.AWS: "10.0.0.0/16", Cloud.GCP: "10.0.0.0/8"}
# Regions whose second zone alone has eight A100s, with their zones.
SOLD_IN_ONE_ZONE = {
    Cloud.AWS: ("eu-west-1", ("euw1-az1", "euw1-az2", "euw1-az3")),
    Cloud.GCP: ("us-west1", ("us-west1-a", "us-west1-b", "us-west1-c")),
}


def base() -> PlanRequest:
    """Return the request of a large production platform."""
    return {Cloud.AWS: aws.BASE, Cloud.GCP: gcp.BASE}[here()]


def machine(documented: str) -> str:
    """Return the running cloud's machine for one that documents name."""
    return documented if here() is Cloud.AWS else TWINS[documented]


def request(
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
    overrides: Overrides | None = None,
) -> PlanRequest:
    if here() is Cloud.GCP:
        return gcp.request(tier, environment, mode=mode, overrides=overrides)
    return aws.request(environment, tier, mode, overrides)


def planned(
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
) -> PlatformPlan:
    """Return the plan of a request, which is made once."""
    if here() is Cloud.GCP:
        return gcp.planned(tier, environment, mode=mode)
    return aws.planned(environment, tier, mode)


def pool(found: PlatformPlan, role: str) -> NodePoolPlan:
    return next(one for one in found.node_pools if one.role == role)


def service(found: PlatformPlan, name: str) -> ServicePlan:
    return next(one for one in found.services if one.name == name)


def rules(found: PlatformPlan) -> dict[str, Adjustment]:
    return {one.rule: one for one in found.adjustments}
