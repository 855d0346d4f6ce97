"""Whatever the sizing documents ask to be watched is on a dashboard: line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.kubernetes.dashboards import dashboards
from sizing.plan import plan
from sizing.plans.request import Switches
from sizing.plans.tools import ArchestraRequest, OsmenRequest
from tests.components.kubernetes.plans import kept, request

LINES = {
    # document 000, "Monitoring Recommendations"
    "000-cpu": "CPU utilization",
    "000-memory": "Memory usage",
    "000-disk": "Disk I/O and latency",
    "000-network": "Network throughput",
    "000-latency": "Request latency",
    "000-errors": "Error rates",
    "000-users": "Concurrent users",
    "000-queues": "Queue lengths",
    "000-query": "Query performance",
    "000-pool": "Connection pool usage",
    "000-index": "Index efficiency",
    "000-lag": "Replication lag",
    # document 002, "Prometheus Metrics"
    "002-http-requests": "Total HTTP requests",
    "002-http-errors": "HTTP error requests",
    "002-latency": "Request latency",
    "002-llm-requests": "LLM total requests",
    "002-llm-errors": "LLM error requests",
    "002-llm-latency": "LLM latency",
    # document 003, "Metrics to Track"
    "003-cpu": "CPU usage (per container)",
    "003-memory": "Memory usage (per container)",
    "003-disk": "Disk I/O",
    "003-network": "Network throughput",
    "003-request-rate": "Request rate",
    "003-response-time": "Response time (P50, P95, P99)",
    "003-errors": "Error rate",
    "003-queue": "Queue depth",
    "003-executions": "Agent execution count",
    "003-tokens": "Token usage",
    "003-users": "User activity",
    "003-cost": "Cost per request",
    # document 003, "Key Panels"
    "003-panel-requests": "Request rate over time",
    "003-panel-heatmap": "Response time heatmap",
    "003-panel-errors": "Error rate by agent",
    "003-panel-resources": "Resource usage by service",
    "003-panel-tokens": "Token usage and costs",
    # document 004, "Throughput and latency" to "Observability at scale"
    "004-request-latency": "request latency",
    "004-backend-latency": "backend latency",
    "004-first-token": "time to first token",
    "004-gateway-processing": "difference between gateway latency and backend latency",
    "004-concurrent": "peak concurrent requests",
    "004-rate-limits": "rate limits and upstream provider quotas",
    "004-budget": "budget controls bound spend",
    "004-cardinality": "time series of high-cardinality labels",
    "004-traces": "trace volume, and sampling below 100 %",
}
"""Line by the id that panels name."""


@kept
def shown() -> dict[str, set[str]]:
    """Return the panels of each line, of a plan that has every part."""
    switches = Switches(
        archestra=ArchestraRequest(), osmen=OsmenRequest(n8n=True, gateway=True, langflow=True)
    )
    found: dict[str, set[str]] = {}
    for board in dashboards(plan(replace(request(), switches=switches))):
        for panel in board.panels():
            for line in panel.lines:
                found.setdefault(line, set()).add(f"{board.uid}: {panel.title}")
    return found


@pytest.mark.parametrize("line", sorted(LINES))
def test_a_documented_line_is_on_a_dashboard(line: str) -> None:
    assert shown().get(line), f"nothing shows {LINES[line]}"


def test_panels_name_no_line_that_no_document_has() -> None:
    assert shown().keys() <= LINES.keys()
