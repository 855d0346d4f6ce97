"""What a request and a token cost now: the bill's planned figure over what is really asked."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts
from components.kubernetes.dashboards.model import Bars, Dashboard, Graph, Number, Query, Row, Unit
from components.kubernetes.dashboards.promql import number, planned
from sizing.catalog import HOURS_PER_MONTH
from sizing.cost import cost
from sizing.unit_costs import unit_costs
from sizing.units import MEGA

DAY = "24h"
HOURS_PER_DAY = 24
REQUESTS = f"sum(increase(litellm_proxy_total_requests_metric_total[{DAY}]))"
TOKENS = f"sum(increase(litellm_total_tokens_metric_total[{DAY}]))"
SPEND = f"sum(increase(litellm_spend_metric_total[{DAY}]))"
OWN_TOKENS = (
    f"(sum(increase(vllm:prompt_tokens_total[{DAY}])) + "
    f"sum(increase(vllm:generation_tokens_total[{DAY}])))"
)
MOST_BARS = 20
TALL = 8


def costs(facts: Facts) -> Dashboard:
    """Return the dashboard of costs."""
    bill = cost(facts.plan)
    units = unit_costs(facts.plan, bill, 0)
    day = facts.monthly_usd / HOURS_PER_MONTH.value * HOURS_PER_DAY
    gpus = (units.self_hosted_usd_per_million or 0) * units.self_hosted_tokens / MEGA
    bound = "at least " if facts.at_least else ""
    return Dashboard(
        uid="aigw-cost",
        title="Cost per request",
        description=f"The plan's bill, {bound}{facts.monthly_usd:,.0f} US dollars a month at list "
        "price, over what was asked in the last 24 hours; outside models by the gateway's price "
        "list.",
        rows=(
            Row(title="Now", panels=_now(day, units.usd_per_thousand_by_rate)),
            Row(title="Tokens", panels=_own(facts, gpus, units.self_hosted_usd_per_million)),
            Row(title="Where the money goes", panels=_where(facts)),
        ),
    )


def _whole(day: float) -> str:
    """Return what a day costs: the platform whatever is asked, and outside models as asked."""
    return f"({number(day)} + ({SPEND} or vector(0)))"


def _now(day: float, expected: float | None) -> tuple[Graph | Number, ...]:
    thousand = f"{_whole(day)} / ({REQUESTS} > 0) * 1000"
    lines = () if expected is None else (planned(expected, "planned, without outside models"),)
    return (
        Number(
            title="A thousand requests",
            queries=(Query(expr=thousand, legend="USD"),),
            unit=Unit.USD,
            height=TALL,
            lines=("003-cost",),
        ),
        Number(
            title="A million tokens",
            queries=(Query(expr=f"{_whole(day)} / ({TOKENS} > 0) * 1e6", legend="USD"),),
            unit=Unit.USD,
            height=TALL,
            lines=("003-panel-tokens",),
        ),
        Number(
            title="A day of the platform",
            description="Bill and outside models.",
            queries=(Query(expr=_whole(day), legend="USD"),),
            unit=Unit.USD,
            height=TALL,
        ),
        Graph(
            title="Cost of a thousand requests",
            description="Falls as more is asked of the same machines; too high until metrics are a "
            "day old.",
            queries=(Query(expr=thousand, legend="now"), *lines),
            unit=Unit.USD,
            width=12,
            lines=("003-cost",),
        ),
    )


def _own(facts: Facts, gpus: float, expected: float | None) -> tuple[Graph, ...]:
    tokens = Graph(
        title="Tokens of a day",
        description="Of all models, in and out.",
        queries=(Query(expr=TOKENS, legend="tokens"),),
        width=12,
    )
    if not facts.engines or expected is None:
        return (tokens,)
    day = gpus / HOURS_PER_MONTH.value * HOURS_PER_DAY
    priced = Graph(
        title="A million tokens of own models",
        description="GPU machines and their disks over what they read and wrote.",
        queries=(
            Query(expr=f"{number(day)} / ({OWN_TOKENS} > 0) * 1e6", legend="now"),
            planned(expected, "planned"),
        ),
        unit=Unit.USD,
        width=12,
    )
    return (priced, tokens)


def _where(facts: Facts) -> tuple[Graph | Bars, ...]:
    bill = cost(facts.plan)
    sums: dict[str, float] = {}
    for item in bill.items:
        sums[item.component] = sums.get(item.component, 0) + (item.planned_usd or 0)
    largest = sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:MOST_BARS]
    return (
        Bars(
            title="The bill by component",
            description="Planned, a month, at list price.",
            queries=tuple(planned(usd, name) for name, usd in largest if usd > 0),
            unit=Unit.USD,
            most=max(facts.monthly_usd, 1),
            width=12,
            height=12,
        ),
        Graph(
            title="Outside models, a day",
            queries=(
                Query(
                    expr=f"sum by (model) (increase(litellm_spend_metric_total[{DAY}]))",
                    legend="{{model}}",
                ),
            ),
            unit=Unit.USD,
            stacked=True,
            width=12,
            height=12,
            lines=("003-panel-tokens",),
        ),
    )
