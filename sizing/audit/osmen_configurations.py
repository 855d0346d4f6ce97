"""Claims of document 003: its configurations beside its growth table, and agents that share one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import at_most, of
from sizing.audit.osmen import GROWTH, RATES
from sizing.capacity import osmen as model
from sizing.capacity.ends import highest, lowest
from sizing.documents import osmen_performance, osmen_resources
from sizing.documents.osmen_performance import ThroughputRow
from sizing.documents.osmen_resources import GrowthRow
from sizing.tiers import PLANNING_FACTORS
from sizing.units import GIGA

CPU = Block("003-agent-cpu", "CPU Usage")
MEMORY = Block("003-agent-memory", "Memory Usage")
BEYOND = "state what so many users or requests need: the document's table ends before"


def claims() -> Iterator[Claim]:
    """Return the claims of configurations, growth and agents."""
    for row in osmen_performance.THROUGHPUT:
        yield from _configuration(row)
    for place, growth in enumerate(osmen_resources.GROWTH, start=1):
        yield _needed(place, growth)
    yield from _agents(osmen_performance.THROUGHPUT[0])


def _configuration(row: ThroughputRow) -> Iterator[Claim]:
    name, users = row.notes.split()[0].lower(), highest(row.concurrent_users)
    cores = lowest(row.configuration.vcpu)
    yield RATES.claim(
        f"cores-{name}",
        f"{cores:g} cores for {row.concurrent_users.written} users",
        cores_of_growth,
        users=users,
        cores=cores,
    )
    yield RATES.claim(
        f"growth-{name}",
        f"{row.requests_per_second.written} requests/s for {row.concurrent_users.written} users",
        rate_of_growth,
        users=users,
        requests_per_second=lowest(row.requests_per_second),
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
    )


def cores_of_growth(*, users: float, cores: float) -> Recomputed:
    """Compare the cores that the growth table gives so many users with a configuration's."""
    row = model.growth_for(users)
    return at_most(
        None if row is None else lowest(row.cpu_cores),
        cores,
        unit="cores",
        formula="cores of the growth table for as many users <= cores of the configuration",
        measure=BEYOND,
    )


def rate_of_growth(*, users: float, requests_per_second: float, peak_factor: float) -> Recomputed:
    """Compare the requests that so many users bring with what a configuration carries."""
    row = model.growth_for(users)
    if row is None:
        return at_most(
            None,
            requests_per_second,
            unit="requests/s",
            formula="requests/s of the growth table for as many users <= requests/s stated",
            measure=BEYOND,
        )
    stated = osmen_performance.THROUGHPUT[0]
    rate = replace(stated.requests_per_second, low=requests_per_second, high=requests_per_second)
    brought = model.rates(row, peak_factor=peak_factor).peak
    return of(model.throughput(brought, replace(stated, requests_per_second=rate)))


def _needed(place: int, row: GrowthRow) -> Claim:
    return GROWTH.claim(
        f"configuration-{place}",
        f"{row.cpu_cores.written} cores carry {row.daily_requests.written} requests a day",
        configuration_needed,
        requests_per_day=highest(row.daily_requests),
        cores=lowest(row.cpu_cores),
        peak_factor=PLANNING_FACTORS.peak_factor.planned,
    )


def configuration_needed(
    *, requests_per_day: float, cores: float, peak_factor: float
) -> Recomputed:
    """Compare the smallest configuration that carries a row's peak with the row's cores."""
    first = osmen_resources.GROWTH[0]
    day = replace(first.daily_requests, low=requests_per_day, high=requests_per_day)
    peak = model.rates(replace(first, daily_requests=day), peak_factor=peak_factor).peak
    found = model.configuration_for(peak)
    return at_most(
        None if found is None else lowest(found.configuration.vcpu),
        cores,
        unit="cores",
        formula="cores of the smallest configuration for requests a day / 86,400 x peak factor "
        "<= cores of the row",
        measure=BEYOND,
    )


def _agents(smallest: ThroughputRow) -> Iterator[Claim]:
    cores, memory = lowest(smallest.configuration.vcpu), smallest.configuration.memory
    count = len(osmen_resources.AGENT_CPU)
    for words, bursting in (("active", False), ("burst", True)):
        yield CPU.claim(
            words,
            f"{count} agents at once ({words}) on {cores:g} cores",
            partial(agents_cpu, bursting),
            cores=cores,
        )
    for words, peak in (("working-set", False), ("peak", True)):
        yield MEMORY.claim(
            words,
            f"{count} agents at once ({words.replace('-', ' ')}) in {lowest(memory) / GIGA:g} GB",
            partial(agents_memory, peak),
            memory_bytes=lowest(memory),
        )


def agents_cpu(bursting: bool, /, *, cores: float) -> Recomputed:  # bound before
    """Compare the CPU of one of each agent with the cores of the smallest configuration."""
    return of(model.agents_cpu(cores, bursting=bursting))


def agents_memory(peak: bool, /, *, memory_bytes: float) -> Recomputed:  # likewise
    """Compare the memory of one of each agent with that of the smallest configuration."""
    return of(model.agents_memory(memory_bytes, peak=peak))
