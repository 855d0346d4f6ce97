"""OsMEN (document 003): what its configurations carry, and what agents and containers use.

The document's totals are not the sums of its own tables; the models here are the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sizing.capacity.constraint import Constraint
from sizing.capacity.ends import highest, lowest, totals
from sizing.documents import osmen, osmen_performance, osmen_resources
from sizing.documents.amounts import Amount
from sizing.documents.machines import Machines
from sizing.documents.osmen_performance import ThroughputRow
from sizing.documents.osmen_resources import (
    AgentCpuRow,
    AgentMemoryRow,
    ContainerRow,
    GrowthRow,
)
from sizing.units import SECONDS_PER_DAY

OPTIONAL = "(optional)"
"""What the document writes behind a container that may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A row of the growth table as rates: requests a second, a user and a core."""

    average: float
    peak: float
    requests_per_user: float
    peak_per_core: float


def throughput(requests_per_second: float, row: ThroughputRow) -> Constraint:
    """Compare a rate with what a configuration carries, from its lower end to its upper one."""
    stated = row.requests_per_second
    return Constraint(
        name="requests",
        unit="requests/s",
        demand=requests_per_second,
        conservative=lowest(stated),
        physical=stated.high,
        hard=True,
        formula=f"requests/s at peak; {stated.written} requests/s on {row.configuration.written}",
        source=osmen.SOURCE,
        measure="load-test the configuration with your own agents",
    )


def configuration_for(requests_per_second: float) -> ThroughputRow | None:
    """Return the smallest configuration whose lower end is enough, None where no row is."""
    enough = (
        row
        for row in osmen_performance.THROUGHPUT
        if lowest(row.requests_per_second) >= requests_per_second
    )
    return next(enough, None)


def agents_cpu(
    cores: float,
    *,
    rows: Sequence[AgentCpuRow] = osmen_resources.AGENT_CPU,
    bursting: bool = False,
) -> Constraint:
    """Compare the CPU of all agents at once with some cores, a percentage being of one core.

    Args:
        cores: what there is for agents.
        rows: the agents, one of each.
        bursting: take their bursts, else what they use while active.
    """
    used = [row.burst if bursting else row.active for row in rows]
    return Constraint(
        name="agents-cpu",
        unit="cores",
        demand=totals(used)[1],
        conservative=cores,
        physical=cores * _spread(used),
        hard=True,
        formula="sum of the agents' CPU, upper ends; refuted by the lower ends",
        source=osmen.SOURCE,
        assumption="a percentage is of one core",
        measure="measure container_cpu_usage_seconds_total of each agent",
    )


def agents_memory(
    memory_bytes: float,
    *,
    rows: Sequence[AgentMemoryRow] = osmen_resources.AGENT_MEMORY,
    peak: bool = True,
) -> Constraint:
    """Compare the memory of all agents at once with some memory.

    Args:
        memory_bytes: what there is for agents.
        rows: the agents, one of each.
        peak: take their peaks, else their working sets.
    """
    used = [row.peak if peak else row.working_set for row in rows]
    return Constraint(
        name="agents-memory",
        unit="bytes",
        demand=totals(used)[1],
        conservative=memory_bytes,
        physical=memory_bytes * _spread(used),
        hard=True,
        formula="sum of the agents' memory, upper ends; refuted by the lower ends",
        source=osmen.SOURCE,
        measure="measure container_memory_working_set_bytes of each agent",
    )


def containers(*, optional: bool = False) -> tuple[ContainerRow, ...]:
    """Return the containers that run, with the optional ones or without."""
    return tuple(
        row for row in osmen_resources.CONTAINERS if optional or OPTIONAL not in row.service
    )


def container_totals(
    rows: Iterable[ContainerRow], host: Machines = osmen_resources.TOTAL_MINIMUM
) -> tuple[Constraint, Constraint, Constraint]:
    """Compare the limits of containers with a host: CPU, memory, disk.

    CPU limits may exceed a host, which then only slows down: beyond it they are unproven. Memory
    limits that exceed it end processes, and a full disk stops a store.

    Args:
        rows: containers on the host.
        host: the host, by default what the document calls its minimum.

    Raises:
        ValueError: the host has no disk.
    """
    if host.disk is None:
        raise ValueError(f'"{host.written}" has no disk')
    limits = tuple(rows)
    return (
        _limit("cpu", "vCPU", (row.cpu_limit for row in limits), host.vcpu, shared=True),
        _limit("memory", "bytes", (row.memory_limit for row in limits), host.memory),
        _limit("disk", "bytes", (row.storage for row in limits), host.disk),
    )


def rates(row: GrowthRow, *, peak_factor: float) -> Rates:
    """Return the rates of a row's upper end.

    Args:
        row: one row of the growth table.
        peak_factor: peak over average; the document names none.
    """
    average = highest(row.daily_requests) / SECONDS_PER_DAY
    return Rates(
        average=average,
        peak=average * peak_factor,
        requests_per_user=highest(row.daily_requests) / highest(row.users),
        peak_per_core=average * peak_factor / lowest(row.cpu_cores),
    )


def growth_for(users: float) -> GrowthRow | None:
    """Return the row of the growth table for so many users, None beyond the last."""
    return next((row for row in osmen_resources.GROWTH if users <= highest(row.users)), None)


def growth_throughput(row: GrowthRow, *, peak_factor: float) -> Constraint:
    """Compare what the throughput table carries on a row's cores with what the row brings.

    The document's two tables agree where the cores of the growth table bring about what the same
    cores carry; refuted means that they carry more than the row ever brings.
    """
    cores = lowest(row.cpu_cores)
    able = [one for one in osmen_performance.THROUGHPUT if lowest(one.configuration.vcpu) <= cores]
    carried = lowest(able[-1].requests_per_second) if able else 0
    brought = rates(row, peak_factor=peak_factor).peak
    return Constraint(
        name="growth",
        unit="requests/s",
        demand=carried,
        conservative=brought,
        physical=brought,
        hard=True,
        formula="requests/s that the cores carry; requests a day / 86,400 x peak factor",
        source=osmen.SOURCE,
    )


def _limit(
    name: str, unit: str, asked: Iterable[Amount], there: Amount, *, shared: bool = False
) -> Constraint:
    room = highest(there)
    return Constraint(
        name=name,
        unit=unit,
        demand=totals(asked)[1],
        conservative=room,
        physical=None if shared else room,
        hard=True,
        formula="sum of the containers' limits; the host",
        source=osmen.SOURCE,
        measure="measure what the containers use at once" if shared else "",
    )


def _spread(used: Iterable[Amount]) -> float:
    low, high = totals(used)
    return high / low if low else 1
