"""Where documents 001 and 003 give different triggers, and which one rules."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.tiers.vocabulary import Unit
from sizing.triggers.tables import OSMEN, TABLE, ruling
from sizing.triggers.trigger import Trigger

PERCENT = 100
SILENT = "says nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where documents 001 and 003 do not say the same, each in its own words."""

    subject: str
    document_001: str
    document_003: str
    ruling: str


def differences() -> tuple[Difference, ...]:
    """Return every subject on which the two documents do not say the same."""
    first, second = ({one.subject: one for one in rows} for rows in (TABLE, OSMEN))
    subjects = [*first, *(subject for subject in second if subject not in first)]
    pairs = ((subject, first.get(subject), second.get(subject)) for subject in subjects)
    return tuple(
        Difference(
            subject=subject,
            document_001=_said(one),
            document_003=_said(other),
            ruling=ruling(subject).id,
        )
        for subject, one, other in pairs
        if _content(one) != _content(other)
    )


def _content(one: Trigger | None) -> tuple[object, ...] | None:
    return None if one is None else (one.warning, one.critical, one.action)


def _said(one: Trigger | None) -> str:
    if one is None:
        return SILENT
    if one.warning is None:
        return f"{one.metric}: {one.action}"
    lines = [_line(line, one.unit) for line in (one.warning, one.critical) if line is not None]
    return f"above {' and '.join(lines)}: {one.action}"


def _line(value: float, unit: Unit) -> str:
    return f"{value * PERCENT:g}%" if unit is Unit.PERCENT else f"{value:g}{unit}"
