"""The Redis-protocol stores: answers, state, operations."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import redis
from sizing.units import GIB, SECONDS_PER_DAY
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("operations and bytes of given shards")

LARGE = reference(Tier.LARGE)
RATES = st.floats(0.01, 5000)


def at(rate: float) -> Workload:
    return replace(LARGE, requests_per_second_peak=rate)


def test_an_hour_of_missed_requests_is_in_the_cache() -> None:
    assert redis.entries(LARGE) == pytest.approx(500 / 3 * 0.85 * 3600)
    assert redis.most_entries(LARGE) == pytest.approx(500 * 0.85 * 3600)


@pytest.mark.parametrize("days", [1, 2, 30])
def test_from_a_day_on_the_cache_holds_what_the_average_brings(days: int) -> None:
    load = replace(LARGE, cache_ttl_seconds=days * SECONDS_PER_DAY)

    assert redis.most_entries(load) == pytest.approx(redis.entries(load))


@given(rate=RATES, ttl=st.floats(1, 10**7), peak_factor=st.floats(1, 30))
def test_the_fullest_cache_is_never_below_the_average_one(
    rate: float, ttl: float, peak_factor: float
) -> None:
    load = replace(at(rate), cache_ttl_seconds=ttl, peak_factor=peak_factor)

    assert redis.entries(load) <= redis.most_entries(load) * (1 + 1e-9)


def test_an_entry_follows_from_the_tokens() -> None:
    assert redis.entry_bytes(LARGE) == 8000
    assert redis.entry_bytes(replace(LARGE, output_tokens=1000)) == 10_000


def test_the_cache_rests_on_an_assumption_and_fails_where_answers_alone_do_not_fit() -> None:
    needed = redis.cache_bytes_needed(LARGE)
    enough = redis.cache_memory(LARGE, needed)

    assert enough.demand == pytest.approx(enough.conservative)
    assert enough.verdict is Verdict.UNPROVEN
    assert redis.cache_memory(LARGE, GIB).verdict is Verdict.UNPROVEN  # 510,000 x 2,000 bytes
    assert redis.cache_memory(LARGE, 0.9 * GIB).verdict is Verdict.REFUTED


@given(rate=RATES, factor=st.floats(1, 10))
def test_more_load_never_needs_less_of_any_role(rate: float, factor: float) -> None:
    less, more = at(rate), at(rate * factor)

    assert redis.cache_bytes_needed(less) <= redis.cache_bytes_needed(more)
    assert redis.state_bytes_needed(less) <= redis.state_bytes_needed(more)
    assert redis.shards_needed(less) <= redis.shards_needed(more)


def test_state_grows_with_keys_and_models() -> None:
    # 2,000 keys x 26 x 4 x 216 bytes, and a minute of 500 updates of 2 KB
    assert redis.state_bytes_needed(LARGE) == 44_928_000 + 60_000_000
    assert redis.state_bytes_needed(replace(LARGE, keys=4000)) == 2 * 44_928_000 + 60_000_000


def test_state_holds_to_the_last_byte_and_is_never_refuted_by_an_upper_bound() -> None:
    needed = redis.state_bytes_needed(LARGE)

    assert redis.state_memory(LARGE, needed).verdict is Verdict.HOLDS
    assert redis.state_memory(LARGE, needed - 1).verdict is Verdict.UNPROVEN


def test_the_crawlers_need_is_an_open_question() -> None:
    result = redis.crawler_memory(GIB)

    assert result.demand is None
    assert result.verdict is Verdict.UNPROVEN
    assert result.measure


def test_a_request_counts_against_its_key_and_its_model() -> None:
    # a look-up, 0.85 stored answers and 2 x 21 of the limiter
    assert redis.operations_per_second(LARGE) == pytest.approx(500 * 43.85)
    assert redis.operations_per_second(LARGE, limited=0) == pytest.approx(500 * 1.85)


@given(rate=RATES)
def test_as_many_shards_as_needed_leave_headroom_and_one_fewer_does_not(rate: float) -> None:
    needed = redis.shards_needed(at(rate))
    enough, fewer = redis.operations(at(rate), needed), redis.operations(at(rate), needed - 1)

    assert enough.demand is not None
    assert enough.held is not None
    assert fewer.held is not None
    assert enough.demand <= enough.held * (1 + 1e-9)
    assert enough.demand > fewer.held


def test_what_encryption_costs_keeps_operations_unproven() -> None:
    assert redis.operations(at(0.01), 100).verdict is Verdict.UNPROVEN
