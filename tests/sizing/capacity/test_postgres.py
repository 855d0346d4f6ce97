"""Connections, growth and writes of the relational store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import postgres
from sizing.units import GIGA
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("rows and connections of a given server")

LARGE = reference(Tier.LARGE)
COUNTS = st.integers(1, 60)


def at(rate: float) -> Workload:
    return replace(LARGE, requests_per_second_peak=rate)


@pytest.mark.parametrize(("maximum", "pods"), [(8, 10), (9, 12), (20, 25), (1, 2)])
def test_a_rollout_at_the_maximum_adds_whole_pods(maximum: int, pods: int) -> None:
    assert postgres.pods_at_once(maximum, 0.25) == pods


@pytest.mark.parametrize(
    ("pods", "bouncers", "verdict"),
    [
        (100, 2, Verdict.HOLDS),  # 1,000 on the one that is left
        (101, 2, Verdict.REFUTED),
        (101, 3, Verdict.HOLDS),
        (100, 1, Verdict.HOLDS),  # dev: nothing is lost but everything
    ],
)
def test_clients_fit_the_poolers_that_are_left(pods: int, bouncers: int, verdict: Verdict) -> None:
    result = postgres.client_connections(
        pool=10, workers_per_pod=1, pods=pods, max_client_connections=1000, bouncers=bouncers
    )

    assert result.verdict is verdict


@given(pool=COUNTS, workers=COUNTS, pods=COUNTS, most=st.integers(100, 10_000))
def test_the_poolers_needed_hold_and_carry_the_pods(
    pool: int, workers: int, pods: int, most: int
) -> None:
    bouncers = postgres.bouncers_needed(
        pool=pool, workers_per_pod=workers, pods=pods, max_client_connections=most
    )
    carried = postgres.pods_carried(
        pool=pool, workers_per_pod=workers, max_client_connections=most, bouncers=bouncers
    )
    result = postgres.client_connections(
        pool=pool,
        workers_per_pod=workers,
        pods=pods,
        max_client_connections=most,
        bouncers=bouncers,
    )

    assert result.verdict is Verdict.HOLDS
    assert carried >= pods


@pytest.mark.parametrize(
    ("most", "verdict"),
    [
        (860, Verdict.HOLDS),  # (100 + 5) x 2 x 4 = 840, 20 kept back
        (859, Verdict.UNPROVEN),
        (843, Verdict.UNPROVEN),
        (842, Verdict.REFUTED),  # three are the superusers'
    ],
)
def test_the_server_takes_every_pool(most: int, verdict: Verdict) -> None:
    result = postgres.server_connections(
        pool=100, reserve=5, bouncers=2, pairs=4, max_connections=most, kept_back=20
    )

    assert result.verdict is verdict


def test_the_spend_log_of_a_large_tier_fills_its_disk_in_weeks() -> None:
    assert postgres.bytes_per_day(LARGE) == pytest.approx(21.6 * GIGA)
    assert postgres.days_until_full(LARGE, 500 * GIGA) == pytest.approx(23.1, abs=0.1)


def test_stored_prompts_take_ten_times_the_room() -> None:
    stored = replace(LARGE, prompts_stored=True)

    assert postgres.storage_needed(stored) == 10 * postgres.storage_needed(LARGE)


@pytest.mark.parametrize(
    ("storage_gb", "verdict"),
    [  # 30 days of 14.4 million rows: 864 GB at 2 KB, 432 GB at 1 KB
        (864, Verdict.HOLDS),
        (863, Verdict.UNPROVEN),
        (432, Verdict.UNPROVEN),
        (431, Verdict.REFUTED),
    ],
)
def test_retention_is_judged_within_the_vendors_range_of_a_row(
    storage_gb: int, verdict: Verdict
) -> None:
    assert postgres.retention(LARGE, storage_gb * GIGA).verdict is verdict


@given(rate=st.floats(0.01, 5000), days=st.floats(1, 400))
def test_the_storage_needed_holds(rate: float, days: float) -> None:
    load = replace(at(rate), retention_days=days)
    needed = postgres.storage_needed(load)

    assert postgres.retention(load, needed * 1.000001).verdict is Verdict.HOLDS
    assert postgres.retention(load, needed * 0.999 - 1).verdict is not Verdict.HOLDS


@pytest.mark.parametrize(
    ("iops", "verdict"),
    [  # 500 rows/s x 7 operations / 80 %
        (4375, Verdict.HOLDS),
        (4374, Verdict.UNPROVEN),
        (3, Verdict.REFUTED),  # 500 x 2 x 1 KB take four operations of 256 KiB
    ],
)
def test_rows_are_written_one_by_one_at_worst(iops: float, verdict: Verdict) -> None:
    assert postgres.row_writes(LARGE, iops).verdict is verdict


@given(rate=st.floats(0.01, 5000))
def test_the_operations_needed_hold_the_rows(rate: float) -> None:
    iops = postgres.iops_needed(at(rate))

    assert postgres.row_writes(at(rate), iops + 1).verdict is Verdict.HOLDS
    assert postgres.row_writes(at(rate), iops - 2).verdict is not Verdict.HOLDS


@given(rate=st.floats(0.01, 2500), factor=st.floats(1, 10))
def test_more_load_never_asks_less_of_the_store(rate: float, factor: float) -> None:
    less, more = at(rate), at(rate * factor)

    assert postgres.storage_needed(less) <= postgres.storage_needed(more)
    assert postgres.iops_needed(less) <= postgres.iops_needed(more)
    assert postgres.rows_per_day(less) <= postgres.rows_per_day(more)
