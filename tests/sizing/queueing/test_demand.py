"""From a month to a second: document 004's windows, peaks, Little's law and growth."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.queueing.demand import (
    Window,
    average_rate,
    concurrency,
    grown_peak,
    peak_rate,
    window_peak,
)
from sizing.workload import required_capacity

pytestmark = pytest.mark.cloud_free("arithmetic of arrivals")

CALLS = 1_900_000  # document 004's month
calls = st.floats(1, 1e10)
hours = st.floats(0.5, 24)
days = st.floats(1, 31)


# Document 004 prints 0.7, 3 and 12 requests/s.
@pytest.mark.parametrize(("hours", "rate"), [(2, 11.995), (8, 2.999)])
def test_the_windows_of_document_004(hours: float, rate: float) -> None:
    assert average_rate(CALLS) == pytest.approx(0.733, abs=0.0005)
    assert window_peak(CALLS, hours, 22) == pytest.approx(rate, abs=0.0005)


@given(calls=calls, hours=hours, days=days)
def test_a_window_takes_the_place_of_the_peak_factor(
    calls: float, hours: float, days: float
) -> None:
    window = Window(hours_per_day=hours, days_per_month=days)
    peak = peak_rate(average_rate(calls), window=window, peak_factor=3)

    assert peak == pytest.approx(window_peak(calls, hours, days))
    assert window_peak(calls * 2, hours, days) > peak
    assert window_peak(calls, hours / 2, days) > peak


@given(average=st.floats(0.001, 1e5), factor=st.floats(1, 20), burst=st.floats(1, 10))
def test_a_burst_multiplies_the_peak(average: float, factor: float, burst: float) -> None:
    assert peak_rate(average, peak_factor=factor, burst=burst) == pytest.approx(
        average * factor * burst
    )


def test_growth_is_the_guides_formula_on_the_peak() -> None:
    grown = grown_peak(
        100, monthly_growth_rate=0.08, months_ahead=12, safety_margin=1.2, peak_factor=3
    )

    assert grown == pytest.approx(100 * 1.08**12 * 3 * 1.2)
    assert grown == pytest.approx(
        required_capacity(
            current_load=100,
            monthly_growth_rate=0.08,
            months_ahead=12,
            peak_factor=3,
            safety_margin=1.2,
        )
    )


def test_a_window_grows_like_any_peak() -> None:
    window = Window(hours_per_day=2, days_per_month=22)
    grown = grown_peak(
        average_rate(CALLS), monthly_growth_rate=1, months_ahead=1, safety_margin=1, window=window
    )

    assert grown == pytest.approx(2 * 11.995, abs=0.001)


def test_littles_law_counts_those_within_and_those_it_takes() -> None:
    # 500 requests/s that last 13.5 s each: more than table 1.1's 2,000 users of Large.
    assert concurrency(500, 13.5) == 6750


@pytest.mark.parametrize(
    ("hours", "days"), [(0, 22), (25, 22), (2, 0), (2, 32), (nan, 22), (2, inf)]
)
def test_a_window_outside_of_a_month_is_refused(hours: float, days: float) -> None:
    with pytest.raises(ValueError, match="is not within"):
        window_peak(CALLS, hours, days)


@pytest.mark.parametrize("bad", [-1, nan, inf])
def test_what_cannot_be_is_refused(bad: float) -> None:
    attempts: tuple[Callable[[], float], ...] = (
        lambda: average_rate(bad),
        lambda: window_peak(bad, 2, 22),
        lambda: peak_rate(bad),
        lambda: peak_rate(1, peak_factor=bad),
        lambda: peak_rate(1, burst=bad),
        lambda: concurrency(bad, 1),
        lambda: concurrency(1, bad),
    )
    for attempt in attempts:
        with pytest.raises(ValueError, match=r"cannot be|plans for less"):
            attempt()
