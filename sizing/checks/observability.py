"""Metrics, traces and what OpenSearch keeps of them."""

from __future__ import annotations

from sizing.capacity import opensearch, prometheus, traces
from sizing.catalog import instance, search_node
from sizing.catalog.shapes import InstanceType, SearchNode
from sizing.checks.constraints import constrained
from sizing.checks.load import named
from sizing.checks.verdicts import Amount, Subject, finding
from sizing.planning.needs import search_copies, searched
from sizing.planning.observability import (
    COMPACTED_COPIES,
    COMPACTED_DAYS,
    METRICS_DAYS,
    PROMETHEUS,
    THANOS_COMPACT,
    has_objects,
    kept_series,
    key_labels,
)
from sizing.planning.tracing import COLLECTOR
from sizing.plans import Finding
from sizing.units import GIB
from sizing.words import Cloud, Verdict

METRICS = "metrics"
LESS_TRACED = "trace a smaller share of the requests, or keep traces for fewer days"


def check_observability(subject: Subject) -> list[Finding]:
    """Return the findings of metrics, traces and search."""
    return [
        *_metrics(subject),
        *_objects(subject),
        *_merged(subject),
        *_spans(subject),
        *_search(subject),
    ]


def _series(subject: Subject) -> prometheus.Series:
    return kept_series(subject.setting, _proxies(subject))


def _proxies(subject: Subject) -> int:
    return named(subject, "litellm").scale.maximum


def _metrics(subject: Subject) -> list[Finding]:
    service, component = named(subject, PROMETHEUS), f"services.{PROMETHEUS}"
    labels = "key and model" if key_labels(subject.setting, _proxies(subject)) else "model alone"
    found = _series(subject)
    judged = (
        prometheus.disk(found, volume_bytes=service.volume_gib * GIB),
        prometheus.memory(found, memory_bytes=service.memory_limit_bytes),
    )
    said = f"{found.most:,.0f} series at most, labelled by {labels}"
    return [
        constrained(subject, component, one, said=said, fix="leave the key out of the labels")
        for one in judged
    ]


def _objects(subject: Subject) -> list[Finding]:
    """Return what Thanos stores: a bucket grows, so that only the bill can be short."""
    if not has_objects(subject.setting):
        return []
    bucket = next(one for one in subject.plan.buckets if one.name == METRICS)
    servers = named(subject, PROMETHEUS).scale.planned
    kept = prometheus.object_bytes(_series(subject), servers=servers, retention_days=METRICS_DAYS)
    counted = bucket.planning_gib * GIB
    return [
        finding(
            subject,
            f"buckets.{METRICS}",
            "objects",
            Verdict.UNPROVEN,
            f"{METRICS_DAYS} days of the proxies' series from {servers} servers are "
            f"{kept / GIB:,.0f} GiB at most, {bucket.planning_gib:,} are in the bill; "
            f"{prometheus.NO_BASE} come on top",
            amount=Amount(demand=round(kept), capacity=counted, unit="bytes"),
            fix=prometheus.MEASURE_BASE,
            source="prometheus",
        )
    ]


def _merged(subject: Subject) -> list[Finding]:
    """Return whether the compactor has room for what it reads and what it writes of it."""
    return [
        constrained(
            subject,
            f"services.{one.name}",
            prometheus.disk(
                _series(subject),
                volume_bytes=one.volume_gib * GIB,
                retention_days=COMPACTED_DAYS * COMPACTED_COPIES,
            ),
            said=f"{COMPACTED_COPIES} x {COMPACTED_DAYS} days of every time series at once",
            fix="leave the key out of the labels",
        )
        for one in subject.plan.services
        if one.name == THANOS_COMPACT
    ]


def _spans(subject: Subject) -> list[Finding]:
    if not subject.setting.request.switches.tracing:
        return []
    service, load = named(subject, COLLECTOR), subject.setting.load
    found = traces.ingest(
        load, collectors=service.scale.planned, cpu_millis=service.cpu_request_millis
    )
    most = traces.most_spans(load, collectors=service.scale.planned, spans_a_second=found.held or 0)
    held = traces.waiting(
        load, collectors=service.scale.planned, memory_bytes=service.memory_limit_bytes
    )
    wait = f"a trace is waited for {traces.wait_seconds(load)} s, as long as its answer may take"
    room = f"room for {most:,.0f} spans of each request, whether its trace is kept or not"
    fewer = "or let programs leave fewer spans"
    name = f"services.{COLLECTOR}"
    return [
        constrained(subject, name, found, said=room, fix=f"give collectors more CPU, {fewer}"),
        constrained(subject, name, held, said=wait, fix=f"give collectors more memory, {fewer}"),
    ]


def _search(subject: Subject) -> list[Finding]:
    plan, need = subject.plan.search, searched(subject.setting.load)
    node, members = _member(subject), plan.instance_count
    copies = search_copies(members)
    missing = opensearch.unmeasured(log_bytes_per_request=None, spans_per_request=None)
    judged = (
        opensearch.storage(
            need.source_bytes,
            copies=copies,
            volume_bytes=plan.volume_gib * GIB * members,
            missing=missing,
        ),
        opensearch.heap(
            need.primaries, copies=copies, nodes=members, memory_bytes=node.memory_bytes
        ),
        opensearch.cpu(need.active, copies=copies, nodes=members, vcpu=node.vcpu),
    )
    said = f"{members} x {plan.instance_type}, traces kept as long as the spend log"
    return [constrained(subject, "search", one, said=said, fix=LESS_TRACED) for one in judged]


def _member(subject: Subject) -> SearchNode | InstanceType:
    name, cloud = subject.plan.search.instance_type, subject.plan.request.cloud
    return search_node(name) if cloud is Cloud.AWS else instance(cloud, name)
