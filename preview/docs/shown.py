"""What a page shows of an output, held against the output: what is left out, what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

LEFT_OUT: Final = frozenset({"...", "…"})
"""A line that stands for any lines."""
PART: Final = "…"
"""Stands, within a line, for any part of it."""
ALIKE: Final = 0.6
"""How much of a shown line its successor has to have, for the one to be made of the other."""


def differs(shown: Sequence[str], printed: Sequence[str]) -> str:
    """Return the first shown line that was not printed where it should be; "" when all were."""
    places = _places(shown, printed)
    return places if isinstance(places, str) else ""


def _places(shown: Sequence[str], printed: Sequence[str]) -> tuple[int, ...] | str:
    """Return where each part of what is shown begins in the output, or what is missing there."""
    parts, at, found = _parts(shown), 0, []
    for number, part in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        start = len(printed) - len(part) if last and not first else at
        starts = [start] if first or last else range(at, len(printed) - len(part) + 1)
        place = next((one for one in starts if one >= at and _same(part, printed, one)), None)
        if place is None:
            return _missing(part, printed, max(start, at), anchored=first or last)
        found.append(place)
        at = place + len(part)
    if len(parts) == 1 and at != len(printed):
        return f"(nothing shown) of {printed[at]!r}"
    return tuple(found)


def _parts(shown: Sequence[str]) -> list[list[str]]:
    """Return runs of lines between those that stand for lines left out; outer ones may be empty."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() in LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _same(part: Sequence[str], printed: Sequence[str], at: int) -> bool:
    own = printed[at : at + len(part)]
    return len(own) == len(part) and all(map(matches, part, own))


def matches(shown: str, printed: str) -> bool:
    """Return whether a line is what is shown of it; blanks at the end count for nothing."""
    pattern = ".*".join(map(re.escape, shown.rstrip().split(PART)))
    return re.fullmatch(pattern, printed.rstrip()) is not None


def _missing(part: list[str], printed: Sequence[str], at: int, *, anchored: bool) -> str:
    if not anchored:
        known = (line for line in part if not any(matches(line, one) for one in printed[at:]))
        return next(known, part[0] if part else PART)
    own = [*printed[at : at + len(part)], *[""] * len(part)]
    return next((line for line, one in zip(part, own, strict=False) if not matches(line, one)), "")


def renewed(shown: Sequence[str], printed: Sequence[str]) -> tuple[str, ...]:
    """Return what a page should show of an output, leaving out what it leaves out now.

    Raises:
        ValueError: a shown part has no successor in the output.
    """
    parts, at, lines = _parts(shown), 0, list[str]()
    marks = (line for line in shown if line.strip() in LEFT_OUT)
    if len(parts) == 1:
        return tuple(_rows(shown, printed))
    for number, part in enumerate(parts):
        if number:
            lines.append(next(marks))
        if part:
            first, last = number == 0, number == len(parts) - 1
            place = (
                0 if first else len(printed) - len(part) if last else _nearest(part, printed, at)
            )
            lines += _rows(part, printed[place : place + len(part)])
            at = place + len(part)
    return tuple(lines)


def _nearest(part: Sequence[str], printed: Sequence[str], at: int) -> int:
    """Return where in the output what is most like a part begins, from a place on."""
    scored = [
        (sum(map(_alike, part, printed[place : place + len(part)])) / len(part), -place)
        for place in range(at, len(printed) - len(part) + 1)
    ]
    score, place = max(scored, default=(0.0, 0))
    if score < ALIKE:
        raise ValueError(f"nothing is printed any more that is like {part[0]!r}: mend it by hand")
    return -place


def _alike(one: str, other: str) -> float:
    return 1.0 if matches(one, other) else SequenceMatcher(None, one, other).ratio()


def _rows(shown: Sequence[str], printed: Sequence[str]) -> Iterator[str]:
    """Return printed lines; one of which a page shows a part only is shown in that part again."""
    known = [line for line in shown if PART in line]
    for place, line in enumerate(printed):
        old = next((one for one in known if matches(one, line)), "")
        now = shown[place] if place < len(shown) else ""
        if old:
            yield old
        elif now.rstrip().endswith(PART) and len(now) < len(line):
            yield line[: len(now.rstrip()) - 1].rstrip() + PART
        else:
            yield line.rstrip()
