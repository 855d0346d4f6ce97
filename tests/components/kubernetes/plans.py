"""Plans of the cloud that a case is for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from sizing.plan import plan
from sizing.plans import PlanRequest, PlatformPlan
from sizing.words import Cloud, Environment, Tier
from tests.components.kubernetes.surroundings import here
from tests.sizing.aws import requests as aws
from tests.sizing.gcp import requests as gcp

P = ParamSpec("P")
T = TypeVar("T")


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function gives, for each cloud apart; its arguments can be keys."""

    @cache
    def of(_cloud: Cloud, args: tuple[Hashable, ...]) -> T:
        return make(*args)  # type: ignore[arg-type, call-arg]

    @wraps(make)
    def asked(*args: P.args, **named: P.kwargs) -> T:
        assert not named, "by position, so that the same call is the same key"
        return of(here().cloud, args)

    return asked


def request(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> PlanRequest:
    if here().cloud is Cloud.GCP:
        return gcp.request(tier, environment)
    return aws.request(environment, tier)


@kept
def planned(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> PlatformPlan:
    return plan(request(environment, tier))
