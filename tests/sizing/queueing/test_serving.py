"""GPU engines: in flight, slots and rate, and a fleet that slows as it fills."""

from __future__ import annotations

from math import exp, factorial, inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.queueing.engine import Engine, Lengths, Step, engine
from sizing.queueing.erlang import wait_probability
from sizing.queueing.serving import (
    FIRST_TOKEN,
    NO_LOAD,
    RATE,
    SLOTS,
    engines,
    fleet,
    in_flight_at,
)
from tests.sizing.queueing.samples import A100, H100, LENGTHS, sample_engine

pytestmark = pytest.mark.cloud_free("engines by their rates")


def steady(slots: int, inter_token_ms: float = 50, output_tokens: float = 500) -> Engine:
    """Return an engine whose step takes the same however many requests it decodes."""
    return Engine(
        slots=slots,
        base_ms=inter_token_ms,
        slope_ms=0,
        prefill_ms=100,
        output_tokens=output_tokens,
    )


shapes = st.builds(
    Engine,
    slots=st.integers(1, 300),
    base_ms=st.floats(1, 50),
    slope_ms=st.floats(0, 1),
    prefill_ms=st.floats(0, 500),
    output_tokens=st.floats(10, 2000),
)
uses = st.floats(0.01, 12)  # engines' worth of load


# The capacity table's columns for 25 s a request (50 ms, 500 tokens) and its slots, less the spare.
@pytest.mark.parametrize(
    ("arrivals", "slots", "count"),
    [
        (0.1033, 66, 1),
        (5.95, 66, 3),
        (59.5, 66, 29),
        (297.5, 66, 141),
        (10.33, 252, 2),
        (103.3, 252, 13),
        (297.5, 252, 37),
    ],
)
def test_engines_of_the_capacity_table(arrivals: float, slots: int, count: int) -> None:
    found = engines(arrivals, steady(slots), 2000)

    assert found.engines == pytest.approx(count, abs=1)
    assert engines(arrivals, steady(slots), 2000, spare=1).engines == found.engines + 1


@pytest.mark.parametrize(("arrivals", "mean", "highest"), [(0.1, 2.5, 6.2), (59.5, 1487.5, 1577.2)])
def test_in_flight_is_littles_law_and_a_poisson_percentile(
    arrivals: float, mean: float, highest: float
) -> None:
    found = engines(arrivals, steady(66), 2000)

    assert found.in_flight_mean == pytest.approx(mean)
    assert found.in_flight_percentile == pytest.approx(highest, abs=0.1)


@pytest.mark.parametrize("mean", [5.0, 25.0, 100.0])
def test_the_percentile_is_within_two_of_poissons(mean: float) -> None:
    total, count = exp(-mean), 0
    while total < 0.99:
        count += 1
        total += exp(-mean) * mean**count / factorial(count)

    assert in_flight_at(mean, 0.99) == pytest.approx(count, abs=2)


@pytest.mark.parametrize(
    ("arrivals", "slots", "binding"), [(2, 66, SLOTS), (59.5, 66, RATE), (0, 66, NO_LOAD)]
)
def test_each_rule_binds_somewhere(arrivals: float, slots: int, binding: str) -> None:
    assert engines(arrivals, steady(slots), 2000).binding == binding


def test_a_strict_first_token_may_ask_for_most() -> None:
    # Where answers are short, the rate leaves room but a burst must not queue at all.
    found = engines(0.5, steady(1), 101, percentile=0.9999)

    assert found.binding == FIRST_TOKEN
    assert found.engines == found.needed > max(found.by_slots, found.by_rate)


@given(shape=shapes, count=st.integers(1, 12), use=st.floats(0.01, 0.99))
@settings(max_examples=100, deadline=None)
def test_without_slowing_down_a_fleet_is_erlang_c(shape: Engine, count: int, use: float) -> None:
    one = steady(shape.slots)
    arrivals = use * count * one.requests_per_second
    found = fleet(count, one, arrivals)

    assert found.waiting == pytest.approx(
        wait_probability(count * one.slots, arrivals * one.seconds_per_request),
        rel=1e-6,
        abs=1e-15,  # what weighs nothing beside the likeliest state is not added up
    )
    assert found.in_flight == pytest.approx(arrivals * one.seconds_per_request, rel=1e-6)


