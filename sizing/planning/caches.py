"""The Redis-protocol stores by role: answers that may be lost, and state that may not."""

from __future__ import annotations

from sizing.planning.cache_nodes import (
    SNAPSHOT_DAYS,
    Form,
    documented_form,
    engine_name,
    raised,
    reserved_percent,
    usable,
)
from sizing.planning.cache_notes import cache_notes
from sizing.planning.environment import Setting
from sizing.plans import Adjustment, CachePlan, Parameter
from sizing.versions import VERSIONS
from sizing.words import CacheRole, Eviction


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
    return plans, tuple(cache_notes(setting, plans))


def _plan(setting: Setting, role: CacheRole, form: Form) -> CachePlan:
    node, form = raised(setting, role, form)
    engine = VERSIONS.valkey if setting.proven else VERSIONS.redis
    evicting = role is CacheRole.CACHE
    eviction = Eviction.ALLKEYS_LRU if evicting else Eviction.NOEVICTION
    return CachePlan(
        role=role,
        engine=engine_name(setting),
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


def _parameters(form: Form, eviction: Eviction, reserved: int) -> tuple[Parameter, ...]:
    entries = [
        Parameter(name="maxmemory-policy", value=eviction.value, static=False),
        Parameter(name="reserved-memory-percent", value=str(reserved), static=False),
    ]
    if form.clustered:
        entries.insert(0, Parameter(name="cluster-enabled", value="yes", static=True))
    return tuple(entries)
