"""The quarterly review of chapter 5.3: what a plan answers, and what to ask the platform itself.

Each point of the checklist gets the figures that the plan, its findings and its bill already show,
and the queries whose results belong beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sizing import review_queries as ask
from sizing.alerts import of_triggers
from sizing.capacity import prometheus
from sizing.catalog import HOURS_PER_MONTH
from sizing.check import check
from sizing.external import external_cost, usd_per_million_self_hosted
from sizing.plans import Bill, Finding, PlatformPlan
from sizing.pricing.traffic import monthly_tokens
from sizing.quotas import quotas
from sizing.review_queries import Query
from sizing.tiers import GROWTH, REVIEW_CHECKLIST
from sizing.triggers import differences
from sizing.units import SECONDS_PER_HOUR
from sizing.words import Direction, Verdict
from sizing.workload import Workload

FULLEST = 5  # constraints that are named as the nearest to their limits
PROBE = 2  # times the load: enough that whole replicas and connections show it
QUARTER_DAYS = 90
THOUSAND = 1000
USD_DECIMALS = 4  # what one request costs is a fraction of a cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that the plan shows; None where it does not know it."""

    name: str
    value: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One point of the checklist.

    Attributes:
        point: the document's words.
        facts: what the plan says.
        said: what follows from it, a sentence each.
        queries: what to ask the running platform.
    """

    point: str
    facts: tuple[Fact, ...]
    said: tuple[str, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a review is made from; `bound` are the ids that `load_bound` gives."""

    plan: PlatformPlan
    findings: tuple[Finding, ...]
    bill: Bill
    bound: frozenset[str]


def review(plan: PlatformPlan, findings: Sequence[Finding], bill: Bill) -> tuple[Answer, ...]:
    """Return an answer to every point of the checklist, in its order."""
    subject = Reviewed(plan=plan, findings=tuple(findings), bill=bill, bound=load_bound(plan))
    return tuple(
        answer(point, subject)
        for point, answer in zip(REVIEW_CHECKLIST.items, ANSWERS, strict=True)
    )


def requests_of_month(load: Workload) -> tuple[float, float]:
    """Return the requests of a month by tokens a day and by requests a second, in this order."""
    by_tokens = monthly_tokens(load) / (load.input_tokens + load.output_tokens)
    by_requests = load.requests_per_second_average * HOURS_PER_MONTH.value * SECONDS_PER_HOUR
    return by_tokens, by_requests


def load_bound(plan: PlatformPlan) -> frozenset[str]:
    """Return the ids of the constraints that are fuller when the same plan carries more load."""
    request = plan.request
    more = replace(request, workload=request.whole_load.scaled(PROBE))
    before = {one.id: one.utilisation or 0 for one in check(plan)}
    return frozenset(
        one.id
        for one in check(replace(plan, request=more))
        if (one.utilisation or 0) > before.get(one.id, 0)
    )


def fullest(findings: Sequence[Finding], bound: frozenset[str]) -> tuple[Finding, ...]:
    """Return the constraints nearest to their limits, the fullest first; ties by id.

    Args:
        findings: everything that was checked.
        bound: ids of those that load makes fuller; the others are full by choice.
    """
    judged = (
        one
        for one in findings
        if one.id in bound
        and one.verdict is not Verdict.NOT_APPLICABLE
        and one.utilisation is not None
    )
    return tuple(sorted(judged, key=lambda one: (-(one.utilisation or 0), one.id))[:FULLEST])


def _usage(point: str, subject: Reviewed) -> Answer:
    load = subject.plan.request.load
    facts = [
        Fact(name="requests at peak", value=load.requests_per_second_peak, unit="requests/s"),
        Fact(name="tokens", value=load.tokens_per_day, unit="tokens a day"),
        Fact(name="requests in flight", value=load.concurrent_requests_at_peak, unit="requests"),
        Fact(name="users", value=load.users, unit="users"),
        Fact(name="API keys", value=load.keys, unit="keys"),
    ]
    facts += [
        Fact(name=f"{one.name} planned", value=one.scale.planned, unit="replicas")
        for one in subject.plan.services
        if one.autoscaled
    ]
    return Answer(
        point=point,
        facts=tuple(facts),
        said=_kept(load),
        queries=(ask.PEAK_REQUESTS, ask.MONTHLY_USE),
    )


def _kept(load: Workload) -> tuple[str, ...]:
    kept = (
        ("the spend log", load.retention_days),
        ("Prometheus, unless told otherwise,", prometheus.RETENTION_DAYS.value),
    )
    return tuple(
        f"{name} keeps {days:g} days of a quarter's {QUARTER_DAYS}"
        for name, days in kept
        if days < QUARTER_DAYS
    )


