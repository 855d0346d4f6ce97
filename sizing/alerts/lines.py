"""Where alerts begin and how long they wait, each with who says so."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType
from typing import Final

from sizing.alerts.model import Line, Told
from sizing.alerts.words import Severity
from sizing.triggers import Trigger, ruling
from sizing.units import SECONDS_PER_MINUTE

MIXIN: Final = "kubernetes-mixin"
TABLE: Final = "document-001"
DECIDED: Final = "sizing-decisions"

# Minutes that most of kubernetes-mixin's rules wait: a rollout or a lost node mends itself in them.
WARNING_MINUTES = 15
# Table 5.2 is asked over five minutes (`sizing.triggers.WINDOW`): once more, and it is no accident.
CRITICAL_MINUTES = 5
# kube-prometheus, TargetDown: for ten minutes.
TARGET_MINUTES = 10

# Table 5.2's lines of memory, for everything that is taken up as memory is: connections, caches.
FILLED: Mapping[Severity, float] = MappingProxyType(
    {
        Severity.WARNING: ruling("memory").warning or 1,
        Severity.CRITICAL: ruling("memory").critical or 1,
    }
)


def both(
    warning: float, critical: float, *, minutes: int = WARNING_MINUTES, soon: int = CRITICAL_MINUTES
) -> tuple[Line, ...]:
    """Return a warning and a critical line."""
    return (
        Line(severity=Severity.WARNING, at=warning, minutes=minutes),
        Line(severity=Severity.CRITICAL, at=critical, minutes=soon),
    )


def filled() -> tuple[Line, ...]:
    """Return table 5.2's lines of what fills up, as shares."""
    return both(FILLED[Severity.WARNING], FILLED[Severity.CRITICAL])


def of(one: Trigger) -> tuple[Line, ...]:
    """Return a trigger's own lines.

    Raises:
        ValueError: it states no figure.
    """
    found = ((Severity.WARNING, one.warning), (Severity.CRITICAL, one.critical))
    wait = {Severity.WARNING: WARNING_MINUTES, Severity.CRITICAL: CRITICAL_MINUTES}
    lines = tuple(
        Line(severity=severity, at=at, minutes=wait[severity])
        for severity, at in found
        if at is not None
    )
    if not lines:
        raise ValueError(f"{one.id} states no line")
    return lines


def warning(
    at: float | Told, *, minutes: int = WARNING_MINUTES, query: str = ""
) -> tuple[Line, ...]:
    """Return one line that can wait until the next working day."""
    return (Line(severity=Severity.WARNING, at=at, minutes=minutes, query=query),)


def critical(at: float, *, minutes: int = CRITICAL_MINUTES, query: str = "") -> tuple[Line, ...]:
    """Return one line that cannot wait."""
    return (Line(severity=Severity.CRITICAL, at=at, minutes=minutes, query=query),)


def at_least_minutes(seconds: float) -> int:
    """Return the usual wait of a warning, or what takes longer, in whole minutes."""
    return max(WARNING_MINUTES, ceil(seconds / SECONDS_PER_MINUTE))
