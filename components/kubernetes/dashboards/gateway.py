"""Model gateway and agent gateway: who asks, what fails, how long it takes, what it costs."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps, within
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Heatmap,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import (
    average,
    percentiles,
    planned,
    quantile,
    rate,
    share,
    total,
)

REQUESTS = "litellm_proxy_total_requests_metric_total"
FAILED = "litellm_proxy_failed_requests_metric_total"
LATENCY = "litellm_request_total_latency_metric"
MODEL_LATENCY = "litellm_llm_api_latency_metric"
FIRST_TOKEN = "litellm_llm_api_time_to_first_token_metric"
TOKENS = "litellm_total_tokens_metric_total"
SPEND = "litellm_spend_metric_total"
REFUSED = '{status_code="401"}'
LIMITED = '{status_code="429"}'
AGENT_REQUESTS = "agentgateway_requests_total"
PER_MINUTE = " * 60"
PER_HOUR = " * 3600"
UNKNOWN_KEYS = (Step(value=0.05, colour=Colour.WARNING), Step(value=0.2, colour=Colour.CRITICAL))


def gateway(facts: Facts) -> Dashboard:
    """Return the gateways' dashboard."""
    return Dashboard(
        uid="aigw-gateway",
        title="Gateways",
        description="Requests, errors, latency, tokens and spend of LiteLLM, and of the agent "
        "gateway. Dashed lines are the plan's.",
        rows=(
            Row(title="Requests", panels=_requests(facts)),
            Row(title="Latency", panels=_latency(facts)),
            Row(title="Tokens and spend", panels=_usage()),
            Row(title="Limits, cache and fallbacks", panels=_limits()),
            Row(title="Agent gateway", panels=_agents(facts)),
        ),
    )


