"""What LiteLLM workers carry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import litellm
from sizing.units import GIB, MIB
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("what a worker carries, wherever it stands")

LARGE = reference(Tier.LARGE)


def at(rate: float) -> Workload:
    return replace(LARGE, requests_per_second_peak=rate)


@pytest.mark.parametrize(
    ("millis", "workers", "memory_gib"),
    [(500, 1, 4), (1000, 1, 4), (1999, 1, 4), (2000, 2, 8), (4000, 4, 16)],
)
def test_a_pod_runs_a_worker_for_each_whole_vcpu(
    millis: int, workers: int, memory_gib: int
) -> None:
    pod = litellm.pod(millis)

    assert (pod.workers, pod.memory_bytes, pod.cpu_millis) == (workers, memory_gib * GIB, millis)


def test_the_sure_rate_is_that_of_the_largest_published_run() -> None:
    assert litellm.requests(at(1), 33 * 4).conservative == pytest.approx(3000)


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (1800, Verdict.HOLDS),  # 80 % of 100 workers x 22.73
        (1819, Verdict.UNPROVEN),
        (12_946, Verdict.UNPROVEN),
        (12_947, Verdict.REFUTED),  # 100 workers x 129.46
    ],
)
def test_requests_hold_to_four_fifths_and_fail_above_the_best_run(
    rate: float, verdict: Verdict
) -> None:
    assert litellm.requests(at(rate), 100).verdict is verdict


def test_half_a_vcpu_carries_half_and_two_no_more_than_one() -> None:
    whole = litellm.requests(LARGE, 4)
    half = litellm.requests(LARGE, 4, worker_millis=500)
    double = litellm.requests(LARGE, 4, worker_millis=2000)

    assert whole.conservative is not None
    assert half.conservative == pytest.approx(whole.conservative / 2)
    assert double.conservative == whole.conservative


@given(rate=st.floats(0.01, 5000))
def test_as_many_workers_as_needed_hold_and_one_fewer_does_not(rate: float) -> None:
    needed = litellm.workers_needed(at(rate))

    assert litellm.requests(at(rate), needed).verdict is Verdict.HOLDS
    if needed > 1:
        assert litellm.requests(at(rate), needed - 1).verdict is not Verdict.HOLDS


@given(rate=st.floats(0.01, 2500), factor=st.floats(1, 10))
def test_more_load_never_needs_fewer_workers(rate: float, factor: float) -> None:
    assert litellm.workers_needed(at(rate)) <= litellm.workers_needed(at(rate * factor))
    assert litellm.workers_needed_for_streams(at(rate)) <= litellm.workers_needed_for_streams(
        at(rate * factor)
    )


@given(workers=st.integers(1, 1000), more=st.integers(1, 1000))
def test_more_workers_never_carry_less(workers: int, more: int) -> None:
    for judge in (litellm.requests, litellm.chunks, litellm.autoscaler):
        few, many = judge(LARGE, workers), judge(LARGE, workers + more)
        assert few.conservative is not None
        assert many.conservative is not None
        assert few.conservative < many.conservative


def test_streamed_answers_bind_before_requests_at_the_planned_mix() -> None:
    # 500 requests/s x 70 % x 500 tokens = 175,000 chunks/s, 431 us of CPU each
    assert litellm.chunks_per_second(LARGE) == pytest.approx(175_000)
    assert litellm.workers_needed_for_streams(LARGE) == 95
    assert litellm.workers_needed(LARGE) == 28


def test_chunks_are_unproven_at_best_since_the_proxys_own_cost_is_unknown() -> None:
    plenty, few = litellm.chunks(LARGE, 10_000), litellm.chunks(LARGE, 2)

    assert plenty.verdict is Verdict.UNPROVEN
    assert plenty.assumption
    assert plenty.measure
    assert few.verdict is Verdict.REFUTED  # 2 workers / 11.4 us = 174,825 chunks/s


def test_nothing_streamed_leaves_no_chunks() -> None:
    assert litellm.chunks_per_second(replace(LARGE, streaming_share=0)) == 0


@pytest.mark.parametrize(
    ("workers", "limit", "verdict"),
    [
        (1, 4 * GIB, Verdict.HOLDS),
        (1, 4 * GIB - 1, Verdict.UNPROVEN),
        (2, 8 * GIB, Verdict.HOLDS),
        (1, 512 * MIB, Verdict.REFUTED),  # table 2.1's row for Small
        (4, 4 * GIB, Verdict.UNPROVEN),
    ],
)
def test_memory_holds_from_the_vendors_floor_and_fails_below_an_idle_worker(
    workers: int, limit: int, verdict: Verdict
) -> None:
    assert litellm.memory(workers, limit).verdict is verdict


def test_the_autoscaler_needs_more_workers_than_the_peak_does() -> None:
    needed = litellm.workers_needed(LARGE)

    assert litellm.autoscaler(LARGE, needed).verdict is Verdict.UNPROVEN
    assert litellm.autoscaler(LARGE, 37).verdict is Verdict.HOLDS  # 500 / (22.73 x 0.6) = 36.7
    assert litellm.autoscaler(LARGE, 36).verdict is Verdict.UNPROVEN
    assert litellm.autoscaler(LARGE, 3).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("workers", "p95_ms", "verdict"),
    [
        (22, 54.029, Verdict.HOLDS),
        (7, 8, Verdict.UNPROVEN),  # 71 a vCPU: measured with short prompts only
        (4, 29, Verdict.UNPROVEN),
        (3, None, Verdict.UNPROVEN),  # 167 a vCPU: no run reached it
    ],
)
def test_the_added_latency_is_that_of_a_run_at_the_rate_or_above(
    workers: int, p95_ms: float | None, verdict: Verdict
) -> None:
    result = litellm.added_latency(LARGE, workers)

    assert result.demand == p95_ms
    assert result.verdict is verdict
