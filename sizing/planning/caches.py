"""The Redis-protocol stores by role: answers that may be lost, and state that may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.catalog import CacheNode, cache_nodes
from sizing.model import Figure
from sizing.planning.classes import cheapest
from sizing.planning.environment import Setting
from sizing.planning.notes import monthly, note, share_note
from sizing.plans import Adjustment, CachePlan, Parameter
from sizing.tiers.vocabulary import Persistence, RedisTopology
from sizing.units import GIGA, MIB
from sizing.versions import VERSIONS
from sizing.words import CacheRole, Direction, Environment, Eviction, Kind

# Memory kept back for snapshots and failover: the engine's default, and what is advised for the
# burstable sizes that swap near their limit.
RESERVED_MEMORY = Figure(
    value=25,
    unit="percent of a node's memory",
    source="elasticache-memory",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
RESERVED_MEMORY_BY_SIZE: Mapping[str, Figure] = MappingProxyType(
    {
        "micro": Figure(
            value=50,
            unit="percent of a node's memory",
            source="elasticache-memory",
            date="2026-11-21",
            kind=Kind.VENDOR,
        ),
        "small": Figure(
            value=30,
            unit="percent of a node's memory",
            source="elasticache-memory",
            date="2026-11-21",
            kind=Kind.VENDOR,
        ),
    }
)
# Queues and counters are small beside cached answers, and document 000 gives them no size.
STATE_SHARE = Figure(
    value=25,
    unit="percent of the cache's memory per node, for state and for the crawler each",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
ENTERPRISE_SHARDS = 3  # six nodes as 3 x (1 + 1). Source: sizing-decisions.
# Days of daily snapshots. Source: sizing-decisions; ElastiCache takes up to 35.
SNAPSHOT_DAYS: Mapping[Environment, int] = MappingProxyType(
    {Environment.DEV: 0, Environment.STAGING: 3, Environment.PROD: 7}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Shards, replicas of each, and whether clients must speak cluster mode."""

    shards: int
    replicas: int
    clustered: bool


def caches(setting: Setting) -> tuple[tuple[CachePlan, ...], tuple[Adjustment, ...]]:
    """Return the store of each role and how they differ from table 2.5.

    Raises:
        ValueError: the region sells no node that holds what is asked.
    """
    # Brokers and counters break in cluster mode (cloud rule 20), so state has one shard.
    state = Form(shards=1, replicas=0 if setting.is_dev else 1, clustered=False)
    plans = (
        _plan(setting, CacheRole.CACHE, documented_form(setting)),
        _plan(setting, CacheRole.CRAWLER, state),
        _plan(setting, CacheRole.STATE, state),
    )
    return plans, tuple(_notes(setting, plans))


def asked_memory(setting: Setting, role: CacheRole) -> int:
    """Return the data that one shard of a role must hold, in bytes."""
    # in thousandths of a GB, so that a share of 1 GB is not rounded up to 1 GB
    memory = setting.quantity(setting.tables.redis.memory_gb * 1000) * (GIGA // 1000)
    return memory if role is CacheRole.CACHE else memory * int(STATE_SHARE) // 100


def reserved_percent(node: CacheNode) -> int:
    """Return the percent of a node's memory that data may not take."""
    size = node.name.rpartition(".")[2]
    return int(RESERVED_MEMORY_BY_SIZE.get(size, RESERVED_MEMORY))


def usable(node: CacheNode) -> int:
    """Return the memory that data may take on a node, the engine's reserve taken off."""
    return node.memory_bytes * (100 - reserved_percent(node)) // 100


def documented_form(setting: Setting) -> Form:
    """Return the cache's form as table 2.5 and the environment ask for it, on any cloud."""
    row = setting.tables.redis
    if setting.is_dev or row.topology is RedisTopology.SINGLE:
        return Form(shards=1, replicas=0, clustered=False)
    if row.topology is RedisTopology.PRIMARY_REPLICA:
        return Form(shards=1, replicas=1, clustered=False)
    documented = row.nodes is not None  # the table counts nodes, replicas among them
    replicas = 1 if documented or setting.proven else 0
    return Form(shards=row.primaries or ENTERPRISE_SHARDS, replicas=replicas, clustered=True)


def _plan(setting: Setting, role: CacheRole, form: Form) -> CachePlan:
    region, name = setting.request.region, _engine_name(setting)
    memory = asked_memory(setting, role)
    node = cheapest(
        (one for one in cache_nodes() if usable(one) >= memory),
        region=region,
        vcpu=1,
        memory_bytes=memory,
        usd=lambda one: one.price(name, region) or one.price(name, setting.price_region),
    )
    if node is None:
        raise ValueError(
            f"{region} sells no cache node with {memory // MIB} MiB for data; choose another region"
        )
    engine = VERSIONS.valkey if setting.proven else VERSIONS.redis
    evicting = role is CacheRole.CACHE
    eviction = Eviction.ALLKEYS_LRU if evicting else Eviction.NOEVICTION
    return CachePlan(
        role=role,
        engine=name,
        engine_version=engine.version.value,
        family=engine.family,
        node_type=node.name,
        shards=form.shards,
        replicas_per_shard=form.replicas,
        cluster_mode=form.clustered,
        multi_az=form.replicas > 0,
        memory_bytes_per_shard=usable(node),
        eviction=eviction,
        parameters=_parameters(form, eviction, reserved_percent(node)),
        snapshot_days=SNAPSHOT_DAYS[setting.environment],
        snapshot_window="04:00-05:00",
        maintenance_window="sun:06:00-sun:07:00",
        final_snapshot=setting.is_prod,
        log_retention_days=setting.log_days,
    )


def _engine_name(setting: Setting) -> str:
    return "valkey" if setting.proven else "redis"


def _parameters(form: Form, eviction: Eviction, reserved: int) -> tuple[Parameter, ...]:
    entries = [
        Parameter(name="maxmemory-policy", value=eviction.value, static=False),
        Parameter(name="reserved-memory-percent", value=str(reserved), static=False),
    ]
    if form.clustered:
        entries.insert(0, Parameter(name="cluster-enabled", value="yes", static=True))
    return tuple(entries)


def _usd(setting: Setting, plan: CachePlan, nodes: int) -> float | None:
    node = next(one for one in cache_nodes() if one.name == plan.node_type)
    return monthly(node.price(plan.engine, setting.request.region), nodes)


def _notes(setting: Setting, plans: tuple[CachePlan, ...]) -> list[Adjustment]:
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
        notes.append(
            note(
                f"caches.{plan.role}",
                "one Redis for everything",
                f"{nodes} x {plan.node_type}, {plan.eviction}",
                direction=Direction.RAISED,
                rule="cache-roles",
                reason="eviction would drop queues and counters, and they break in cluster mode",
                monthly_usd=_usd(setting, plan, nodes),
            )
        )
    return notes


def _topology_notes(setting: Setting, plan: CachePlan) -> tuple[Adjustment, ...]:
    row = setting.tables.redis
    nodes = f"{plan.shards} x (1 + {plan.replicas_per_shard})"
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
            monthly_usd=_usd(setting, plan, plan.shards * plan.replicas_per_shard),
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
