"""Every claim of the five documents that can be recomputed, and what each comes to.

A claim is data and a function: figures taken from the typed documents by reference, and a call of
`sizing` with them. Whether it holds is decided by one of the comparisons in `sizing.audit.judge`.
"""

from __future__ import annotations

from functools import cache

from sizing.audit import (
    agent_router,
    archestra,
    cluster,
    guide_caches,
    guide_engines,
    guide_gpus,
    guide_money,
    guide_outside,
    guide_platform,
    guide_proxies,
    guide_rest,
    guide_serving,
    guide_stores,
    guide_workload,
    osmen,
    osmen_configurations,
    osmen_costs,
    osmen_stores,
)
from sizing.audit.claim import Claim, Recomputed

__all__ = ["Claim", "Recomputed", "claims"]

PARTS = (
    cluster,
    guide_workload,
    guide_proxies,
    guide_serving,
    guide_engines,
    guide_gpus,
    guide_stores,
    guide_caches,
    guide_platform,
    guide_rest,
    guide_money,
    guide_outside,
    archestra,
    osmen,
    osmen_configurations,
    osmen_stores,
    osmen_costs,
    agent_router,
)


@cache
def claims() -> tuple[Claim, ...]:
    """Return every claim, sorted by id."""
    return tuple(sorted((one for part in PARTS for one in part.claims()), key=lambda one: one.id))
