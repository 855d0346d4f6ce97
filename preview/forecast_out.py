"""What `aigw forecast` prints: the months with a sparkline, and what breaks when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import amount, count, dollars

if TYPE_CHECKING:
    from sizing.forecast import Forecast, Month

BARS, UNKNOWN = "▁▂▃▄▅▆▇█", "·"
MONTHS = "Month by month"
MONTH_COLUMNS = ("month", "load", "requests/s", "load of", "$/month", "breaks")
MONTH_NUMBERS = frozenset({"load", "requests/s", "$/month"})
"""Columns of it that are numbers."""


def sections(stack: str, found: Forecast) -> tuple[Section, ...]:
    """Return the report."""
    bills = [one.monthly_usd for one in found.months]
    known = [one for one in bills if one is not None]
    last = found.months[-1]
    lines = [
        f"load x {last.factor:.2f} in {count(last.month, 'month')} at {found.growth:.1%} a month",
        f"load  {sparkline([one.factor for one in found.months])}",
        f"bill  {sparkline(bills)}  {dollars(known[0])} to {dollars(known[-1])} a month, for a "
        "plan of today's tier raised to that month's load, at today's prices",
        *_unplanned(found),
    ]
    return (
        Section(title=f"{stack}: growth", lines=tuple(lines)),
        _breaks(found),
        Section(title=MONTHS, table=_months(found)),
    )


def sparkline(values: Sequence[float | None]) -> str:
    """Return values as a row of bars, from the least to the most; a dot where one is unknown."""
    known = [value for value in values if value is not None]
    low, span = min(known, default=0), max(known, default=0) - min(known, default=0)
    steps = len(BARS) - 1
    return "".join(
        UNKNOWN if value is None else BARS[round((value - low) / (span or 1) * steps)]
        for value in values
    )


def _unplanned(found: Forecast) -> Iterator[str]:
    """Say from when on nothing can be planned; the months below say why."""
    without = [one for one in found.months if one.obstacle]
    if without:
        yield (
            f"No plan can be made for {count(len(without), 'month')}, the first of them "
            f"M+{without[0].month}: {without[0].obstacle}"
        )


def _breaks(found: Forecast) -> Section:
    if not found.breaks:
        return Section(title="What breaks of today's plan", lines=("Nothing in this time.",))
    rows = tuple(
        (
            f"M+{one.month}",
            one.id,
            f"{one.was} -> {one.becomes}",
            amount(one.demand),
            amount(one.capacity),
            one.unit,
            one.fix,
        )
        for one in found.breaks
    )
    return Section(
        title="What breaks of today's plan",
        table=Table(
            columns=("month", "constraint", "verdict", "demand", "held", "unit", "what to do"),
            rows=rows,
            right=frozenset({"demand", "held"}),
        ),
    )


def month_cells(one: Month) -> tuple[str, str, str, str]:
    """Return what a month asks for, and what of today's plan it breaks: the last four columns."""
    return (
        amount(one.requests_per_second_peak),
        one.tier,
        dollars(one.monthly_usd),
        one.obstacle or ", ".join(one.breaks),
    )


def _months(found: Forecast) -> Table:
    rows = tuple((f"M+{one.month}", f"{one.factor:.2f}", *month_cells(one)) for one in found.months)
    return Table(columns=MONTH_COLUMNS, rows=rows, right=MONTH_NUMBERS)
