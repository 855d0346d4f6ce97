"""Traces: spans a second at peak, what the collectors take, and bytes a day.

How many spans a request leaves is not written anywhere; one is the least. Where it is not stated
the demand is that lower bound, and no result can be more than unproven. Collectors take every span:
whether a trace is kept they decide when all of it is there.
"""

from __future__ import annotations

from math import ceil

from sizing.capacity.constraint import Constraint
from sizing.model import Figure
from sizing.units import MILLIS_PER_CPU, SECONDS_PER_DAY
from sizing.words import Kind
from sizing.workload import Workload

SPAN_BYTES = Figure(
    value=500,
    unit="bytes of a typical span",
    source="grafana-tempo",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
COLLECTOR_SPANS_PER_CORE = Figure(
    value=15_000,
    unit="spans/s that a collector takes on one core, metrics and logs left out",
    source="splunk-collector-sizing",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
# One takes a span from its sender; where there are several it hands it to the one that has the
# rest of its trace (loadbalancing exporter, "gateway" pattern). Source: otel-load-balancing, 2026.
PASSES = 2
# Five spans a trace, twelve attributes of 24 characters each: resident memory above an idle one's.
WAITING_SPAN_BYTES = Figure(
    value=2968,
    unit="bytes of a collector's memory for a span that waits for the rest of its trace",
    source="otel-collector-measured",
    date="2026-11-21",
    kind=Kind.MEASURED,
)
# The memory limiter refuses from this part of a container's memory on.
LIMITER_SHARE = Figure(
    value=0.8,
    unit="share of the memory limit",
    source="otel-memory-limiter",
    date="2026-08",
    kind=Kind.VENDOR,
)
# An SDK hands its spans on every five seconds, and the first of two collectors within one more.
EXPORT_SECONDS = Figure(
    value=6,
    unit="s until a span that has ended is where its trace is decided",
    source="otel-batch-processor",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
NO_SPANS = "spans a request (at least one)"
MEASURE_RATE = "measure what a collector takes, or let programs leave fewer spans"
MEASURE_SPACE = "state the space that traces may take"
MEASURE = "measure otelcol_receiver_accepted_spans over requests, then state it"


def received_per_second(load: Workload, *, spans_per_request: float | None) -> float:
    """Return the spans that collectors are sent in a second at peak, before sampling."""
    return load.requests_per_second_peak * (spans_per_request or 1)


def bytes_per_day(load: Workload, *, spans_per_request: float | None) -> float:
    """Return the bytes of spans of an average day, after sampling."""
    spans = load.requests_per_second_average * load.trace_share * (spans_per_request or 1)
    return spans * SECONDS_PER_DAY * SPAN_BYTES.value


def most_spans(load: Workload, *, collectors: int, spans_a_second: float) -> float:
    """Return how many spans each request may leave, if collectors take so many in a second."""
    return spans_a_second / (load.requests_per_second_peak * passes(collectors))


def passes(collectors: int) -> int:
    """Return how many collectors a span goes through."""
    return PASSES if collectors > 1 else 1


def ingest(
    load: Workload, *, collectors: int, cpu_millis: int, spans_per_request: float | None = None
) -> Constraint:
    """Compare the spans at peak with what the collectors take with one of them lost.

    Args:
        load: requests at peak.
        collectors: collectors that share the spans.
        cpu_millis: CPU of one collector, in thousandths of a vCPU.
        spans_per_request: spans of one request; None where nobody has measured it.
    """
    left = max(1, collectors - 1)
    known = spans_per_request is not None
    return Constraint(
        name="spans",
        unit="spans/s",
        demand=passes(collectors) * received_per_second(load, spans_per_request=spans_per_request),
        conservative=left * cpu_millis / MILLIS_PER_CPU * COLLECTOR_SPANS_PER_CORE.value,
        physical=None,
        hard=False,
        formula="requests/s at peak x spans a request x collectors that each passes; "
        "(collectors - 1) x cores x 15,000 spans/s",
        source="splunk-collector-sizing",
        assumption="" if known else NO_SPANS,
        measure=MEASURE_RATE if known else MEASURE,
    )


def wait_seconds(load: Workload) -> int:
    """Return for how long a trace is waited for: its longest span ends with the answer."""
    return ceil(load.request_seconds) + int(EXPORT_SECONDS)


def waiting(
    load: Workload, *, collectors: int, memory_bytes: int, spans_per_request: float | None = None
) -> Constraint:
    """Compare the spans that wait for their trace with what the collectors hold, one of them lost.

    Args:
        load: requests at peak, and how long one takes.
        collectors: collectors that share the traces.
        memory_bytes: memory limit of one.
        spans_per_request: spans of one request; None where nobody has measured it.
    """
    left = max(1, collectors - 1)
    known = spans_per_request is not None
    spans = received_per_second(load, spans_per_request=spans_per_request) * wait_seconds(load)
    return Constraint(
        name="memory",
        unit="bytes",
        demand=spans * WAITING_SPAN_BYTES.value,
        conservative=left * memory_bytes * LIMITER_SHARE.value,
        physical=left * memory_bytes,
        hard=True,
        formula="requests/s at peak x spans a request x seconds that a trace is waited for x "
        "2,968 bytes; (collectors - 1) x memory x 80 %",
        source="otel-collector-measured",
        assumption="" if known else NO_SPANS,
        measure=MEASURE_RATE if known else MEASURE,
    )


def storage(
    load: Workload,
    *,
    retention_days: float,
    volume_bytes: float | None,
    spans_per_request: float | None = None,
) -> Constraint:
    """Compare the spans kept with the space for them, before any index or copy of a store.

    Args:
        load: requests of a day, and the part of them that is traced.
        retention_days: how long a trace is kept.
        volume_bytes: the space; None where nothing bounds it.
        spans_per_request: spans of one request; None where nobody has measured it.
    """
    known = spans_per_request is not None
    return Constraint(
        name="storage",
        unit="bytes",
        demand=bytes_per_day(load, spans_per_request=spans_per_request) * retention_days,
        conservative=volume_bytes,
        physical=volume_bytes,
        hard=True,
        formula="requests/s x 86,400 x share traced x spans a request x 500 bytes x days",
        source="grafana-tempo",
        assumption="" if known else NO_SPANS,
        measure=MEASURE_SPACE if known else MEASURE,
    )
