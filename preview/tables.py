"""Sections of text and tables: drawn on a terminal, plain and aligned where they are piped."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.table import Table as RichTable

STYLES = {
    "error": "bold red",
    "warning": "yellow",
    "refuted": "bold red",
    "unproven": "yellow",
    "unknown": "dim",
}
"""Words that stand out where they are a cell of their own."""

BETWEEN, THIRDS = 3, 3
"""Blanks between two drawn columns; a column is readable at a third of the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; `right` names the columns of numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of a report: a table, then lines of text; either may be missing."""

    title: str
    table: Table | None = None
    lines: tuple[str, ...] = field(default=())


def show(sections: Sequence[Section], stream: TextIO) -> None:
    """Write sections in the form that suits the stream."""
    if draws(stream):
        drawn(sections, stream)
    else:
        stream.write(plain_text(sections))


def draws(stream: TextIO) -> bool:
    """Say whether tables are drawn: on a terminal, and where FORCE_COLOR asks for it."""
    if os.environ.get("TERM") == "dumb":
        return False
    forced = os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR")
    return stream.isatty() or bool(forced)


def plain_text(sections: Sequence[Section]) -> str:
    """Return sections as lines of text: two spaces between columns, no drawing, no colour.

    A title with nothing below it is a line of its own.
    """
    blocks = []
    for section in sections:
        lines = [section.title]
        if section.table is not None or section.lines:
            lines.append("-" * len(section.title))
        if section.table is not None:
            lines += aligned(section.table)
        lines += section.lines
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def aligned(table: Table) -> list[str]:
    """Return a table's lines; no line ends in spaces."""
    cells = [table.columns, *table.rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.columns))]
    return [
        "  ".join(
            cell.rjust(width) if column in table.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        ).rstrip()
        for row in cells
    ]


def drawn(sections: Sequence[Section], stream: TextIO, width: int | None = None) -> None:
    """Draw sections at a terminal's width, or at the one given; NO_COLOR is honoured."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, width=width, highlight=False, force_terminal=True)
    with console.capture() as captured:  # whole, or the console ends aigw where a reader leaves
        for section in sections:
            console.print(Text(section.title, style="bold"))
            if section.table is not None and _readable(section.table, console.width):
                console.print(_rich(section.table))
            elif section.table is not None:
                console.print(_cards(section.table))
            for line in section.lines:
                console.print(Text(line))
            console.print()
    stream.write(captured.get())


def _readable(table: Table, width: int) -> bool:
    """Say whether columns as wide as their longest word, or a third of the width, fit."""
    cells = [table.columns, *table.rows]
    words = (
        max(len(word) for row in cells for word in row[place].split() or [""])
        for place in range(len(table.columns))
    )
    room = sum(min(longest, width // THIRDS) for longest in words)
    return room + BETWEEN * len(table.columns) <= width


def _cards(table: Table) -> RichTable:
    """Return a table too wide for its terminal: a row is a block, a cell a line with its column."""
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable.grid(padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=False, overflow="fold")
    shown.add_column(overflow="fold")
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            if cell:
                shown.add_row(Text(column, style="bold"), Text(cell, style=STYLES.get(cell, "")))
        shown.add_row("", "")
    return shown


def _rich(table: Table) -> RichTable:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in table.columns:
        # folding keeps every cell whole on a narrow terminal
        shown.add_column(
            column, justify="right" if column in table.right else "left", overflow="fold"
        )
    for row in table.rows:
        shown.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    return shown
