"""What the load asks of the stores, whichever cloud sells them.

Every need grows with the load alone, never with what a plan already has, so that more load never
asks for less. Where the tables are taken as written, nothing is asked beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from sizing.capacity import opensearch, postgres, redis, traces
from sizing.planning.connections import asked_connections, direct_connections
from sizing.planning.environment import Setting
from sizing.planning.gateways import POOLER, PROXY
from sizing.plans import ServicePlan
from sizing.units import GIB
from sizing.words import CacheRole
from sizing.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNeed:
    """What the relational store must have; zeros ask for nothing.

    Attributes:
        storage_gib: keeps the spend log for its retention.
        iops: carry the rows of the peak.
        connections: what all poolers and those past them open, and what is kept back.
    """

    storage_gib: int = 0
    iops: int = 0
    connections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchNeed:
    """What the search cluster must have.

    Attributes:
        source_bytes: traces and logs that are kept.
        primaries: shards of all of them.
        active: shards of one day, which are written and searched most.
    """

    source_bytes: float
    primaries: int
    active: int


def database(setting: Setting, services: Iterable[ServicePlan], pairs: int) -> DatabaseNeed:
    """Return what the load asks of the relational store.

    Args:
        setting: the request's setting.
        services: the workloads, poolers among them.
        pairs: pairs of database and role that are pooled.
    """
    if not setting.proven:
        return DatabaseNeed()
    there = tuple(services)
    poolers = named(there, POOLER).scale.planned
    return DatabaseNeed(
        storage_gib=whole_gib(postgres.storage_needed(setting.load)),
        iops=postgres.iops_needed(setting.load),
        connections=asked_connections(setting, poolers, pairs)
        + direct_connections(there, setting.request.switches),
    )


def cache_bytes(setting: Setting, role: CacheRole) -> int:
    """Return the data that all shards of a role must hold; 0 where the load does not say."""
    if not setting.proven:
        return 0
    if role is CacheRole.CACHE:
        return redis.cache_bytes_needed(setting.load)
    return redis.state_bytes_needed(setting.load) if role is CacheRole.STATE else 0


def cache_shards(setting: Setting) -> int:
    """Return the shards whose cores carry the look-ups and the answers stored."""
    return redis.shards_needed(setting.load, limited=0) if setting.proven else 1


def searched(load: Workload) -> SearchNeed:
    """Return what the search cluster keeps, as long as the spend log is kept.

    What a request logs nobody has measured, nor its spans: both count at their least.
    """
    source = opensearch.source_bytes(
        load,
        retention_days=load.retention_days,
        log_bytes_per_request=None,
        spans_per_request=None,
    )
    day = traces.bytes_per_day(load, spans_per_request=None)
    return SearchNeed(
        source_bytes=source,
        primaries=opensearch.shards(source, use="logs"),
        active=opensearch.shards(day, use="logs"),
    )


def search_copies(members: int) -> int:
    """Return the copies beside the first: one, where another member can hold it."""
    return 1 if members > 1 else 0


def search_volume_gib(need: SearchNeed, members: int) -> int:
    """Return the volume of each member that holds its part of everything that is kept."""
    copies = search_copies(members)
    return whole_gib(opensearch.disk_bytes(need.source_bytes, copies=copies) / members)


def search_members(
    need: SearchNeed, floor: int, *, vcpu: int, memory_bytes: int, most_gib: int | None
) -> int:
    """Return the members whose volumes, heap and cores are enough.

    Args:
        need: what is kept.
        floor: members that stand anyway.
        vcpu: of one member, likewise `memory_bytes`.
        most_gib: the largest volume of one; None where it is as large as one asks.
    """
    copies = search_copies(floor)
    by_heap = opensearch.heap(need.primaries, copies=copies, nodes=1, memory_bytes=memory_bytes)
    by_cpu = opensearch.cpu(need.active, copies=copies, nodes=1, vcpu=vcpu)
    counts = [ceil((one.demand or 0) / (one.held or 1)) for one in (by_heap, by_cpu)]
    if most_gib is not None:
        disk = opensearch.disk_bytes(need.source_bytes, copies=copies)
        counts.append(ceil(disk / (most_gib * GIB)))
    members = max(floor, *counts)
    if search_copies(members) == copies:
        return members
    # a second member holds copies, which the first alone did not have
    return search_members(need, members, vcpu=vcpu, memory_bytes=memory_bytes, most_gib=most_gib)


def proxies(services: Iterable[ServicePlan]) -> int:
    """Return the proxies at the autoscaler's maximum: each exports time series of its own."""
    return named(services, PROXY).scale.maximum


def named(services: Iterable[ServicePlan], name: str) -> ServicePlan:
    """Return a service by its name."""
    return next(one for one in services if one.name == name)


def whole_gib(size_bytes: float) -> int:
    """Return a size in GiB, rounded up."""
    return ceil(size_bytes / GIB)