@given(shape=shapes, use=uses, zones=st.integers(1, 4), spare=st.integers(0, 2))
@settings(max_examples=100, deadline=None)
def test_the_needed_suffice_and_one_fewer_does_not(
    shape: Engine, use: float, zones: int, spare: int
) -> None:
    arrivals = use * shape.requests_per_second
    found = engines(arrivals, shape, 2000, zones=zones, spare=spare)

    assert fleet(found.needed, shape, arrivals, 2000).late <= 0.05
    if found.needed > 1:
        assert fleet(found.needed - 1, shape, arrivals, 2000).late > 0.05
    left = found.engines - max(spare, 0 if zones == 1 else -(-found.engines // zones))
    assert left >= max(found.needed, found.by_slots, found.by_rate)


@given(shape=shapes, use=uses, more=st.floats(1, 3))
@settings(max_examples=100, deadline=None)
def test_more_load_or_a_stricter_objective_never_needs_fewer(
    shape: Engine, use: float, more: float
) -> None:
    arrivals = use * shape.requests_per_second
    found = engines(arrivals, shape, 2000)

    assert engines(arrivals * more, shape, 2000).engines >= found.engines
    assert engines(arrivals * more, shape, 2000).needed >= found.needed
    assert engines(arrivals, shape, 2000, percentile=0.999).needed >= found.needed
    assert engines(arrivals, shape, 600, percentile=0.95).needed >= found.needed


@given(shape=shapes, count=st.integers(1, 12), use=st.floats(0.001, 1.2))
@settings(max_examples=100, deadline=None)
def test_one_more_engine_makes_nothing_worse(shape: Engine, count: int, use: float) -> None:
    arrivals = use * count * shape.requests_per_second
    here, more = (fleet(n, shape, arrivals, 2000) for n in (count, count + 1))

    assert more.waiting <= here.waiting * (1 + 1e-9)
    assert more.late <= here.late * (1 + 1e-9)
    assert more.inter_token_ms <= here.inter_token_ms * (1 + 1e-9)
    assert 0 <= here.in_flight <= count * shape.slots * (1 + 1e-9)


def test_slots_are_bound_by_the_objective_or_by_memory() -> None:
    roomy = engine(A100.step, LENGTHS, kv_tokens=1e9, inter_token_ms=50)
    narrow = engine(A100.step, LENGTHS, kv_tokens=50_000, inter_token_ms=50)

    assert roomy.inter_token_ms(roomy.slots) <= 50 < roomy.inter_token_ms(roomy.slots + 1)
    assert narrow.slots == int(50_000 / LENGTHS.context_tokens) < roomy.slots
    assert engine(A100.step, LENGTHS, kv_tokens=1e9, inter_token_ms=10).slots == 0


def test_heavy_tails_hold_more_context_and_leave_fewer_slots() -> None:
    alike = Lengths(input_tokens=1500, output_tokens=500)
    spread = Lengths(input_tokens=1500, output_tokens=500, output_variability=1.7)

    assert alike.context_tokens == 1750
    assert spread.context_tokens == pytest.approx(2175)
    slots = [
        engine(H100.step, one, kv_tokens=H100.kv_tokens, inter_token_ms=50).slots
        for one in (alike, spread)
    ]
    assert slots[0] > slots[1]


def test_an_engine_without_a_slot_or_a_prefill_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="without a slot"):
        engines(1, steady(0), 2000)
    with pytest.raises(ValueError, match="a prefill of 100 ms"):
        engines(1, steady(10), 100)


@pytest.mark.parametrize("bad", [-1, nan, inf])
def test_what_cannot_be_is_refused(bad: float) -> None:
    one = sample_engine(A100)

    for attempt in (
        lambda: engines(bad, one, 2000),
        lambda: fleet(2, one, bad),
        lambda: engines(1, one, 2000, percentile=bad),
        lambda: engines(1, one, bad),
        lambda: Lengths(input_tokens=bad, output_tokens=500),
        lambda: Lengths(input_tokens=1500, output_tokens=bad),
        lambda: Step(base_ms=bad, per_request_ms=0, per_context_token_ms=0, prefill_per_token_ms=0),
        lambda: Step(base_ms=1, per_request_ms=bad, per_context_token_ms=0, prefill_per_token_ms=0),
    ):
        with pytest.raises(ValueError, match=r"cannot be|negative|percentile|keeps no"):
            attempt()


def test_no_load_needs_no_engine() -> None:
    assert engines(0, sample_engine(A100), 2000, spare=1, zones=3).engines == 0
    assert fleet(2, sample_engine(A100), 0).in_flight == 0
