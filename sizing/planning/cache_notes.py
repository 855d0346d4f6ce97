"""How the Redis-protocol stores differ from table 2.5, and what that costs."""

from __future__ import annotations

from sizing.catalog import CacheNode, cache_node
from sizing.planning.cache_nodes import SNAPSHOT_DAYS, documented_form, documented_node
from sizing.planning.environment import Setting
from sizing.planning.notes import difference, monthly, note, share_note
from sizing.plans import Adjustment, CachePlan
from sizing.tiers.vocabulary import Persistence, RedisTopology
from sizing.words import CacheRole, Direction


def _usd(setting: Setting, plan: CachePlan, node: CacheNode, nodes: int) -> float | None:
    return monthly(node.price(plan.engine, setting.request.region), nodes)


def cache_notes(setting: Setting, plans: tuple[CachePlan, ...]) -> list[Adjustment]:
    """Return the notes of all roles, the cache first in `plans`."""
    main, row = plans[0], setting.tables.redis
    notes = [*_topology_notes(setting, main), *_persistence_notes(setting)]
    notes += share_note(
        setting,
        "caches.cache.memory",
        f"{row.memory_gb} GB a node",
        f"{setting.percent * row.memory_gb / 100:g} GB a node",
    )
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
        notes.append(
            note(
                f"caches.{plan.role}",
                "one Redis for everything",
                f"{nodes} x {node.name}, {plan.eviction}",
                direction=Direction.RAISED,
                rule="cache-roles",
                reason="eviction would drop queues and counters, and they break in cluster mode",
                monthly_usd=_usd(setting, plan, node, nodes),
            )
        )
    for plan in plans:
        notes += _load_notes(setting, plan)
    return notes


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
    row = setting.tables.redis
    shards = documented_form(setting).shards
    nodes = f"{shards} x (1 + {plan.replicas_per_shard})"
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
            monthly_usd=_usd(
                setting,
                plan,
                documented_node(setting, plan.role),
                shards * plan.replicas_per_shard,
            ),
        ),
    )


def _persistence_notes(setting: Setting) -> list[Adjustment]:
    row = setting.tables.redis
    said = row.persistence.value
    if row.rdb_interval_minutes is not None:
        said += f" every {row.rdb_interval_minutes}m"
    has_log = row.persistence is not Persistence.RDB
    return [
        note(
            "caches.persistence",
            said,
            f"daily snapshots, kept {SNAPSHOT_DAYS[setting.environment]} days",
            direction=Direction.UNSUPPORTED,
            rule="redis-aof" if has_log else "redis-snapshot-interval",
            reason=(
                "ElastiCache offers no append-only file on replication groups"
                if has_log
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
