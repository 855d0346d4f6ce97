"""Document 000: new users a second on its own nodes, database disk, disk operations and files.

The document calls its arrivals "concurrent users". How long a session lasts is not written, and it
decides how many users there are at once, but not how many interactions a second.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.capacity.constraint import Constraint
from sizing.capacity.ends import highest, lowest
from sizing.documents import cluster
from sizing.model import Figure
from sizing.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from sizing.words import Kind

# What one interaction leaves behind: the least row that LiteLLM's own sizing gives.
ROW_BYTES = Figure(
    value=1000,
    unit="bytes a request",
    source="litellm-db-sizing",
    date="2026-10-10",
    kind=Kind.VENDOR,
)
WRITES_PER_INTERACTION = 1  # the least that is persisted of one
# The lowest and the highest rate of one LiteLLM worker on one vCPU that anybody measured.
SURE_PER_VCPU = Figure(
    value=22.7,
    unit="requests/s of a Python proxy on one vCPU, long prompts",
    source="litellm-bench-2026-10",
    date="2026-10-12",
    kind=Kind.MEASURED,
)
MOST_PER_VCPU = Figure(
    value=1022 / 4,  # four workers on four vCPU
    unit="requests/s of a Python proxy on one vCPU, mocked model",
    source="litellm-pr-14153",
    date="2025-09-01",
    kind=Kind.MEASURED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Interactions a second in the long run: every user makes so many before leaving."""

    least: float
    most: float


def arrivals(
    new_users_per_second: float = cluster.NEW_USERS_PER_SECOND.value,
    interactions: tuple[float, float] = (
        lowest(cluster.INTERACTIONS_PER_USER),
        highest(cluster.INTERACTIONS_PER_USER),
    ),
) -> Arrivals:
    """Return the interactions a second that so many new users a second come to."""
    least, most = interactions
    return Arrivals(least=new_users_per_second * least, most=new_users_per_second * most)


def users_at_once(new_users_per_second: float, session_seconds: float) -> float:
    """Return the users who are there at once by Little's law."""
    return new_users_per_second * session_seconds


def nodes(interactions_per_second: float, *, count: int, vcpu: int) -> Constraint:
    """Compare a rate with what a proxy in Python was measured to carry on so many vCPU.

    The nodes carry everything else as well, so that even "holds" leaves the rest unsized.
    """
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=interactions_per_second,
        conservative=count * vcpu * SURE_PER_VCPU.value,
        physical=count * vcpu * MOST_PER_VCPU.value,
        hard=False,
        formula="new users a second x interactions of each; nodes x vCPU x 22.7, at most x 255",
        source="litellm-bench-2026-10",
        assumption="nothing but the proxy runs on the nodes",
        measure="load-test the whole platform; state how long a session lasts",
    )


def hours_until_full(
    interactions_per_second: float, *, disk_bytes: float, row_bytes: float = ROW_BYTES.value
) -> float:
    """Return how long a disk lasts when every interaction leaves a row."""
    return disk_bytes / (interactions_per_second * row_bytes) / SECONDS_PER_HOUR


def database_disk(
    interactions_per_second: float,
    *,
    disk_bytes: float,
    retention_days: float = 1,
    row_bytes: float = ROW_BYTES.value,
) -> Constraint:
    """Compare the rows of some days with the database's disk, at one row an interaction."""
    return Constraint(
        name="disk",
        unit="bytes",
        demand=interactions_per_second * SECONDS_PER_DAY * retention_days * row_bytes,
        conservative=disk_bytes,
        physical=disk_bytes,
        hard=True,
        formula="interactions/s x 86,400 x days x 1 KB",
        source="litellm-db-sizing",
    )


def disk_operations(interactions_per_second: float, *, iops: float) -> Constraint:
    """Compare one write an interaction with the operations of the disk, reads left out."""
    return Constraint(
        name="iops",
        unit="operations/s",
        demand=interactions_per_second * WRITES_PER_INTERACTION,
        conservative=iops,
        physical=iops,
        hard=False,
        formula="interactions/s x 1 write",
        source="document-000",
        measure="measure the write operations of one interaction",
    )
