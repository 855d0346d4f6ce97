"""What a workload moves in a month, in GiB, from its tokens.

A request carries its input tokens as text; a streamed answer wraps each output token in an event
of its own. Everything crosses the load balancer; what an outside model answers crosses NAT both
ways and leaves for the internet once more. Inside, a request and its answer pass `ZONE_HOPS` hops,
of which (zones - 1) / zones end in another zone.

Left out as small beside these: requests to S3, KMS and Secrets Manager, replication of the stores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH
from sizing.model import Figure
from sizing.units import GIB
from sizing.words import Kind

if TYPE_CHECKING:
    from sizing.workload import Workload

HOURS_PER_DAY = 24
DAYS_PER_MONTH = HOURS_PER_MONTH.value / HOURS_PER_DAY
SECONDS_PER_HOUR = 3600

BYTES_PER_TOKEN = Figure(
    value=4,
    unit="bytes of text per token",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
STREAM_EVENT_BYTES = Figure(
    value=300,
    unit="bytes of a server-sent event with one token",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
REQUEST_OVERHEAD_BYTES = Figure(
    value=4096,
    unit="bytes of headers and JSON, each way",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
# Load balancer to proxy, proxy to router, router to engine.
ZONE_HOPS = Figure(
    value=3,
    unit="hops of a request inside the platform",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
LCU_CONNECTIONS = Figure(
    value=25,
    unit="new connections/s per LCU",
    source="elb-lcu",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
LCU_GIB_PER_HOUR = Figure(
    value=1, unit="GiB an hour per LCU", source="elb-lcu", date="2026-11-21", kind=Kind.VENDOR
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """A month in GiB.

    Attributes:
        balanced_gib: through the load balancer, both ways.
        internet_out_gib: answers to users and prompts to outside models.
        nat_gib: prompts to outside models and their answers.
        between_zones_gib: once per GiB that changes zone; the bill counts both directions.
        capacity_units: load balancer capacity units on average, at a connection per request.
    """

    balanced_gib: float
    internet_out_gib: float
    nat_gib: float
    between_zones_gib: float
    capacity_units: float


def monthly_tokens(load: Workload) -> float:
    """Return input and output tokens of a month of 730 hours."""
    return load.tokens_per_day * DAYS_PER_MONTH


def traffic(load: Workload, zones: int) -> Traffic:
    """Return what a workload moves in a month over `zones` zones."""
    requests = monthly_tokens(load) / (load.input_tokens + load.output_tokens)
    text = BYTES_PER_TOKEN.value
    per_token = load.streaming_share * STREAM_EVENT_BYTES.value + (1 - load.streaming_share) * text
    prompt = load.input_tokens * text + REQUEST_OVERHEAD_BYTES.value
    answer = load.output_tokens * per_token + REQUEST_OVERHEAD_BYTES.value
    prompts_gib, answers_gib = requests * prompt / GIB, requests * answer / GIB
    outside = (1 - load.cache_hit_share) * (1 - load.self_hosted_share)
    balanced = prompts_gib + answers_gib
    return Traffic(
        balanced_gib=balanced,
        internet_out_gib=answers_gib + prompts_gib * outside,
        nat_gib=balanced * outside,
        between_zones_gib=balanced * ZONE_HOPS.value * (zones - 1) / zones,
        capacity_units=max(
            balanced / HOURS_PER_MONTH.value / LCU_GIB_PER_HOUR.value,
            load.requests_per_second_average / LCU_CONNECTIONS.value,
        ),
    )
