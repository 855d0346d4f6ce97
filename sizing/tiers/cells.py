"""Cells of document 001 from typed values, in the spelling of the document."""

from __future__ import annotations

from sizing.tiers.schema import (
    ClusterRow,
    Count,
    Money,
    PostgresRow,
    PrometheusCell,
    RedisRow,
    ReplicasCell,
    Span,
    VaultRow,
)
from sizing.tiers.schema_common import AwsInstanceRow, GcpInstanceRow
from sizing.tiers.vocabulary import PostgresTopology, RedisTopology, Unit
from sizing.units import GB_PER_TB, GIGA, MBPS_PER_GBPS, MEGA, format_cpu, format_memory


def count(value: Count) -> str:
    """Return "10+" or "10"."""
    return f"{value.value}+" if value.open_ended else str(value.value)


def number(value: float, unit: Unit = Unit.NONE) -> str:
    """Return "70%", "3x", "2s" or "1500"; a percentage is given as a share of one."""
    shown = value * 100 if unit is Unit.PERCENT else value
    text = str(int(shown)) if float(shown).is_integer() else f"{shown:g}"
    return f"{text}{unit.value}"


def span(value: Span, unit: Unit = Unit.NONE) -> str:
    """Return "60-80%", "500+" or "< 10"; the unit stands once, at the end."""
    if value.low is None and value.high is None:
        raise ValueError("a span needs an end")
    if value.high is None:
        return f"{number(value.low or 0, unit)}+"
    if value.low is None:
        return f"< {number(value.high, unit)}"
    low = number(value.low, unit).removesuffix(unit.value)
    return f"{low}-{number(value.high, unit)}"


def tokens(value: float) -> str:
    """Return millions and billions as "10M" and "1B"."""
    if value >= GIGA:
        return f"{number(value / GIGA)}B"
    return f"{number(value / MEGA)}M"


def token_span(value: Span) -> str:
    """Return "10M-100M", "1B+" or "< 10M"."""
    if value.low is None and value.high is None:
        raise ValueError("a span needs an end")
    if value.high is None:
        return f"{tokens(value.low or 0)}+"
    if value.low is None:
        return f"< {tokens(value.high)}"
    return f"{tokens(value.low)}-{tokens(value.high)}"


def money(value: Money) -> str:
    """Return "$12,800" or "~$950"."""
    return f"{'~' if value.approximate else ''}${value.usd:,}"


def tight_gb(gigabytes: int) -> str:
    """Return "50GB" or, for whole thousands, "1TB"."""
    return spaced_gb(gigabytes).replace(" ", "")


def spaced_gb(gigabytes: int) -> str:
    """Return "50 GB" or, for whole thousands, "1 TB"."""
    if gigabytes % GB_PER_TB == 0:
        return f"{gigabytes // GB_PER_TB} TB"
    return f"{gigabytes} GB"


def bandwidth(mbps: int) -> str:
    """Return "500 Mbps" or "10 Gbps"."""
    if mbps % MBPS_PER_GBPS == 0:
        return f"{mbps // MBPS_PER_GBPS} Gbps"
    return f"{mbps} Mbps"


def postgres(row: PostgresRow) -> tuple[str, ...]:
    """Return the cells of table 2.4 after the size."""
    topology = row.topology.value
    if row.topology is PostgresTopology.HA_CLUSTER:
        topology = f"HA Cluster ({row.nodes} nodes)"
    elif row.topology is PostgresTopology.PRIMARY_REPLICAS and row.nodes > 1 + 1:
        topology = f"Primary + {row.nodes - 1} Replicas"
    return (
        topology,
        str(row.vcpu),
        tight_gb(row.memory_gb),
        f"{tight_gb(row.storage_gb)} {row.medium.value}",
        count(row.iops),
    )


def redis(row: RedisRow) -> tuple[str, ...]:
    """Return the cells of table 2.5 after the size."""
    topology, memory = row.topology.value, tight_gb(row.memory_gb)
    if row.topology is RedisTopology.CLUSTER:
        size = f"{row.nodes} nodes" if row.primaries is None else f"{row.primaries} primary"
        topology, memory = f"{topology} ({size})", f"{memory} per node"
    every = "" if row.rdb_interval_minutes is None else f" every {row.rdb_interval_minutes}m"
    return topology, memory, f"{row.persistence.value}{every}"


def vault(row: VaultRow) -> tuple[str, ...]:
    """Return the cells of table 2.6 after the size."""
    said = row.nodes is not None and row.nodes > 1
    return (
        f"{row.topology.value} ({row.nodes} nodes)" if said else row.topology.value,
        format_cpu(row.cpu_millis),
        format_memory(row.memory_bytes),
        tight_gb(row.storage_gb),
    )


def replicas(cell: ReplicasCell) -> str:
    """Return "1 x 500m/512Mi"."""
    size = f"{format_cpu(cell.cpu_millis)}/{format_memory(cell.memory_bytes)}"
    return f"{cell.replicas} x {size}"


def prometheus(cell: PrometheusCell) -> str:
    """Return "1 x 1Gi/4Gi" or "HA + Thanos"."""
    if cell.memory_request_bytes is None or cell.memory_limit_bytes is None:
        return cell.form.value
    request, limit = (
        format_memory(cell.memory_request_bytes),
        format_memory(cell.memory_limit_bytes),
    )
    return f"{cell.replicas} x {request}/{limit}"


def cluster(row: ClusterRow) -> tuple[str, ...]:
    """Return the cells of table 3.1 after the size."""
    return (
        f"{row.control_plane.value} ({row.control_plane_nodes} node)",
        f"{row.cpu_pool.count} x {row.cpu_pool.instance_type}",
        f"{row.gpu_pool.count} x {row.gpu_pool.instance_type}",
    )


def aws_instance(row: AwsInstanceRow) -> tuple[str, ...]:
    """Return a row of the appendix's AWS table; its memory cell also names the GPUs."""
    gpus = f"{row.gpus}x{row.gpu_model}" if row.gpus > 1 else row.gpu_model
    memory = tight_gb(row.memory_gb)
    network = f"{row.network_gbps} Gbps"
    return (
        row.use_case,
        row.instance_type,
        str(row.vcpu),
        f"{memory} + {gpus}" if row.gpus else memory,
        f"Up to {network}" if row.network_up_to else network,
        row.notes,
    )


def gcp_instance(row: GcpInstanceRow) -> tuple[str, ...]:
    """Return a row of the appendix's GCP table."""
    return (
        row.use_case,
        row.instance_type,
        str(row.vcpu),
        tight_gb(row.memory_gb),
        f"{row.gpus}x{row.gpu_model}" if row.gpus else "-",
        row.notes,
    )
