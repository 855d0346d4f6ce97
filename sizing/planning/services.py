"""The workloads in the cluster: replicas, requests, limits and the pool each runs on."""

from __future__ import annotations

from dataclasses import replace

from sizing.planning import sizes
from sizing.planning.engines import GpuPool, engines
from sizing.planning.environment import Setting
from sizing.planning.gateways import gateways
from sizing.planning.readings import readings
from sizing.planning.service_notes import service_notes
from sizing.planning.sizes import Size
from sizing.planning.wanted import Wanted, cell_size
from sizing.plans import Adjustment, ServicePlan
from sizing.tiers import VLLM_STACK
from sizing.tiers.schema import ReplicasCell
from sizing.tiers.vocabulary import JaegerForm, PrometheusForm


def services(
    setting: Setting, gpus: tuple[GpuPool, ...]
) -> tuple[tuple[ServicePlan, ...], tuple[Adjustment, ...]]:
    """Return every in-cluster workload, by name, and how they differ from document 001."""
    wanted = sorted(
        (
            *gateways(setting),
            *engines(gpus),
            _router(),
            *_data(setting),
            *_observability(setting),
            _controllers(setting),
        ),
        key=lambda one: one.name,
    )
    plans = tuple(one.plan(setting) for one in wanted)
    notes = [*readings(setting)]
    for one, plan in zip(wanted, plans, strict=True):
        notes += service_notes(setting, one, plan)
    return plans, tuple(notes)


def _router() -> Wanted:
    return Wanted(
        name="vllm-router",
        pool_role="general",
        minimum=VLLM_STACK.router_replicas,
        size=sizes.ROUTER,
        reason="block of chapter 2.3; its requests are assumed",
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
            size=cell_size(vault.cpu_millis, vault.memory_bytes),
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
        size=cell_size(cell.cpu_millis, cell.memory_bytes),
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
