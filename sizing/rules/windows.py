"""Daily and weekly windows as RDS and ElastiCache write them ("03:00-04:00", "sun:05:00-...")."""

from __future__ import annotations

import re

from sizing.rules.rule import Check, Inputs
from sizing.rules.values import text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORM = re.compile(r"(?:(?P<day>[a-z]{3}):)?(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)")
HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY


def moments(window: str) -> tuple[int, int, bool] | None:
    """Return start and length in minutes, and whether it is weekly; None for another form."""
    ends = [FORM.fullmatch(part) for part in window.lower().split("-")]
    if len(ends) != len(("start", "end")):
        return None
    points: list[int] = []
    days: list[str | None] = []
    for end in ends:
        if end is None or (end["day"] is not None and end["day"] not in DAYS):
            return None
        day = DAYS.index(end["day"]) if end["day"] else 0
        points.append(day * DAY + int(end["hour"]) * HOUR + int(end["minute"]))
        days.append(end["day"])
    if (days[0] is None) != (days[1] is None):
        return None
    weekly = days[0] is not None
    return points[0], (points[1] - points[0]) % (WEEK if weekly else DAY), weekly


def lasts(path: str, minutes: int) -> Check:
    """A known window has the right form and lasts at least so long."""

    def check(inputs: Inputs) -> str | None:
        window = text(inputs, path)
        if window is None:
            return None
        read = moments(window)
        if read is None:
            return f"{path} is {window!r}, not hh:mm-hh:mm or ddd:hh:mm-ddd:hh:mm"
        return f"{path} lasts {read[1]} minutes" if read[1] < minutes else None

    return check


def apart(daily: str, weekly: str) -> Check:
    """A daily and a weekly window, both known, never run at the same moment."""

    def check(inputs: Inputs) -> str | None:
        first, second = text(inputs, daily), text(inputs, weekly)
        one = moments(first) if first else None
        other = moments(second) if second else None
        if one is None or other is None:
            return None
        start, length, _ = other
        for day in range(len(DAYS)):
            opens = day * DAY + one[0]
            if (opens - start) % WEEK < length or (start - opens) % WEEK < one[1]:
                return f"{daily} {first} overlaps {weekly} {second}"
        return None

    return check
