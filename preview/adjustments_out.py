"""Where a plan is not the documented tables, as `aigw plan` and the report tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import dollars

if TYPE_CHECKING:
    from sizing.plans import Adjustment

TITLE = "Differences from the documented tables"
COLUMNS = ("field", "documented", "planned", "direction", "$/month", "rule", "reason")
NUMBERS = frozenset({"$/month"})
"""Columns of it that are numbers."""


def rows(made: Sequence[Adjustment]) -> tuple[tuple[str, ...], ...]:
    """Return the cells of `COLUMNS`, a row for each difference."""
    return tuple(
        (
            one.field,
            one.documented,
            one.planned,
            one.direction,
            dollars(one.monthly_usd),
            one.rule,
            one.reason,
        )
        for one in made
    )


def section(made: Sequence[Adjustment]) -> Section:
    """Return every difference from the documented tables."""
    return Section(
        title=TITLE,
        table=Table(columns=COLUMNS, rows=rows(made), right=NUMBERS) if made else None,
        lines=() if made else ("None: the plan is the tables as written.",),
    )
