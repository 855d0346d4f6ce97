"""The node types of the Redis-protocol stores: what the document asks and the load makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sizing.catalog import CacheNode, cache_nodes
from sizing.model import Figure
from sizing.planning.classes import cheapest, climb
from sizing.planning.environment import Setting
from sizing.planning.needs import cache_bytes, cache_shards
from sizing.tiers.vocabulary import RedisTopology
from sizing.units import GIGA, MIB
from sizing.words import CacheRole, Environment, Kind

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
# A cluster's nodes, replicas among them; up to 500 on request.
MOST_NODES = Figure(
    value=90,
    unit="nodes of a cluster, by default",
    source="elasticache-shards",
    date="2026-11-21",
    kind=Kind.VENDOR,
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


def documented_node(setting: Setting, role: CacheRole) -> CacheNode:
    """Return the cheapest node that holds what the document asks of a shard.

    Raises:
        ValueError: the region sells none.
    """
    region, memory = setting.request.region, asked_memory(setting, role)
    node = cheapest(
        (one for one in cache_nodes() if usable(one) >= memory),
        region=region,
        vcpu=1,
        memory_bytes=memory,
        usd=_ranked(setting),
    )
    if node is None:
        raise ValueError(
            f"{region} sells no cache node with {memory // MIB} MiB for data; choose another region"
        )
    return node


def raised(setting: Setting, role: CacheRole, form: Form) -> tuple[CacheNode, Form]:
    """Return node and form that hold what the load asks: shards first, where there are any.

    A cache that no node holds is cut into shards of the largest; state is never, see `caches`.
    Where that holds less as well, the checks say so.
    """
    asked, need = documented_node(setting, role), cache_bytes(setting, role)
    if form.clustered:
        wanted = max(-(-need // usable(asked)), cache_shards(setting))
        form = replace(form, shards=max(form.shards, min(wanted, most_shards(form))))
    node = climb(
        cache_nodes(),
        asked,
        region=setting.request.region,
        usd=_ranked(setting),
        enough=lambda one: usable(one) * form.shards >= need,
    )
    if form.clustered or role is not CacheRole.CACHE or usable(node) >= need:
        return node, form
    replicas = form.replicas if setting.is_dev else max(1, form.replicas)
    cut = replace(form, clustered=True, replicas=replicas)
    return node, replace(cut, shards=min(-(-need // usable(node)), most_shards(cut)))


def most_shards(form: Form) -> int:
    """Return the shards that a cluster has at most, each with its replicas."""
    return int(MOST_NODES) // (1 + form.replicas)


def _ranked(setting: Setting) -> Callable[[CacheNode], float | None]:
    name, region = engine_name(setting), setting.request.region
    return lambda one: one.price(name, region) or one.price(name, setting.price_region)


def engine_name(setting: Setting) -> str:
    """Return what the nodes are priced as."""
    return "valkey" if setting.proven else "redis"
