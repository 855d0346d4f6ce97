"""The agent gateway: requests that a core of the Rust proxy carries.

Published of it are bare requests of 1 KB to a mock, without TLS, guardrails or long streams. What
these cost is not known, so that a third of the measured rate is taken as sure.
"""

from __future__ import annotations

from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.model import Figure
from sizing.units import MILLIS_PER_CPU
from sizing.words import Kind
from sizing.workload import Workload

# 36,933 requests/s with 243 % of a core in use at the highest.
MEASURED_PER_CORE = Figure(
    value=36_933 / 2.43,
    unit="requests/s a core, by the highest CPU use of the run",
    source="agw-blog-1",
    date="2026-06-26",
    kind=Kind.MEASURED,
)
# The same run by its average use, 105 %: nothing published is better.
BEST_PER_CORE = Figure(
    value=36_933 / 1.05,
    unit="requests/s a core, by the average CPU use of the run",
    source="agw-blog-1",
    date="2026-06-26",
    kind=Kind.MEASURED,
)
# 15,199 / 3 = 5,066, rounded down: two thirds are left for TLS, guardrails and streams.
REQUESTS_PER_CORE = Figure(
    value=5000,
    unit="requests/s a core",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)


def millis_needed(load: Workload, *, busy: float = RATE_HEADROOM.value) -> int:
    """Return the CPU that carries the peak with `busy` of it in use, over all replicas."""
    return ceil(load.requests_per_second_peak * MILLIS_PER_CPU / (REQUESTS_PER_CORE.value * busy))


def replicas_needed(
    load: Workload, replica_millis: int, *, busy: float = RATE_HEADROOM.value
) -> int:
    """Return the replicas of a size that carry the peak.

    Raises:
        ValueError: a replica without CPU.
    """
    if replica_millis <= 0:
        raise ValueError(f"a replica cannot request {replica_millis} thousandths of a vCPU")
    return max(1, -(-millis_needed(load, busy=busy) // replica_millis))


def requests(load: Workload, millis: int) -> Constraint:
    """Judge the requests at peak against the CPU of all replicas that stand then."""
    cores = millis / MILLIS_PER_CPU
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=load.requests_per_second_peak,
        conservative=cores * REQUESTS_PER_CORE.value,
        physical=cores * BEST_PER_CORE.value,
        hard=False,
        formula="peak requests/s <= cores x requests/s of a core (5,000 surely: a third of "
        "36,933 / 2.43; 35,174 at most: 36,933 / 1.05)",
        source="agw-blog-1",
        measure="load-test one replica with TLS, the guardrails in use and streamed answers",
    )
