"""The relational store: connections through the pooler, the spend log's growth, and its writes.

LiteLLM writes a row for each request; the other databases are small beside that log. Whether rows
fit is a question of days, so that the vendor's range for a row's size bounds the answer.
"""

from __future__ import annotations

from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.model import Figure
from sizing.units import SECONDS_PER_DAY
from sizing.words import Kind
from sizing.workload import Workload

VENDOR_SIZING = "litellm-db-sizing"

# 1 to 2 KB a logged request; what is budgeted, what it surely is not above, and at the least.
ROW_BYTES = Figure(
    value=1500,
    unit="bytes a request in the spend log",
    source=VENDOR_SIZING,
    date="2026-10-10",
    kind=Kind.VENDOR,
)
MOST_ROW_BYTES = Figure(
    value=2000,
    unit="bytes a request in the spend log at most",
    source=VENDOR_SIZING,
    date="2026-10-10",
    kind=Kind.VENDOR,
)
LEAST_ROW_BYTES = Figure(
    value=1000,
    unit="bytes a request in the spend log at the least",
    source=VENDOR_SIZING,
    date="2026-10-10",
    kind=Kind.VENDOR,
)
PROMPTS_FACTOR = Figure(
    value=10,
    unit="times the row where prompts and answers are stored",
    source=VENDOR_SIZING,
    date="2026-10-10",
    kind=Kind.VENDOR,
)
# PostgreSQL's own default: these are never a pooler's, whatever else is kept back.
SUPERUSER_CONNECTIONS = Figure(
    value=3,
    unit="connections that only superusers get",
    source="postgresql-config",
    date="2023-01-19",
    kind=Kind.VENDOR,
)
# Each row is a page of the table, a page of its primary key and of each index, and a flush of the
# log, if nothing is batched and no page stays in memory until a second row reaches it.
INDEXES = Figure(
    value=5,
    unit="indexes of the spend log, its primary key included",
    source="litellm-schema",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
# EBS counts what is larger in parts of this size; a row is written to the log and to the table.
LARGEST_IO_BYTES = Figure(
    value=256 * 1024,
    unit="bytes that count as one I/O operation",
    source="ebs-io-size",
    date="2026",
    kind=Kind.VENDOR,
)
LEAST_WRITES = 2  # the log and the table


def pods_at_once(maximum: int, surge_share: float) -> int:
    """Return the pods that stand together when a rollout meets the autoscaler's maximum."""
    return maximum + ceil(maximum * surge_share)


def client_connections(
    *, pool: int, workers_per_pod: int, pods: int, max_client_connections: int, bouncers: int
) -> Constraint:
    """Judge what the proxy opens on the poolers that are left when one is lost.

    Args:
        pool: connections that a worker opens.
        workers_per_pod: workers of a pod.
        pods: pods at the autoscaler's maximum with a rollout's surge, see `pods_at_once`.
        max_client_connections: what one PgBouncer takes.
        bouncers: its replicas; the only one is taken as standing.
    """
    capacity = max_client_connections * max(1, bouncers - 1)
    return Constraint(
        name="client-connections",
        unit="connections",
        demand=pool * workers_per_pod * pods,
        conservative=capacity,
        physical=capacity,
        hard=True,
        formula="pool x workers a pod x (maximum pods + surge) <= max_client_conn x "
        "(PgBouncers - 1)",
        source="litellm-prod-2026-10",
    )


def pods_carried(
    *, pool: int, workers_per_pod: int, max_client_connections: int, bouncers: int
) -> int:
    """Return the pods whose clients fit, one pooler lost: the autoscaler's maximum with surge."""
    return max_client_connections * max(1, bouncers - 1) // (pool * workers_per_pod)


def bouncers_needed(
    *, pool: int, workers_per_pod: int, pods: int, max_client_connections: int
) -> int:
    """Return the poolers that take all clients with one of them lost."""
    return 1 + max(1, -(-pool * workers_per_pod * pods // max_client_connections))


def server_connections(
    *, pool: int, reserve: int, bouncers: int, pairs: int, max_connections: int, kept_back: int
) -> Constraint:
    """Judge what all poolers together may open on the server.

    Args:
        pool: PgBouncer's default_pool_size.
        reserve: its reserve_pool_size.
        bouncers: those at once, see `pods_at_once`, none lost.
        pairs: pairs of database and role, each with a pool of its own.
        max_connections: what the server takes.
        kept_back: connections for superusers, replication, migrations and the vendor.
    """
    return Constraint(
        name="server-connections",
        unit="connections",
        demand=(pool + reserve) * bouncers * pairs,
        conservative=max_connections - kept_back,
        physical=max_connections - int(SUPERUSER_CONNECTIONS),
        hard=True,
        formula="(pool + reserve) x PgBouncers x pairs of database and role <= max_connections - "
        "kept back (at most: less the three that only superusers get)",
        source="rds-maxconn",
        measure="count the connections that backups, migrations and operators hold at once",
    )


def rows_per_day(load: Workload) -> float:
    """Return the rows that a day adds to the spend log, by the request axis."""
    return load.requests_per_second_average * SECONDS_PER_DAY


def bytes_per_day(load: Workload, row_bytes: Figure = ROW_BYTES) -> float:
    """Return what a day adds to the spend log at a row's size."""
    return rows_per_day(load) * _row(load, row_bytes)


def days_until_full(load: Workload, storage_bytes: float, row_bytes: Figure = ROW_BYTES) -> float:
    """Return the days after which the spend log alone fills the storage."""
    return storage_bytes / bytes_per_day(load, row_bytes)


def storage_needed(load: Workload) -> int:
    """Return the storage, in bytes, that surely keeps the load's rows for its retention."""
    return ceil(bytes_per_day(load, MOST_ROW_BYTES) * load.retention_days)


def retention(load: Workload, storage_bytes: float) -> Constraint:
    """Judge whether storage keeps the spend log for the load's retention."""
    return Constraint(
        name="retention",
        unit="days",
        demand=load.retention_days,
        conservative=days_until_full(load, storage_bytes, MOST_ROW_BYTES),
        physical=days_until_full(load, storage_bytes, LEAST_ROW_BYTES),
        hard=True,
        formula="days kept <= storage / (average requests/s x 86,400 x bytes a row); a row takes "
        "1 to 2 KB, ten times that with prompts",
        source=VENDOR_SIZING,
        measure="measure a row with its indexes (pg_total_relation_size over rows) after a week",
    )


def iops_needed(load: Workload, *, busy: float = RATE_HEADROOM.value) -> int:
    """Return the operations a second that carry the peak's rows if nothing is batched."""
    return ceil(load.requests_per_second_peak * _writes() / busy)


def row_writes(load: Workload, iops: float) -> Constraint:
    """Judge the rows a second at peak against the disk's operations."""
    least = LEAST_WRITES * _row(load, LEAST_ROW_BYTES) / LARGEST_IO_BYTES.value
    return Constraint(
        name="row-writes",
        unit="rows/s",
        demand=load.requests_per_second_peak,
        conservative=iops / _writes(),
        physical=iops / least,
        hard=False,
        formula="peak requests/s <= IOPS / operations a row (surely 7: a page of the table, of "
        "its 5 indexes, and the log; at the least log and table in full operations of 256 KiB)",
        source="litellm-schema",
        measure="read write IOPS over rows/s from the store's metrics under load",
    )


def _row(load: Workload, row_bytes: Figure) -> float:
    return row_bytes.value * (PROMPTS_FACTOR.value if load.prompts_stored else 1)


def _writes() -> int:
    return 1 + int(INDEXES) + 1  # the table's page, the indexes' and the log's
