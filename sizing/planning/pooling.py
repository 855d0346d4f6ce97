"""How connections to PostgreSQL are pooled, and how the vector database keeps its collections."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.capacity.litellm import WORKER_POOL
from sizing.planning.connections import pool_size, pooled, server_connections
from sizing.planning.environment import Setting
from sizing.planning.gateways import POOLER
from sizing.planning.needs import named
from sizing.planning.stateful import QDRANT, vector_copies
from sizing.plans import BackupPlan, PoolerPlan, PostgresPlan, ServicePlan, VectorsPlan
from sizing.tiers import PGBOUNCER

# Daily, before the stores' own backups and windows. Source: sizing-decisions.
SNAPSHOT_SCHEDULE = "0 1 * * *"


def pooler(setting: Setting, services: Iterable[ServicePlan], database: PostgresPlan) -> PoolerPlan:
    """Return the settings of each pooler."""
    poolers = named(services, POOLER).scale.planned
    databases = pooled(database.databases)
    return PoolerPlan(
        poolers=poolers,
        pool_size=pool_size(setting, poolers),
        reserve=PGBOUNCER.reserve_pool_size,
        databases=databases,
        client_pool=int(WORKER_POOL),
        max_clients=PGBOUNCER.max_client_connections,
        max_server_connections=server_connections(setting, poolers, len(databases)),
    )


def vectors(setting: Setting, services: Iterable[ServicePlan], kept: BackupPlan) -> VectorsPlan:
    """Return how collections are kept: as many copies as outlive the fullest zone."""
    members = named(services, QDRANT).scale.planned
    return VectorsPlan(
        members=members,
        replication_factor=vector_copies(members, len(setting.store_zone_ids)),
        snapshot_schedule=SNAPSHOT_SCHEDULE,
        snapshot_days=kept.retention_days,
    )
