"""The triggers of documents 001 and 003, and of what neither watches, with their queries.

Thresholds are taken from where the documents are typed. Metric names are those that the exporters
document; each trigger says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.capacity.ends import lowest
from sizing.documents import osmen, osmen_settings
from sizing.tiers import SCALING_TRIGGERS, SOURCE
from sizing.tiers.schema_common import ScalingTrigger
from sizing.tiers.vocabulary import Unit
from sizing.triggers.trigger import Trigger

WINDOW = "5m"  # several scrapes of a minute at most. Source: sizing-decisions, 2026-11-21.
VOLUME_FREE = (0.15, 0.03)  # kubernetes-mixin, 2026-11-21: warning and critical, share left free
WAITING_CLIENT = 0  # a client that waits at all has found every connection taken

CPU_OF_REQUEST = (
    "sum by (namespace, pod) "
    f'(rate(container_cpu_usage_seconds_total{{container!=""}}[{WINDOW}])) '
    "/ sum by (namespace, pod) "
    '(kube_pod_container_resource_requests{resource="cpu"})'
)
MEMORY_OF_LIMIT = (
    'sum by (namespace, pod) (container_memory_working_set_bytes{container!=""}) '
    "/ sum by (namespace, pod) "
    '(kube_pod_container_resource_limits{resource="memory"})'
)
FIRST_TOKEN = (
    "histogram_quantile(0.95, sum by (le) "
    f"(rate(litellm_llm_api_time_to_first_token_metric_bucket[{WINDOW}])))"
)
ERRORS = (
    f"sum(rate(litellm_proxy_failed_requests_metric_total[{WINDOW}])) "
    f"/ sum(rate(litellm_proxy_total_requests_metric_total[{WINDOW}]))"
)
# A router before the engines exports their names again, without a model's.
WAITING = 'sum(vllm:num_requests_waiting{model_name!=""})'
GPU = "avg by (Hostname, gpu) (DCGM_FI_DEV_GPU_UTIL) / 100"


def _table(
    metric: str, subject: str, query: str, component: str, exporter: str, *, scales: bool = True
) -> Trigger:
    row = _ROWS[metric]
    return Trigger(
        id=f"001-{subject}",
        subject=subject,
        metric=row.metric,
        warning=row.warning,
        critical=row.critical,
        unit=row.unit,
        query=query,
        component=component,
        action=row.action,
        scales=scales,
        source=SOURCE,
        section=row.section,
        exporter=exporter,
    )


def _osmen(
    subject: str, metric: str, warning: float | None, unit: Unit, query: str, exporter: str
) -> Trigger:
    return Trigger(
        id=f"003-{subject}",
        subject=subject,
        metric=metric,
        warning=warning,
        critical=None,
        unit=unit,
        query=query,
        component=osmen_settings.GATEWAY_DEPLOYMENT.name,
        action="Scale up",
        scales=True,
        source=osmen.SOURCE,
        section="Vertical Scaling",
        exporter=exporter,
    )


_ROWS: Mapping[str, ScalingTrigger] = MappingProxyType(
    {row.metric: row for row in SCALING_TRIGGERS}
)

TABLE = (
    _table("CPU utilization", "cpu", CPU_OF_REQUEST, "services", "kubernetes-metrics"),
    _table("Memory utilization", "memory", MEMORY_OF_LIMIT, "services", "kubernetes-metrics"),
    # An answer of 500 tokens takes longer than both lines: read as the time to its first token.
    _table("Request latency (P95)", "latency", FIRST_TOKEN, "litellm", "litellm-metrics"),
    _table("Error rate", "errors", ERRORS, "litellm", "litellm-metrics", scales=False),
    _table("Queue depth", "queue", WAITING, "vllm-engine", "vllm-metrics"),
    _table("GPU utilization", "gpu", GPU, "vllm-engine", "dcgm-exporter", scales=False),
)
"""Table 5.2, in its order."""

OSMEN = (
    _osmen(
        "cpu",
        osmen_settings.SCALE_UP_CPU.written,
        lowest(osmen_settings.SCALE_UP_CPU),
        Unit.PERCENT,
        CPU_OF_REQUEST,
        "kubernetes-metrics",
    ),
    _osmen(
        "memory",
        osmen_settings.SCALE_UP_MEMORY.written,
        lowest(osmen_settings.SCALE_UP_MEMORY),
        Unit.PERCENT,
        MEMORY_OF_LIMIT,
        "kubernetes-metrics",
    ),
    _osmen(
        "latency",
        osmen_settings.SCALE_UP_RESPONSE.written,
        None,
        Unit.SECONDS,
        f'max({osmen_settings.METRIC_SAMPLES[0].metric}{{quantile="0.95"}})',
        "document-003",
    ),
    _osmen("queue", osmen_settings.SCALE_UP_QUEUE.written, None, Unit.NONE, "", "document-003"),
)
"""Document 003's "When to Scale Up"; it names no metric for its queues."""

STORES = (
    Trigger(
        id="pool-waiting",
        subject="pool",
        metric="Clients waiting for a connection",
        warning=WAITING_CLIENT,
        critical=None,
        unit=Unit.NONE,
        query="sum by (database) (pgbouncer_pools_client_waiting_connections)",
        component="pgbouncer",
        action="Raise the pool, then the database class",
        scales=False,
        source="sizing-decisions",
        section="",
        exporter="pgbouncer-exporter",
    ),
    Trigger(
        id="volume-full",
        subject="volume",
        metric="Volume used",
        warning=1 - VOLUME_FREE[0],
        critical=1 - VOLUME_FREE[1],
        unit=Unit.PERCENT,
        query="1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes",
        component="services",
        action="Enlarge the volume or shorten the retention",
        scales=False,
        source="kubernetes-mixin",
        section="",
        exporter="kubernetes-metrics",
    ),
    Trigger(
        id="cache-memory",
        subject="cache",
        metric=_ROWS["Memory utilization"].metric,
        warning=_ROWS["Memory utilization"].warning,
        critical=_ROWS["Memory utilization"].critical,
        unit=Unit.PERCENT,
        query="max by (instance) (redis_memory_used_bytes / redis_memory_max_bytes)",
        component="caches",
        action=_ROWS["Memory utilization"].action,
        scales=True,
        source=SOURCE,
        section=_ROWS["Memory utilization"].section,
        exporter="redis-exporter",
    ),
)
"""What neither list watches, and memory where it is a store's own."""

TRIGGERS = (*TABLE, *STORES, *OSMEN)


def trigger(trigger_id: str) -> Trigger:
    """Return a trigger.

    Raises:
        KeyError: no such trigger; the message lists those that exist.
    """
    by_id = {one.id: one for one in TRIGGERS}
    if trigger_id not in by_id:
        raise KeyError(f"trigger {trigger_id!r} is unknown; known: {', '.join(by_id)}")
    return by_id[trigger_id]


def ruling(subject: str) -> Trigger:
    """Return the trigger that rules a subject: table 5.2's where it has one.

    Raises:
        KeyError: nothing watches the subject.
    """
    for one in TRIGGERS:
        if one.subject == subject:
            return one
    raise KeyError(f"no trigger watches {subject!r}")
