"""The Redis-protocol stores by role: cached answers, LiteLLM's state, and operations a second.

An entry's size is not published. It follows from the answer's tokens: LiteLLM stores answers under
a hash of the prompt, so that text of the answer is the least, and prompt and answer the most that
it takes. How often a request touches Redis follows from the limiter's own scripts.
"""

from __future__ import annotations

from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.capacity.postgres import MOST_ROW_BYTES
from sizing.model import Figure
from sizing.pricing.traffic import BYTES_PER_TOKEN
from sizing.units import SECONDS_PER_DAY
from sizing.words import Kind
from sizing.workload import Workload

LIMITER = "litellm-limiter"

OPERATIONS_PER_CORE = Figure(
    value=81_000,
    unit="GET/s of one 2.5 GHz core, no pipeline and no TLS",
    source="redis-bench",
    date="2016",
    kind=Kind.MEASURED,
)
# A key and value of 104 characters together, as large as a counter's; its time to live is an entry
# of its own, as large as an empty one.
COUNTER_BYTES = Figure(
    value=160 + 56,
    unit="bytes a counter with a time to live",
    source="redis-memory-usage",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
# What is limited has a window and a counter each of requests, tokens and parallel requests.
COUNTERS = Figure(
    value=1 + 3,
    unit="Redis keys for each thing that is limited",
    source=LIMITER,
    date="2026-11-21",
    kind=Kind.VENDOR,
)
# At worst: three counters, each in a new window (GET, 2 x SET, 2 x EXPIRE), then tokens and
# parallel requests settled (INCRBYFLOAT, TTL, EXPIRE each).
LIMITER_OPERATIONS = Figure(
    value=3 * 5 + 2 * 3,
    unit="operations a request for each thing that is limited",
    source=LIMITER,
    date="2026-11-21",
    kind=Kind.VENDOR,
)
LIMITED = 2  # things that a request counts against: its key, and its key at that model
# proxy_batch_write_at, as the vendor advises it.
BATCH_SECONDS = Figure(
    value=60,
    unit="seconds between two flushes of spend updates",
    source="litellm-db-sizing",
    date="2026-10-10",
    kind=Kind.VENDOR,
)


def entries(load: Workload) -> float:
    """Return the answers in the cache on average: those that missed within one time to live."""
    missed = load.requests_per_second_average * (1 - load.cache_hit_share)
    return missed * load.cache_ttl_seconds


def most_entries(load: Workload) -> float:
    """Return the answers in the cache at most: a time to live at peak, never above a day's.

    Beyond a day the average holds, since the peak factor is over the day's average.
    """
    ttl, average = load.cache_ttl_seconds, load.requests_per_second_average
    seen = min(load.requests_per_second_peak * ttl, average * max(ttl, SECONDS_PER_DAY))
    return seen * (1 - load.cache_hit_share)


def entry_bytes(load: Workload) -> float:
    """Return what one answer takes, its prompt with it."""
    return (load.input_tokens + load.output_tokens) * BYTES_PER_TOKEN.value


def cache_bytes_needed(load: Workload) -> int:
    """Return the memory that holds the cache at its fullest, prompts included."""
    return ceil(most_entries(load) * entry_bytes(load))


def cache_memory(load: Workload, usable_bytes: float) -> Constraint:
    """Judge whether the cache's answers live as long as they may.

    Below that nothing fails: the least used answers go early, and fewer requests hit.
    """
    answer = load.output_tokens * BYTES_PER_TOKEN.value
    return Constraint(
        name="cache-memory",
        unit="answers",
        demand=most_entries(load),
        conservative=usable_bytes / entry_bytes(load),
        physical=usable_bytes * most_entries(load) / (answer * entries(load)),
        hard=True,
        formula="requests/s x (1 - cache hits) x time to live <= memory / bytes an answer (surely: "
        "the rate at peak, prompt and answer; at most: the average rate, the answer alone)",
        source="sizing-decisions",
        assumption="a token is 4 bytes of text",
        measure="read used_memory over the number of keys from the running cache",
    )


def state_bytes_needed(load: Workload) -> int:
    """Return the memory for limits and queued spend updates, each key at each model limited."""
    limited = load.keys * (1 + load.model_names)
    counters = limited * COUNTERS.value * COUNTER_BYTES.value
    queued = load.requests_per_second_peak * BATCH_SECONDS.value * MOST_ROW_BYTES.value
    return ceil(counters + queued)


def state_memory(load: Workload, usable_bytes: float) -> Constraint:
    """Judge the memory of limits and queued spend updates, of which nothing may be evicted."""
    return Constraint(
        name="state-memory",
        unit="bytes",
        demand=state_bytes_needed(load),
        conservative=usable_bytes,
        physical=None,
        hard=True,
        formula="keys x (1 + models) x 4 counters x 216 bytes + peak requests/s x 60 s x 2 KB <= "
        "memory; as if every key were limited at every model and no update were merged",
        source=LIMITER,
        measure="read used_memory of the state store at peak",
    )


def crawler_memory(usable_bytes: float) -> Constraint:
    """Return the crawler's store as what it is: without a figure in any document."""
    return Constraint(
        name="crawler-memory",
        unit="bytes",
        demand=None,
        conservative=usable_bytes,
        physical=usable_bytes,
        hard=True,
        formula="pages in the queue x bytes a page <= memory; document 000 gives neither",
        source="document-000",
        measure="state how many pages wait at once and how large one is",
    )


def operations_per_second(load: Workload, limited: int = LIMITED) -> float:
    """Return the operations at peak: a look-up, the answer stored on a miss, and the limiter's."""
    request = 1 + (1 - load.cache_hit_share) + limited * LIMITER_OPERATIONS.value
    return load.requests_per_second_peak * request


def shards_needed(
    load: Workload, limited: int = LIMITED, *, busy: float = RATE_HEADROOM.value
) -> int:
    """Return the shards whose cores carry the peak's operations."""
    return max(1, ceil(operations_per_second(load, limited) / (OPERATIONS_PER_CORE.value * busy)))


def operations(load: Workload, shards: int, limited: int = LIMITED) -> Constraint:
    """Judge the operations at peak against one core a shard.

    Args:
        load: what users do.
        shards: primaries; a replica answers nobody here.
        limited: things that each request counts against.
    """
    return Constraint(
        name="operations",
        unit="operations/s",
        demand=operations_per_second(load, limited),
        conservative=shards * OPERATIONS_PER_CORE.value,
        physical=None,
        hard=False,
        formula="peak requests/s x (1 + misses + 21 x things limited) <= shards x 81,000; the "
        "limiter's commands run in scripts and cost less than single ones",
        source="redis-bench",
        assumption="encryption in transit costs a core nothing: nobody published what it does",
        measure="read EngineCPUUtilization of the store at peak",
    )
