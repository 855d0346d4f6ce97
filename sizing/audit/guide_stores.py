"""Claims of document 001, 2.4: disks and connections of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.guide_workload import load
from sizing.audit.judge import Said, agrees, at_most, of
from sizing.capacity import litellm, postgres
from sizing.capacity.constraint import Constraint
from sizing.documents.osmen_settings import POSTGRES_SETTINGS
from sizing.model import Figure
from sizing.pricing.stores import RDS_GP3_BASE_IOPS, RDS_GP3_STRIPED_GIB, RDS_GP3_STRIPED_IOPS
from sizing.tiers import HPA, PGBOUNCER, PLANNING_FACTORS, TIERS, TierTables
from sizing.units import GIB, GIGA
from sizing.words import Kind, Tier
from sizing.workload.reference import RETENTION_DAYS

STORE = Block("001-2.4", "2.4")
BOUNCERS = (1, 2)  # PgBouncers that are tried; the document does not say how many there are
MANY_BOUNCERS = 8  # as many as it takes to doubt a managed server's default
PAIRS = 1  # pairs of a database and a role at the least
# PostgreSQL on RDS: DBInstanceClassMemory / 9531392, at most 5,000.
MEMORY_A_CONNECTION = Figure(
    value=9_531_392,
    unit="bytes of memory a connection",
    source="rds-maxconn",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
MOST_CONNECTIONS = Figure(
    value=5000, unit="connections", source="rds-maxconn", date="2026-11-21", kind=Kind.VENDOR
)


def claims() -> Iterator[Claim]:
    """Return the claims of PostgreSQL."""
    for tier, tables in TIERS.items():
        yield from _disk(tier, tables)
        yield from _connections(tier, tables)


def _disk(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    row, rates = tables.postgres, tables.profile.requests_per_second
    top = rates.high or rates.low
    yield STORE.claim(
        f"storage-{tier}",
        f"{row.storage_gb:,} GB in 2.4, {tables.storage.postgres_gb:,} GB in 3.3",
        storage,
        storage_gb=row.storage_gb,
        other_gb=tables.storage.postgres_gb,
    )
    log = {
        "storage_gb": row.storage_gb,
        "requests_per_second": top,
        "peak_factor": PLANNING_FACTORS.peak_factor.planned,
    }
    yield STORE.claim(
        f"full-{tier}",
        f"{row.storage_gb:,} GB keep the log of {top:g} requests/s",
        retention,
        **log,
        retention_days=None,
    )
    yield STORE.claim(
        f"month-{tier}",
        f"{row.storage_gb:,} GB keep the log of {top:g} requests/s for "
        f"{RETENTION_DAYS.value:g} days",
        retention,
        **log,
        retention_days=RETENTION_DAYS.value,
    )
    yield STORE.claim(
        f"iops-{tier}",
        f"{row.iops.value:,} IOPS on {row.storage_gb:,} GB",
        iops,
        iops=row.iops.value,
        storage_gb=row.storage_gb,
    )


def storage(*, storage_gb: float, other_gb: float) -> Recomputed:
    """Compare the same store's size in two tables."""
    return agrees(storage_gb, other_gb, unit="GB", formula="table 2.4; table 3.3")


def retention(
    *,
    storage_gb: float,
    requests_per_second: float,
    peak_factor: float,
    retention_days: float | None,
) -> Recomputed:
    """Compare the days that the spend log is kept with those after which the disk is full."""
    found = load(requests_per_second_peak=requests_per_second, peak_factor=peak_factor)
    size = storage_gb * GIGA
    days = postgres.days_until_full(found, size)
    if retention_days is None:
        return at_most(
            None,
            days,
            unit="days",
            formula="storage / (average requests/s x 86,400 x 1.5 KB a row)",
            said=Said.DEMAND,
            measure="state how long the log is kept; ten times as much with prompts",
        )
    kept = load(
        requests_per_second_peak=requests_per_second,
        peak_factor=peak_factor,
        retention_days=retention_days,
    )
    return of(postgres.retention(kept, size), Said.DEMAND)


