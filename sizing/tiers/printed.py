"""The shape of a printed table, and the two ways in which the document lays tiers out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sizing.tiers import TIERS
from sizing.tiers.schema import TierTables

TIER_HEADER = ("Component", *(tier.value.capitalize() for tier in TIERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A table, block or list in the document's own words.

    Attributes:
        name: a short name, unique in the document ("postgres").
        header: the column titles; a block has the one column "line", a list "item".
        rows: the cells, row by row.
    """

    section: str
    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def by_tier(cells: Callable[[TierTables], tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return one row per tier, its name first."""
    return tuple((tier.value.capitalize(), *cells(tables)) for tier, tables in TIERS.items())


def across(
    lines: Iterable[tuple[str, Callable[[TierTables], str]]],
) -> tuple[tuple[str, ...], ...]:
    """Return one row per line, a cell per tier."""
    return tuple((name, *(cell(tables) for tables in TIERS.values())) for name, cell in lines)
