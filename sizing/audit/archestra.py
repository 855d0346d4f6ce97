"""Claims of document 002: what one process was measured at, and its four deployments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import Said, agrees, at_most, contains, of
from sizing.capacity import archestra as model
from sizing.capacity.ends import highest, lowest
from sizing.documents import archestra as document
from sizing.documents.amounts import Amount
from sizing.documents.archestra import Calls, ConfigurationRow, Rounds
from sizing.tiers import PLANNING_FACTORS

OVERVIEW = Block("002-overview", "Overview")
MEASURED = Block("002-measured", "Current Performance Results")
TIERS = Block("002-configurations", "Recommended Deployment Configurations")
OPERATIONS = Block("002-operations", "Operation-Specific Performance")

ZONES = 2  # the fewest that survive a loss; the document names none


def claims() -> Iterator[Claim]:
    """Return the document's claims."""
    yield from _latency()
    yield from _measured()
    for row in document.CONFIGURATIONS:
        yield from _configuration(row)
    yield from _operations()


def _latency() -> Iterator[Claim]:
    added, ends = document.ADDED_LATENCY, document.END_TO_END
    yield OVERVIEW.claim(
        "median",
        f"{added.written} are added, P50 of whole requests is {ends.p50.written}",
        overhead,
        added_s=lowest(added),
        median_s=ends.p50.value,
    )
    yield OVERVIEW.claim(
        "p99",
        f"{document.ADDED_LATENCY_P99.written} of {added.written}",
        overhead_range,
        p99_s=document.ADDED_LATENCY_P99.value,
        low_s=added.low,
        high_s=added.high,
    )


def overhead(*, added_s: float, median_s: float) -> Recomputed:
    """Compare the least that is added with the median of whole requests."""
    return of(model.stated_overhead(added_s, median_s), Said.DEMAND)


def overhead_range(*, p99_s: float, low_s: float | None, high_s: float | None) -> Recomputed:
    """Compare the P99 of what is added with its range."""
    return contains(low_s, high_s, p99_s, unit="seconds", formula="range of the added latency")


def _measured() -> Iterator[Claim]:
    few, many, ends = document.THROUGHPUT_FEW, document.THROUGHPUT_MANY, document.END_TO_END
    rate = few.requests_per_second.value
    for words, amount in (("p50", ends.p50), ("p95", ends.p95), ("p99", ends.p99)):
        yield MEASURED.claim(
            f"latency-{words}",
            f"{few.written} with {words.upper()} of {amount.written}",
            percentile,
            requests_per_second=rate,
            clients=few.concurrency.value,
            percentile_s=amount.value,
        )
    yield MEASURED.claim(
        "more-clients",
        f"{many.written} is more than {few.written}",
        grows,
        few=rate,
        many=many.requests_per_second.value,
    )
    yield MEASURED.claim(
        "latency-many",
        f"{many.written}, its latency unstated",
        percentile,
        requests_per_second=many.requests_per_second.value,
        clients=many.concurrency.value,
        percentile_s=None,
    )
    for words, seconds in (
        ("least", lowest(document.BACKEND)),
        ("most", highest(document.BACKEND)),
    ):
        yield MEASURED.claim(
            f"threads-{words}",
            f"{rate:g} requests/s of {seconds * 1000:g} ms in one thread",
            threads,
            requests_per_second=rate,
            backend_s=seconds,
        )
    cpu = document.UTILIZATION.cpu.value
    yield MEASURED.claim(
        "cpu",
        f"{rate:g} requests/s use {cpu:.2%} of a thread that {many.written} fill",
        cpu_bound,
        requests_per_second=rate,
        cpu_share=cpu,
        most=many.requests_per_second.value,
    )


def percentile(
    *, requests_per_second: float, clients: float, percentile_s: float | None
) -> Recomputed:
    """Compare the mean latency that clients and rate imply with a percentile."""
    if percentile_s is None:
        return at_most(
            model.mean_seconds(requests_per_second, clients),
            None,
            unit="seconds",
            formula="clients / requests a second",
            measure="state the latency with so many clients",
        )
    return of(model.stated_percentile(requests_per_second, clients, percentile_s))


def grows(*, few: float, many: float) -> Recomputed:
    """Compare the rate with few clients with that of many."""
    return at_most(few, many, unit="requests/s", formula="rate of few clients <= rate of many")


def threads(*, requests_per_second: float, backend_s: float) -> Recomputed:
    """Compare the requests being processed with the threads of a process."""
    return of(model.busy_threads(requests_per_second, backend_s))


