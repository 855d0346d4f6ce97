"""PostgreSQL's parameters as document 003 gives them, scaled to the class that is planned.

Document 003 tunes a server with 32 GB. What it gives as a share is taken as a share; what it gives
as a size is turned into the share it is of that server. Its max_connections of 100 is not applied:
the pool sizes of document 001 alone ask for more.
"""

from __future__ import annotations

from sizing.catalog import RdsClass
from sizing.model import Figure
from sizing.plans import Parameter
from sizing.units import KIB
from sizing.words import Kind

PAGE_BYTES = 8 * KIB  # PostgreSQL counts its caches in pages. Source: rds-user-guide, 2026.
SHARED_BUFFERS = Figure(
    value=0.25, unit="share of memory", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)
EFFECTIVE_CACHE = Figure(
    value=0.75, unit="share of memory", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)
# 64 MB for each of 100 connections on 32 GB.
WORK_MEMORY = Figure(
    value=0.20,
    unit="share of memory, over all connections",
    source="document-003",
    date="2024-11-18",
    kind=Kind.DERIVED,
)
WORK_MEMORY_MOST = Figure(
    value=65_536, unit="kB a sort", source="document-003", date="2024-11-18", kind=Kind.VENDOR
)
WORK_MEMORY_LEAST = Figure(
    value=4096,
    unit="kB a sort, PostgreSQL's own default",
    source="postgresql-config",
    date="2023-01-19",
    kind=Kind.VENDOR,
)
# 2 GB on 32 GB.
MAINTENANCE_MEMORY = Figure(
    value=0.0625,
    unit="share of memory",
    source="document-003",
    date="2024-11-18",
    kind=Kind.DERIVED,
)
# Written as the document writes them: an exact decimal, not a float's rendering.
RANDOM_PAGE_COST = "1.1"
IO_CONCURRENCY = "200"
VACUUM_WORKERS = "4"


def parameters(chosen: RdsClass) -> tuple[Parameter, ...]:
    """Return the parameter group's entries for a class, by name."""
    entries = (
        *shared_parameters(chosen.memory_bytes, chosen.max_connections),
        # at the next restart, which every engine version accepts
        Parameter(name="rds.force_ssl", value="1", static=True),
    )
    return tuple(sorted(entries, key=lambda entry: entry.name))


def shared_parameters(memory_bytes: int, max_connections: int) -> tuple[Parameter, ...]:
    """Return what is set on every cloud for a server of that size, by name."""
    pages, kib = memory_bytes // PAGE_BYTES, memory_bytes // KIB
    sort_kib = int(kib * WORK_MEMORY.value) // max_connections
    work = min(int(WORK_MEMORY_MOST), max(int(WORK_MEMORY_LEAST), sort_kib))
    entries = {
        "autovacuum": ("1", False),
        "autovacuum_max_workers": (VACUUM_WORKERS, True),
        "effective_cache_size": (str(int(pages * EFFECTIVE_CACHE.value)), False),
        "effective_io_concurrency": (IO_CONCURRENCY, False),
        "maintenance_work_mem": (str(int(kib * MAINTENANCE_MEMORY.value)), False),
        "random_page_cost": (RANDOM_PAGE_COST, False),
        "shared_buffers": (str(int(pages * SHARED_BUFFERS.value)), True),
        "work_mem": (str(work), False),
    }
    return tuple(
        Parameter(name=name, value=value, static=static)
        for name, (value, static) in entries.items()
    )
