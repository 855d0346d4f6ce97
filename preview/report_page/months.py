"""Months of a calendar, counted from the first one of a forecast."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = 12
_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    def after(self, months: int) -> Month:
        """Return the month so many later."""
        years, month = divmod(self.month - 1 + months, MONTHS)
        return Month(year=self.year + years, month=month + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def parse_month(text: str) -> Month:
    """Return "2026-11" as a month.

    Raises:
        ValueError: no such month.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= MONTHS:
        raise ValueError(f"{text!r} is no month such as 2026-11")
    return Month(year=int(match[1]), month=int(match[2]))
