"""Prometheus and Thanos: time series by keys and models, disk, memory and object storage.

Document 004 names the driver: labels of API key and model multiply the series. LiteLLM's own table
of labels says by how much; how many models a key calls, and from how many replicas, lies between
one and all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.capacity.constraint import Constraint
from sizing.model import Figure
from sizing.units import SECONDS_PER_DAY
from sizing.words import Kind
from sizing.workload import Workload

# LiteLLM's metrics with a key and a model that every answered request writes: API latency, first
# token, total latency and overhead; requests (two), spend, tokens in, out and of both.
# Source: litellm-metrics, 2026-11-21. Failures, fallbacks, limits and budgets come on top.
HISTOGRAMS = 4
COUNTERS = 6
BUCKETS = 36  # of a latency histogram, the infinite one included
SUM_AND_COUNT = 2  # what a histogram has beside its buckets
SERIES_A_PAIR = Figure(
    value=HISTOGRAMS * (BUCKETS + SUM_AND_COUNT) + COUNTERS,
    unit="series of a key and a model on one replica",
    source="litellm-metrics",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
SCRAPE_SECONDS = Figure(
    value=15,
    unit="seconds between two samples of a series",
    source="prometheus",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
RETENTION_DAYS = Figure(
    value=15,
    unit="days that Prometheus keeps samples unless told otherwise",
    source="prometheus",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
# A sample takes "1-2 bytes": the upper one is certain to be enough, the lower one the least.
BYTES_A_SAMPLE = Figure(
    value=2, unit="bytes a sample", source="prometheus", date="2026-11-21", kind=Kind.VENDOR
)
LEAST_BYTES_A_SAMPLE = Figure(
    value=1, unit="bytes a sample", source="prometheus", date="2026-11-21", kind=Kind.VENDOR
)
NO_BASE = "series of everything but the proxy"
NO_SERIES_BYTES = "memory of a series"
MEASURE_BASE = "measure prometheus_tsdb_head_series before the proxy is scraped, then state it"
MEASURE_SERIES = "measure prometheus_tsdb_head_series, or leave the key out of the labels"
MEASURE_MEMORY = "measure process_resident_memory_bytes over prometheus_tsdb_head_series"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Time series that are alive at once.

    Attributes:
        least: every key calls one model through one replica.
        most: every key calls every model through every replica.
        base_known: the series of everything but the proxy are in both.
    """

    least: float
    most: float
    base_known: bool


def series(
    load: Workload, *, replicas: int, per_key: bool = True, base: float | None = None
) -> Series:
    """Return the series that the proxy exports, and the base where it is known.

    Args:
        load: keys and names of models.
        replicas: replicas of the proxy; each exports series of its own.
        per_key: whether a key is a label; without it, usage per key is read from the spend log.
        base: series of everything else; None where nobody has measured it.
    """
    keys = load.keys if per_key else 1
    known = base or 0
    return Series(
        least=known + keys * SERIES_A_PAIR.value,
        most=known + keys * load.model_names * replicas * SERIES_A_PAIR.value,
        base_known=base is not None,
    )


def samples_per_second(count: float, *, scrape_seconds: float = SCRAPE_SECONDS.value) -> float:
    """Return the samples that so many series bring in a second."""
    return count / scrape_seconds


def disk_bytes(
    count: float,
    *,
    retention_days: float,
    scrape_seconds: float = SCRAPE_SECONDS.value,
    bytes_a_sample: float = BYTES_A_SAMPLE.value,
) -> float:
    """Return the disk of so many series: retention x samples a second x bytes a sample."""
    rate = samples_per_second(count, scrape_seconds=scrape_seconds)
    return retention_days * SECONDS_PER_DAY * rate * bytes_a_sample


def disk(
    found: Series,
    *,
    volume_bytes: float,
    retention_days: float = RETENTION_DAYS.value,
    scrape_seconds: float = SCRAPE_SECONDS.value,
) -> Constraint:
    """Compare the samples kept with the volume of one server.

    The demand counts the most series at two bytes; the volume is refuted only where it is too
    small for the least of both.

    Args:
        found: series alive at once.
        volume_bytes: volume of one server; each keeps everything.
        retention_days: how long samples stay on it.
        scrape_seconds: seconds between two samples.
    """
    demand = disk_bytes(found.most, retention_days=retention_days, scrape_seconds=scrape_seconds)
    least = disk_bytes(
        found.least,
        retention_days=retention_days,
        scrape_seconds=scrape_seconds,
        bytes_a_sample=LEAST_BYTES_A_SAMPLE.value,
    )
    return Constraint(
        name="disk",
        unit="bytes",
        demand=demand,
        conservative=volume_bytes,
        physical=volume_bytes * demand / least if least else volume_bytes,
        hard=True,
        formula="days x 86,400 x (base + keys x models x replicas x series a pair) / seconds a "
        "scrape x 2 bytes; at least keys x 1 x 1 at 1 byte",
        source="prometheus",
        assumption="" if found.base_known else NO_BASE,
        measure=MEASURE_SERIES if found.base_known else MEASURE_BASE,
    )


def memory(found: Series, *, memory_bytes: float, series_bytes: float | None = None) -> Constraint:
    """Compare the series alive with the memory of one server.

    Args:
        found: series alive at once.
        memory_bytes: memory limit of one server.
        series_bytes: memory of one series; no source shows it, so it has to be measured.
    """
    known = series_bytes is not None
    missing = [
        word
        for word, is_known in ((NO_SERIES_BYTES, known), (NO_BASE, found.base_known))
        if not is_known
    ]
    return Constraint(
        name="memory",
        unit="bytes",
        demand=None if series_bytes is None else found.most * series_bytes,
        conservative=memory_bytes,
        physical=memory_bytes * found.most / found.least if found.least else memory_bytes,
        hard=True,
        formula="series x bytes of memory a series",
        source="prometheus",
        assumption=" and ".join(missing),
        measure=MEASURE_MEMORY,
    )


def object_bytes(found: Series, *, servers: int, retention_days: float) -> float:
    """Return what Thanos keeps in object storage, raw samples of every server.

    Two servers of a pair write the same samples twice: the compactor only removes one of them
    where it is told to. Samples at lower resolution come on top and are not counted.
    """
    return servers * disk_bytes(found.most, retention_days=retention_days)