def iops(*, iops: float, storage_gb: float) -> Recomputed:
    """Compare a row's operations with what RDS gives on gp3 of that size."""
    striped = storage_gb * GIGA / GIB >= RDS_GP3_STRIPED_GIB.value
    given = (RDS_GP3_STRIPED_IOPS if striped else RDS_GP3_BASE_IOPS).value
    return of(
        Constraint(
            name="iops",
            unit="IOPS",
            demand=iops,
            conservative=given,
            physical=None if striped else given,
            hard=True,
            formula="gp3 on RDS: 3,000 below 400 GiB and no more, 12,000 included from there on",
            source=RDS_GP3_STRIPED_IOPS.source,
            measure="ask for more than the 12,000 that are included, at a price",
        ),
        Said.DEMAND,
    )


def _connections(tier: Tier, tables: TierTables) -> Iterator[Claim]:
    pool, stock = tables.pgbouncer_pool_size, POSTGRES_SETTINGS["max_connections"].value.value
    said = "no pool size" if pool is None else f"a pool of {pool}"
    shared = {"pool": pool, "reserve": PGBOUNCER.reserve_pool_size, "pairs": PAIRS}
    for bouncers in BOUNCERS:
        yield STORE.claim(
            f"pool-stock-{bouncers}-{tier}",
            f"{said} fits {stock:g} connections, {bouncers} PgBouncer",
            pool_fits,
            **shared,
            bouncers=bouncers,
            max_connections=stock,
        )
    yield STORE.claim(
        f"pool-rds-{tier}",
        f"{said} fits RDS of {tables.postgres.memory_gb} GB, {MANY_BOUNCERS} PgBouncers",
        pool_fits_rds,
        **shared,
        bouncers=MANY_BOUNCERS,
        memory_gb=tables.postgres.memory_gb,
    )
    row = tables.litellm
    most = max(HPA.maximum, HPA.maximum_over_minimum * row.replicas.value)
    yield STORE.claim(
        f"clients-{tier}",
        f"max_client_conn {PGBOUNCER.max_client_connections:,} takes {most} proxies",
        clients,
        max_clients=PGBOUNCER.max_client_connections,
        pods=most,
        cpu_limit_millis=row.cpu_limit_millis,
        pool=litellm.WORKER_POOL.value,
    )


def pool_fits(
    *, pool: float | None, reserve: float, pairs: float, bouncers: float, max_connections: float
) -> Recomputed:
    """Compare what PgBouncers open with the connections of a server."""
    kept_back = int(postgres.SUPERUSER_CONNECTIONS)
    if pool is None:
        return at_most(
            None,
            max_connections - kept_back,
            unit="connections",
            formula="(pool + reserve) x PgBouncers x pairs <= max_connections - 3",
            said=Said.DEMAND,
            measure="state the pool size of the tier",
        )
    return of(
        postgres.server_connections(
            pool=round(pool),
            reserve=round(reserve),
            bouncers=round(bouncers),
            pairs=round(pairs),
            max_connections=round(max_connections),
            kept_back=kept_back,
        ),
        Said.DEMAND,
    )


def pool_fits_rds(
    *, pool: float | None, reserve: float, pairs: float, bouncers: float, memory_gb: float
) -> Recomputed:
    """Compare what PgBouncers open with the connections of RDS, by the engine's own formula."""
    granted = min(memory_gb * GIB / MEMORY_A_CONNECTION.value, MOST_CONNECTIONS.value)
    return pool_fits(
        pool=pool, reserve=reserve, pairs=pairs, bouncers=bouncers, max_connections=granted
    )


def clients(*, max_clients: float, pods: float, cpu_limit_millis: float, pool: float) -> Recomputed:
    """Compare what the proxies open at the autoscaler's maximum with one PgBouncer's clients."""
    return of(
        postgres.client_connections(
            pool=round(pool),
            workers_per_pod=litellm.pod(round(cpu_limit_millis)).workers,
            pods=round(pods),
            max_client_connections=round(max_clients),
            bouncers=1,
        )
    )
