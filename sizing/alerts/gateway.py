"""Alerts of the gateway: what callers notice first."""

from __future__ import annotations

from sizing.alerts import lines
from sizing.alerts.model import AlertPlan, Shown, number
from sizing.capacity.constraint import RATE_HEADROOM
from sizing.plans import PlatformPlan
from sizing.triggers import WINDOW, ruling

FAMILY = "gateway"
OUTAGE = 2  # litellm_deployment_state: 0 healthy, 1 partial, 2 complete. Source: litellm-metrics
_TOTAL = "litellm_proxy_total_requests_metric_total"


def gateway(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of the model gateway."""
    return (_errors(), _slow(), _unauthorized(), _above_plan(plan), _outage())


def _errors() -> AlertPlan:
    rule = ruling("errors")
    return AlertPlan(
        name="GatewayErrorRatio",
        family=FAMILY,
        summary="callers' requests fail",
        query=rule.query,
        lines=lines.of(rule),
        shown=Shown.SHARE,
        planned="table 5.2: incident response",
        source=rule.source,
    )


def _slow() -> AlertPlan:
    rule = ruling("latency")
    return AlertPlan(
        name="GatewayFirstTokenSlow",
        family=FAMILY,
        summary="first tokens come late (P95)",
        query=rule.query,
        lines=lines.of(rule),
        shown=Shown.SECONDS,
        planned=f"table 5.2: {rule.action.lower()}",
        source=rule.source,
    )


def _unauthorized() -> AlertPlan:
    """Return the alert of keys that are refused: valid ones may be, once the database is away.

    Readiness answers 200 meanwhile (litellm 38121, 28322). LiteLLM 1.106 says 503 where it knows
    that the database is away, which counts as a failure, and 401 where it does not. Table 5.2's
    lines of errors are its lines: keys that are refused are requests that fail.
    """
    rule = ruling("errors")
    share = f'sum(rate({_TOTAL}{{status_code="401"}}[{WINDOW}])) / sum(rate({_TOTAL}[{WINDOW}]))'
    return AlertPlan(
        name="GatewayUnauthorizedRatio",
        family=FAMILY,
        summary="keys are refused (401)",
        query=share,
        lines=lines.of(rule),
        shown=Shown.SHARE,
        planned="a proxy that has lost its database may refuse valid keys",
        source=rule.source,
    )


def _above_plan(plan: PlatformPlan) -> AlertPlan:
    peak = plan.request.load.requests_per_second_peak
    return AlertPlan(
        name="GatewayRequestsAbovePlan",
        family=FAMILY,
        summary="more requests come than the plan is made for",
        query=f"sum(rate({_TOTAL}[{WINDOW}])) / {number(peak)}",
        lines=lines.both(RATE_HEADROOM.value, 1),
        shown=Shown.SHARE,
        planned=f"{number(peak)} requests/s at the peak",
        source=RATE_HEADROOM.source,
    )


def _outage() -> AlertPlan:
    return AlertPlan(
        name="ModelOutage",
        family=FAMILY,
        summary="{{ $labels.litellm_model_name }} answers nothing",
        query="min by (litellm_model_name, api_provider) (litellm_deployment_state)",
        sign=">=",
        lines=lines.critical(OUTAGE),
        shown=Shown.COUNT,
        planned="every replica of the proxy sees a complete outage (state 2)",
        source="litellm-metrics",
    )
