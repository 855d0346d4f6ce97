"""List prices by the month for what the documents name, in the region of their cost table."""

from __future__ import annotations

from functools import cache

from sizing.capacity.network import at_rate, bare_text, message
from sizing.catalog import (
    HOURS_PER_MONTH,
    cache_nodes,
    instance,
    llm_prices,
    price,
    rds_classes,
)
from sizing.tiers import COST_REGION
from sizing.units import DAYS_PER_MONTH, GIB, GIGA, SECONDS_PER_DAY
from sizing.words import Cloud, PostgresForm
from sizing.workload import Workload

CLASS = "cache node"
ENGINE = "redis"
BITS_PER_BYTE = 8


def month(item: str, *, hourly: bool = True) -> float | None:
    """Return the list price of an item for a month, None where it is unknown."""
    found = price(item, COST_REGION)
    if found is None:
        return None
    return found.value * (HOURS_PER_MONTH.value if hourly else 1)


def machines(instance_type: str, count: float) -> float | None:
    """Return what machines cost in a month on demand."""
    hourly = instance(Cloud.AWS, instance_type).price(COST_REGION)
    return None if hourly is None else count * hourly * HOURS_PER_MONTH.value


@cache
def cheapest_database(
    nodes: float, vcpu: float, memory_gb: float, storage_gb: float
) -> float | None:
    """Return the cheapest nodes for PostgreSQL that are as large, with their storage."""
    form = PostgresForm.SINGLE
    prices = [
        hourly
        for one in rds_classes(form)
        if one.vcpu >= vcpu
        and one.memory_bytes >= memory_gb * GIB
        and (hourly := one.price(form, COST_REGION)) is not None
    ]
    storage = month(f"rds.gp3.gib_month.{form}", hourly=False)
    if not prices or storage is None:
        return None
    return nodes * (min(prices) * HOURS_PER_MONTH.value + storage_gb * storage)


@cache
def cheapest_cache(nodes: float, memory_gb: float) -> float | None:
    """Return the cheapest cache nodes whose memory is as large."""
    prices = [
        hourly
        for one in cache_nodes()
        if one.memory_bytes >= memory_gb * GIGA
        and (hourly := one.price(ENGINE, COST_REGION)) is not None
    ]
    return nodes * min(prices) * HOURS_PER_MONTH.value if prices else None


def blended_range(output_share: float) -> tuple[float, float]:
    """Return the lowest and the highest list price of a million tokens, in and out weighed."""
    blended = [
        one.input_usd * (1 - output_share) + one.output_usd * output_share
        for one in llm_prices()
        if one.output_usd  # embeddings write nothing
    ]
    return min(blended), max(blended)


def answers_gib(load: Workload) -> tuple[float, float]:
    """Return the GiB of answers in a month of 30 days: their bare text, and as they are sent."""
    rate = load.requests_per_second_average
    gigabits = (at_rate(bare_text(load), rate), at_rate(message(load), rate))
    seconds = SECONDS_PER_DAY * DAYS_PER_MONTH
    least, likely = (one.answers_gbps * GIGA / BITS_PER_BYTE * seconds / GIB for one in gigabits)
    return least, likely
