"""Claims of document 000: arrivals on its nodes, database and files."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import Said, at_most, of
from sizing.capacity import cluster as model
from sizing.capacity import files, vault
from sizing.capacity.ends import highest, lowest
from sizing.documents import cluster as document
from sizing.units import GIGA, MILLIS_PER_SECOND
from sizing.workload import OBJECTIVES

TARGETS = Block("000-targets", "Target Performance Metrics")
NODES = Block("000-nodes", "Kubernetes Cluster")
FILES = Block("000-shared-files", "Storage Systems")
REPLICAS = Block("000-replica-set", "Databases")
DISK = Block("000-database-disk", "Databases")
ENDS = (
    ("least", lowest(document.INTERACTIONS_PER_USER)),
    ("most", highest(document.INTERACTIONS_PER_USER)),
)


def claims() -> Iterator[Claim]:
    """Return the document's claims."""
    users = document.NEW_USERS_PER_SECOND.value
    yield TARGETS.claim(
        "concurrent-users",
        f"{users:g} new users a second are its concurrent users",
        concurrent,
        new_users_per_second=users,
        session_seconds=None,
    )
    yield TARGETS.claim(
        "first-token",
        f"P95 of the first token is {document.FIRST_TOKEN.value * MILLIS_PER_SECOND:g} ms",
        first_token,
        first_token_s=document.FIRST_TOKEN.value,
        objective_ms=OBJECTIVES.first_token_p95_ms.value,
    )
    yield FILES.claim(
        "capacity",
        f"{document.SHARED_FILES.written}",
        shared_files,
        planned_bytes=document.SHARED_FILES.value,
        used_bytes=None,
    )
    yield REPLICAS.claim(
        "zone-lost",
        f"{document.REPLICA_SET_NODES.value:g} nodes lose one zone of as many",
        members_lost,
        members=document.REPLICA_SET_NODES.value,
        zones=document.REPLICA_SET_NODES.value,
    )
    for words, interactions in ENDS:
        yield from _arrivals(words, users, interactions)


def _arrivals(words: str, users: float, interactions: float) -> Iterator[Claim]:
    said = f"{users:g} new users/s with {interactions:g} interactions"
    shared = {"new_users_per_second": users, "interactions": interactions}
    nodes = document.NODES
    count = 0 if nodes.count is None else nodes.count.value
    yield NODES.claim(
        f"rate-{words}",
        f"{said} on {count:g} nodes of {nodes.vcpu.value:g} vCPU",
        rate,
        **shared,
        count=count,
        vcpu=nodes.vcpu.value,
    )
    size = document.DATABASE_DISK.value
    yield DISK.claim(
        f"day-{words}",
        f"{said} for a day in {size / GIGA:g} GB",
        disk,
        **shared,
        disk_bytes=size,
        days=1,
        row_bytes=model.ROW_BYTES.value,
    )
    yield DISK.claim(
        f"hours-{words}",
        f"{size / GIGA:g} GB keep {said}",
        disk_hours,
        **shared,
        disk_bytes=size,
        row_bytes=model.ROW_BYTES.value,
        retention_hours=None,
    )
    yield REPLICAS.claim(
        f"iops-{words}",
        f"{said} on {document.REPLICA_SET_IOPS.value:g} IOPS",
        iops,
        **shared,
        iops=document.REPLICA_SET_IOPS.value,
    )


def concurrent(*, new_users_per_second: float, session_seconds: float | None) -> Recomputed:
    """Compare users who are there at once with the arrivals that are called so."""
    there = (
        None
        if session_seconds is None
        else model.users_at_once(new_users_per_second, session_seconds)
    )
    return at_most(
        there,
        new_users_per_second,
        unit="users",
        formula="new users a second x seconds of a session <= concurrent users",
        measure="state how long a session lasts",
    )


def first_token(*, first_token_s: float, objective_ms: float) -> Recomputed:
    """Compare the first token of an outside model with what users may expect."""
    return at_most(
        first_token_s * MILLIS_PER_SECOND,
        objective_ms,
        unit="ms",
        formula="P95 of the first token <= objective",
        said=Said.DEMAND,
    )


def shared_files(*, planned_bytes: float, used_bytes: float | None) -> Recomputed:
    """Compare what is stored with a size that the file system does not have."""
    return of(files.shared_files(used_bytes, planned_bytes=planned_bytes))


def members_lost(*, members: float, zones: float) -> Recomputed:
    """Compare the members of the fullest zone with those that a majority can lose."""
    return of(vault.zone_loss(max(1, round(members)), zones=max(1, round(zones))))


def _per_second(new_users_per_second: float, interactions: float) -> float:
    return model.arrivals(new_users_per_second, (interactions, interactions)).most


def rate(
    *, new_users_per_second: float, interactions: float, count: float, vcpu: float
) -> Recomputed:
    """Compare the interactions a second with what the nodes' vCPU carry."""
    asked = _per_second(new_users_per_second, interactions)
    return of(model.nodes(asked, count=round(count), vcpu=round(vcpu)), Said.DEMAND)


def disk(
    *,
    new_users_per_second: float,
    interactions: float,
    disk_bytes: float,
    days: float,
    row_bytes: float,
) -> Recomputed:
    """Compare the rows of a day with the database's disk."""
    return of(
        model.database_disk(
            _per_second(new_users_per_second, interactions),
            disk_bytes=disk_bytes,
            retention_days=days,
            row_bytes=row_bytes,
        )
    )


def disk_hours(
    *,
    new_users_per_second: float,
    interactions: float,
    disk_bytes: float,
    row_bytes: float,
    retention_hours: float | None,
) -> Recomputed:
    """Compare the hours that rows are to be kept with those after which the disk is full."""
    hours = model.hours_until_full(
        _per_second(new_users_per_second, interactions), disk_bytes=disk_bytes, row_bytes=row_bytes
    )
    return at_most(
        retention_hours,
        hours,
        unit="hours",
        formula="disk / (interactions/s x 1 KB)",
        said=Said.DEMAND,
        measure="state how long interactions are kept",
    )


def iops(*, new_users_per_second: float, interactions: float, iops: float) -> Recomputed:
    """Compare one write an interaction with the disk's operations."""
    return of(model.disk_operations(_per_second(new_users_per_second, interactions), iops=iops))
