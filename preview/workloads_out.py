"""What runs in the cluster, as tables: pods on pools, namespaces, models, connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from preview.fullness import fullness
from preview.tables import Section, Table
from preview.words import amount, count, percent
from sizing.units import GIB, format_cpu
from sizing.words import Verdict

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.plans import Finding, ModelPlan, NamespacePlan, NodePoolPlan, PlatformPlan

CONNECTIONS = "connections"
"""Unit of the findings that count connections."""
REVISION_SHOWN = 12
"""Digits of a commit that tell it from its neighbours."""


def sections(sized: Sized) -> tuple[Section, ...]:
    """Return what runs in the cluster; models only where there are any."""
    made = sized.plan
    return (
        pods(made),
        *((models(made.models),) if made.models else ()),
        connections(sized.findings),
        namespaces(made),
    )


def pods(made: PlatformPlan) -> Section:
    """Return each pool's pods, and their requests against what the planned nodes allocate."""
    return Section(
        title="Pods and requests (of what the planned nodes can allocate)",
        table=Table(
            columns=(
                "pool",
                "pods",
                "cpu",
                "memory",
                "gpu",
                "services of the role, planned replicas",
            ),
            rows=tuple(_pool(made, pool) for pool in made.node_pools),
            right=frozenset({"pods", "cpu", "memory", "gpu"}),
        ),
    )


def _pool(made: PlatformPlan, pool: NodePoolPlan) -> tuple[str, ...]:
    nodes, full = pool.scale.planned, fullness(pool)
    cpu = format_cpu(nodes * pool.allocatable_millis)
    memory = nodes * pool.allocatable_bytes / GIB
    gpus = nodes * pool.gpus_per_node
    return (
        pool.name,
        f"{pool.requested_pods:,} of {nodes * pool.max_pods:,}",
        f"{format_cpu(pool.requested_millis)} of {cpu}, {percent(full.cpu)}",
        f"{pool.requested_bytes / GIB:,.1f} of {memory:,.1f} GiB, {percent(full.memory)}",
        f"{pool.requested_gpus} of {gpus}" if gpus else "",
        ", ".join(_on(made, pool)),
    )


def _on(made: PlatformPlan, pool: NodePoolPlan) -> Iterator[str]:
    """Yield the services of a pool; those of its role may run on any pool of that role."""
    for one in made.services:
        if one.pool == pool.name or (not one.pool and one.pool_role == pool.role):
            yield f"{one.name} {one.scale.planned}"


def models(served: Sequence[ModelPlan]) -> Section:
    """Return what engines are told, and which files they load."""
    return Section(
        title="Models (as their engines serve them)",
        table=Table(
            columns=(
                *("model", "gpus", "precision", "cache", "context", "at a time", "gpu memory"),
                *("weights", "checkpoint"),
            ),
            rows=tuple(
                (
                    one.name,
                    str(one.tensor_parallel),
                    f"{one.precision}{', narrowed on loading' * bool(one.quantization)}",
                    one.cache_dtype,
                    f"{one.context_tokens:,}",
                    f"{one.max_sequences:,}",
                    percent(one.gpu_memory_utilisation),
                    f"{one.weight_bytes / GIB:,.1f} GiB" if one.weight_bytes else "unknown",
                    _checkpoint(one),
                )
                for one in served
            ),
            right=frozenset({"gpus", "context", "at a time", "gpu memory", "weights"}),
        ),
    )


def _checkpoint(model: ModelPlan) -> str:
    pinned = f"at {model.revision[:REVISION_SHOWN]}" if model.revision else "not pinned"
    return f"{model.repository} {pinned}{', gated' * model.gated}"


def connections(found: Iterable[Finding]) -> Section:
    """Return every limit of connections with what is opened at most."""
    return Section(
        title="Connections (at most, of what is allowed)",
        table=Table(
            columns=("limit", "open", "allowed", "used", "verdict"),
            rows=tuple(
                (
                    one.id,
                    amount(one.demand),
                    amount(one.capacity),
                    "" if one.utilisation is None else percent(one.utilisation),
                    one.verdict,
                )
                for one in found
                if one.unit == CONNECTIONS and one.verdict is not Verdict.NOT_APPLICABLE
            ),
            right=frozenset({"open", "allowed", "used"}),
        ),
    )


def namespaces(made: PlatformPlan) -> Section:
    """Return each namespace with its quota and what it may do."""
    return Section(
        title="Namespaces (quota: services at their maximum, rollouts and jobs)",
        table=Table(
            columns=("namespace", "pod security", "pods", "cpu", "memory", "gpu", "volumes"),
            rows=tuple(_namespace(one) for one in made.namespaces),
            right=frozenset({"pods", "cpu", "memory", "gpu", "volumes"}),
        ),
        lines=tuple(
            f"{one.name} is {one.pod_security}: {one.reason}"
            for one in made.namespaces
            if one.reason
        ),
    )


def _namespace(one: NamespacePlan) -> tuple[str, ...]:
    return (
        one.name,
        one.pod_security,
        f"{one.pods:,}",
        f"{format_cpu(one.cpu_request_millis)} to {format_cpu(one.cpu_limit_millis)}",
        f"{one.memory_request_bytes / GIB:,.1f} to {one.memory_limit_bytes / GIB:,.1f} GiB",
        str(one.gpus) if one.gpus else "",
        f"{count(one.volumes, 'volume')}, {one.volume_gib:,} GiB" if one.volumes else "",
    )
