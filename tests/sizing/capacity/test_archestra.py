"""Document 002's claims, recomputed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import archestra
from sizing.documents import archestra as document
from sizing.documents.amounts import amount
from sizing.words import Tier, Verdict

pytestmark = pytest.mark.cloud_free("document 002's arithmetic")

FEW, MANY = document.THROUGHPUT_FEW, document.THROUGHPUT_MANY


@pytest.mark.parametrize(
    ("rate", "processes", "verdict"),
    [  # 155 a process surely, of which 80 % are held; 272 at most
        (124, 1, Verdict.HOLDS),
        (125, 1, Verdict.UNPROVEN),
        (272, 1, Verdict.UNPROVEN),
        (273, 1, Verdict.REFUTED),
        (2000, 8, Verdict.UNPROVEN),
        (2177, 8, Verdict.REFUTED),
    ],
)
def test_a_rate_is_held_by_what_was_measured(rate: float, processes: int, verdict: Verdict) -> None:
    assert archestra.throughput(rate, processes).verdict is verdict


@pytest.mark.parametrize(
    ("tier", "fewest", "verdict"),
    [
        (Tier.SMALL, True, Verdict.HOLDS),  # 100 requests/s on one
        (Tier.MEDIUM, True, Verdict.UNPROVEN),  # 500 on two: 310 to 544
        (Tier.MEDIUM, False, Verdict.UNPROVEN),  # 500 on four: 620 of which 496 are held
        (Tier.LARGE, True, Verdict.REFUTED),  # 2,000 on four: at most 1,088
        (Tier.LARGE, False, Verdict.UNPROVEN),  # 2,000 on eight: at most 2,176
        (Tier.ENTERPRISE, True, Verdict.UNPROVEN),
    ],
)
def test_configurations_carry_their_own_rates_or_not(
    tier: Tier, fewest: bool, verdict: Verdict
) -> None:
    found = archestra.configuration(document.TIERS[tier], fewest=fewest)

    assert found.verdict is verdict


def test_several_processes_in_an_instance_would_carry_large() -> None:
    found = archestra.configuration(document.TIERS[Tier.LARGE], fewest=True, processes_each=5)

    assert found.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("rate", "zones", "processes"),
    [(0, 1, 1), (124, 1, 1), (125, 1, 2), (2000, 1, 17), (2000, 3, 27), (1, 3, 3)],
)
def test_processes_carry_the_peak_with_a_zone_lost(rate: float, zones: int, processes: int) -> None:
    assert archestra.processes_needed(rate, zones=zones) == processes


@pytest.mark.parametrize(
    ("measured", "seconds", "verdict"),
    [
        (FEW, 0.0645, Verdict.REFUTED),  # 10 clients / 155: above the P99 of 41 ms
        (MANY, 1.838, Verdict.REFUTED),  # the percentiles are of ten clients, not of 500
    ],
)
def test_the_stated_rate_does_not_go_with_the_stated_latency(
    measured: document.Throughput, seconds: float, verdict: Verdict
) -> None:
    found = archestra.stated_percentile(
        measured.requests_per_second.value,
        measured.concurrency.value,
        document.END_TO_END.p99.value,
    )

    assert found.demand == pytest.approx(seconds, abs=0.001)
    assert found.verdict is verdict


def test_four_busy_clients_would_go_with_the_stated_latency() -> None:
    assert archestra.stated_percentile(155, 4, 0.041).verdict is Verdict.HOLDS


def test_the_least_overhead_stated_is_above_the_median_measured() -> None:
    low, p50 = document.ADDED_LATENCY.low, document.END_TO_END.p50.value
    assert low is not None

    assert archestra.stated_overhead(low, p50).verdict is Verdict.REFUTED
    assert archestra.stated_overhead(p50, p50).verdict is Verdict.HOLDS


def test_the_stated_cpu_does_not_bind_the_stated_rate() -> None:
    # 0.44 % of a thread at 155 requests/s: 28 microseconds each, 35,227 a second
    share = document.UTILIZATION.cpu.value

    assert archestra.cpu_bound_rate(155, share) == pytest.approx(35_227, abs=1)
    with pytest.raises(ValueError, match="no CPU"):
        archestra.cpu_bound_rate(155, 0)


def test_backend_processing_needs_more_threads_than_there_are() -> None:
    # 155 requests/s x 20 ms are 3.1 at once
    assert archestra.busy_threads(155, 0.020).demand == pytest.approx(3.1)
    assert archestra.busy_threads(155, 0.020).verdict is Verdict.REFUTED
    assert archestra.busy_threads(50, 0.020).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("tier", "factor"),
    [  # requests/s x 86,400 / requests a day, by hand
        (Tier.SMALL, 86.4),
        (Tier.MEDIUM, 43.2),
        (Tier.LARGE, 17.28),
        (Tier.ENTERPRISE, 17.28),
    ],
)
def test_peaks_are_far_above_their_days(tier: Tier, factor: float) -> None:
    found = archestra.stated_peak(document.TIERS[tier], 5)

    assert found.demand == pytest.approx(factor)
    assert found.verdict is Verdict.REFUTED


def test_a_day_that_goes_with_its_peak_holds() -> None:
    row = replace(document.TIERS[Tier.MEDIUM], requests_per_day=amount("1M-10M"))

    assert archestra.stated_peak(row, 5).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("rounds", "calls", "least", "most"), [(1, 2, 2, 3), (3, 6, 6, 9), (5, 10, 10, 15)]
)
def test_every_round_is_two_calls_and_two_to_three_seconds(
    rounds: int, calls: int, least: float, most: float
) -> None:
    found = archestra.quarantine(rounds)

    assert (found.calls, found.least_seconds, found.most_seconds) == (calls, least, most)


def test_quarantine_asks_at_least_once() -> None:
    with pytest.raises(ValueError, match="ask nothing"):
        archestra.quarantine(0)


def test_quarantine_multiplies_calls_to_models() -> None:
    # 100 requests/s, a fifth of them through three rounds: 100 + 20 x 6
    assert archestra.calls_per_second(100, quarantined_share=0.2, rounds=3) == pytest.approx(220)
    assert archestra.calls_per_second(100, quarantined_share=0, rounds=3) == 100


@pytest.mark.parametrize(
    ("pool", "verdict"),
    [(None, Verdict.UNPROVEN), (10, Verdict.HOLDS), (11, Verdict.REFUTED)],
)
def test_connections_are_a_hard_limit_and_the_pool_is_not_stated(
    pool: int | None, verdict: Verdict
) -> None:
    assert archestra.connections(processes=8, pool=pool, granted=80).verdict is verdict


def test_vcpu_beyond_the_thread_is_not_used() -> None:
    assert archestra.used_vcpu(4, 4).verdict is Verdict.UNPROVEN
    assert archestra.used_vcpu(4, 1).verdict is Verdict.HOLDS


@given(rate=st.floats(0, 1e5), more=st.floats(1, 10), zones=st.integers(1, 4))
@settings(max_examples=50)
def test_more_requests_never_need_fewer_processes(rate: float, more: float, zones: int) -> None:
    needed = archestra.processes_needed(rate, zones=zones)

    assert archestra.processes_needed(rate * more, zones=zones) >= needed
    left = needed if zones == 1 else needed - needed // zones
    assert archestra.throughput(rate, left).verdict is Verdict.HOLDS
