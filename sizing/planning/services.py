"""The workloads in the cluster: replicas, requests, limits and the pool each runs on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.notes import share_note
from sizing.planning.readings import engines, readings
from sizing.planning.sizes import Size
from sizing.plans import Adjustment, Scale, ServicePlan
from sizing.tiers import HPA, VLLM_STACK
from sizing.tiers.schema import ReplicasCell, ServiceRow
from sizing.tiers.vocabulary import JaegerForm, PrometheusForm

ENGINE = "vllm-engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A service in prod: what the tables say of it, before the environment's share.

    Attributes:
        minimum: documented replicas; `planned` where the peak needs another number.
        maximum: the autoscaler's ceiling in prod, None where nothing scales it.
        quorum: members vote, their number stays odd.
    """

    name: str
    pool_role: str
    minimum: int
    size: Size
    reason: str
    planned: int | None = None
    maximum: int | None = None
    gpus: int = 0
    volume_gib: int = 0
    quorum: bool = False


def services(setting: Setting) -> tuple[tuple[ServicePlan, ...], tuple[Adjustment, ...]]:
    """Return every in-cluster workload, by name, and how they differ from document 001."""
    wanted = (
        *_gateways(setting),
        *_serving(setting),
        *_data(setting),
        *_observability(setting),
        _controllers(setting),
    )
    plans = tuple(_plan(setting, one) for one in sorted(wanted, key=lambda one: one.name))
    notes = [*readings(setting)]
    for one, plan in zip(sorted(wanted, key=lambda one: one.name), plans, strict=True):
        documented = one.minimum if one.planned is None else one.planned
        notes += share_note(
            setting, f"services.{plan.name}.scale.planned", documented, plan.scale.planned
        )
    return plans, tuple(notes)


def _plan(setting: Setting, one: Wanted) -> ServicePlan:
    planned = setting.count(one.minimum if one.planned is None else one.planned, quorum=one.quorum)
    # GPU pods start in minutes: what the peak needs must stand before it comes.
    minimum = planned if one.gpus else min(planned, setting.count(one.minimum, quorum=one.quorum))
    return ServicePlan(
        name=one.name,
        pool_role=one.pool_role,
        scale=Scale(
            minimum=minimum, planned=planned, maximum=_maximum(setting, one, minimum, planned)
        ),
        cpu_request_millis=one.size.cpu_millis,
        cpu_limit_millis=one.size.cpu_limit_millis,
        memory_request_bytes=one.size.memory_bytes,
        memory_limit_bytes=one.size.memory_limit_bytes,
        gpus=one.gpus,
        volume_gib=setting.quantity(one.volume_gib) if one.volume_gib else 0,
        autoscaled=one.maximum is not None,
        reason=one.reason,
    )


def _maximum(setting: Setting, one: Wanted, minimum: int, planned: int) -> int:
    """Return the ceiling: four times the minimum or the plan and its surge, whichever is more."""
    if one.maximum is None:
        return planned
    if not setting.proven:
        return max(planned, setting.count(one.maximum))
    floor = setting.count(one.minimum) if one.gpus else minimum
    # GPU pools roll without surge (cloud rule 14), so an engine's rollout adds none.
    surge = 0 if one.gpus else ceil(planned * sizes.ROLLOUT_SURGE.value)
    return max(HPA.maximum_over_minimum * floor, planned + surge)


def _row_size(row: ServiceRow) -> Size:
    return Size(
        cpu_millis=row.cpu_request_millis,
        cpu_limit_millis=row.cpu_limit_millis,
        memory_bytes=row.memory_request_bytes,
        memory_limit_bytes=row.memory_limit_bytes,
    )


def _cell_size(cpu_millis: int, memory_bytes: int) -> Size:
    """Read a cell with one figure each as request and limit: nothing is promised beyond it."""
    return Size(
        cpu_millis=cpu_millis,
        cpu_limit_millis=cpu_millis,
        memory_bytes=memory_bytes,
        memory_limit_bytes=memory_bytes,
    )


