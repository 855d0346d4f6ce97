"""Archestra (document 002): processes for a rate, and the calls that quarantine adds.

One process is one thread. It was measured at 155 requests a second with ten clients and at 272
with five hundred, both with a mocked model: the first is what is sure, the second the most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.capacity.ends import highest, lowest
from sizing.documents import archestra
from sizing.documents.amounts import Amount
from sizing.documents.archestra import ConfigurationRow
from sizing.units import SECONDS_PER_DAY

SURE_PER_PROCESS = archestra.THROUGHPUT_FEW.requests_per_second.value
MOST_PER_PROCESS = archestra.THROUGHPUT_MANY.requests_per_second.value
THREADS_PER_PROCESS = 1  # "Single-threaded Node.js process". Source: document-002, 2025-10-15.
CALLS_PER_ROUND = 2  # one by each of the two models. Source: document-002, 2025-10-15.


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """What dual-LLM quarantine makes of one request: calls to models, and seconds."""

    calls: int
    least_seconds: float
    most_seconds: float


def throughput(requests_per_second: float, processes: int) -> Constraint:
    """Compare a rate with what so many processes were measured to carry."""
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=requests_per_second,
        conservative=processes * SURE_PER_PROCESS,
        physical=processes * MOST_PER_PROCESS,
        hard=False,
        formula="processes x 155 (10 clients), at most x 272 (500 clients)",
        source=archestra.SOURCE,
        measure="measure one process with your own policies and a real model",
    )


def processes_needed(requests_per_second: float, *, zones: int = 1) -> int:
    """Return the processes that surely carry a rate, with one of the zones lost.

    Args:
        requests_per_second: rate at peak.
        zones: zones that share the processes evenly; 1 plans for no loss.
    """
    surely = SURE_PER_PROCESS * RATE_HEADROOM.value
    needed = max(1, ceil(requests_per_second / surely))
    if zones <= 1:
        return needed
    return max(zones, ceil(needed / (zones - 1)) * zones)


def mean_seconds(requests_per_second: float, concurrency: float) -> float:
    """Return the mean time in the system by Little's law, every client waiting for its answer."""
    return concurrency / requests_per_second


def stated_percentile(
    requests_per_second: float, concurrency: float, percentile_seconds: float
) -> Constraint:
    """Compare the mean latency that a rate implies with a stated high percentile.

    A P99 below the mean needs one request in a hundred to take most of the time.
    """
    return Constraint(
        name="latency",
        unit="seconds",
        demand=mean_seconds(requests_per_second, concurrency),
        conservative=percentile_seconds,
        physical=percentile_seconds,
        hard=True,
        formula="clients / requests a second; the percentile stated",
        source=archestra.SOURCE,
    )


def stated_overhead(low_seconds: float, median_seconds: float) -> Constraint:
    """Compare the least overhead that is stated with the median of whole requests."""
    return Constraint(
        name="overhead",
        unit="seconds",
        demand=low_seconds,
        conservative=median_seconds,
        physical=median_seconds,
        hard=True,
        formula="lower end of the added latency; P50 end to end",
        source=archestra.SOURCE,
    )


def cpu_bound_rate(requests_per_second: float, cpu_share: float) -> float:
    """Return the rate of a thread that is fully busy, by the CPU measured at another rate.

    Raises:
        ValueError: no CPU at all was measured.
    """
    if cpu_share <= 0:
        raise ValueError("a thread that uses no CPU has no rate")
    return requests_per_second / cpu_share


def busy_threads(requests_per_second: float, seconds_each: float) -> Constraint:
    """Compare the requests that are being processed at once with the threads of one process.

    Refuted means that processing is waiting for the most part, or that one of both is wrong.
    """
    return Constraint(
        name="threads",
        unit="requests being processed",
        demand=requests_per_second * seconds_each,
        conservative=THREADS_PER_PROCESS,
        physical=THREADS_PER_PROCESS,
        hard=True,
        formula="requests a second x seconds of backend processing; threads of a process",
        source=archestra.SOURCE,
    )


def used_vcpu(instances: int, vcpu: int) -> Constraint:
    """Compare the vCPU of instances with the threads that one process each can use."""
    return Constraint(
        name="vcpu",
        unit="vCPU",
        demand=instances * vcpu,
        conservative=instances * THREADS_PER_PROCESS,
        physical=None,
        hard=True,
        formula="instances x vCPU; instances x 1 thread",
        source=archestra.SOURCE,
        measure="state how many processes run in an instance",
    )


def peak_over_average(requests_per_second: float, requests_per_day: float) -> float:
    """Return how many times the day's average a rate is."""
    return requests_per_second * SECONDS_PER_DAY / requests_per_day


def stated_peak(row: ConfigurationRow, most_over_average: float) -> Constraint:
    """Compare the peak of a configuration over its day's average with a peak factor.

    The upper end of the rate stands against the upper end of the day, where both are stated.

    Args:
        row: one recommended configuration.
        most_over_average: the largest factor to expect, 5 by table 1.2 of document 001.
    """
    day = highest(row.requests_per_day)
    return Constraint(
        name="peak",
        unit="times the average",
        demand=peak_over_average(highest(row.requests_per_second), day),
        conservative=most_over_average,
        physical=most_over_average,
        hard=True,
        formula="requests/s x 86,400 / requests a day",
        source=archestra.SOURCE,
    )


def configuration(row: ConfigurationRow, *, fewest: bool, processes_each: int = 1) -> Constraint:
    """Compare the upper end of a configuration's rate with its own instances.

    Args:
        row: one recommended configuration.
        fewest: take the lower end of its instances, else the upper one.
        processes_each: processes in an instance; the document describes one.

    Raises:
        ValueError: the row does not say how many instances.
    """
    count = row.platform.count
    if count is None:
        raise ValueError(f'"{row.platform.written}" does not say how many instances')
    instances = lowest(count) if fewest else highest(count)
    return throughput(highest(row.requests_per_second), int(instances) * processes_each)


def quarantine(rounds: int, one: Amount = archestra.DUAL_LLM_ONE_ROUND.average) -> Quarantine:
    """Return calls and seconds of so many rounds, from the seconds that one round takes.

    Raises:
        ValueError: fewer than one round.
    """
    if rounds < 1:
        raise ValueError(f"{rounds} rounds ask nothing")
    return Quarantine(
        calls=CALLS_PER_ROUND * rounds,
        least_seconds=lowest(one) * rounds,
        most_seconds=highest(one) * rounds,
    )


def calls_per_second(requests_per_second: float, *, quarantined_share: float, rounds: int) -> float:
    """Return the calls to models when some requests are quarantined and all are answered."""
    extra = quarantined_share * quarantine(rounds).calls if quarantined_share else 0
    return requests_per_second * (1 + extra)


def connections(*, processes: int, pool: int | None, granted: int) -> Constraint:
    """Compare the database connections of all processes with those granted to them.

    Args:
        processes: processes at the autoscaler's maximum, with what a rollout adds.
        pool: connections that one process may open; the document does not say.
        granted: what is left for them of the server's max_connections.
    """
    return Constraint(
        name="connections",
        unit="connections",
        demand=None if pool is None else processes * pool,
        conservative=granted,
        physical=granted,
        hard=True,
        formula="processes x pool of a process; max_connections - reserved - those of others",
        source=archestra.SOURCE,
        assumption="" if pool is not None else "connections of one process",
        measure="" if pool is not None else "state the pool size of the deployment",
    )
