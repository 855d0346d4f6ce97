"""What measures: Prometheus, Alertmanager, collectors and traces, and what of it gets lost."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import planned, rate, share

COLLECTOR = "otel-collector"
PROBER = "blackbox-exporter"
ANY = (Step(value=1, colour=Colour.CRITICAL),)


def telemetry(facts: Facts) -> Dashboard:
    """Return the dashboard of what watches the rest."""
    traced = (Row(title="Traces and logs", panels=_traces(facts)),) if facts.has(COLLECTOR) else ()
    asked = facts.has(PROBER)
    certified = (Row(title="Certificates", panels=_certificates()),) if asked else ()
    return Dashboard(
        uid="aigw-telemetry",
        title="Metrics, alerts and traces",
        description="How much is measured, what of it is lost, and who is told.",
        rows=(
            Row(title="Metrics", panels=_metrics(facts)),
            Row(title="Alerts", panels=_alerts()),
            *certified,
            *traced,
        ),
    )


def _metrics(facts: Facts) -> tuple[Graph, ...]:
    disk = facts.services["prometheus"].volume_gib * (1 << 30)
    return (
        Graph(
            title="Targets that do not answer",
            queries=(Query(expr="count by (job) (up == 0)", legend="{{job}}"),),
            steps=ANY,
        ),
        Graph(
            title="Time series",
            description="Labels multiply them: keys by models by replicas.",
            queries=(Query(expr="max by (pod) (prometheus_tsdb_head_series)", legend="{{pod}}"),),
            lines=("004-cardinality",),
        ),
        Graph(
            title="Series by job",
            queries=(
                Query(
                    expr="topk(10, sum by (job) (scrape_samples_post_metric_relabeling))",
                    legend="{{job}}",
                ),
            ),
            stacked=True,
            lines=("004-cardinality",),
        ),
        Graph(
            title="Disk of Prometheus",
            queries=(
                Query(expr="max by (pod) (prometheus_tsdb_storage_blocks_bytes)", legend="{{pod}}"),
                planned(disk, "planned volume"),
            ),
            unit=Unit.BYTES,
        ),
        Graph(
            title="Rules that failed",
            queries=(
                Query(
                    expr=rate("prometheus_rule_evaluation_failures_total", ["rule_group"]),
                    legend="{{rule_group}}",
                ),
            ),
        ),
    )


def _alerts() -> tuple[Graph, ...]:
    return (
        Graph(
            title="Alerts that fire",
            queries=(
                Query(
                    expr='count by (severity) (ALERTS{alertstate="firing"})', legend="{{severity}}"
                ),
            ),
            stacked=True,
        ),
        Graph(
            title="Messages that nobody got",
            queries=(
                Query(
                    expr=rate("alertmanager_notifications_failed_total", ["integration"]),
                    legend="{{integration}}",
                ),
            ),
        ),
    )


def _certificates() -> tuple[Graph, ...]:
    return (
        Graph(
            title="Time until certificates end",
            description="As callers see them; below three weeks an alert begins.",
            queries=(
                Query(
                    expr="min by (instance) (probe_ssl_earliest_cert_expiry - time())",
                    legend="{{instance}}",
                ),
            ),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Handshakes that fail",
            queries=(Query(expr="1 - max by (instance) (probe_success)", legend="{{instance}}"),),
            steps=ANY,
        ),
    )


def _traces(facts: Facts) -> tuple[Graph, ...]:
    found = facts.findings.get(f"services.{COLLECTOR}.spans")
    capacity = () if found is None or found.capacity is None else (found.capacity,)
    got, kept = rate("otelcol_receiver_accepted_spans"), rate("otelcol_exporter_sent_spans")
    return (
        Graph(
            title="Spans",
            description="Those that come in, and those that are kept.",
            queries=(
                Query(expr=got, legend="received"),
                Query(expr=kept, legend="kept"),
                *(planned(one, "planned capacity") for one in capacity),
            ),
            unit=Unit.OPERATIONS,
            lines=("004-traces",),
        ),
        Graph(
            title="Share of spans kept",
            description="By tail sampling; the plan keeps the dashed line's share of traces.",
            queries=(
                Query(expr=share(kept, got), legend="kept"),
                planned(facts.plan.request.load.trace_share, "planned share of traces"),
            ),
            unit=Unit.SHARE,
            lines=("004-traces",),
        ),
        Graph(
            title="Spans and lines lost",
            queries=(
                Query(expr=rate("otelcol_receiver_refused_spans"), legend="spans refused"),
                Query(expr=rate("otelcol_exporter_send_failed_spans"), legend="spans not sent"),
                Query(
                    expr=rate("otelcol_exporter_send_failed_log_records"), legend="lines not sent"
                ),
            ),
            unit=Unit.OPERATIONS,
        ),
        Graph(
            title="Queue before the store",
            queries=(
                Query(
                    expr="max by (exporter) "
                    "(otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)",
                    legend="{{exporter}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=(
                Step(value=0.5, colour=Colour.WARNING),
                Step(value=0.9, colour=Colour.CRITICAL),
            ),
            lines=("000-queues",),
        ),
    )
