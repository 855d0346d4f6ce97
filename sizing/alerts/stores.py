"""Alerts of what keeps data: PostgreSQL and its poolers, caches, vectors, search."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.alerts import lines
from sizing.alerts.model import AlertPlan, Shown, number
from sizing.plans import CachePlan, PlatformPlan
from sizing.triggers import ruling, trigger
from sizing.units import GIB
from sizing.words import Eviction

DATABASES = "databases"
CACHES = "caches"
VECTORS = "vectors"
# LiteLLM keeps spend back for a minute before it writes it: a standby that is further behind knows
# less than the proxy does. Five of them are the window that everything is looked at over.
# Source: sizing-decisions.
LAG_SECONDS = (60, 300)
_SERVER = 'sum(pg_stat_activity_count{backend_type="client backend"})'
_KEEPS = 'redis_instance_info{maxmemory_policy="noeviction"}'


def stores(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of every store of the plan; a host has those of its server and domain."""
    own = plan.request.switches.own_stores
    return (
        *_pool(plan),
        *(_postgres(plan) if own else ()),
        *_caches(plan.caches),
        *_vectors(plan),
        *(_search(plan) if own else ()),
    )


def _pool(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    rule = trigger("pool-waiting")
    pool = plan.pooler
    size = pool.pool_size * pool.poolers
    said = (
        f"{pool.poolers} poolers of {pool.pool_size} connections for each database, "
        f"{pool.reserve} more in need"
    )
    return (
        AlertPlan(
            name="PoolWaiting",
            family=DATABASES,
            summary="clients of {{ $labels.database }} wait for a connection",
            query=rule.query,
            lines=lines.warning(rule.warning or 0),
            shown=Shown.COUNT,
            planned=said,
            source=rule.source,
        ),
        AlertPlan(
            name="PoolSaturation",
            family=DATABASES,
            summary="the pool of {{ $labels.database }} is nearly used up",
            query="sum by (database, user) (pgbouncer_pools_server_active_connections) "
            f"/ {number(size)}",
            lines=lines.filled(),
            shown=Shown.SHARE,
            planned=said,
            source=lines.TABLE,
        ),
        AlertPlan(
            name="PoolerClients",
            family=DATABASES,
            summary="a pooler has nearly as many clients as it takes",
            query="sum by (pod) (pgbouncer_pools_client_active_connections "
            f"+ pgbouncer_pools_client_waiting_connections) / {number(pool.max_clients)}",
            lines=lines.filled(),
            shown=Shown.SHARE,
            planned=f"{pool.max_clients} clients for each of {pool.poolers} poolers",
            source=lines.TABLE,
        ),
    )


def _postgres(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    most = plan.postgres.max_connections
    return (
        AlertPlan(
            name="PostgresConnections",
            family=DATABASES,
            summary="PostgreSQL has nearly as many connections as it takes",
            query=f"{_SERVER} / {number(most)}",
            lines=lines.filled(),
            shown=Shown.SHARE,
            planned=f"max_connections {most}, of which the poolers open "
            f"{plan.pooler.max_server_connections} at most",
            source=lines.TABLE,
        ),
        AlertPlan(
            name="PostgresDown",
            family=DATABASES,
            summary="PostgreSQL does not answer the exporter",
            query="max(pg_up)",
            sign="<",
            lines=lines.critical(1),
            shown=Shown.COUNT,
            planned=f"{plan.postgres.form.value}, {plan.postgres.nodes} nodes",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="ReplicationLag",
            family=DATABASES,
            summary="a standby of PostgreSQL lags behind",
            query="max(pg_replication_lag_seconds)",
            lines=lines.both(*LAG_SECONDS),
            shown=Shown.SECONDS,
            planned=f"{plan.postgres.nodes} nodes; the proxy itself keeps spend back for "
            f"{LAG_SECONDS[0]} s",
            source=lines.DECIDED,
        ),
    )


def _caches(caches: Iterable[CachePlan]) -> tuple[AlertPlan, ...]:
    rule = ruling("cache")
    kept = [one for one in caches if one.eviction is Eviction.NOEVICTION]
    sizes = ", ".join(
        f"{one.role.value} {one.memory_bytes_per_shard / GIB:.2g} GiB" for one in kept
    )
    return (
        AlertPlan(
            name="CacheMemory",
            family=CACHES,
            summary="{{ $labels.instance }} is nearly full and throws nothing out",
            # what evicts is full by design
            query=f"({rule.query}) and on (instance) {_KEEPS}",
            lines=lines.of(rule),
            shown=Shown.SHARE,
            planned=f"a shard of each: {sizes}; writes fail once it is full",
            source=rule.source,
        ),
        AlertPlan(
            name="CacheDown",
            family=CACHES,
            summary="{{ $labels.instance }} does not answer the exporter",
            query="min by (instance) (redis_up)",
            sign="<",
            lines=lines.critical(1),
            shown=Shown.COUNT,
            planned="limits, locks and queues stand in it",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="CacheConnectionsRejected",
            family=CACHES,
            summary="{{ $labels.instance }} has refused connections",
            query="sum by (instance) (increase(redis_rejected_connections_total[15m]))",
            lines=lines.warning(0, minutes=0),
            shown=Shown.COUNT,
            planned="no connection is refused within maxclients",
            source=lines.DECIDED,
        ),
    )


def _vectors(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    copies = plan.vectors.replication_factor
    members = plan.vectors.members
    if members <= 1:
        return ()
    return (
        AlertPlan(
            name="VectorReplicasDead",
            family=VECTORS,
            summary="shards of the vector database have dead replicas",
            query="max(collection_dead_replicas)",
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned=f"{members} members, {copies} copies of each shard",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="VectorPeers",
            family=VECTORS,
            summary="a member of the vector database sees too few others",
            query="min(cluster_peers_total)",
            sign="<",
            lines=lines.critical(members),
            shown=Shown.COUNT,
            planned=f"{members} members",
            source=lines.DECIDED,
        ),
    )


def _search(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    return (
        AlertPlan(
            name="SearchRed",
            family="search",
            summary="OpenSearch has lost a primary shard",
            query='max(elasticsearch_cluster_health_status{color="red"})',
            lines=lines.critical(0),
            shown=Shown.COUNT,
            planned=f"{plan.search.instance_count} data nodes in {plan.search.zone_count} zones",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="SearchVolumeFull",
            family="search",
            summary="a data node of OpenSearch fills up",
            query="max by (name) (1 - elasticsearch_filesystem_data_available_bytes "
            "/ elasticsearch_filesystem_data_size_bytes)",
            # writes stop before a volume is full: its own lines are earlier than other volumes'
            lines=lines.filled(),
            shown=Shown.SHARE,
            planned=f"{plan.search.volume_gib} GiB for each data node",
            source=lines.TABLE,
        ),
    )
