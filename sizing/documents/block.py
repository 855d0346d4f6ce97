"""A block of a document: one table, list, code block or statement, cell by cell as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sizing.documents.amounts import cell, cells


class BlockKind(StrEnum):
    """The forms in which a document states something."""

    TABLE = "table"
    LIST = "list"
    CODE = "code"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block in the document's own words.

    Attributes:
        id: the document's number and a short name ("003-growth-projections").
        section: the heading, or the numbered section, under which it stands.
        title: what introduces it.
        columns: the column titles; code has the one column "line".
        rows: the cells, row by row.
    """

    id: str
    kind: BlockKind
    section: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(
    block_id: str,
    section: str,
    columns: tuple[str, ...],
    rows: Iterable[object],
    *,
    title: str = "",
) -> Block:
    """Return a table from its typed rows; it has its section's title where none is given."""
    return Block(
        id=block_id,
        kind=BlockKind.TABLE,
        section=section,
        title=title or section,
        columns=columns,
        rows=tuple(cells(row) for row in rows),
    )


def points(
    block_id: str,
    section: str,
    named: Iterable[tuple[str, object]],
    *,
    title: str = "",
    kind: BlockKind = BlockKind.LIST,
) -> Block:
    """Return a list or running text point by point: its name, and its figure or words."""
    return Block(
        id=block_id,
        kind=kind,
        section=section,
        title=title or section,
        columns=("point", "said"),
        rows=tuple((name, cell(said)) for name, said in named),
    )


def code(block_id: str, section: str, title: str, lines: Iterable[str]) -> Block:
    """Return a code block line by line."""
    return Block(
        id=block_id,
        kind=BlockKind.CODE,
        section=section,
        title=title,
        columns=("line",),
        rows=tuple((line,) for line in lines),
    )
