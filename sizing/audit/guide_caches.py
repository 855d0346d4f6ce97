"""Claims of document 001, 2.5 and 3.3: memory, disk and replicas of Redis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, at_most, of
from sizing.capacity import redis
from sizing.tiers import PLANNING_FACTORS, TIERS, TierTables
from sizing.tiers.schema import RedisRow
from sizing.units import GIGA, SECONDS_PER_DAY
from sizing.words import Tier
from sizing.workload.reference import CACHE_TTL_SECONDS

CACHE = Block("001-2.5", "2.5")
DISKS = Block("001-3.3", "3.3")
REWRITE_COPIES = 2  # the append-only file and the one that replaces it, side by side on the disk


def claims() -> Iterator[Claim]:
    """Return the claims of Redis."""
    before: RedisRow | None = None
    for tier, tables in TIERS.items():
        yield from _cache(tier, tables)
        if before is not None:
            yield _replicas(tier, before, tables.redis)
        before = tables.redis


def _cache(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    row, rates = tables.redis, tables.profile.requests_per_second
    total = row.memory_gb * (row.primaries or row.nodes or 1)
    shared = {
        "memory_gb": total,
        "requests_per_second": rates.high or rates.low,
        "peak_factor": PLANNING_FACTORS.peak_factor.planned,
        "input_tokens": PLANNING_FACTORS.input_tokens.planned,
        "output_tokens": PLANNING_FACTORS.output_tokens.planned,
        "cache_hit_share": PLANNING_FACTORS.cache_hit_share.planned,
    }
    for words, said, seconds in (
        ("ttl", "answers", None),
        ("hour", "an hour's answers", CACHE_TTL_SECONDS.value),
        ("day", "a day's answers", SECONDS_PER_DAY),
    ):
        yield CACHE.claim(
            f"{words}-{tier}", f"{total} GB keep {said}", cached, **shared, ttl_seconds=seconds
        )
    yield DISKS.claim(
        f"redis-{tier}",
        f"{tables.storage.redis_gb} GB of disk for {total} GB of memory",
        rewritten,
        disk_gb=tables.storage.redis_gb,
        memory_gb=total,
    )


def cached(
    *,
    memory_gb: float,
    requests_per_second: float,
    peak_factor: float,
    input_tokens: float,
    output_tokens: float,
    cache_hit_share: float,
    ttl_seconds: float | None,
) -> Recomputed:
    """Compare the answers of one time to live with the memory."""
    found = load(
        requests_per_second_peak=requests_per_second,
        peak_factor=peak_factor,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_hit_share=cache_hit_share,
        cache_ttl_seconds=SECONDS_PER_DAY if ttl_seconds is None else ttl_seconds,
    )
    if ttl_seconds is None:
        each = redis.entry_bytes(found)
        return at_most(
            None,
            memory_gb * GIGA / each / redis.entries(found) * SECONDS_PER_DAY,
            unit="seconds that an answer lives",
            formula="memory / (tokens x 4 bytes) / (average requests/s x (1 - cache hits))",
            said=Said.DEMAND,
            measure="state the time to live and the size of an answer",
        )
    judged = of(redis.cache_memory(found, memory_gb * GIGA))
    needed = redis.cache_bytes_needed(found) / GIGA
    return replace(judged, documented=memory_gb, value=needed, unit="GB")


def rewritten(*, disk_gb: float, memory_gb: float) -> Recomputed:
    """Compare two copies of the memory with the disk: the file and the one that replaces it."""
    return at_most(
        memory_gb * REWRITE_COPIES, disk_gb, unit="GB", formula="2 x memory <= disk of table 3.3"
    )


def _replicas(tier: Tier, before: RedisRow, row: RedisRow) -> Claim:
    return CACHE.claim(
        f"replicas-{tier}",
        f"{row.topology.value} is no less safe than {before.topology.value}",
        replicas_each,
        primaries=row.primaries,
        nodes=row.nodes if row.nodes is not None else row.primaries,
        smaller_primaries=before.primaries,
        smaller_nodes=before.nodes if before.nodes is not None else before.primaries,
    )


def replicas_each(
    *,
    primaries: float | None,
    nodes: float | None,
    smaller_primaries: float | None,
    smaller_nodes: float | None,
) -> Recomputed:
    """Compare the copies of a key with those of the tier below."""
    return at_most(
        _copies(smaller_primaries, smaller_nodes),
        _copies(primaries, nodes),
        unit="nodes a shard",
        formula="nodes / primaries of the tier below <= nodes / primaries",
        measure="state how many of the nodes are primaries",
    )


def _copies(primaries: float | None, nodes: float | None) -> float | None:
    return nodes / primaries if primaries and nodes is not None else None
