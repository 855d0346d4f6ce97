"""Claims of document 003: what its containers, disks, tests and growth table add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import Said, agrees, at_most, of
from sizing.capacity import osmen as model
from sizing.capacity import osmen_settings
from sizing.capacity.ends import highest, lowest, totals
from sizing.documents import osmen_performance, osmen_resources
from sizing.documents.amounts import Amount, Base
from sizing.documents.machines import Machines
from sizing.documents.osmen_performance import ThroughputRow
from sizing.documents.osmen_resources import DiskRow, GrowthRow
from sizing.tiers import PLANNING_FACTORS

DISKS = Block("003-disk-io", "Disk I/O")
CONTAINERS = Block("003-containers", "Docker Container Allocation")
TOTALS = Block("003-totals", "Docker Container Allocation")
LOAD_TEST = Block("003-load-test", "Concurrent Execution")
RATES = Block("003-throughput", "Throughput")
GROWTH = Block("003-growth", "Growth Projections")
HOSTS = (
    ("minimum", osmen_resources.TOTAL_MINIMUM),
    ("recommended", osmen_resources.TOTAL_RECOMMENDED),
)


def claims() -> Iterator[Claim]:
    """Return the claims of what the document's parts add up to."""
    for disk in osmen_resources.DISK_IO:
        yield from _disk(disk)
    for words, host in HOSTS:
        for optional in (False, True):
            yield from _host(words, host, optional=optional)
    yield _containers()
    yield from _load_test()
    for row in osmen_performance.THROUGHPUT:
        yield _clients(row)
    for place, growth in enumerate(osmen_resources.GROWTH, start=1):
        yield from _growth(place, growth)


def _disk(row: DiskRow) -> Iterator[Claim]:
    stated = [one for one in (row.read, row.write) if one.unit is not Base.WORDS]
    if not stated:
        return
    low, high = totals(stated)
    ends = (("least", low, lowest(row.total_daily)), ("most", high, highest(row.total_daily)))
    for words, moved, total in ends:
        yield DISKS.claim(
            f"{row.component.lower()}-{words}",
            f"{row.component}: {row.read.written} and {row.write.written} are "
            f"{row.total_daily.written}",
            disk_total,
            total_bytes=total,
            moved_bytes=moved,
        )


def disk_total(*, total_bytes: float, moved_bytes: float) -> Recomputed:
    """Compare a day's total with what is read and written."""
    return agrees(total_bytes, moved_bytes, unit="bytes a day", formula="read + written")


def _host(words: str, host: Machines, *, optional: bool) -> Iterator[Claim]:
    rows = model.containers(optional=optional)
    assert host.disk is not None
    sums = (
        ("cpu", host.vcpu, [row.cpu_limit for row in rows]),
        ("memory", host.memory, [row.memory_limit for row in rows]),
        ("disk", host.disk, [row.storage for row in rows]),
    )
    for name, there, asked in sums:
        yield TOTALS.claim(
            f"{words}-{name}{'-optional' if optional else ''}",
            f"{words} {there.written} for {len(rows)} containers",
            partial(host_room, name),
            there=there.value,
            asked=totals(asked)[1],
        )


def host_room(name: str, /, *, there: float, asked: float) -> Recomputed:
    """Compare the limits of all containers with a host, as one container with all of them."""
    one = osmen_resources.CONTAINERS[0]
    host = osmen_resources.TOTAL_MINIMUM
    found = model.container_totals(
        [
            replace(
                one,
                cpu_limit=_amount(asked, one.cpu_limit),
                memory_limit=_amount(asked, one.memory_limit),
                storage=_amount(asked, one.storage),
            )
        ],
        replace(
            host,
            vcpu=_amount(there, host.vcpu),
            memory=_amount(there, host.memory),
            disk=_amount(there, one.storage),
        ),
    )
    return of(next(item for item in found if item.name == name))


def _amount(value: float, like: Amount) -> Amount:
    return replace(like, low=value, high=value)


def _containers() -> Claim:
    gateway = osmen_settings.container(osmen_settings.GATEWAY)
    cache = osmen_settings.container(osmen_settings.REDIS)
    return CONTAINERS.claim(
        "redis-disk",
        f"Redis has {cache.storage.written} of disk for {cache.memory_limit.written} of memory, "
        f"the gateway {gateway.memory_limit.written}",
        disk_for_memory,
        disk_bytes=cache.storage.value,
        memory_bytes=cache.memory_limit.value,
    )


def disk_for_memory(*, disk_bytes: float, memory_bytes: float) -> Recomputed:
    """Compare one copy of a container's memory with its disk."""
    return at_most(memory_bytes, disk_bytes, unit="bytes", formula="memory limit <= disk")