def _requests(facts: Facts) -> tuple[Graph, ...]:
    return (
        Graph(
            title="Requests by status",
            description="All requests by what they were answered with; the plan is made for the "
            "dashed line.",
            queries=(
                Query(expr=rate(REQUESTS, ["status_code"]), legend="{{status_code}}"),
                planned(facts.requests_per_second, "planned peak"),
            ),
            unit=Unit.REQUESTS,
            stacked=True,
            lines=("003-request-rate", "003-panel-requests"),
        ),
        Graph(
            title="Error ratio",
            description="Failed requests of all; table 5.2's two lines.",
            queries=(
                Query(expr=share(rate(FAILED), rate(REQUESTS)), legend="failed"),
                Query(
                    expr=share(rate(FAILED, ["api_provider"]), rate(REQUESTS, ["api_provider"])),
                    legend="{{api_provider}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("errors"),
            lines=("000-errors", "003-errors"),
        ),
        Graph(
            title="401 ratio",
            description="Requests without a known key: somebody guesses keys, or a rotation has "
            "left a caller behind.",
            queries=(Query(expr=share(rate(REQUESTS, of=REFUSED), rate(REQUESTS)), legend="401"),),
            unit=Unit.SHARE,
            steps=UNKNOWN_KEYS,
        ),
        Graph(
            title="Requests in flight",
            description="Requests that are being answered: a user waits for one at a time, and a "
            "streamed answer holds its connection to the end.",
            queries=(Query(expr=total("litellm_in_flight_requests"), legend="in flight"),),
            lines=("000-users", "004-concurrent"),
        ),
        Graph(
            title="Wait in the proxy",
            description="From arrival to the first line of work at P99: too few replicas where it "
            "grows.",
            queries=(
                Query(
                    expr=quantile(0.99, "litellm_request_queue_time_seconds"), legend="P99 waiting"
                ),
            ),
            unit=Unit.SECONDS,
            steps=within(
                facts.plan.request.load.objectives.proxy_queue_p99_ms.value / 1000, warning=0.5
            ),
            lines=("000-queues",),
        ),
        Graph(
            title="Deployments that fail",
            description="Answers that a provider or an engine refused, by model.",
            queries=(
                Query(
                    expr=rate("litellm_deployment_failure_responses_total", ["litellm_model_name"]),
                    legend="{{litellm_model_name}}",
                ),
            ),
            unit=Unit.REQUESTS,
        ),
    )


def _latency(facts: Facts) -> tuple[Graph | Heatmap, ...]:
    return (
        Graph(
            title="Request latency",
            description="From arrival to the last token.",
            queries=percentiles(LATENCY),
            unit=Unit.SECONDS,
            lines=("000-latency", "003-response-time", "004-request-latency"),
        ),
        Graph(
            title="Time to first token",
            description="What a reader waits before anything appears; the plan promises the "
            "dashed line at P95.",
            queries=(
                *percentiles(FIRST_TOKEN),
                planned(facts.first_token_seconds, "promised at P95"),
            ),
            unit=Unit.SECONDS,
            steps=steps("latency"),
            lines=("004-first-token",),
        ),
        Graph(
            title="Backend latency by model",
            description="What providers and engines take at P95.",
            queries=(Query(expr=quantile(0.95, MODEL_LATENCY, ["model"]), legend="{{model}}"),),
            unit=Unit.SECONDS,
            lines=("004-backend-latency",),
        ),
        Graph(
            title="What the gateway adds",
            description="Its own part of a request: routing, policies, limits and logging.",
            queries=percentiles("litellm_overhead_latency_metric"),
            unit=Unit.SECONDS,
            lines=("004-gateway-processing",),
        ),
        Heatmap(
            title="Request latency, all of it",
            description="How many requests a second took how long.",
            queries=(Query(expr=rate(f"{LATENCY}_bucket", ["le"]), legend="{{le}}"),),
            unit=Unit.SECONDS,
            width=16,
            lines=("003-panel-heatmap",),
        ),
    )


def _usage() -> tuple[Graph, ...]:
    return (
        Graph(
            title="Tokens a minute",
            description="In and out, by model.",
            queries=(Query(expr=rate(TOKENS, ["model"]) + PER_MINUTE, legend="{{model}}"),),
            stacked=True,
            lines=("003-tokens", "003-panel-tokens"),
        ),
        Graph(
            title="Tokens in and out",
            queries=(
                Query(expr=rate("litellm_input_tokens_metric_total") + PER_MINUTE, legend="in"),
                Query(expr=rate("litellm_output_tokens_metric_total") + PER_MINUTE, legend="out"),
            ),
            description="A minute, all models.",
        ),
        Graph(
            title="Spend an hour",
            description="US dollars at the gateway's price list, by model; own models cost what "
            "the dashboard of costs says.",
            queries=(Query(expr=rate(SPEND, ["model"]) + PER_HOUR, legend="{{model}}"),),
            unit=Unit.USD,
            stacked=True,
            lines=("004-budget",),
        ),
    )


def _limits() -> tuple[Graph, ...]:
    return (
        Graph(
            title="Refused by a limit",
            description="Answers 429: a key's limit, a budget, or a provider's quota.",
            queries=(Query(expr=rate(REQUESTS, of=LIMITED), legend="429"),),
            unit=Unit.REQUESTS,
            lines=("004-rate-limits",),
        ),
        Graph(
            title="Answered from the cache",
            description="Requests that no model had to answer.",
            queries=(
                Query(
                    expr=share(
                        rate("litellm_cache_hits_metric_total"),
                        f"({rate('litellm_cache_hits_metric_total')} + "
                        f"{rate('litellm_cache_misses_metric_total')})",
                    ),
                    legend="hit ratio",
                ),
            ),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Fallbacks",
            description="Requests that another model answered, and those that none did.",
            queries=(
                Query(
                    expr=rate("litellm_deployment_successful_fallbacks_total", ["fallback_model"]),
                    legend="to {{fallback_model}}",
                ),
                Query(
                    expr=rate("litellm_deployment_failed_fallbacks_total", ["fallback_model"]),
                    legend="failed, to {{fallback_model}}",
                ),
            ),
            unit=Unit.REQUESTS,
        ),
    )


def _agents(facts: Facts) -> tuple[Graph, ...]:
    found = facts.findings.get("services.agent-gateway.requests")
    capacity = () if found is None or found.capacity is None else (found.capacity,)
    return (
        Graph(
            title="Agent requests by status",
            queries=(
                Query(expr=rate(AGENT_REQUESTS, ["status"]), legend="{{status}}"),
                *(planned(one, "planned capacity") for one in capacity),
            ),
            unit=Unit.REQUESTS,
            stacked=True,
        ),
        Graph(
            title="Tools called",
            description="MCP requests by server.",
            queries=(
                Query(
                    expr=rate("agentgateway_mcp_requests_total", ["server", "method"]),
                    legend="{{server}} {{method}}",
                ),
            ),
            unit=Unit.REQUESTS,
        ),
        Graph(
            title="Agent request duration",
            queries=(
                *percentiles("agentgateway_request_duration_seconds"),
                Query(expr=average("agentgateway_request_duration_seconds"), legend="average"),
            ),
            unit=Unit.SECONDS,
        ),
    )
