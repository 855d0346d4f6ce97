"""What the applications say of themselves: Archestra (document 002), OsMEN's services (003)."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps
from components.kubernetes.dashboards.model import Dashboard, Graph, Query, Row, Unit
from components.kubernetes.dashboards.promql import percentiles, quantile, rate, share, total

HTTP = "http_request_duration_seconds"
MODELS = "llm_request_duration_seconds"
OF_ARCHESTRA = 'service=~"archestra.*"'
FAILED = 'status_code=~"4..|5.."'


def archestra() -> Dashboard:
    """Return the dashboard of Archestra's own metrics."""
    ours, failed = f"{{{OF_ARCHESTRA}}}", f"{{{OF_ARCHESTRA}, {FAILED}}}"
    return Dashboard(
        uid="aigw-archestra",
        title="Archestra",
        description="Requests of its own interface, and those that it makes to models.",
        rows=(
            Row(
                title="HTTP",
                panels=(
                    Graph(
                        title="HTTP requests",
                        queries=(
                            Query(
                                expr=rate(f"{HTTP}_count", ["status_code"], of=ours),
                                legend="{{status_code}}",
                            ),
                        ),
                        unit=Unit.REQUESTS,
                        stacked=True,
                        lines=("002-http-requests",),
                    ),
                    Graph(
                        title="HTTP requests that failed",
                        queries=(
                            Query(
                                expr=share(
                                    rate(f"{HTTP}_count", of=failed),
                                    rate(f"{HTTP}_count", of=ours),
                                ),
                                legend="failed",
                            ),
                        ),
                        unit=Unit.SHARE,
                        steps=steps("errors"),
                        lines=("002-http-errors",),
                    ),
                    Graph(
                        title="Latency of HTTP requests",
                        queries=percentiles(HTTP, of=ours),
                        unit=Unit.SECONDS,
                        lines=("002-latency",),
                    ),
                ),
            ),
            Row(title="Models and tools", panels=_models(ours, failed)),
        ),
    )


def _models(ours: str, failed: str) -> tuple[Graph, ...]:
    return (
        Graph(
            title="Requests to models",
            queries=(
                Query(
                    expr=rate(f"{MODELS}_count", ["provider", "model"], of=ours),
                    legend="{{provider}} {{model}}",
                ),
            ),
            unit=Unit.REQUESTS,
            stacked=True,
            lines=("002-llm-requests",),
        ),
        Graph(
            title="Requests to models that failed",
            queries=(
                Query(
                    expr=share(
                        rate(f"{MODELS}_count", ["provider"], of=failed),
                        rate(f"{MODELS}_count", ["provider"], of=ours),
                    ),
                    legend="{{provider}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("errors"),
            lines=("002-llm-errors",),
        ),
        Graph(
            title="Latency of models",
            queries=(
                *percentiles(MODELS, of=ours),
                Query(
                    expr=quantile(0.95, "llm_time_to_first_token_seconds", of=ours),
                    legend="P95 of the first token",
                ),
            ),
            unit=Unit.SECONDS,
            lines=("002-llm-latency",),
        ),
        Graph(
            title="Tokens and refused tools",
            queries=(
                Query(expr=rate("llm_tokens_total", ["type"], of=ours), legend="{{type}} a second"),
                Query(expr=rate("llm_blocked_tools_total", of=ours), legend="tools refused"),
            ),
        ),
        Graph(
            title="Jobs of the workers",
            queries=(
                Query(
                    expr=total("task_queue_active_tasks", ["task_type"], of=ours),
                    legend="{{task_type}}",
                ),
                Query(expr=rate("task_queue_tasks_dead_total", of=ours), legend="given up"),
            ),
        ),
    )


def osmen(facts: Facts) -> Dashboard:
    """Return the dashboard of OsMEN's services, those of them that the plan has."""
    rows = []
    if facts.has("osmen-gateway"):
        rows.append(Row(title="Gateway", panels=_gateway()))
    if facts.has("n8n", "n8n-worker"):
        rows.append(Row(title="n8n", panels=_n8n()))
    return Dashboard(
        uid="aigw-osmen",
        title="OsMEN services",
        description="Agents, users and queues, by the metrics that document 003 names.",
        rows=tuple(rows),
    )


def _gateway() -> tuple[Graph, ...]:
    requests = "osmen_requests_total"
    return (
        Graph(
            title="Agents executed",
            queries=(Query(expr=rate(requests, ["agent"]), legend="{{agent}}"),),
            unit=Unit.REQUESTS,
            stacked=True,
            lines=("003-executions",),
        ),
        Graph(
            title="Errors by agent",
            queries=(
                Query(
                    expr=share(
                        rate(requests, ["agent"], of='{status!="success"}'),
                        rate(requests, ["agent"]),
                    ),
                    legend="{{agent}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("errors"),
            lines=("003-panel-errors",),
        ),
        Graph(
            title="Duration at P95",
            queries=(
                Query(
                    expr='max by (agent) (osmen_request_duration_seconds{quantile="0.95"})',
                    legend="{{agent}}",
                ),
            ),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Active users",
            queries=(Query(expr=total("osmen_active_users"), legend="users"),),
            lines=("003-users",),
        ),
    )


def _n8n() -> tuple[Graph, ...]:
    return (
        Graph(
            title="Jobs in the queue",
            queries=(
                Query(expr="max(n8n_scaling_mode_queue_jobs_waiting)", legend="waiting"),
                Query(expr="max(n8n_scaling_mode_queue_jobs_active)", legend="active"),
            ),
            steps=steps("queue"),
            lines=("003-queue",),
        ),
        Graph(
            title="Jobs done",
            queries=(
                Query(expr=rate("n8n_scaling_mode_queue_jobs_completed"), legend="completed"),
                Query(expr=rate("n8n_scaling_mode_queue_jobs_failed"), legend="failed"),
            ),
            unit=Unit.OPERATIONS,
        ),
    )
