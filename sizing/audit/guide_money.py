"""Claims of document 001, 4.1: a month at list price, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_workload import load
from sizing.audit.judge import PRICED, agrees, at_most, of
from sizing.audit.prices import (
    CLASS,
    answers_gib,
    cheapest_cache,
    cheapest_database,
    machines,
    month,
)
from sizing.capacity.constraint import Constraint
from sizing.pricing.ledger import Line
from sizing.tiers import PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import RedisRow
from sizing.words import Tier

COST = Block("001-4.1", "4.1")
USD = "USD a month"


def claims() -> Iterator[Claim]:
    """Return the claims of table 4.1."""
    for tier, tables in TIERS.items():
        named = {line.name: line.monthly.usd for line in tables.cost.lines}
        yield from _machines(tier, tables, named)
        yield from _stores(tier, tables, named)
        yield from _totals(tier, tables, named)


def disks_gb(tables: TierTables) -> int:
    """Return table 3.3's disks of a tier that no managed store brings along."""
    column = tables.storage
    return column.postgres_gb + column.redis_gb + column.prometheus_gb + column.model_cache_gb


def cache_nodes(row: RedisRow) -> int:
    """Return the nodes that a row of table 2.5 names."""
    return row.nodes or row.primaries or 1


def _machines(tier: Tier, tables: TierTables, named: dict[str, int]) -> Iterator[Claim]:
    yield COST.claim(
        f"control-plane-{tier}",
        f"a control plane costs ${named[Line.CONTROL_PLANE]}",
        control_plane,
        usd=named[Line.CONTROL_PLANE],
        clusters=1,
    )
    pools = ((Line.CPU, tables.cluster.cpu_pool), (Line.GPU, tables.cluster.gpu_pool))
    for line, pool in pools:
        yield COST.claim(
            f"{'gpu' if line is Line.GPU else 'cpu'}-nodes-{tier}",
            f"{pool.count} x {pool.instance_type} cost ${named[line]:,}",
            pool_cost,
            usd=named[line],
            nodes=pool.count,
            instance_type=pool.instance_type,
        )


def control_plane(*, usd: float, clusters: float) -> Recomputed:
    """Compare a line with the list price of EKS control planes."""
    each = month("eks.control_plane.standard.hour")
    return agrees(
        usd,
        None if each is None else clusters * each,
        unit=USD,
        formula="clusters x 0.10 USD x 730 h; the number of its nodes is the vendor's",
    )


def pool_cost(*, usd: float, nodes: float, instance_type: str) -> Recomputed:
    """Compare a line with the list price of its machines."""
    return agrees(
        usd,
        machines(instance_type, nodes),
        unit=USD,
        formula="nodes x USD an hour on demand x 730",
        tolerance=PRICED.value,
    )


def _stores(tier: Tier, tables: TierTables, named: dict[str, int]) -> Iterator[Claim]:
    database, cache = tables.postgres, tables.redis
    yield COST.claim(
        f"postgres-{tier}",
        f"{database.nodes} x {database.vcpu} vCPU, {database.memory_gb} GB cost "
        f"${named[Line.POSTGRES]:,}",
        database_cost,
        usd=named[Line.POSTGRES],
        nodes=database.nodes,
        vcpu=database.vcpu,
        memory_gb=database.memory_gb,
        storage_gb=database.storage_gb,
    )
    shared = {"usd": named[Line.CACHE], "memory_gb": cache.memory_gb}
    yield COST.claim(
        f"redis-{tier}",
        f"{cache_nodes(cache)} x {cache.memory_gb} GB cost ${named[Line.CACHE]:,}",
        cache_cost,
        **shared,
        nodes=cache_nodes(cache),
    )
    if cache.nodes is None and cache.primaries:
        yield COST.claim(
            f"redis-replicas-{tier}",
            f"{cache.primaries} x 2 x {cache.memory_gb} GB, one replica each, cost "
            f"${named[Line.CACHE]:,}",
            cache_cost,
            **shared,
            nodes=cache.primaries + cache.primaries,
        )
    yield COST.claim(
        f"disks-{tier}",
        f"{disks_gb(tables):,} GB of table 3.3 cost ${named[Line.EBS]:,}",
        disk_cost,
        usd=named[Line.EBS],
        disk_gb=disks_gb(tables),
    )
    rates = tables.profile.requests_per_second
    yield COST.claim(
        f"transfer-{tier}",
        f"answers to {rates.high or rates.low:g} requests/s at peak cost "
        f"${named[Line.TRANSFER]:,} to send",
        transfer_cost,
        usd=named[Line.TRANSFER],
        requests_per_second=rates.high or rates.low,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
        streaming_share=PLANNING_FACTORS.streaming_share.planned,
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
    )


