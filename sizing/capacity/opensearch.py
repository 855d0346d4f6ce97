"""OpenSearch: disk, shards, heap and CPU for the traces, logs and text that it keeps."""

from __future__ import annotations

from math import ceil

from sizing.capacity import traces
from sizing.capacity.constraint import Constraint
from sizing.model import Figure
from sizing.units import GIB, SECONDS_PER_DAY
from sizing.words import Kind
from sizing.workload import Workload

# 10 % of index, 5 % of the file system and 20 % of the service itself: 1.1 / 0.95 / 0.8.
OVERHEAD = Figure(
    value=1.45,
    unit="bytes on disk a byte of source and copy",
    source="opensearch",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
INDEX_OVERHEAD = Figure(
    value=1.10,
    unit="bytes of index a byte of source",
    source="opensearch",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
SHARD_GIB = {"search": (10, 30), "logs": (30, 50)}  # opensearch, 2026-11-21: GiB of one shard
SHARDS_PER_GIB_OF_HEAP = Figure(
    value=25,
    unit="shards a GiB of heap, at most",
    source="opensearch",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
VCPU_PER_SHARD = Figure(
    value=1.5,
    unit="vCPU an active shard",
    source="opensearch",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
HEAP_PARTS = 2  # half of the memory is heap. Source: opensearch, 2026-11-21.
LARGEST_HEAP_GIB = 32  # above it Java's pointers grow. Source: opensearch, 2026-11-21.
NO_LOG_LINE = "bytes of log a request"


def source_bytes(
    load: Workload,
    *,
    retention_days: float,
    log_bytes_per_request: float | None,
    spans_per_request: float | None,
) -> float:
    """Return the traces and logs that are kept; what nobody has measured adds its least.

    Args:
        load: requests of a day, and the part of them that is traced.
        retention_days: how long both are kept.
        log_bytes_per_request: what all components log of a request; None adds nothing.
        spans_per_request: spans of one request; None counts one.
    """
    requests = load.requests_per_second_average * SECONDS_PER_DAY
    logs = requests * (log_bytes_per_request or 0)
    spans = traces.bytes_per_day(load, spans_per_request=spans_per_request)
    return (logs + spans) * retention_days


def unmeasured(*, log_bytes_per_request: float | None, spans_per_request: float | None) -> str:
    """Return what `source_bytes` counts at its least because nobody has measured it, or ""."""
    stated = ((NO_LOG_LINE, log_bytes_per_request), (traces.NO_SPANS, spans_per_request))
    return " and ".join(word for word, value in stated if value is None)


def disk_bytes(source: float, *, copies: int) -> float:
    """Return the disk that source data takes with so many copies beside the first."""
    return source * (1 + copies) * OVERHEAD.value


def shards(source: float, *, use: str) -> int:
    """Return the fewest primary shards, each as large as shards of this use may be.

    Args:
        source: bytes of source data.
        use: "search" or "logs".
    """
    _, most = SHARD_GIB[use]
    return max(1, ceil(source * INDEX_OVERHEAD.value / (most * GIB)))


def heap_bytes(memory_bytes: float) -> float:
    """Return the heap of a node: half of its memory, never above the pointers' limit."""
    return min(memory_bytes / HEAP_PARTS, LARGEST_HEAP_GIB * GIB)


def storage(source: float, *, copies: int, volume_bytes: float, missing: str = "") -> Constraint:
    """Compare what the source data takes on disk with the volumes of all nodes.

    Args:
        source: bytes of source data.
        copies: copies beside the first.
        volume_bytes: volumes of all data nodes together.
        missing: what is not in `source` because nobody has measured it.
    """
    return Constraint(
        name="storage",
        unit="bytes",
        demand=disk_bytes(source, copies=copies),
        conservative=volume_bytes,
        physical=volume_bytes,
        hard=True,
        formula="source x (1 + copies) x 1.45",
        source="opensearch",
        assumption=missing,
        measure=f"measure {missing}" if missing else "",
    )


def heap(primaries: int, *, copies: int, nodes: int, memory_bytes: float) -> Constraint:
    """Compare all shards with what the heap of the nodes may hold.

    Args:
        primaries: primary shards of all indexes.
        copies: copies beside the first.
        nodes: data nodes.
        memory_bytes: memory of one node.
    """
    most = nodes * heap_bytes(memory_bytes) / GIB * SHARDS_PER_GIB_OF_HEAP.value
    return Constraint(
        name="shards",
        unit="shards",
        demand=primaries * (1 + copies),
        conservative=most,
        physical=None,
        hard=True,
        formula="primaries x (1 + copies); nodes x min(memory / 2, 32 GiB) x 25 a GiB",
        source="opensearch",
        measure="watch JVM memory pressure; AWS advises the number, nothing enforces it",
    )


def cpu(active: int, *, copies: int, nodes: int, vcpu: int) -> Constraint:
    """Compare the vCPU that the shards being written and searched ask for with the nodes'.

    Args:
        active: primary shards that are written or searched at once.
        copies: copies beside the first.
        nodes: data nodes.
        vcpu: vCPU of one node.
    """
    return Constraint(
        name="cpu",
        unit="vCPU",
        demand=active * (1 + copies) * VCPU_PER_SHARD.value,
        conservative=nodes * vcpu,
        physical=None,
        hard=True,
        formula="active shards x 1.5 vCPU; nodes x vCPU",
        source="opensearch",
        measure="measure the rate of indexing and its latency under load",
    )
