"""A comparison as a comment of a pull request: folded where it is long, cut where it is too long.

A comment holds 65,536 characters (GitHub: "Body is too long"). What does not fit is cut from the
least important end, of all stacks alike, and the comment says how much was left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from preview.diff.sections import Part, heading, overview, parts
from preview.words import count

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison

LIMIT = 65_536
"""Characters of a comment; counted as bytes of UTF-8 here, which are never fewer."""

MARKER = "<!-- aigw diff -->"
"""The first line: whoever posts the comment finds its earlier one by it."""

OPEN_ROWS = 12
"""Rows of a table that are shown without being unfolded."""

LONGEST_CELL = 300
"""Characters of a cell; a finding's text is cut there."""

NOTE = 160
"""Bytes kept free for the line that says what was left out."""

CODE = frozenset({"resource", "property", "before", "after", "id", "constraint", "field"})
"""Columns of names and values, which no formatting may touch; numbers need no such care."""

RED, GRAVEST = ":red_circle:", 2
"""What marks the sections of what is lost and of what is refused: ranks 1 and 2."""

SIGNS = re.compile(r"[\\`*_\[\]~|#]")
"""What Markdown reads as more than text."""


@dataclass(slots=True, kw_only=True)
class Block:
    """One section of the comment; `rows` may be cut, and the block left out whole."""

    rank: int
    title: str
    columns: tuple[str, ...] = ()
    right: frozenset[str] = frozenset()
    rows: list[str] = field(default_factory=list)
    lines: tuple[str, ...] = ()
    folded: bool = False
    cut: int = 0

    def text(self) -> str:
        """Return the block as Markdown; nothing where all of it was cut."""
        if self.columns and not self.rows and not self.lines:
            return ""
        body = "\n".join(self._body())
        if self.folded:
            return f"<details><summary>{self.title}</summary>\n\n{body}\n\n</details>\n\n"
        return f"**{self.title}**\n\n{body}\n\n"

    def _body(self) -> Iterator[str]:
        if self.rows:
            yield f"| {' | '.join(self.columns)} |"
            marks = ("---:" if column in self.right else "---" for column in self.columns)
            yield f"| {' | '.join(marks)} |"
            yield from self.rows
        if self.cut:
            yield ""
            yield f"{count(self.cut, 'line')} more left out"
        if self.lines:
            yield ""
            yield from (f"{line}  " for line in self.lines)


def markdown(found: Sequence[Comparison], limit: int = LIMIT) -> str:
    """Return comparisons as one comment, never longer than the limit.

    Args:
        found: a comparison a stack.
        limit: bytes of UTF-8.
    """
    blocks = list(_blocks(found))
    _shorten(blocks, limit - NOTE)
    left_out = sum(block.cut for block in blocks)
    text = f"{MARKER}\n" + "".join(block.text() for block in blocks)
    if left_out:
        text += f"{count(left_out, 'line')} did not fit: `aigw diff` prints them all.\n"
    return text


def _blocks(found: Sequence[Comparison]) -> Iterator[Block]:
    if len(found) > 1:
        yield _block(Part(rank=0, section=overview(found)))
    for one in found:
        if one.nothing and len(found) > 1:
            continue
        title = heading(one)
        lead = f"{RED} " if one.lost else ""
        lines = tuple(_plain(line) for line in title.lines)
        yield Block(rank=0, title=f"{lead}{_plain(title.title)}", lines=lines)
        for part in parts(one):
            yield _block(part)


def _block(part: Part) -> Block:
    section = part.section
    table = section.table
    title = _plain(section.title)
    if table is None:
        return Block(rank=part.rank, title=title, lines=section.lines)
    return Block(
        rank=part.rank,
        title=f"{RED} {title}" if 1 <= part.rank <= GRAVEST else title,
        columns=table.columns,
        right=table.right,
        rows=[_row(table.columns, table.right, row) for row in table.rows],
        lines=tuple(_plain(line) for line in section.lines),
        folded=part.folds or len(table.rows) > OPEN_ROWS,
    )


def _row(columns: Sequence[str], numbers: frozenset[str], cells: Sequence[str]) -> str:
    shown = (
        _code(cell) if column in CODE - numbers else _plain(cell)
        for column, cell in zip(columns, cells, strict=True)
    )
    return f"| {' | '.join(shown)} |"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}..."


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, and in which nobody is called."""
    escaped = SIGNS.sub(r"\\\g<0>", html.escape(_cut(text), quote=False))
    # a zero-width space: neither a person nor a team is called by a finding
    return re.sub(r"\s+", " ", escaped).replace("@", "@&#8203;")


def _code(text: str) -> str:
    if not text or text == "-":
        return text
    escaped = html.escape(re.sub(r"\s+", " ", _cut(text)), quote=False)
    # within a tag Markdown still reads its signs, but none written as a number
    escaped = SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", escaped)
    return f"<code>{escaped}</code>"


def _shorten(blocks: list[Block], limit: int) -> None:
    """Cut rows, from the least important end, until the comment fits."""
    size = sum(len(block.text().encode()) for block in blocks) + len(MARKER)
    by_importance = sorted(blocks, key=lambda one: one.rank)
    for block in reversed(by_importance):
        while size > limit and block.rows:
            before = len(block.text().encode())
            spare = size - limit
            dropped = 0
            while block.rows and dropped < spare:
                dropped += len(block.rows.pop().encode()) + 1
                block.cut += 1
            size += len(block.text().encode()) - before
        if size <= limit:
            return
    for block in reversed(blocks):
        if size <= limit:
            return
        size -= len(block.text().encode())
        blocks.remove(block)
