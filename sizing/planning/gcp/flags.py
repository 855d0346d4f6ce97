"""The flags of Cloud SQL: PostgreSQL's parameters, within what the service takes of each.

Each parameter of PostgreSQL's own is a flag there (cloudsql-flag-guide). What `shared_buffers` may
be no source shows; a quarter of the memory is less than the third that Cloud SQL takes by itself
(cloudsql-cache-flag).
"""

from __future__ import annotations

from sizing.catalog.google import CloudSqlTier
from sizing.model import Figure
from sizing.planning.notes import note
from sizing.planning.parameters import EFFECTIVE_CACHE, PAGE_BYTES, shared_parameters
from sizing.plans import Adjustment, Parameter
from sizing.words import Direction, Kind

CACHE = "effective_cache_size"
# PostgreSQL itself takes any size; the flag takes from 10 % to this share.
CACHE_MOST = Figure(
    value=0.70,
    unit="share of memory that effective_cache_size may say",
    source="cloudsql-cache-flag",
    date="2026-11-22",
    kind=Kind.VENDOR,
)


def flags(tier: CloudSqlTier, connections: int) -> tuple[Parameter, ...]:
    """Return the flags of a server, by name.

    Args:
        tier: the machine.
        connections: what the server takes of them.
    """
    shared = shared_parameters(tier.memory_bytes, connections)
    values = {one.name: (one.value, one.static) for one in shared}
    most = int(tier.memory_bytes // PAGE_BYTES * CACHE_MOST.value)
    values[CACHE] = (str(min(int(values[CACHE][0]), most)), False)
    values["autovacuum"] = ("on", False)  # switches are on and off, not 1 and 0
    values["cloudsql.iam_authentication"] = ("on", False)
    values["max_connections"] = (str(connections), True)
    return tuple(
        Parameter(name=name, value=value, static=static)
        for name, (value, static) in sorted(values.items())
    )


def cache_note() -> Adjustment:
    """Return how the planner's idea of the cache differs from document 003's."""
    return note(
        f"postgres.parameters.{CACHE}",
        f"{EFFECTIVE_CACHE.value:.0%} of memory",
        f"{CACHE_MOST.value:.0%} of memory",
        direction=Direction.LOWERED,
        rule="cloud-sql-cache-flag",
        reason="the flag takes at most that; it reserves no memory, the planner alone reads it",
    )