def cpu_bound(*, requests_per_second: float, cpu_share: float, most: float) -> Recomputed:
    """Compare the rate of a busy thread, by its CPU, with the most that was measured."""
    return agrees(
        most,
        model.cpu_bound_rate(requests_per_second, cpu_share),
        unit="requests/s",
        formula="requests/s / share of the CPU",
    )


def _configuration(row: ConfigurationRow) -> Iterator[Claim]:
    name = row.tier.lower()
    rate, count = highest(row.requests_per_second), row.platform.count
    assert count is not None
    ends = {"fewest": lowest(count), "most": highest(count)}
    for words, instances in ends.items():
        if words == "most" and instances == ends["fewest"]:
            continue
        yield TIERS.claim(
            f"rate-{words}-{name}",
            f"{rate:g} requests/s with {instances:g} instances",
            carried,
            requests_per_second=rate,
            instances=instances,
        )
    zones = 1 if highest(count) == 1 else ZONES
    yield TIERS.claim(
        f"processes-{name}",
        f"{rate:g} requests/s by {count.written} instances"
        + (f" with one of {zones} zones lost" if zones > 1 else ""),
        processes,
        requests_per_second=rate,
        instances=highest(count),
        zones=zones,
    )
    yield TIERS.claim(
        f"day-{name}",
        f"{row.requests_per_day.written} requests a day at {row.requests_per_second.written}/s",
        day,
        requests_per_second=rate,
        requests_per_day=highest(row.requests_per_day),
        most_over_average=PLANNING_FACTORS.peak_factor.typical.high,
    )
    yield TIERS.claim(
        f"vcpu-{name}",
        f"an instance of one thread has {row.platform.vcpu.value:g} vCPU",
        used_vcpu,
        instances=lowest(count),
        vcpu=row.platform.vcpu.value,
    )


def carried(*, requests_per_second: float, instances: float) -> Recomputed:
    """Compare a configuration's rate with its instances, one process in each."""
    return of(model.throughput(requests_per_second, round(instances)), Said.DEMAND)


def processes(*, requests_per_second: float, instances: float, zones: float) -> Recomputed:
    """Compare the processes that surely carry a rate with instances of one process each."""
    return at_most(
        model.processes_needed(requests_per_second, zones=round(zones)),
        instances,
        unit="processes",
        formula="requests/s / (155 x 80 %), in each zone what is left when one is lost <= "
        "instances",
    )


def day(
    *, requests_per_second: float, requests_per_day: float, most_over_average: float
) -> Recomputed:
    """Compare a configuration's peak over its day with the largest factor to expect."""
    row = replace(
        document.CONFIGURATIONS[0],
        requests_per_second=_one(requests_per_second),
        requests_per_day=_one(requests_per_day),
    )
    return of(model.stated_peak(row, most_over_average))


def _one(value: float) -> Amount:
    return replace(document.THROUGHPUT_FEW.concurrency, low=value, high=value)


def used_vcpu(*, instances: float, vcpu: float) -> Recomputed:
    """Compare the vCPU of instances with the threads that can use them."""
    return of(model.used_vcpu(round(instances), round(vcpu)), Said.DEMAND)


def _operations() -> Iterator[Claim]:
    one = document.DUAL_LLM_ONE_ROUND
    for row in (one, document.DUAL_LLM_THREE_ROUNDS):
        assert isinstance(row.operation, Rounds)
        assert isinstance(row.notes, Calls)
        rounds = row.operation.rounds.value
        yield OPERATIONS.claim(
            f"seconds-{rounds:g}",
            f"{rounds:g} rounds take {row.average.written}",
            quarantine_seconds,
            rounds=rounds,
            seconds=highest(row.average),
            seconds_of_one=highest(one.average),
        )
        yield OPERATIONS.claim(
            f"calls-{rounds:g}",
            f"{rounds:g} rounds make {row.notes.factor.value:g} calls",
            quarantine_calls,
            rounds=rounds,
            calls=row.notes.factor.value,
        )


def quarantine_seconds(*, rounds: float, seconds: float, seconds_of_one: float) -> Recomputed:
    """Compare the time of some rounds with as many times that of one."""
    found = model.quarantine(max(1, round(rounds)), _one(seconds_of_one))
    return agrees(seconds, found.most_seconds, unit="seconds", formula="rounds x one round")


def quarantine_calls(*, rounds: float, calls: float) -> Recomputed:
    """Compare the calls of some rounds with two a round."""
    found = model.quarantine(max(1, round(rounds)))
    return agrees(calls, found.calls, unit="calls", formula="rounds x 2 models")