def _load_test() -> Iterator[Claim]:
    load = osmen_performance.LOAD_TEST_LOAD
    stated = osmen_performance.LOAD_TEST_THROUGHPUT.value
    users, each = load.users.value, load.requests_per_user.value
    seconds = osmen_performance.LOAD_TEST_DURATION.value
    yield LOAD_TEST.claim(
        "rate",
        f"{users:g} users with {each:g} requests in {seconds:g} s make {stated:g} requests/s",
        load_test,
        requests_per_second=stated,
        users=users,
        requests_each=each,
        duration_s=seconds,
    )
    for words, latency in (
        ("p50", osmen_performance.LOAD_TEST_P50),
        ("p95", osmen_performance.LOAD_TEST_P95),
    ):
        yield LOAD_TEST.claim(
            f"clients-{words}",
            f"{users:g} users make {stated:g} requests/s of {latency.value:g} s ({words.upper()})",
            load_test_clients,
            requests_per_second=stated,
            users=users,
            latency_s=latency.value,
        )
    yield LOAD_TEST.claim(
        "duration",
        f"{users * each:g} requests at {stated:g}/s take {seconds:g} s",
        load_test_duration,
        requests_per_second=stated,
        users=users,
        requests_each=each,
        duration_s=seconds,
    )


def load_test(
    *, requests_per_second: float, users: float, requests_each: float, duration_s: float
) -> Recomputed:
    """Compare a throughput with all requests over the duration."""
    return of(
        osmen_settings.load_test(
            requests_per_second, users=users, requests_each=requests_each, seconds=duration_s
        ),
        Said.DEMAND,
    )


def load_test_clients(*, requests_per_second: float, users: float, latency_s: float) -> Recomputed:
    """Compare the clients that a throughput needs with those that there were."""
    return of(
        osmen_settings.load_test_clients(requests_per_second, users=users, median_seconds=latency_s)
    )


def load_test_duration(
    *, requests_per_second: float, users: float, requests_each: float, duration_s: float
) -> Recomputed:
    """Compare a duration with all requests over the throughput."""
    return agrees(
        duration_s,
        users * requests_each / requests_per_second,
        unit="seconds",
        formula="users x requests of each / throughput",
    )


def _clients(row: ThroughputRow) -> Claim:
    query = osmen_performance.RESPONSE_TIMES[0]
    rate = highest(row.requests_per_second)
    return RATES.claim(
        f"users-{row.notes.split()[0].lower()}",
        f"{row.concurrent_users.written} users make {row.requests_per_second.written} requests/s "
        f"of {query.p50.written}",
        clients,
        requests_per_second=rate,
        users=highest(row.concurrent_users),
        latency_s=lowest(query.p50),
    )


def clients(*, requests_per_second: float, users: float, latency_s: float) -> Recomputed:
    """Compare the users that a rate needs, each waiting for its answer, with those stated."""
    return at_most(
        requests_per_second * latency_s,
        users,
        unit="users",
        formula="requests/s x P50 of a query, its lower end <= concurrent users",
    )


def _growth(place: int, row: GrowthRow) -> Iterator[Claim]:
    peak = PLANNING_FACTORS.peak_factor.planned
    yield GROWTH.claim(
        f"cores-{place}",
        f"{row.daily_requests.written} requests a day need {row.cpu_cores.written} cores",
        growth_cores,
        requests_per_day=highest(row.daily_requests),
        cores=lowest(row.cpu_cores),
        peak_factor=peak,
    )
    first = osmen_resources.GROWTH[0]
    yield GROWTH.claim(
        f"requests-{place}",
        f"{row.users.written} users make {row.daily_requests.written} requests a day",
        growth_requests,
        users=highest(row.users),
        requests_per_day=highest(row.daily_requests),
        requests_of_first=highest(first.daily_requests) / highest(first.users),
    )


def growth_cores(*, requests_per_day: float, cores: float, peak_factor: float) -> Recomputed:
    """Compare what the throughput table carries on a row's cores with what the row brings."""
    first = osmen_resources.GROWTH[0]
    row = replace(
        first,
        daily_requests=_amount(requests_per_day, first.daily_requests),
        cpu_cores=_amount(cores, first.cpu_cores),
    )
    return of(model.growth_throughput(row, peak_factor=peak_factor))


def growth_requests(
    *, users: float, requests_per_day: float, requests_of_first: float
) -> Recomputed:
    """Compare the requests of a user with those of the first row."""
    return agrees(
        requests_of_first,
        requests_per_day / users,
        unit="requests a user and day",
        formula="requests a day / users; the same of the first row",
    )