def _cost(point: str, subject: Reviewed) -> Answer:
    load = subject.plan.request.load
    by_tokens, by_requests = requests_of_month(load)
    outside = external_cost(subject.plan)
    monthly = subject.bill.monthly_usd
    said = [f"outside models are priced as {outside.model}"]
    if subject.bill.unpriced:
        said.append(f"at least: lines of the bill without a price: {len(subject.bill.unpriced)}")
    return Answer(
        point=point,
        facts=(
            Fact(name="infrastructure", value=monthly, unit="USD a month"),
            Fact(name="outside models", value=outside.after_cache_usd, unit="USD a month"),
            Fact(
                name="infrastructure, by tokens a day",
                value=_per_thousand(monthly, by_tokens),
                unit="USD per 1,000 requests",
            ),
            Fact(
                name="infrastructure, by requests a second",
                value=_per_thousand(monthly, by_requests),
                unit="USD per 1,000 requests",
            ),
            Fact(
                name="own models",
                value=usd_per_million_self_hosted(subject.plan, subject.bill),
                unit="USD per million tokens",
            ),
        ),
        said=tuple(said),
        queries=(ask.MONTHLY_COST,),
    )


def _cache(point: str, subject: Reviewed) -> Answer:
    load, outside = subject.plan.request.load, external_cost(subject.plan)
    saved = round(outside.before_cache_usd - outside.after_cache_usd, 2)
    return Answer(
        point=point,
        facts=(
            Fact(name="cache hits planned", value=load.cache_hit_share, unit="share of requests"),
            Fact(name="an answer stays", value=load.cache_ttl_seconds, unit="seconds"),
            Fact(name="saved at outside models", value=saved, unit="USD a month"),
            *(
                Fact(
                    name=f"memory of the {one.role} store",
                    value=one.memory_bytes_per_shard * one.shards,
                    unit="bytes",
                )
                for one in subject.plan.caches
            ),
        ),
        said=(),
        queries=(ask.CACHE_HITS, ask.EVICTIONS),
    )


def _hotspots(point: str, subject: Reviewed) -> Answer:
    counts = {
        verdict: sum(one.verdict is verdict for one in subject.findings)
        for verdict in (Verdict.REFUTED, Verdict.UNPROVEN, Verdict.HOLDS)
    }
    return Answer(
        point=point,
        facts=(
            *(
                Fact(name=f"constraints {verdict}", value=number, unit="constraints")
                for verdict, number in counts.items()
            ),
            *(
                Fact(name=one.id, value=one.utilisation, unit=f"share of its {one.unit}")
                for one in fullest(subject.findings, subject.bound)
            ),
        ),
        said=_lines(subject.plan),
        queries=ask.bottlenecks(),
    )


def _lines(plan: PlatformPlan) -> tuple[str, ...]:
    """Return what alerts, and where the two documents draw other lines."""
    return (
        *(
            f"{alert.name} ({line.severity}) alerts at {alert.expression(line)}"
            for alert in of_triggers(plan)
            for line in alert.lines
        ),
        *(
            f"{one.subject}: document 001: {one.document_001}; document 003: "
            f"{one.document_003}; {one.ruling} rules"
            for one in differences()
        ),
    )


def _projections(point: str, subject: Reviewed) -> Answer:
    load = subject.plan.request.load
    holding = [one for one in subject.findings if one.verdict is Verdict.HOLDS]
    near = fullest(holding, subject.bound)[:1]
    return Answer(
        point=point,
        facts=(
            Fact(name="peak over average", value=load.peak_factor, unit="times"),
            Fact(name="safety margin, least", value=GROWTH.safety_margin.low, unit="times"),
            Fact(name="safety margin, most", value=GROWTH.safety_margin.high, unit="times"),
            *(
                Fact(name=f"growth until {one.id} is full", value=_room(one), unit="times")
                for one in near
            ),
        ),
        said=(
            GROWTH.formula,
            "put the growth measured into: aigw forecast STACK --growth SHARE --months N",
        ),
        queries=(ask.MONTHLY_GROWTH, ask.VOLUME_DAYS),
    )


def _changes(point: str, subject: Reviewed) -> Answer:
    open_ones = [one for one in subject.findings if one.fix]
    raised = [one for one in subject.plan.adjustments if one.direction is Direction.RAISED]
    return Answer(
        point=point,
        facts=(
            Fact(name="fields raised above the document", value=len(raised), unit="fields"),
            Fact(name="quotas to hold", value=len(quotas(subject.plan)), unit="quotas"),
            Fact(name="findings with something to change", value=len(open_ones), unit="findings"),
        ),
        said=tuple(f"{one.id}: {one.fix}" for one in open_ones),
        queries=(ask.AT_MAXIMUM,),
    )


def _per_thousand(usd: float, requests: float) -> float | None:
    return round(usd / requests * THOUSAND, USD_DECIMALS) if requests else None


def _room(one: Finding) -> float | None:
    return round(1 / one.utilisation, 2) if one.utilisation else None


ANSWERS: tuple[Callable[[str, Reviewed], Answer], ...] = (
    _usage,
    _cost,
    _cache,
    _hotspots,
    _projections,
    _changes,
)
"""One for each point of the checklist, in its order."""
