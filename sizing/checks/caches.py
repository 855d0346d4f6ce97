"""What the load asks of the Redis-protocol stores, on any cloud."""

from __future__ import annotations

from sizing.capacity import redis
from sizing.capacity.constraint import Constraint
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Subject
from sizing.plans import CachePlan, Finding
from sizing.units import MIB
from sizing.words import CacheRole

FIX = "plan in proven mode, which adds shards or takes a larger node, or keep answers less long"


def check_caches(subject: Subject) -> list[Finding]:
    """Return the findings of every role: memory for what it keeps, operations for its cores."""
    return [
        constrained(
            subject,
            f"caches.{plan.role}",
            one,
            said=f"{plan.shards} x {plan.memory_bytes_per_shard // MIB} MiB on {plan.node_type}",
            fix=FIX,
        )
        for plan in subject.plan.caches
        for one in _asked(subject, plan)
    ]


def _asked(subject: Subject, plan: CachePlan) -> tuple[Constraint, ...]:
    load, usable = subject.setting.load, plan.shards * plan.memory_bytes_per_shard
    if plan.role is CacheRole.CACHE:
        # limits are counted in the state store, so that a request limits nothing here
        return (redis.cache_memory(load, usable), redis.operations(load, plan.shards, limited=0))
    if plan.role is CacheRole.STATE:
        return (redis.state_memory(load, usable), redis.operations(load, plan.shards))
    return (redis.crawler_memory(usable),)
