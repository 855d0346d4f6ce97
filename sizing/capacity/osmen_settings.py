"""OsMEN (document 003): settings beside container limits, its load test, its GPUs and its costs."""

from __future__ import annotations

from sizing.capacity.constraint import Constraint
from sizing.capacity.ends import highest, lowest
from sizing.documents import osmen, osmen_performance, osmen_resources, osmen_settings
from sizing.documents.osmen_cost import LlmCostRow, TokenPrice
from sizing.documents.osmen_resources import ContainerRow, GpuRow
from sizing.units import DAYS_PER_MONTH

POSTGRES, REDIS, GATEWAY = "PostgreSQL", "Redis", "Gateway API"
FOUR_BITS_IN_BYTES = 4 / 8  # the least that a parameter takes at the coarsest common precision
TOKENS_PER_PRICE = 1000  # the cost table's prices are for a thousand tokens


def container(service: str) -> ContainerRow:
    """Return a service's container.

    Raises:
        KeyError: the document has no such service.
    """
    by_name = {row.service: row for row in osmen_resources.CONTAINERS}
    return by_name[service]


def shared_buffers(
    memory_bytes: float,
    buffers_bytes: float = osmen_settings.POSTGRES_SETTINGS["shared_buffers"].value.value,
) -> Constraint:
    """Compare shared_buffers with a server's memory: what it reserves must at least exist."""
    return _setting("shared-buffers", buffers_bytes, memory_bytes, "shared_buffers; server memory")


def work_memory(
    memory_bytes: float,
    *,
    connections: float = osmen_settings.POSTGRES_SETTINGS["max_connections"].value.value,
) -> Constraint:
    """Compare one work_mem for every connection, and the buffers, with a server's memory.

    A query may take none or several of them, so that beyond the memory it is only unproven.
    """
    settings = osmen_settings.POSTGRES_SETTINGS
    each = settings["work_mem"].value.value
    buffers = settings["shared_buffers"].value.value
    return Constraint(
        name="work-memory",
        unit="bytes",
        demand=buffers + connections * each,
        conservative=memory_bytes,
        physical=None,
        hard=True,
        formula="shared_buffers + max_connections x work_mem; server memory",
        source=osmen.SOURCE,
        measure="measure sorts and hashes at once",
    )


def redis_memory(
    memory_bytes: float,
    maximum_bytes: float = osmen_settings.REDIS_SETTINGS["maxmemory"].value.value,
) -> Constraint:
    """Compare maxmemory with the container's limit: above it the kernel ends the process first."""
    return _setting("maxmemory", maximum_bytes, memory_bytes, "maxmemory; container limit")


def pool(
    queries_per_second: float,
    *,
    connections: float = osmen_performance.POSTGRES_POOL.value,
    seconds: float = highest(osmen_performance.POSTGRES_QUERY_LATENCY),
) -> Constraint:
    """Compare a rate of queries with what a pool carries when each takes its P95.

    The mean is below the P95, by how much is not stated: beyond, it is only unproven.
    """
    return Constraint(
        name="pool",
        unit="queries/s",
        demand=queries_per_second,
        conservative=connections / seconds,
        physical=None,
        hard=True,
        formula="connections / seconds of a query at P95",
        source=osmen.SOURCE,
        measure="state the mean latency of a query",
    )


def load_test(
    stated: float = osmen_performance.LOAD_TEST_THROUGHPUT.value,
    *,
    users: float = osmen_performance.LOAD_TEST_LOAD.users.value,
    requests_each: float = osmen_performance.LOAD_TEST_LOAD.requests_per_user.value,
    seconds: float = osmen_performance.LOAD_TEST_DURATION.value,
) -> Constraint:
    """Compare a stated throughput with all requests over the whole duration."""
    made = users * requests_each / seconds
    return Constraint(
        name="load-test",
        unit="requests/s",
        demand=stated,
        conservative=made,
        physical=made,
        hard=True,
        formula="throughput stated; users x requests of each / duration",
        source=osmen.SOURCE,
    )


def load_test_clients(
    stated: float = osmen_performance.LOAD_TEST_THROUGHPUT.value,
    *,
    users: float = osmen_performance.LOAD_TEST_LOAD.users.value,
    median_seconds: float = osmen_performance.LOAD_TEST_P50.value,
) -> Constraint:
    """Compare the clients that a throughput needs by Little's law with those that there were.

    The median stands in for the mean, which long tails only raise.
    """
    return Constraint(
        name="load-test-clients",
        unit="clients",
        demand=stated * median_seconds,
        conservative=users,
        physical=users,
        hard=True,
        formula="throughput x P50; users",
        source=osmen.SOURCE,
    )


def model_on_gpu(row: GpuRow, parameters: float | None = None) -> Constraint:
    """Compare the weights of a row's model at four bits with the GPU's memory.

    Weights alone: a model that does not fit so does not run at all, one that does still needs
    memory for what it is reading and writing.

    Args:
        row: a row of the GPU table.
        parameters: parameters of another model than the row's.

    Raises:
        ValueError: the GPU's memory is no figure ("Unified").
    """
    if parameters is None and row.models.parameters is not None:
        parameters = highest(row.models.parameters)
    memory = highest(row.memory)
    return Constraint(
        name="gpu-memory",
        unit="bytes",
        demand=None if parameters is None else parameters * FOUR_BITS_IN_BYTES,
        conservative=memory,
        physical=memory,
        hard=True,
        formula="parameters x half a byte; memory of the GPU",
        source=osmen.SOURCE,
        assumption="the key-value cache fits beside the weights",
        measure="state the context length",
    )


def llm_month_usd(
    price: TokenPrice, *, requests_per_day: float, input_tokens: float, output_tokens: float
) -> float:
    """Return what a model costs in a month of 30 days."""
    each = (
        input_tokens * price.input_usd.value + output_tokens * price.output_usd.value
    ) / TOKENS_PER_PRICE
    return requests_per_day * DAYS_PER_MONTH * each


def llm_cost(row: LlmCostRow, *, input_tokens: float, output_tokens: float) -> Constraint:
    """Compare a month at so many tokens a request with the upper end of what a row states."""
    stated = highest(row.monthly)
    return Constraint(
        name="llm-cost",
        unit="USD a month",
        demand=llm_month_usd(
            row.price_per_thousand_tokens,
            requests_per_day=lowest(row.requests_per_day),
            input_tokens=input_tokens,
            output_tokens=output_tokens,
        ),
        conservative=stated,
        physical=stated,
        hard=True,
        formula="requests a day x 30 x (tokens in x price + tokens out x price)",
        source=osmen.SOURCE,
    )


def _setting(name: str, asked: float, there: float, formula: str) -> Constraint:
    return Constraint(
        name=name,
        unit="bytes",
        demand=asked,
        conservative=there,
        physical=there,
        hard=True,
        formula=formula,
        source=osmen.SOURCE,
    )
