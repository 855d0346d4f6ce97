"""Workloads in the cluster that keep something: vectors, metrics, traces.

The documented replicas and sizes are the floor. A volume is raised to what the load fills; memory
is raised before the number of members, since more members only vote longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sizing.capacity import prometheus, qdrant
from sizing.catalog import instance, instances, price
from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.machines import documented_machine
from sizing.planning.needs import whole_gib
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.tracing import tracing
from sizing.planning.wanted import Wanted, cell_size
from sizing.plans import Adjustment
from sizing.reserve import room
from sizing.tiers.schema import ReplicasCell
from sizing.tiers.vocabulary import PrometheusForm
from sizing.units import GIB, format_memory
from sizing.words import Cloud, Direction

QDRANT = "qdrant"
PROMETHEUS = "prometheus"
THANOS = "thanos"
VOLUME_PRICE: Mapping[Cloud, str] = MappingProxyType(
    {Cloud.AWS: "ebs.gp3.gib_month", Cloud.GCP: "pd.balanced.gib_month"}
)
METRICS_DAYS = 365  # a year of metrics in objects. Source: sizing-decisions.


def data(setting: Setting) -> tuple[Wanted, ...]:
    """Return the vector database."""
    return (_qdrant(setting),)


def observability(setting: Setting, proxies: int) -> tuple[Wanted, ...]:
    """Return what measures and traces.

    Args:
        setting: the request's setting.
        proxies: proxies at the autoscaler's maximum; each exports time series of its own.
    """
    tables = setting.tables
    return (
        _cell("grafana", tables.grafana),
        *_prometheus(setting, proxies),
        *tracing(setting),
    )


def vector_copies(members: int, zones: int) -> int:
    """Return the members that hold each shard: one more than the fullest zone has."""
    return min(members, -(-members // max(1, min(members, zones))) + 1)


def key_labels(setting: Setting, proxies: int) -> bool:
    """Say whether metrics carry a key's label: as long as the documented sizes hold them.

    Without it, usage per key is read from the spend log.
    """
    if not setting.proven:
        return True
    found = prometheus.series(setting.load, replicas=proxies)
    gib = setting.quantity(setting.tables.storage.prometheus_gb)
    kept = prometheus.disk_bytes(found.most, retention_days=prometheus.RETENTION_DAYS.value)
    if setting.tables.prometheus.form is not PrometheusForm.HA_THANOS:
        return whole_gib(kept) <= gib
    objects = prometheus.object_bytes(
        found, servers=sizes.PROMETHEUS_HA_REPLICAS, retention_days=METRICS_DAYS
    )
    return whole_gib(max(kept, objects)) <= gib


def kept_series(setting: Setting, proxies: int) -> prometheus.Series:
    """Return the time series alive at once, with the labels that are kept."""
    labelled = key_labels(setting, proxies)
    return prometheus.series(setting.load, replicas=proxies, per_key=labelled)


def _qdrant(setting: Setting) -> Wanted:
    asked = Wanted(
        name=QDRANT,
        pool_role="data",
        minimum=sizes.QDRANT_REPLICAS,
        size=sizes.QDRANT,
        volume_gib=sizes.QDRANT_VOLUME_GIB,
        quorum=True,
        reason="vector database of documents 000 and 003; three members vote",
    )
    if not setting.proven:
        return asked
    members = asked.floor(setting)
    copies = vector_copies(members, len(setting.store_zone_ids))
    each = qdrant.stored_bytes(setting.load) * copies / members
    gib = whole_gib(each)
    size = _grown(sizes.QDRANT, min(gib * GIB, _largest_pod_bytes(setting)))
    return replace(
        asked,
        size=size,
        volume_needed_gib=gib,
        notes=(
            *_memory_note(QDRANT, sizes.QDRANT, size, f"{setting.load.vectors:,.0f} vectors"),
            *_volume_note(setting, asked, gib, "vectors-stored", "copies of vectors"),
        ),
    )


def _cell(name: str, cell: ReplicasCell) -> Wanted:
    return Wanted(
        name=name,
        pool_role="general",
        minimum=cell.replicas,
        size=cell_size(cell.cpu_millis, cell.memory_bytes),
        reason="table 2.7",
    )


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
    if cell.form is PrometheusForm.HA_THANOS:
        thanos = Wanted(
            name=THANOS,
            pool_role="general",
            minimum=sizes.THANOS_REPLICAS,
            size=sizes.THANOS,
            reason='"HA + Thanos" of table 2.7; its requests are assumed',
        )
        return (server, thanos)
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
    raised = _volume_note(setting, asked, gib, "series-kept", "days of every time series")
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


def _largest_pod_bytes(setting: Setting) -> int:
    """Return the memory of the largest pod that a node of the data pools can hold."""
    cloud, by_hand = setting.request.cloud, setting.override("data").instance_type
    if by_hand is not None:
        return room(instance(cloud, by_hand)).memory_bytes
    family = documented_machine(setting, "general").family
    return max(room(one).memory_bytes for one in instances(cloud) if one.family == family)


def _grown(size: Size, memory_bytes: int) -> Size:
    """Return a size with at least so much memory, in request and limit alike."""
    return replace(
        size,
        memory_bytes=max(size.memory_bytes, memory_bytes),
        memory_limit_bytes=max(size.memory_limit_bytes, memory_bytes),
    )


def _memory_note(name: str, asked: Size, size: Size, why: str) -> tuple[Adjustment, ...]:
    if size == asked:
        return ()
    return (
        note(
            f"services.{name}.memory_request_bytes",
            format_memory(asked.memory_bytes),
            format_memory(size.memory_bytes),
            direction=Direction.RAISED,
            rule="vectors-in-memory",
            reason=f"{why} stay in memory; the nodes' price is in their pool",
        ),
    )


def _volume_note(
    setting: Setting, asked: Wanted, gib: int, rule: str, why: str
) -> tuple[Adjustment, ...]:
    share = setting.quantity(asked.volume_gib)
    if gib <= share:
        return ()
    figure = price(VOLUME_PRICE[setting.request.cloud], setting.request.region)
    members = asked.planned(setting)
    return (
        note(
            f"services.{asked.name}.volume_gib",
            f"{share} GiB",
            f"{gib} GiB",
            direction=Direction.RAISED,
            rule=rule,
            reason=f"{why} of this load, on each of {members}",
            monthly_usd=None if figure is None else figure.value * (gib - share) * members,
        ),
    )
