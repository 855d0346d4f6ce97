"""Claims of document 001, 2.6 to 3.3 and 5.2: Vault, observability, nodes, network, triggers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sizing.audit.claim import Block, Claim, Input, Recomputed
from sizing.audit.guide_proxies import documented_millis
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, at_most, of
from sizing.capacity import network, traces, vault
from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.reserve import room
from sizing.tiers import PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import VaultRow
from sizing.tiers.vocabulary import VaultTopology
from sizing.units import GIB, MBPS_PER_GBPS, MILLIS_PER_CPU
from sizing.words import Cloud, Tier, Verdict
from sizing.workload import Workload

VAULT = Block("001-2.6", "2.6")
WATCH = Block("001-2.7", "2.7")
CLUSTER = Block("001-3.1", "3.1")
NETWORK = Block("001-3.2", "3.2")


def claims() -> Iterator[Claim]:
    """Return the claims of the platform around gateways and stores."""
    for tier, tables in TIERS.items():
        yield from _vault(tier, tables.vault)
        yield from _watch(tier, tables)
        yield from _nodes(tier, tables)
        yield from _network(tier, tables)


def _vault(tier: Tier, row: VaultRow) -> Iterator[Claim]:
    yield VAULT.claim(
        f"kept-{tier}",
        f"{row.topology.value} keeps {row.storage_gb} GB",
        kept,
        topology=row.topology.value,
        storage_gb=row.storage_gb,
    )
    yield VAULT.claim(
        f"cpu-{tier}",
        f"a node has {row.cpu_millis / MILLIS_PER_CPU:g} vCPU",
        vault_cpu,
        cpu_millis=row.cpu_millis,
    )
    yield VAULT.claim(
        f"memory-{tier}",
        f"a node has {row.memory_bytes / GIB:g} GiB",
        vault_memory,
        memory_bytes=row.memory_bytes,
    )
    yield VAULT.claim(
        f"disk-{tier}", f"a node has {row.storage_gb} GB", vault_disk, storage_gb=row.storage_gb
    )
    yield VAULT.claim(
        f"zone-lost-{tier}",
        f"{row.topology.value} with {row.nodes or 'no stated number of'} nodes loses a zone",
        zone_lost,
        nodes=row.nodes,
        zones=vault.ZONES,
    )


def _row(**stated: Any) -> VaultRow:  # noqa: ANN401  # fields of several types
    return replace(TIERS[Tier.SMALL].vault, **stated)


def kept(*, topology: str, storage_gb: float) -> Recomputed:
    """Compare a row's storage with what its form of Vault keeps."""
    row = _row(topology=VaultTopology(topology), storage_gb=storage_gb)
    return of(vault.keeps(row), Said.DEMAND)


def vault_cpu(*, cpu_millis: float) -> Recomputed:
    """Compare a node's CPU with the validated design's."""
    return of(vault.processor(_row(cpu_millis=cpu_millis)))


def vault_memory(*, memory_bytes: float) -> Recomputed:
    """Compare a node's memory with the validated design's."""
    return of(vault.memory(_row(memory_bytes=memory_bytes)))


def vault_disk(*, storage_gb: float) -> Recomputed:
    """Compare a node's disk with the validated design's."""
    return of(vault.disk(_row(storage_gb=storage_gb)))


def zone_lost(*, nodes: float | None, zones: float) -> Recomputed:
    """Compare the nodes of the fullest zone with those that a majority can lose."""
    if nodes is None:
        return at_most(
            None,
            None,
            unit="nodes lost",
            formula="nodes of the fullest zone <= nodes - majority",
            measure="state how many nodes there are",
        )
    return of(vault.zone_loss(max(1, round(nodes)), zones=max(1, round(zones))))


