"""The Redis-protocol stores on Memorystore.

`CachePlan` in its words: `node_type` is an instance with its size ("redis-standard-5gib") or a
node type of a cluster; `family` is "", there being no parameter groups; `snapshot_days` is 1 where
snapshots are taken, of which the latest alone is kept, and 0 where none are; no final snapshot and
no window can be asked for.
"""

from __future__ import annotations

from dataclasses import replace

from sizing.catalog import HOURS_PER_MONTH, price
from sizing.catalog.google import RedisShape, redis_instance, redis_nodes, redis_shape
from sizing.planning.cache_nodes import Form, asked_memory, documented_form
from sizing.planning.cache_notes import (
    documented_persistence,
    form_notes,
    memory_note,
    persistence_rule,
    role_note,
)
from sizing.planning.environment import Setting
from sizing.planning.needs import cache_bytes, cache_shards
from sizing.planning.notes import difference, note
from sizing.plans import Adjustment, CachePlan, Parameter
from sizing.tiers.vocabulary import Persistence
from sizing.units import MIB
from sizing.versions import GOOGLE_VERSIONS
from sizing.words import CacheRole, Direction, Eviction

BASIC, STANDARD = "BASIC", "STANDARD_HA"  # cloud rule 51
SHARED_CORE = "redis-shared-core-nano"  # without a service level. Source: memorystore-nodes.
# Programs that ask the cache, by how they may prove who they are: by an access token of IAM as well
# (LiteLLM's gcp_service_account), or by a password alone. Source: memorystore-cluster-auth.
KNOW_ACCOUNTS = ("litellm",)
KNOW_PASSWORDS = ("application", "osmen-gateway")
SNAPSHOT_HOURS = 1  # the shortest interval of snapshots. Source: memorystore-snapshots.


def caches(setting: Setting) -> tuple[tuple[CachePlan, ...], tuple[Adjustment, ...]]:
    """Return the store of each role and how they differ from table 2.5.

    Raises:
        ValueError: more than the largest instance or node holds.
    """
    state = Form(shards=1, replicas=0 if setting.is_dev else 1, clustered=False)
    plans = (
        _plan(setting, CacheRole.CACHE, documented_form(setting)),
        _plan(setting, CacheRole.CRAWLER, state),
        _plan(setting, CacheRole.STATE, state),
    )
    return plans, tuple(_notes(setting, plans))


def monthly_usd(plan: CachePlan, region: str) -> float | None:
    """Return what a store costs in a month, None where the region's price is unknown."""
    shape = redis_shape(plan.node_type)
    figure = price(shape.price, region)
    if figure is None:
        return None
    units = plan.shards * (1 + plan.replicas_per_shard) if shape.clustered else shape.capacity_gib
    return figure.value * HOURS_PER_MONTH.value * units


def _plan(setting: Setting, role: CacheRole, form: Form) -> CachePlan:
    form, shape = _fitted(setting, role, form)
    eviction = Eviction.ALLKEYS_LRU if role is CacheRole.CACHE else Eviction.NOEVICTION
    return CachePlan(
        role=role,
        engine="redis",
        engine_version=GOOGLE_VERSIONS.redis.value,
        family="",
        node_type=shape.name,
        shards=form.shards,
        replicas_per_shard=form.replicas,
        cluster_mode=form.clustered,
        multi_az=form.replicas > 0,
        memory_bytes_per_shard=shape.data_bytes,
        eviction=eviction,
        parameters=(Parameter(name="maxmemory-policy", value=eviction.value, static=False),),
        snapshot_days=0 if setting.is_dev else 1,
        snapshot_window="",
        maintenance_window="sun:06:00-sun:07:00",
        final_snapshot=False,
        log_retention_days=setting.log_days,
    )


