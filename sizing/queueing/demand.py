"""From what a month brings to what a second must take: windows, peaks, bursts, Little's law."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from sizing.model import Figure
from sizing.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from sizing.words import Kind
from sizing.workload import required_capacity

DAYS_PER_MONTH = Figure(
    value=30,
    unit="days a month",
    source="document-004",  # 1.9 M calls over 2,592,000 s
    date="2026-11-21",
    kind=Kind.VENDOR,
)
HOURS_PER_DAY = SECONDS_PER_DAY // SECONDS_PER_HOUR
LONGEST_MONTH_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of a month in which all of its calls come.

    Raises:
        ValueError: hours beyond a day, days beyond a month, or either not above zero.
    """

    hours_per_day: float
    days_per_month: float

    def __post_init__(self) -> None:
        if not 0 < self.hours_per_day <= HOURS_PER_DAY:
            raise ValueError(f"{self.hours_per_day} h a day is not within (0, {HOURS_PER_DAY}]")
        if not 0 < self.days_per_month <= LONGEST_MONTH_DAYS:
            raise ValueError(
                f"{self.days_per_month} days a month is not within (0, {LONGEST_MONTH_DAYS}]"
            )

    @property
    def seconds(self) -> float:
        """Seconds of a month within the window."""
        return self.hours_per_day * SECONDS_PER_HOUR * self.days_per_month

    @property
    def peak_factor(self) -> float:
        """Rate within the window over the month's average: what a peak factor would be."""
        return DAYS_PER_MONTH.value * SECONDS_PER_DAY / self.seconds


def average_rate(calls_per_month: float) -> float:
    """Return calls a second over a month of 30 days, as document 004 counts."""
    _not_negative(calls_per_month, "calls a month")
    return calls_per_month / (DAYS_PER_MONTH.value * SECONDS_PER_DAY)


def window_peak(calls_per_month: float, hours: float, days: float) -> float:
    """Return calls a second if the month's calls all come within `hours` of `days` (004)."""
    _not_negative(calls_per_month, "calls a month")
    return calls_per_month / Window(hours_per_day=hours, days_per_month=days).seconds


def peak_rate(
    average_per_second: float,
    *,
    peak_factor: float = 1,
    window: Window | None = None,
    burst: float = 1,
) -> float:
    """Return the planned peak in the unit of the average.

    Args:
        average_per_second: over the whole month.
        peak_factor: peak over average; a window takes its place.
        window: when all of it comes, if that is known.
        burst: how far a short burst exceeds the peak; multiplies either.

    Raises:
        ValueError: a negative average, or a factor below 1.
    """
    _not_negative(average_per_second, "an average")
    for name, factor in (("peak factor", peak_factor), ("burst", burst)):
        if not (isfinite(factor) and factor >= 1):
            raise ValueError(f"a {name} of {factor} plans for less than the average")
    return average_per_second * (peak_factor if window is None else window.peak_factor) * burst


def grown_peak(
    average_per_second: float,
    *,
    monthly_growth_rate: float,
    months_ahead: float,
    safety_margin: float,
    peak_factor: float = 1,
    window: Window | None = None,
    burst: float = 1,
) -> float:
    """Return the peak to have capacity for in some months: the guide's growth formula (5.1)."""
    return required_capacity(
        current_load=peak_rate(
            average_per_second, peak_factor=peak_factor, window=window, burst=burst
        ),
        monthly_growth_rate=monthly_growth_rate,
        months_ahead=months_ahead,
        peak_factor=1,  # within the load already
        safety_margin=safety_margin,
    )


def concurrency(arrivals_per_second: float, seconds: float) -> float:
    """Return how many are within at once, by Little's law, whatever the spread of either."""
    _not_negative(arrivals_per_second, "arrivals")
    _not_negative(seconds, "a stay")
    return arrivals_per_second * seconds


def _not_negative(value: float, what: str) -> None:
    if not (isfinite(value) and value >= 0):
        raise ValueError(f"{what} of {value} cannot be")
