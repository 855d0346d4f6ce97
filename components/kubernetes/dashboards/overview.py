"""The first page: whether the platform answers, how fast, how full it is, and what it costs."""

from __future__ import annotations

from components.kubernetes.dashboards.costs import DAY, HOURS_PER_DAY, SPEND
from components.kubernetes.dashboards.costs import REQUESTS as REQUESTS_OF_DAY
from components.kubernetes.dashboards.facts import Facts, steps, within
from components.kubernetes.dashboards.gateway import FAILED, FIRST_TOKEN, REQUESTS
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Number,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import (
    RANGE,
    number,
    planned,
    quantile,
    rate,
    share,
    total,
)
from sizing.catalog import HOURS_PER_MONTH
from sizing.triggers import ruling

UID = "aigw-overview"
ANY = (Step(value=1, colour=Colour.CRITICAL),)


def overview(facts: Facts) -> Dashboard:
    """Return the platform's first page."""
    plan = facts.plan.request
    return Dashboard(
        uid=UID,
        title="Platform overview",
        description=f"{plan.environment} of tier {plan.tier} in {plan.region}. Dashed lines are "
        "the plan's.",
        rows=(
            Row(title="Now", panels=_now(facts)),
            Row(title="Users", panels=_users(facts)),
            Row(title="Platform", panels=_platform(facts)),
        ),
    )


def _now(facts: Facts) -> tuple[Number, ...]:
    failed = f"sum(increase({FAILED}[{RANGE}]))"
    day = facts.monthly_usd / HOURS_PER_MONTH.value * HOURS_PER_DAY
    thousand = f"({number(day)} + ({SPEND} or vector(0))) / ({REQUESTS_OF_DAY} > 0) * 1000"
    return (
        Number(
            title="Requests a second",
            queries=(Query(expr=rate(REQUESTS), legend="requests"),),
            unit=Unit.REQUESTS,
            steps=within(facts.requests_per_second),
        ),
        Number(
            title="Answered, in the time shown",
            description="Share of requests that did not fail.",
            queries=(
                Query(
                    expr=f"1 - {share(failed, f'sum(increase({REQUESTS}[{RANGE}]))')}",
                    legend="answered",
                ),
            ),
            unit=Unit.SHARE,
        ),
        Number(
            title="Errors",
            queries=(Query(expr=share(rate(FAILED), rate(REQUESTS)), legend="failed"),),
            unit=Unit.SHARE,
            steps=steps("errors"),
        ),
        Number(
            title="First token at P95",
            queries=(Query(expr=quantile(0.95, FIRST_TOKEN), legend="P95"),),
            unit=Unit.SECONDS,
            steps=steps("latency"),
        ),
        Number(
            title="Alerts that fire",
            queries=(
                Query(expr='count(ALERTS{alertstate="firing"}) or vector(0)', legend="alerts"),
            ),
            steps=ANY,
        ),
        Number(
            title="A thousand requests",
            description=f"Bill and outside models of {DAY}; see the dashboard of costs.",
            queries=(Query(expr=thousand, legend="USD"),),
            unit=Unit.USD,
        ),
    )


def _users(facts: Facts) -> tuple[Graph, ...]:
    return (
        Graph(
            title="Requests",
            queries=(
                Query(expr=rate(REQUESTS), legend="requests"),
                planned(facts.requests_per_second, "planned peak"),
            ),
            unit=Unit.REQUESTS,
            lines=("003-panel-requests",),
        ),
        Graph(
            title="Failed",
            queries=(Query(expr=share(rate(FAILED), rate(REQUESTS)), legend="failed"),),
            unit=Unit.SHARE,
            steps=steps("errors"),
        ),
        Graph(
            title="In flight",
            queries=(Query(expr=total("litellm_in_flight_requests"), legend="in flight"),),
            lines=("000-users",),
        ),
    )


def _platform(facts: Facts) -> tuple[Graph, ...]:
    missing = "kube_deployment_spec_replicas{0} - kube_deployment_status_replicas_ready{0}"
    return (
        Graph(
            title="Replicas that are missing",
            description="Asked for and not ready.",
            queries=(
                Query(
                    expr=f"sum by (namespace, deployment) ({missing.format(facts.everywhere)}) > 0",
                    legend="{{namespace}}/{{deployment}}",
                ),
            ),
            steps=ANY,
        ),
        Graph(
            title="CPU of the request, by namespace",
            queries=(
                Query(expr=f"max by (namespace) ({ruling('cpu').query})", legend="{{namespace}}"),
            ),
            unit=Unit.SHARE,
            steps=steps("cpu"),
        ),
        Graph(
            title="Targets that do not answer",
            queries=(Query(expr="count by (job) (up == 0)", legend="{{job}}"),),
            steps=ANY,
        ),
    )
