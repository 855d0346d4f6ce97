"""One figure of a load test beside the plan's, and how many make a figure."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.words import Verdict

# A twentieth of so many is five: fewer say little of a P95. Source: sizing-decisions, 2026-11.
ENOUGH = 100
# By which a count may miss its mean before it is no chance. Source: sizing-decisions, 2026-11.
DEVIATIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure of a test beside the plan's.

    Attributes:
        id: stable ("requests", "first-token-p95").
        wanted: what the plan promises, in `unit`: at least that rate, at most that latency.
        measured: what was measured, None of nothing.
        said: what the verdict rests on.
        fix: what to do next, "" where it holds.
        source: id of an entry of `sizing.sources`, who says what is wanted.
    """

    id: str
    what: str
    unit: str
    wanted: float | None
    measured: float | None
    verdict: Verdict
    said: str
    fix: str
    source: str


def longer(verdict: Verdict) -> str:
    """Return what to do where a verdict wants for answers."""
    return "run it longer" if verdict is Verdict.UNPROVEN else ""