def _gateways(setting: Setting) -> tuple[Wanted, ...]:
    tables = setting.tables
    return (
        Wanted(
            name="agent-gateway",
            pool_role="general",
            minimum=tables.agent_gateway.replicas.value,
            maximum=HPA.maximum_over_minimum * tables.agent_gateway.replicas.value,
            size=_row_size(tables.agent_gateway),
            reason="table 2.2",
        ),
        Wanted(
            name="litellm",
            pool_role="general",
            minimum=tables.litellm.replicas.value,
            maximum=HPA.maximum,
            size=_row_size(tables.litellm),
            reason="table 2.1 and its autoscaler block",
        ),
        Wanted(
            name="pgbouncer",
            pool_role="general",
            minimum=sizes.PGBOUNCER_REPLICAS,
            size=sizes.PGBOUNCER,
            reason="connection pool of chapter 2.4; two, so that one may be lost",
        ),
    )


def _serving(setting: Setting) -> tuple[Wanted, ...]:
    requests, limits = VLLM_STACK.requests, VLLM_STACK.limits
    return (
        Wanted(
            name=ENGINE,
            pool_role="gpu",
            minimum=VLLM_STACK.engine_minimum,
            planned=engines(setting),
            maximum=VLLM_STACK.engine_maximum,
            size=Size(
                cpu_millis=requests.cpu_millis,
                cpu_limit_millis=limits.cpu_millis,
                memory_bytes=requests.memory_bytes,
                memory_limit_bytes=limits.memory_bytes,
            ),
            gpus=requests.gpus,
            reason="block of chapter 2.3; an engine on every GPU of table 3.1",
        ),
        Wanted(
            name="vllm-router",
            pool_role="general",
            minimum=VLLM_STACK.router_replicas,
            size=sizes.ROUTER,
            reason="block of chapter 2.3; its requests are assumed",
        ),
    )


def _data(setting: Setting) -> tuple[Wanted, ...]:
    vault = setting.tables.vault
    return (
        Wanted(
            name="qdrant",
            pool_role="data",
            minimum=sizes.QDRANT_REPLICAS,
            size=sizes.QDRANT,
            volume_gib=sizes.QDRANT_VOLUME_GIB,
            quorum=True,
            reason="vector database of documents 000 and 003; three members vote",
        ),
        Wanted(
            name="vault",
            pool_role="data",
            minimum=vault.nodes or sizes.VAULT_HA_DR_NODES,
            size=_cell_size(vault.cpu_millis, vault.memory_bytes),
            volume_gib=vault.storage_gb,
            quorum=True,
            reason="table 2.6",
        ),
    )


def _observability(setting: Setting) -> tuple[Wanted, ...]:
    tables = setting.tables
    return (
        _cell("grafana", tables.grafana),
        _cell("otel-collector", tables.otel_collector),
        *_prometheus(setting),
        *_jaeger(tables.jaeger.form),
    )


def _cell(name: str, cell: ReplicasCell) -> Wanted:
    return Wanted(
        name=name,
        pool_role="general",
        minimum=cell.replicas,
        size=_cell_size(cell.cpu_millis, cell.memory_bytes),
        reason="table 2.7",
    )


def _prometheus(setting: Setting) -> tuple[Wanted, ...]:
    cell = setting.tables.prometheus
    server = Wanted(
        name="prometheus",
        pool_role="data",
        minimum=cell.replicas or sizes.PROMETHEUS_HA_REPLICAS,
        size=sizes.PROMETHEUS_HA,
        volume_gib=setting.tables.storage.prometheus_gb,
        reason="tables 2.7 and 3.3",
    )
    if cell.form is PrometheusForm.HA_THANOS:
        thanos = Wanted(
            name="thanos",
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


def _jaeger(form: JaegerForm) -> tuple[Wanted, ...]:
    if form in (JaegerForm.SINGLE, JaegerForm.ALL_IN_ONE):
        one = Wanted(
            name="jaeger",
            pool_role="general",
            minimum=1,
            size=sizes.JAEGER_SINGLE,
            reason=f'"{form}" of table 2.7: one process, traces in OpenSearch',
        )
        return (one,)
    parts = (("jaeger-collector", sizes.JAEGER_COLLECTOR), ("jaeger-query", sizes.JAEGER_QUERY))
    return tuple(
        Wanted(
            name=name,
            pool_role="general",
            minimum=sizes.JAEGER_REPLICAS,
            size=size,
            reason=f'"{form}" of table 2.7: collectors and queries apart, traces in OpenSearch',
        )
        for name, size in parts
    )


def _controllers(setting: Setting) -> Wanted:
    return Wanted(
        name="controllers",
        pool_role="system",
        minimum=sizes.CONTROLLER_REPLICAS,
        size=sizes.CONTROLLERS[setting.request.tier],
        reason="all controllers of the cluster together, assumed",
    )
