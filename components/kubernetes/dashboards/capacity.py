"""Live demand against what the plan was proven by, constraint by constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.kubernetes.dashboards.facts import Facts, within
from components.kubernetes.dashboards.model import Bars, Dashboard, Graph, Query, Row, Unit
from components.kubernetes.dashboards.promql import (
    average,
    number,
    planned,
    quantile,
    rate,
    total,
    where,
)
from sizing.alerts import replicas
from sizing.plans import Finding

THOUSANDTHS = " * 1000"
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What of a finding can be measured: its demand, as a query in the finding's own unit.

    Attributes:
        finding: its id.
    """

    finding: str
    title: str
    expr: str
    unit: Unit


def capacity(facts: Facts) -> Dashboard:
    """Return the dashboard of demand and capacity."""
    watched = tuple(_watched(facts))
    return Dashboard(
        uid="aigw-capacity",
        title="Capacity against plan",
        description="What is asked now, what the plan expected at its peak, and what it can give.",
        rows=(
            Row(title="Of each capacity, now", panels=(_bars(watched), *_replicas(facts))),
            Row(
                title="Constraint by constraint",
                panels=tuple(_graph(live, finding) for live, finding in watched),
            ),
        ),
    )


def live(facts: Facts) -> Iterator[Live]:
    """Return every constraint whose demand some component exports."""
    yield Live(
        finding="services.litellm.documented-rate",
        title="Requests of the proxy",
        expr=rate("litellm_proxy_total_requests_metric_total"),
        unit=Unit.REQUESTS,
    )
    yield Live(
        finding="services.litellm.queue",
        title="Wait in the proxy at P99",
        expr=quantile(0.99, "litellm_request_queue_time_seconds") + THOUSANDTHS,
        unit=Unit.MILLISECONDS,
    )
    yield Live(
        finding="services.agent-gateway.requests",
        title="Requests of the agent gateway",
        expr=rate("agentgateway_requests_total"),
        unit=Unit.REQUESTS,
    )
    for one in facts.engines:
        yield from _engine(one.name)
    yield from _connections()
    for cache in facts.plan.caches:
        yield from _cache(cache.role)
    yield from _kept()


def _engine(name: str) -> Iterator[Live]:
    of, start = where(service=name), f"services.{name}"
    model = name.removeprefix("vllm-")
    yield Live(
        finding=f"{start}.slots",
        title=f"Requests in {model}",
        expr=f"{total('vllm:num_requests_running', of=of)} + "
        f"{total('vllm:num_requests_waiting', of=of)}",
        unit=Unit.NONE,
    )
    yield Live(
        finding=f"{start}.tokens",
        title=f"Tokens a second of {model}",
        expr=rate("vllm:generation_tokens_total", of=of),
        unit=Unit.NONE,
    )
    yield Live(
        finding=f"{start}.first-token",
        title=f"First token of {model} at P95",
        expr=quantile(0.95, "vllm:time_to_first_token_seconds", of=of) + THOUSANDTHS,
        unit=Unit.MILLISECONDS,
    )
    yield Live(
        finding=f"{start}.inter-token",
        title=f"Between two tokens of {model}",
        expr=f"({average('vllm:inter_token_latency_seconds', of=of)}){THOUSANDTHS}",
        unit=Unit.MILLISECONDS,
    )


def _connections() -> Iterator[Live]:
    clients = (
        f"{total('pgbouncer_pools_client_active_connections')} + "
        f"{total('pgbouncer_pools_client_waiting_connections')}"
    )
    yield Live(
        finding="services.pgbouncer.zone-loss",
        title="Clients of the poolers",
        expr=clients,
        unit=Unit.NONE,
    )
    yield Live(
        finding="postgres.server-connections",
        title="Connections of PostgreSQL",
        expr=total("pg_stat_activity_count"),
        unit=Unit.NONE,
    )
    yield Live(
        finding="postgres.row-writes",
        title="Rows written a second",
        expr=rate("pg_stat_database_tup_inserted", of='{datname="litellm"}'),
        unit=Unit.OPERATIONS,
    )
    yield Live(
        finding="postgres.storage",
        title="Storage of PostgreSQL",
        expr=f"{total('pg_database_size_bytes')} / 1e9",
        unit=Unit.GIGABYTES,
    )


def _cache(role: str) -> Iterator[Live]:
    # the exporter calls a store by its role; of several shards it knows the one that answers
    of = where(instance=role)
    yield Live(
        finding=f"caches.{role}.operations",
        title=f"Commands of the store {role}",
        expr=rate("redis_commands_processed_total", of=of),
        unit=Unit.OPERATIONS,
    )
    yield Live(
        finding=f"caches.{role}.memory",
        title=f"Memory of a shard of {role}, in MiB",
        expr=f"max(redis_memory_used_bytes{of}) / {MEBIBYTE}",
        unit=Unit.NONE,
    )


def _kept() -> Iterator[Live]:
    yield Live(
        finding="services.qdrant.memory",
        title="Memory of a Qdrant member",
        expr='max(memory_resident_bytes{service="qdrant"})',
        unit=Unit.BYTES,
    )
    yield Live(
        finding="services.prometheus.disk",
        title="Disk of Prometheus",
        expr="max(prometheus_tsdb_storage_blocks_bytes)",
        unit=Unit.BYTES,
    )
    yield Live(
        finding="services.otel-collector.spans",
        title="Spans a second",
        expr=rate("otelcol_receiver_accepted_spans"),
        unit=Unit.OPERATIONS,
    )
    yield Live(
        finding="search.storage",
        title="Storage of OpenSearch",
        expr=total("elasticsearch_indices_store_size_bytes"),
        unit=Unit.BYTES,
    )


def _watched(facts: Facts) -> Iterator[tuple[Live, Finding]]:
    """Return what can be measured and has a capacity in this plan."""
    for one in live(facts):
        found = facts.findings.get(one.finding)
        if found is not None and found.capacity:
            yield one, found


def _bars(watched: tuple[tuple[Live, Finding], ...]) -> Bars:
    return Bars(
        title="Used of the capacity",
        description="1 is all that the plan gives; the first line is where the next size is "
        "planned.",
        queries=tuple(
            Query(expr=f"({one.expr}) / {number(found.capacity or 1)}", legend=one.title)
            for one, found in watched
        ),
        unit=Unit.SHARE,
        steps=within(1, warning=0.7),
        width=12,
        height=14,
    )


def _graph(one: Live, found: Finding) -> Graph:
    expected = () if found.demand is None else (planned(found.demand, "expected at peak"),)
    return Graph(
        title=one.title,
        description=f"Finding {found.id} of `aigw plan`, in {found.unit}.",
        queries=(
            Query(expr=one.expr, legend="now"),
            *expected,
            planned(found.capacity or 0, "capacity"),
        ),
        unit=one.unit,
    )


def _replicas(facts: Facts) -> tuple[Graph, ...]:
    """Return replicas of what scales by itself, between the bounds that its autoscaler has."""
    scaled = [one for _, one in sorted(facts.services.items()) if one.autoscaled]
    return tuple(
        Graph(
            title=f"Replicas of {one.name}",
            description="Ready ones, between the least and the most that its autoscaler makes.",
            queries=(
                Query(
                    expr="sum(kube_deployment_status_replicas_ready"
                    + where(deployment=one.name, namespace=one.namespace)
                    + ")",
                    legend="ready",
                ),
                Query(expr=replicas.fewest(one), legend="at least", line=True),
                Query(expr=replicas.most(one), legend="at most", line=True),
            ),
            width=6,
            height=7,
        )
        for one in scaled
    )
