"""Amounts as people write them: numbers, shares, durations, windows; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from sizing.units import (
    DAYS_PER_MONTH,
    MILLIS_PER_SECOND,
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
)

UNIT_SECONDS = {
    "ms": 1 / MILLIS_PER_SECOND,
    "s": 1,
    "m": SECONDS_PER_MINUTE,
    "h": SECONDS_PER_HOUR,
    "d": SECONDS_PER_DAY,
}
MONTH_SECONDS = DAYS_PER_MONTH * SECONDS_PER_DAY
"""Seconds of document 004's month of 30 days."""

_DECIMAL = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(_DECIMAL, re.ASCII)
_PERCENT = re.compile(rf"({_DECIMAL}) ?%", re.ASCII)
_DURATION = re.compile(rf"({_DECIMAL}) ?({'|'.join(UNIT_SECONDS)})", re.ASCII)
_SHOWN = 60  # characters of a text in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When the calls of a month are made: so many seconds a day on so many days a month."""

    seconds_a_day: float
    days_a_month: float

    @property
    def seconds(self) -> float:
        """Return the seconds of a month in which traffic stands."""
        return self.seconds_a_day * self.days_a_month

    @property
    def peak_factor(self) -> float:
        """Return the rate inside the window over the month's average."""
        return MONTH_SECONDS / self.seconds

    def __str__(self) -> str:
        hours = self.seconds_a_day / SECONDS_PER_HOUR
        return f"{hours:g}h/{self.days_a_month:g}d"


def number(value: object) -> float | None:
    """Return a finite number that is one or is written as one ("1.9e6"), None for all else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def share(value: object) -> float | None:
    """Return a share of one from 0.7 or "70 %", None for all else."""
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return number(value)
    percent = number(match[1])
    return None if percent is None else percent / 100


def duration(value: object) -> float | None:
    """Return the seconds of "15m" or "30 d", None for all else: a bare number has no unit."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    amount = number(match[1])
    return None if amount is None else amount * UNIT_SECONDS[match[2]]


def window(value: object) -> Window | None:
    """Return the window that "2h/22d" names, None for all else."""
    if not isinstance(value, str):
        return None
    parts = value.split("/")
    seconds = [duration(part.strip()) for part in parts]
    if [part.strip()[-1:] for part in parts[1:]] != ["d"]:
        return None
    if seconds[0] is None or seconds[1] is None:
        return None
    return Window(seconds_a_day=seconds[0], days_a_month=seconds[1] / SECONDS_PER_DAY)


def figure(value: float) -> str:
    """Return a number as people read it: separated thousands, no exponent, no noise."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 1 or not value else f"{value:.4f}".rstrip("0")


def shown(value: object) -> str:
    """Return a value in words, short enough for one line."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return "a number beyond all range" if number(value) is None else f"the number {value:,}"
    if isinstance(value, float):
        return f"the number {value:g}"
    if isinstance(value, str):
        return f'"{on_a_line(value)}"'
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    return "a mapping" if isinstance(value, dict) else f"a {type(value).__name__}"


def on_a_line(text: str) -> str:
    """Return somebody's text short and printable: no line breaks, no control characters."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
