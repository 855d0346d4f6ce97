"""How the Redis-protocol stores differ from table 2.5, and what that costs."""

from __future__ import annotations

from sizing.catalog import CacheNode, cache_node
from sizing.planning.cache_nodes import SNAPSHOT_DAYS, documented_form, documented_node
from sizing.planning.environment import Setting
from sizing.planning.notes import difference, monthly, note, share_note
from sizing.plans import Adjustment, CachePlan
from sizing.tiers.schema import RedisRow
from sizing.tiers.vocabulary import Persistence, RedisTopology
from sizing.words import CacheRole, Direction


def _usd(setting: Setting, plan: CachePlan, node: CacheNode, nodes: int) -> float | None:
    return monthly(node.price(plan.engine, setting.request.region), nodes)


def cache_notes(setting: Setting, plans: tuple[CachePlan, ...]) -> list[Adjustment]:
    """Return the notes of all roles, the cache first in `plans`."""
    main = plans[0]
    notes = [*_topology_notes(setting, main), *_persistence_notes(setting)]
    notes += memory_note(setting)
    if setting.proven:
        notes.append(
            note(
                "caches.engine",
                "Redis",
                f"Valkey {main.engine_version}",
                direction=Direction.REPLACED,
                rule="cache-engine",
                reason="the same protocol, newer, and cheaper per node; Redis OSS ends at 7.1",
            )
        )
    for plan in plans[1:]:
        nodes = plan.shards * (1 + plan.replicas_per_shard)
        node = documented_node(setting, plan.role)
        usd = _usd(setting, plan, node, nodes)
        notes.append(role_note(plan, f"{nodes} x {node.name}", usd))
    for plan in plans:
        notes += _load_notes(setting, plan)
    return notes


def memory_note(setting: Setting) -> tuple[Adjustment, ...]:
    """Return the note of the cache's memory where an environment has a share of it."""
    memory_gb = setting.tables.redis.memory_gb
    return share_note(
        setting,
        "caches.cache.memory",
        f"{memory_gb} GB a node",
        f"{setting.percent * memory_gb / 100:g} GB a node",
    )


def role_note(plan: CachePlan, nodes: str, usd: float | None) -> Adjustment:
    """Return the note of a store that the document does not have."""
    return note(
        f"caches.{plan.role}",
        "one Redis for everything",
        f"{nodes}, {plan.eviction}",
        direction=Direction.RAISED,
        rule="cache-roles",
        reason="eviction would drop queues and counters, and they break in cluster mode",
        monthly_usd=usd,
    )


def _load_notes(setting: Setting, plan: CachePlan) -> tuple[Adjustment, ...]:
    """Return what the load raises above the document's nodes and shards."""
    asked, node = documented_node(setting, plan.role), cache_node(plan.node_type)
    answers, held = plan.role is CacheRole.CACHE, plan.shards * (1 + plan.replicas_per_shard)
    form = documented_form(setting)
    nodes = form.shards * (1 + form.replicas) if answers else held
    if (asked.name, nodes) == (node.name, held):
        return ()
    return (
        note(
            f"caches.{plan.role}.nodes",
            f"{nodes} x {asked.name}",
            f"{held} x {node.name}",
            direction=Direction.RAISED,
            rule="cache-holds-answers" if answers else "state-holds-limits",
            reason="answers of a time to live at peak, with their prompts"
            if answers
            else "limits of every key at every model, and the updates of a minute",
            monthly_usd=difference(
                _usd(setting, plan, node, held),
                _usd(setting, plan, asked, nodes),
            ),
        ),
    )


def _topology_notes(setting: Setting, plan: CachePlan) -> tuple[Adjustment, ...]:
    shards = documented_form(setting).shards
    replicas = shards * plan.replicas_per_shard
    return form_notes(
        setting,
        f"{shards} x (1 + {plan.replicas_per_shard})",
        _usd(setting, plan, documented_node(setting, plan.role), replicas),
    )


def form_notes(setting: Setting, nodes: str, replicas_usd: float | None) -> tuple[Adjustment, ...]:
    """Return how the cache's shards and replicas differ from the table's.

    Args:
        setting: the request's setting.
        nodes: shards and replicas as planned.
        replicas_usd: what the replicas cost in a month.
    """
    row = setting.tables.redis
    if setting.is_dev and row.topology is not RedisTopology.SINGLE:
        return share_note(setting, "caches.cache.form", row.topology, nodes)
    if row.topology is not RedisTopology.CLUSTER:
        return ()
    if row.nodes is not None:
        return (
            note(
                "caches.cache.form",
                f"Cluster ({row.nodes} nodes)",
                nodes,
                direction=Direction.REPLACED,
                rule="redis-six-nodes",
                reason="six nodes without a word on replicas: three shards that survive a loss",
            ),
        )
    if not setting.proven:
        return ()
    return (
        note(
            "caches.cache.form",
            f"Cluster ({row.primaries} primary)",
            nodes,
            direction=Direction.RAISED,
            rule="redis-shard-survival",
            reason="a lost node would take a third of the keys; the tier below has a replica",
            monthly_usd=replicas_usd,
        ),
    )


def documented_persistence(row: RedisRow) -> str:
    """Return what the table says of persistence."""
    said = row.persistence.value
    return said if row.rdb_interval_minutes is None else f"{said} every {row.rdb_interval_minutes}m"


def persistence_rule(row: RedisRow) -> str:
    """Return the rule by which a managed store keeps less: no log, or rarer snapshots."""
    return "redis-snapshot-interval" if row.persistence is Persistence.RDB else "redis-aof"


def _persistence_notes(setting: Setting) -> list[Adjustment]:
    row = setting.tables.redis
    return [
        note(
            "caches.persistence",
            documented_persistence(row),
            f"daily snapshots, kept {SNAPSHOT_DAYS[setting.environment]} days",
            direction=Direction.UNSUPPORTED,
            rule=persistence_rule(row),
            reason=(
                "ElastiCache offers no append-only file on replication groups"
                if row.persistence is not Persistence.RDB
                else "ElastiCache takes one snapshot a day"
            ),
        ),
        note(
            "caches.disk",
            f"{setting.tables.storage.redis_gb} GB",
            "none",
            direction=Direction.UNSUPPORTED,
            rule="redis-disk",
            reason="ElastiCache nodes have no disk to size",
        ),
    ]