def _budget(listed: float | None, usd: float, formula: str) -> Recomputed:
    """Judge a line that names no machine: enough for the cheapest that is as large, or not."""
    found = at_most(
        listed,
        usd * (1 + PRICED.value),
        unit=USD,
        formula=f"{formula} <= the line + 15 %",
        measure="no list price is known",
    )
    return replace(found, documented=usd)


def database_cost(
    *, usd: float, nodes: float, vcpu: float, memory_gb: float, storage_gb: float
) -> Recomputed:
    """Compare a line with the cheapest classes that are as large, and their storage."""
    return _budget(
        cheapest_database(nodes, vcpu, memory_gb, storage_gb),
        usd,
        "nodes x (cheapest class of that vCPU and memory x 730 h + GB of gp3)",
    )


def cache_cost(*, usd: float, memory_gb: float, nodes: float) -> Recomputed:
    """Compare a line with the cheapest cache nodes that are as large."""
    return _budget(
        cheapest_cache(nodes, memory_gb), usd, f"nodes x cheapest {CLASS} of that memory x 730 h"
    )


def disk_cost(*, usd: float, disk_gb: float) -> Recomputed:
    """Compare a line with the list price of gp3 for all disks of table 3.3."""
    each = month("ebs.gp3.gib_month", hourly=False)
    return _budget(None if each is None else disk_gb * each, usd, "GB of table 3.3 x USD of gp3")


def transfer_cost(
    *,
    usd: float,
    requests_per_second: float,
    output_tokens: float,
    streaming_share: float,
    peak_factor: float,
) -> Recomputed:
    """Compare a line with what answers cost on their way to the internet, at the average rate."""
    found = load(
        requests_per_second_peak=requests_per_second,
        output_tokens=output_tokens,
        streaming_share=streaming_share,
        peak_factor=peak_factor,
    )
    each = month("transfer.internet.gib.first_10tb", hourly=False)
    least, likely = answers_gib(found)
    return of(
        Constraint(
            name="transfer",
            unit=USD,
            demand=None if each is None else likely * each,
            conservative=usd,
            physical=usd * likely / least if least else usd,
            hard=True,
            formula="average requests/s x 86,400 x 30 x bytes of an answer x USD a GiB <= the "
            "line; at most the same with the bare text",
            source="sizing-decisions",
            assumption="a streamed token is 300 bytes on the wire",
            measure="read the bytes that leave the load balancer",
        )
    )


def _totals(tier: Tier, tables: TierTables, named: dict[str, int]) -> Iterator[Claim]:
    lines = {f"line_{place}": float(usd) for place, usd in enumerate(named.values(), start=1)}
    total = tables.cost.total.usd
    yield COST.claim(
        f"sum-{tier}", f"the lines add up to ${total:,}", column_sum, total=total, **lines
    )
    cpu, gpu, database = tables.cluster.cpu_pool, tables.cluster.gpu_pool, tables.postgres
    yield COST.claim(
        f"total-{tier}",
        f"a month costs ${total:,} at list price",
        list_total,
        total=total,
        cpu_nodes=cpu.count,
        cpu_type=cpu.instance_type,
        gpu_nodes=gpu.count,
        gpu_type=gpu.instance_type,
        database_nodes=database.nodes,
        vcpu=database.vcpu,
        memory_gb=database.memory_gb,
        storage_gb=database.storage_gb,
        cache_count=cache_nodes(tables.redis),
        cache_gb=tables.redis.memory_gb,
        disk_gb=disks_gb(tables),
        transfer_usd=named[Line.TRANSFER],
    )


def column_sum(*, total: float, **lines: float) -> Recomputed:
    """Compare a column's total with the sum of its lines."""
    return agrees(total, sum(lines.values()), unit=USD, formula="sum of the column's lines")


def list_total(
    *,
    total: float,
    cpu_nodes: float,
    cpu_type: str,
    gpu_nodes: float,
    gpu_type: str,
    database_nodes: float,
    vcpu: float,
    memory_gb: float,
    storage_gb: float,
    cache_count: float,
    cache_gb: float,
    disk_gb: float,
    transfer_usd: float,
) -> Recomputed:
    """Compare a column's total with the same things at list price, transfer as it is stated."""
    parts = (
        month("eks.control_plane.standard.hour"),
        machines(cpu_type, cpu_nodes),
        machines(gpu_type, gpu_nodes),
        cheapest_database(database_nodes, vcpu, memory_gb, storage_gb),
        cheapest_cache(cache_count, cache_gb),
        disk_gb * (month("ebs.gp3.gib_month", hourly=False) or 0),
        transfer_usd,
    )
    known = [part for part in parts if part is not None]
    return agrees(
        total,
        sum(known) if len(known) == len(parts) else None,
        unit=USD,
        formula="every line at list price, one control plane, transfer as stated",
        missing="a list price is unknown",
    )