def _fitted(setting: Setting, role: CacheRole, form: Form) -> tuple[Form, RedisShape]:
    """Return the form with as many shards as the load takes, and what each shard is."""
    asked, held = asked_memory(setting, role), cache_bytes(setting, role)
    whole = _whole(setting, form, held) if form.clustered else None
    if whole is not None:
        return replace(form, shards=1, replicas=max(1, form.replicas), clustered=False), whole
    single = redis_instance(_tier(form), max(asked, held))
    if not form.clustered and (single is not None or role is not CacheRole.CACHE):
        return form, _shape(setting, form, max(asked, held))
    shards = max(form.shards, cache_shards(setting), -(-held // redis_nodes()[-1].data_bytes))
    # More than an instance holds is cut into shards, each of which must survive its zone.
    replicas = form.replicas if setting.is_dev else max(1, form.replicas)
    wider = replace(
        form,
        shards=shards,
        clustered=True,
        replicas=form.replicas if form.clustered else replicas,
    )
    share = -(-held // shards)
    return wider, _shape(setting, wider, max(asked, share) if form.clustered else share)


def _whole(setting: Setting, form: Form, held: int) -> RedisShape | None:
    """Return the instance that does what the document's shards do together, None where none does.

    A cluster knows no password (memorystore-cluster-auth), so programs sign in to an instance; one
    core carries its rate.
    """
    if not setting.proven or cache_shards(setting) > 1:
        return None
    together = form.shards * asked_memory(setting, CacheRole.CACHE)
    return redis_instance(STANDARD, max(together, held))


def _tier(form: Form) -> str:
    return STANDARD if form.replicas else BASIC


def _shape(setting: Setting, form: Form, data_bytes: int) -> RedisShape:
    if form.clustered:
        nodes = (one for one in redis_nodes() if setting.is_dev or one.name != SHARED_CORE)
        found = next((one for one in nodes if one.data_bytes >= data_bytes), None)
    else:
        found = redis_instance(_tier(form), data_bytes)
    if found is None:
        raise ValueError(
            f"Memorystore sells nothing that holds {data_bytes // MIB} MiB of data a shard"
        )
    return found


def _notes(setting: Setting, plans: tuple[CachePlan, ...]) -> list[Adjustment]:
    region = setting.request.region
    notes = [
        *_form_notes(setting, plans[0]),
        *_load_notes(setting, plans[0]),
        *_persistence_notes(setting),
    ]
    notes += memory_note(setting)
    notes += [role_note(one, one.node_type, monthly_usd(one, region)) for one in plans[1:]]
    return notes


def _load_notes(setting: Setting, plan: CachePlan) -> tuple[Adjustment, ...]:
    """Return the note of a cache that holds what the load asks, not what the table gives."""
    form = documented_form(setting)
    if form.clustered and not plan.cluster_mode:
        return ()  # its form's note says what it is
    shape = _shape(setting, form, asked_memory(setting, CacheRole.CACHE))
    if (plan.shards, plan.node_type) == (form.shards, shape.name):
        return ()
    region = setting.request.region
    tabled = replace(
        plan, node_type=shape.name, shards=form.shards, replicas_per_shard=form.replicas
    )
    return (
        note(
            "caches.cache.node_type",
            f"{form.shards} x {shape.name}",
            f"{plan.shards} x {plan.node_type}",
            direction=Direction.RAISED,
            rule="cache-holds-answers",
            reason="as long as an answer lives, the load's answers take more",
            monthly_usd=difference(monthly_usd(plan, region), monthly_usd(tabled, region)),
        ),
    )


def _form_notes(setting: Setting, plan: CachePlan) -> tuple[Adjustment, ...]:
    usd, replicas = monthly_usd(plan, setting.request.region), plan.replicas_per_shard
    form = documented_form(setting)
    if form.clustered and not plan.cluster_mode:
        return (_whole_note(setting, plan, form),)
    return form_notes(
        setting,
        f"{plan.shards} x (1 + {replicas})",
        None if usd is None else usd * replicas / (1 + replicas),
    )


def _whole_note(setting: Setting, plan: CachePlan, form: Form) -> Adjustment:
    region, node = setting.request.region, _shape(setting, form, asked_memory(setting, plan.role))
    cluster = replace(
        plan, node_type=node.name, shards=form.shards, replicas_per_shard=form.replicas
    )
    return note(
        "caches.cache.form",
        f"Cluster, {form.shards} primaries",
        f"{plan.node_type} with a replica",
        direction=Direction.REPLACED,
        rule="memorystore-sign-in",
        reason="a cluster knows no password, so that programs could not sign in; the instance "
        "holds the shards' data, and one core carries the rate",
        monthly_usd=difference(monthly_usd(plan, region), monthly_usd(cluster, region)),
    )


def _persistence_notes(setting: Setting) -> list[Adjustment]:
    row = setting.tables.redis
    return [
        note(
            "caches.persistence",
            documented_persistence(row),
            "none in dev" if setting.is_dev else f"a snapshot every {SNAPSHOT_HOURS} h",
            direction=Direction.UNSUPPORTED,
            rule=persistence_rule(row),
            reason=(
                "Memorystore's instances keep no append-only file"
                if row.persistence is not Persistence.RDB
                else f"Memorystore takes a snapshot every {SNAPSHOT_HOURS} h at most"
            ),
        ),
        note(
            "caches.disk",
            f"{setting.tables.storage.redis_gb} GB",
            "none",
            direction=Direction.UNSUPPORTED,
            rule="redis-disk",
            reason="Memorystore has no disk to size",
        ),
    ]
