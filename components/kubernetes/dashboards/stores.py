"""PostgreSQL and its poolers, Redis, OpenSearch and Qdrant against what the plan gave them."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps, within
from components.kubernetes.dashboards.model import (
    Colour,
    Dashboard,
    Graph,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.promql import planned, rate, share, total
from components.kubernetes.dashboards.search import search, vectors

DATABASE = ["datname"]
POOLED = ["database"]
OF_OURS = '{datname!~"template.*|postgres|rdsadmin|cloudsqladmin"}'
LAG_SECONDS = (Step(value=10, colour=Colour.WARNING), Step(value=60, colour=Colour.CRITICAL))
ANY = (Step(value=1, colour=Colour.WARNING),)


def stores(facts: Facts) -> Dashboard:
    """Return the data stores' dashboard."""
    return Dashboard(
        uid="aigw-stores",
        title="Data stores",
        description="Connections, statements, memory and disk of every store. Dashed lines are "
        "the plan's.",
        rows=(
            Row(title="PostgreSQL", panels=_postgres(facts)),
            Row(title="PgBouncer", panels=_pooler(facts)),
            Row(title="Redis", panels=_redis()),
            Row(title="OpenSearch", panels=search()),
            Row(title="Qdrant", panels=vectors(facts)),
        ),
    )


def _postgres(facts: Facts) -> tuple[Graph, ...]:
    plan = facts.plan.postgres
    read = rate("pg_stat_database_blks_hit"), rate("pg_stat_database_blks_read")
    return (
        Graph(
            title="Connections of the server",
            description="Open ones by database, and what the server takes.",
            queries=(
                Query(
                    expr=total("pg_stat_activity_count", DATABASE, of=OF_OURS),
                    legend="{{datname}}",
                ),
                planned(plan.max_connections, "max_connections"),
            ),
            steps=within(plan.max_connections),
            stacked=True,
            lines=("000-pool",),
        ),
        Graph(
            title="Transactions a second",
            queries=(
                Query(
                    expr=rate("pg_stat_database_xact_commit", DATABASE, of=OF_OURS),
                    legend="{{datname}}",
                ),
                Query(expr=rate("pg_stat_database_xact_rollback"), legend="rolled back"),
            ),
            unit=Unit.OPERATIONS,
        ),
        Graph(
            title="Rows by index",
            description="Rows that an index found, of all rows that were read: low where a table "
            "is read from end to end.",
            queries=(
                Query(
                    expr=share(
                        rate("pg_stat_database_tup_fetched", DATABASE, of=OF_OURS),
                        rate("pg_stat_database_tup_returned", DATABASE, of=OF_OURS),
                    ),
                    legend="{{datname}}",
                ),
            ),
            unit=Unit.SHARE,
            lines=("000-index",),
        ),
        Graph(
            title="Pages found in memory",
            queries=(Query(expr=share(read[0], f"({read[0]} + {read[1]})"), legend="hit ratio"),),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Longest transaction",
            queries=(
                Query(
                    expr=f"max by (datname) (pg_stat_activity_max_tx_duration{OF_OURS})",
                    legend="{{datname}}",
                ),
            ),
            unit=Unit.SECONDS,
            steps=within(60),
        ),
        Graph(
            title="Replication lag",
            description="How far a reader is behind; none where the standby takes no readers.",
            queries=(
                Query(expr="max by (instance) (pg_replication_lag_seconds)", legend="{{instance}}"),
            ),
            unit=Unit.SECONDS,
            steps=LAG_SECONDS,
            lines=("000-lag",),
        ),
        Graph(
            title="Size of the databases",
            queries=(
                Query(
                    expr=f"max by (datname) (pg_database_size_bytes{OF_OURS})",
                    legend="{{datname}}",
                ),
                planned(plan.storage_gib * (1 << 30), "planned storage"),
            ),
            unit=Unit.BYTES,
            stacked=True,
        ),
        Graph(
            title="Deadlocks and waits for locks",
            queries=(
                Query(expr=rate("pg_stat_database_deadlocks", DATABASE), legend="{{datname}}"),
                Query(expr="sum by (mode) (pg_locks_count)", legend="{{mode}}"),
            ),
        ),
    )


def _pooler(facts: Facts) -> tuple[Graph, ...]:
    plan = facts.plan.pooler
    pool = plan.poolers * plan.pool_size
    queries = "pgbouncer_stats_totals_queries"
    return (
        Graph(
            title="Pools in use",
            description="Server connections that work, by database; each database's pools "
            "together have as many as the dashed line says.",
            queries=(
                Query(
                    expr=total("pgbouncer_pools_server_active_connections", POOLED),
                    legend="{{database}}",
                ),
                planned(pool, "pools of a database"),
            ),
            steps=within(pool),
            lines=("000-pool",),
        ),
        Graph(
            title="Clients that wait",
            description="For a connection of the server: any is one too many.",
            queries=(
                Query(
                    expr=total("pgbouncer_pools_client_waiting_connections", POOLED),
                    legend="{{database}}",
                ),
                Query(
                    expr="max by (database) (pgbouncer_pools_client_maxwait_seconds)",
                    legend="{{database}}, longest in seconds",
                ),
            ),
            steps=ANY,
        ),
        Graph(
            title="Time of a statement",
            description="On average, by database.",
            queries=(
                Query(
                    expr=f"{rate(f'{queries}_duration_seconds_total', POOLED)} / "
                    f"{rate(f'{queries}_pooled_total', POOLED)}",
                    legend="{{database}}",
                ),
            ),
            unit=Unit.SECONDS,
            lines=("000-query",),
        ),
    )


def _redis() -> tuple[Graph, ...]:
    hits, misses = rate("redis_keyspace_hits_total"), rate("redis_keyspace_misses_total")
    return (
        Graph(
            title="Memory of the limit",
            queries=(
                Query(
                    expr="max by (instance) (redis_memory_used_bytes / redis_memory_max_bytes)",
                    legend="{{instance}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("cache"),
        ),
        Graph(
            title="Commands a second",
            queries=(
                Query(
                    expr=rate("redis_commands_processed_total", ["instance"]),
                    legend="{{instance}}",
                ),
            ),
            unit=Unit.OPERATIONS,
        ),
        Graph(
            title="Found in the cache",
            queries=(Query(expr=share(hits, f"({hits} + {misses})"), legend="hit ratio"),),
            unit=Unit.SHARE,
        ),
        Graph(
            title="Keys that had to go",
            description="Evicted for want of memory; where state is kept, none may.",
            queries=(
                Query(expr=rate("redis_evicted_keys_total", ["instance"]), legend="{{instance}}"),
            ),
            unit=Unit.OPERATIONS,
        ),
        Graph(
            title="Clients",
            queries=(
                Query(expr=total("redis_connected_clients", ["instance"]), legend="{{instance}}"),
                Query(expr=total("redis_blocked_clients", ["instance"]), legend="blocked"),
            ),
        ),
    )
