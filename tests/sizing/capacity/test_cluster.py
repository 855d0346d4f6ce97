"""Document 000's claims, recomputed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import cluster
from sizing.documents import cluster as document
from sizing.units import GIGA
from sizing.words import Verdict

pytestmark = pytest.mark.cloud_free("document 000's arithmetic")


def test_a_hundred_new_users_a_second_are_400_to_1000_interactions() -> None:
    found = cluster.arrivals()

    assert (found.least, found.most) == (400, 1000)


def test_other_users_come_to_other_rates() -> None:
    found = cluster.arrivals(0.5, (2, 3))

    assert (found.least, found.most) == (1, 1.5)


def test_five_minutes_make_thirty_thousand_users() -> None:
    assert cluster.users_at_once(document.NEW_USERS_PER_SECOND.value, 300) == 30_000


@pytest.mark.parametrize(
    ("rate", "demand_each"),
    [(400, 20), (1000, 50)],  # over 20 vCPU
)
def test_five_small_nodes_leave_the_target_unproven(rate: float, demand_each: float) -> None:
    count = document.NODES.count
    assert count is not None
    found = cluster.nodes(rate, count=int(count.value), vcpu=int(document.NODES.vcpu.value))

    assert rate / (count.value * document.NODES.vcpu.value) == demand_each
    assert found.verdict is Verdict.UNPROVEN
    assert "session" in found.measure


def test_no_measured_rate_carries_the_target_on_three_vcpu() -> None:
    assert cluster.nodes(1000, count=3, vcpu=1).verdict is Verdict.REFUTED


@pytest.mark.parametrize(("rate", "hours"), [(400, 6.94), (1000, 2.78)])
def test_ten_gigabytes_are_full_within_hours(rate: float, hours: float) -> None:
    disk = document.DATABASE_DISK.value

    assert cluster.hours_until_full(rate, disk_bytes=disk) == pytest.approx(hours, abs=0.01)
    assert cluster.database_disk(rate, disk_bytes=disk).verdict is Verdict.REFUTED


def test_a_tenth_of_the_rate_fits_for_a_day() -> None:
    # 100 a second x 86,400 x 1 KB are 8.64 GB
    found = cluster.database_disk(100, disk_bytes=10 * GIGA)

    assert found.demand == pytest.approx(8.64 * GIGA)
    assert found.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (400, Verdict.HOLDS),  # 40 % of the disk's operations
        (1000, Verdict.UNPROVEN),  # all of them, without a single read
        (1001, Verdict.REFUTED),
    ],
)
def test_one_write_an_interaction_takes_the_disks_operations(rate: float, verdict: Verdict) -> None:
    found = cluster.disk_operations(rate, iops=document.REPLICA_SET_IOPS.value)

    assert found.verdict is verdict


@given(rate=st.floats(0.01, 1e4), more=st.floats(1, 10), disk=st.floats(1e9, 1e13))
@settings(max_examples=50)
def test_more_interactions_fill_a_disk_sooner(rate: float, more: float, disk: float) -> None:
    assert cluster.hours_until_full(rate * more, disk_bytes=disk) <= cluster.hours_until_full(
        rate, disk_bytes=disk
    )
