"""Reviews of planned tiers, for the tests of the review and of its verb."""

from __future__ import annotations

from functools import cache

from preview.facts import Sized
from sizing.check import check
from sizing.cost import cost
from sizing.plans import Finding, PlatformPlan
from sizing.review import Answer, review
from sizing.words import Environment, Severity, Tier, Verdict
from tests.sizing.requests import planned

USAGE, COST, CACHE, HOTSPOTS, PROJECTIONS, CHANGES = range(6)


def sized(tier: Tier = Tier.LARGE, environment: Environment = Environment.PROD) -> Sized:
    return _sized(planned(environment, tier))


@cache
def _sized(plan: PlatformPlan) -> Sized:
    return Sized(plan=plan, findings=tuple(check(plan)), bill=cost(plan))


def answers(tier: Tier = Tier.LARGE) -> tuple[Answer, ...]:
    found = sized(tier)
    return review(found.plan, found.findings, found.bill)


def fact(answer: Answer, name: str) -> float:
    value = next(one.value for one in answer.facts if one.name == name)
    assert value is not None
    return value


def finding(name: str, utilisation: float | None, verdict: Verdict = Verdict.HOLDS) -> Finding:
    return Finding(
        id=f"services.{name}",
        component="services",
        constraint=name,
        demand=utilisation,
        capacity=1,
        unit="units",
        utilisation=utilisation,
        verdict=verdict,
        severity=Severity.INFORMATION,
        message="",
        fix="",
        source="sizing-decisions",
    )