def _watch(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    cell, rates = tables.otel_collector, tables.profile.requests_per_second
    top = rates.high or rates.low
    yield WATCH.claim(
        f"collectors-{tier}",
        f"{cell.replicas} collectors of {cell.cpu_millis / MILLIS_PER_CPU:g} vCPU take the traces",
        collectors,
        replicas=cell.replicas,
        cpu_millis=cell.cpu_millis,
        requests_per_second=top,
        spans_per_request=None,
    )
    size = tables.prometheus
    yield WATCH.claim(
        f"prometheus-unit-{tier}",
        "Prometheus has CPU in Gi"
        if size.memory_request_bytes
        else f"Prometheus is {size.form.value}",
        prometheus_unit,
        first=size.memory_request_bytes,
        second=size.memory_limit_bytes,
        instance_type=tables.cluster.cpu_pool.instance_type,
    )


def collectors(
    *,
    replicas: float,
    cpu_millis: float,
    requests_per_second: float,
    spans_per_request: float | None,
) -> Recomputed:
    """Compare the spans at peak with what collectors take, which decide what is kept."""
    return of(
        traces.ingest(
            load(requests_per_second_peak=requests_per_second),
            collectors=round(replicas),
            cpu_millis=round(cpu_millis),
            spans_per_request=spans_per_request,
        )
    )


def prometheus_unit(*, first: float | None, second: float | None, instance_type: str) -> Recomputed:
    """Judge "1Gi/4Gi": as CPU it needs more cores than the node has, as memory it may fit."""
    node = instance(Cloud.AWS, instance_type)
    as_memory = at_most(
        first,
        None if second is None else min(second, node.memory_bytes),
        unit="bytes",
        formula="the first figure as a number of vCPU <= vCPU of the node; else as memory <= "
        "the second one",
        said=Said.DEMAND,
        measure="state size and number of the servers",
    )
    if first is None or as_memory.verdict is not Verdict.HOLDS:
        return as_memory
    plain = first <= node.vcpu
    note = "" if plain else "a number of cores that no node has; as memory request it fits"
    return replace(as_memory, verdict=Verdict.HOLDS if plain else Verdict.UNPROVEN, note=note)


def _nodes(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    pool, row = tables.cluster.cpu_pool, tables.litellm
    requested = documented_millis(tables) + row.replicas.value * row.cpu_request_millis
    shared: dict[str, Input] = {"requested_millis": requested, "instance_type": pool.instance_type}
    said = f"{pool.count} x {pool.instance_type}"
    yield CLUSTER.claim(
        f"pods-{tier}", f"{said} run chapter 2's pods", pods_fit, **shared, nodes=pool.count
    )
    yield CLUSTER.claim(
        f"pods-node-lost-{tier}",
        f"{said} run chapter 2's pods with one lost",
        pods_fit_without_one,
        **shared,
        nodes=pool.count,
    )


def pods_fit(*, requested_millis: float, nodes: float, instance_type: str) -> Recomputed:
    """Compare the CPU requests of chapter 2 with the nodes."""
    each = room(instance(Cloud.AWS, instance_type)).millis
    return at_most(
        requested_millis / MILLIS_PER_CPU,
        nodes * each / MILLIS_PER_CPU,
        unit="vCPU",
        formula="sum of replicas x CPU request <= nodes x (allocatable - DaemonSets)",
    )


def pods_fit_without_one(
    *, requested_millis: float, nodes: float, instance_type: str
) -> Recomputed:
    """Compare the CPU requests of chapter 2 with the nodes, one of them lost."""
    return pods_fit(requested_millis=requested_millis, nodes=nodes - 1, instance_type=instance_type)


def _network(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    row, rates = tables.network, tables.profile.requests_per_second
    shared = {
        "requests_per_second": rates.high or rates.low,
        "input_tokens": PLANNING_FACTORS.input_tokens.planned,
        "output_tokens": PLANNING_FACTORS.output_tokens.planned,
        "streaming_share": PLANNING_FACTORS.streaming_share.planned,
    }
    judged: tuple[tuple[str, int, Callable[[Workload, float], Constraint], float], ...] = (
        ("ingress", row.ingress_mbps, network.ingress, 1),
        ("internal", row.internal_mbps, network.internal, MBPS_PER_GBPS),
    )
    for words, mbps, judge, mbps_of_unit in judged:
        yield NETWORK.claim(
            f"{words}-{tier}",
            f"{mbps:,} Mbps carry {shared['requests_per_second']:g} requests/s",
            partial(bandwidth, judge, mbps_of_unit),
            mbps=mbps,
            **shared,
        )


def bandwidth(
    judge: Callable[[Workload, float], Constraint],
    mbps_of_unit: float,
    /,
    *,
    mbps: float,
    requests_per_second: float,
    input_tokens: float,
    output_tokens: float,
    streaming_share: float,
) -> Recomputed:
    """Compare prompts and answers with a bandwidth, in the unit of the model that judges it."""
    found = load(
        requests_per_second_peak=requests_per_second,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        streaming_share=streaming_share,
    )
    return of(judge(found, mbps / mbps_of_unit))
