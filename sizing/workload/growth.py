"""Growth: the capacity to have in some months (document 001, 5.1)."""

from __future__ import annotations


def required_capacity(
    *,
    current_load: float,
    monthly_growth_rate: float,
    months_ahead: float,
    peak_factor: float,
    safety_margin: float,
) -> float:
    """Return the capacity to have in some months, in the unit of `current_load` (5.1).

    Args:
        current_load: average load now.
        monthly_growth_rate: growth in a month as a share, 0.05 for 5 %.
        months_ahead: how far to look.
        peak_factor: peak over average.
        safety_margin: what to have above the peak, as a factor.

    Raises:
        ValueError: a load, a rate of shrinking to nothing, or a factor that cannot be.
    """
    if current_load < 0 or months_ahead < 0 or monthly_growth_rate <= -1:
        raise ValueError("load and months must not be negative, nor growth -100 % or less")
    if peak_factor < 1 or safety_margin < 1:
        raise ValueError("a peak factor or safety margin below 1 plans for less than the load")
    growth_factor: float = (1 + monthly_growth_rate) ** months_ahead
    return current_load * growth_factor * peak_factor * safety_margin
