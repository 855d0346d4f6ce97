"""LiteLLM's own sizing tables of its two stores: a second opinion beside the models.

They go by the request rate alone and rest on no figure that the vendor shows. What is below them is
therefore unproven, never refuted.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.capacity.constraint import Constraint
from sizing.units import GIGA
from sizing.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSize:
    """What the vendor gives the relational store; None where the row is open.

    Attributes:
        requests_per_second: up to which sustained rate it is meant.
        connections: what the platform will want to open, from and to.
    """

    requests_per_second: float | None
    vcpu: int
    memory_bytes: int
    storage_bytes: int
    iops: int
    connections: tuple[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSize:
    """What the vendor gives Redis, up to a sustained rate; None where the row is open."""

    requests_per_second: float | None
    vcpu: int
    memory_bytes: int


# Source: litellm-db-sizing, 2026-10-10.
POSTGRES_SIZES = (
    PostgresSize(
        requests_per_second=1000,
        vcpu=4,
        memory_bytes=16 * GIGA,
        storage_bytes=200 * GIGA,
        iops=3000,
        connections=(100, 200),
    ),
    PostgresSize(
        requests_per_second=5000,
        vcpu=8,
        memory_bytes=32 * GIGA,
        storage_bytes=500 * GIGA,
        iops=5000,
        connections=(200, 500),
    ),
    PostgresSize(
        requests_per_second=None,
        vcpu=16,
        memory_bytes=64 * GIGA,
        storage_bytes=1000 * GIGA,
        iops=10_000,
        connections=(500, None),
    ),
)
# Source: litellm-redis-sizing, 2026-11-21.
REDIS_SIZES = (
    RedisSize(requests_per_second=1000, vcpu=2, memory_bytes=8 * GIGA),
    RedisSize(requests_per_second=5000, vcpu=4, memory_bytes=16 * GIGA),
    RedisSize(requests_per_second=None, vcpu=8, memory_bytes=32 * GIGA),
)


def postgres_size(load: Workload) -> PostgresSize:
    """Return the vendor's row for the load's peak."""
    return next(row for row in POSTGRES_SIZES if _covers(row.requests_per_second, load))


def redis_size(load: Workload) -> RedisSize:
    """Return the vendor's row for the load's peak."""
    return next(row for row in REDIS_SIZES if _covers(row.requests_per_second, load))


def postgres(
    load: Workload, *, vcpu: int, memory_bytes: int, storage_bytes: int, iops: int
) -> tuple[Constraint, ...]:
    """Compare a database server with the vendor's row."""
    row = postgres_size(load)
    return (
        _compare("vcpu", "vCPU", row.vcpu, vcpu, "litellm-db-sizing"),
        _compare("memory", "bytes", row.memory_bytes, memory_bytes, "litellm-db-sizing"),
        _compare("storage", "bytes", row.storage_bytes, storage_bytes, "litellm-db-sizing"),
        _compare("iops", "IOPS", row.iops, iops, "litellm-db-sizing"),
    )


def redis(load: Workload, *, vcpu: int, memory_bytes: int) -> tuple[Constraint, ...]:
    """Compare a cache node with the vendor's row."""
    row = redis_size(load)
    return (
        _compare("vcpu", "vCPU", row.vcpu, vcpu, "litellm-redis-sizing"),
        _compare("memory", "bytes", row.memory_bytes, memory_bytes, "litellm-redis-sizing"),
    )


def _covers(requests_per_second: float | None, load: Workload) -> bool:
    return requests_per_second is None or load.requests_per_second_peak <= requests_per_second


def _compare(name: str, unit: str, asked: int, have: int, source: str) -> Constraint:
    return Constraint(
        name=f"vendor-{name}",
        unit=unit,
        demand=asked,
        conservative=have,
        physical=None,
        hard=True,
        formula="the vendor's row for the peak rate <= what the store has",
        source=source,
        measure="load-test the store at the peak rate; the vendor shows no figure behind its row",
    )
