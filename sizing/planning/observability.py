"""What measures the platform: Prometheus, Thanos behind it, Alertmanager, and what speaks for
programs that have no metrics of their own.

The documented servers and sizes are the floor; a volume is raised to what the series fill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sizing.capacity import prometheus
from sizing.planning import sizes
from sizing.planning.connections import GRAFANA
from sizing.planning.environment import Setting
from sizing.planning.needs import whole_gib
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.tracing import sets_search_up, tracing
from sizing.planning.volumes import volume_note
from sizing.planning.wanted import Wanted, cell_size
from sizing.plans import Adjustment, NodePoolPlan
from sizing.tiers.vocabulary import PrometheusForm
from sizing.words import Direction

PROMETHEUS = "prometheus"
THANOS_QUERY = "thanos-query"
THANOS_STORE = "thanos-store"
THANOS_COMPACT = "thanos-compact"
THANOS = (THANOS_QUERY, THANOS_STORE, THANOS_COMPACT)
"""What stands behind the servers where metrics are kept in objects."""
THANOS_SIDECAR = "thanos-sidecar"
ALERTMANAGER = "alertmanager"
KUBE_STATE = "kube-state-metrics"
NODE_EXPORTER = "node-exporter"
POSTGRES_EXPORTER = "postgres-exporter"
PGBOUNCER_EXPORTER = "pgbouncer-exporter"
REDIS_EXPORTER = "redis-exporter"
SEARCH_EXPORTER = "opensearch-exporter"
BLACKBOX_EXPORTER = "blackbox-exporter"
METRICS_DAYS = 365  # a year of metrics in objects. Source: sizing-decisions.
# "2 times 2 weeks worth of smaller blocks": those it reads and the one that it writes.
# Source: thanos-compact, 2026-08-22.
COMPACTED_DAYS = 14
COMPACTED_COPIES = 2


def observability(setting: Setting, proxies: int) -> tuple[Wanted, ...]:
    """Return what measures, alerts, shows and traces.

    Args:
        setting: the request's setting.
        proxies: proxies at the autoscaler's maximum; each exports time series of its own.
    """
    return (
        *_prometheus(setting, proxies),
        *_alertmanager(setting),
        *_exporters(setting),
        *_grafana(setting),
        *tracing(setting),
    )


def key_labels(setting: Setting, proxies: int) -> bool:
    """Say whether metrics carry a key's label: as long as the documented sizes hold them.

    Without it, usage per key is read from the spend log.
    """
    if not setting.proven:
        return True
    found = prometheus.series(setting.load, replicas=proxies)
    gib = setting.quantity(setting.tables.storage.prometheus_gb)
    kept = prometheus.disk_bytes(found.most, retention_days=prometheus.RETENTION_DAYS.value)
    if not has_objects(setting):
        return whole_gib(kept) <= gib
    objects = prometheus.object_bytes(
        found, servers=sizes.PROMETHEUS_HA_REPLICAS, retention_days=METRICS_DAYS
    )
    return whole_gib(max(kept, objects)) <= gib


def kept_series(setting: Setting, proxies: int) -> prometheus.Series:
    """Return the time series alive at once, with the labels that are kept."""
    labelled = key_labels(setting, proxies)
    return prometheus.series(setting.load, replicas=proxies, per_key=labelled)


def has_objects(setting: Setting) -> bool:
    """Say whether metrics are kept in object storage, by Thanos."""
    return setting.tables.prometheus.form is PrometheusForm.HA_THANOS


def node_exporters(pools: Iterable[NodePoolPlan]) -> int:
    """Return the nodes that are measured: all of every pool at its maximum."""
    return sum(pool.scale.maximum for pool in pools)


def _prometheus(setting: Setting, proxies: int) -> tuple[Wanted, ...]:
    cell = setting.tables.prometheus
    asked = Wanted(
        name=PROMETHEUS,
        pool_role="data",
        minimum=cell.replicas or sizes.PROMETHEUS_HA_REPLICAS,
        size=sizes.PROMETHEUS_HA,
        volume_gib=setting.tables.storage.prometheus_gb,
        reason="tables 2.7 and 3.3",
    )
    server = _stored(setting, asked, proxies)
    if has_objects(setting):
        return (server, *_thanos(setting, proxies))
    cpu = int(sizes.PROMETHEUS_CPU)
    size = Size(
        cpu_millis=cpu,
        cpu_limit_millis=cpu + cpu,
        memory_bytes=cell.memory_request_bytes or 0,
        memory_limit_bytes=cell.memory_limit_bytes or 0,
    )
    return (replace(server, size=size),)


def _stored(setting: Setting, asked: Wanted, proxies: int) -> Wanted:
    """Return the server with the volume that its series fill, and what labels they have."""
    if not setting.proven:
        return asked
    labels = () if key_labels(setting, proxies) else (_label_note(setting, proxies),)
    found = prometheus.series(setting.load, replicas=proxies, per_key=False)
    gib = whole_gib(
        prometheus.disk_bytes(found.most, retention_days=prometheus.RETENTION_DAYS.value)
    )
    raised = volume_note(setting, asked, gib, "series-kept", "days of every time series")
    return replace(asked, volume_needed_gib=gib, notes=(*labels, *raised))


def _label_note(setting: Setting, proxies: int) -> Adjustment:
    load = setting.load
    most = prometheus.series(load, replicas=proxies).most
    return note(
        f"services.{PROMETHEUS}.labels",
        "key and model",
        "model",
        direction=Direction.REPLACED,
        rule="metrics-without-keys",
        reason=f"{load.keys:,} keys x {load.model_names} models on {proxies} replicas are up to "
        f"{most:,.0f} series, more than the volume keeps; usage per key is in the spend log",
    )


def _thanos(setting: Setting, proxies: int) -> tuple[Wanted, ...]:
    """Return what answers from objects and keeps them in order; one compactor and no second."""
    series = kept_series(setting, proxies).most
    worked = prometheus.disk_bytes(series, retention_days=COMPACTED_DAYS) * COMPACTED_COPIES
    query = Wanted(
        name=THANOS_QUERY,
        pool_role="general",
        minimum=sizes.THANOS_QUERY_REPLICAS,
        size=sizes.THANOS_QUERY,
        reason='"HA + Thanos" of table 2.7: asks both servers and the objects; requests assumed',
    )
    store = Wanted(
        name=THANOS_STORE,
        pool_role="data",
        minimum=sizes.THANOS_STORE_REPLICAS,
        size=sizes.THANOS_STORE,
        volume_gib=sizes.THANOS_STORE_GIB,
        reason='"HA + Thanos" of table 2.7: answers from objects; requests are assumed',
    )
    compact = Wanted(
        name=THANOS_COMPACT,
        pool_role="data",
        minimum=1,
        size=sizes.THANOS_COMPACT,
        volume_gib=sizes.THANOS_COMPACT_GIB,
        volume_needed_gib=whole_gib(worked) if setting.proven else 0,
        reason='"HA + Thanos" of table 2.7: merges blocks, thins them out and lets old ones go; '
        "two would corrupt each other's",
    )
    return (query, store, compact)


def _alertmanager(setting: Setting) -> tuple[Wanted, ...]:
    if not setting.request.switches.alerts:
        return ()
    servers = setting.tables.prometheus.replicas or sizes.PROMETHEUS_HA_REPLICAS
    return (
        Wanted(
            name=ALERTMANAGER,
            pool_role="data",
            # where a server may be lost, who tells of it may be, too
            minimum=min(servers, sizes.ALERTMANAGER_REPLICAS),
            tabled=False,
            size=sizes.ALERTMANAGER,
            volume_gib=sizes.ALERTMANAGER_GIB,
            reason="alerts of table 5.2, told once however many servers raise them",
        ),
    )


def _grafana(setting: Setting) -> tuple[Wanted, ...]:
    cell = setting.tables.grafana
    if not setting.request.switches.grafana:
        return ()
    return (
        Wanted(
            name=GRAFANA,
            pool_role="general",
            minimum=cell.replicas,
            size=cell_size(cell.cpu_millis, cell.memory_bytes),
            reason="table 2.7",
        ),
    )


def _exporters(setting: Setting) -> tuple[Wanted, ...]:
    """Return one of each: while it is away a measurement is missing, and no request."""
    # a server that is the host's, its host measures
    own = [POSTGRES_EXPORTER] if setting.request.switches.own_stores else []
    names = [*own, REDIS_EXPORTER]
    # the search engine answers those alone whom a job has let in
    if sets_search_up(setting):
        names.append(SEARCH_EXPORTER)
    # what it measures is of use to alerts alone: when certificates end
    if setting.request.switches.alerts:
        names.append(BLACKBOX_EXPORTER)
    found = [
        Wanted(
            name=name,
            pool_role="general",
            minimum=1,
            tabled=False,
            size=sizes.EXPORTER,
            reason="metrics of document 003 for what exports none itself; requests are assumed",
        )
        for name in names
    ]
    state = Wanted(
        name=KUBE_STATE,
        pool_role="general",
        minimum=1,
        tabled=False,
        size=sizes.KUBE_STATE_METRICS,
        reason="states of pods, nodes and claims as metrics; its README's own requests",
    )
    return (*found, state)
