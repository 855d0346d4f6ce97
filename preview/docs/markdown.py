"""Blocks of code in a Markdown page, and code within its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FENCE: Final = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<kind>[\w-]*)\s*$")
SPAN: Final = re.compile(r"(?<!`)`(?P<code>[^`\n]+)`(?!`)")
COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
INDENT: Final = 4
"""Blanks before a line of an indented block, as CommonMark has it."""
PROMPT: Final = "$ "
CONSOLE: Final = "console"
COMMANDS: Final = "sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of code.

    Attributes:
        kind: `console`, `sh`, or what else the fence says.
        first: place of its first line in the page, from 0; fences are no part of it.
        indent: blanks before each of its lines, which `lines` has no more.
        lines: the code.
    """

    kind: str
    first: int
    indent: int
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        """Return the place after its last line."""
        return self.first + len(self.lines)


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a page, fenced and indented, in order."""
    return tuple(_blocks(text.splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    place, blank = 0, True
    while place < len(lines):
        fence = FENCE.match(lines[place])
        if fence:
            block = _fenced(lines, place, fence)
            yield block
            place, blank = block.end + 1, False
        elif blank and lines[place].startswith(" " * INDENT) and lines[place].strip():
            block = _indented(lines, place)
            yield block
            place, blank = block.end, False
        else:
            blank = not lines[place].strip()
            place += 1


def _fenced(lines: list[str], place: int, fence: re.Match[str]) -> Block:
    first = end = place + 1
    while end < len(lines) and lines[end].strip() != fence["marks"]:
        end += 1
    code = [line.removeprefix(fence["indent"]) for line in lines[first:end]]
    kind = fence["kind"] or _kind(code)
    return Block(kind=kind, first=first, indent=len(fence["indent"]), lines=tuple(code))


def _indented(lines: list[str], first: int) -> Block:
    end = at = first
    while at < len(lines) and (lines[at].startswith(" " * INDENT) or not lines[at].strip()):
        at += 1
        if lines[at - 1].strip():
            end = at
    own = lines[first:end]
    indent = min(len(line) - len(line.lstrip()) for line in own if line.strip())
    code = [line[indent:] for line in own]
    return Block(kind=_kind(code), first=first, indent=indent, lines=tuple(code))


def _kind(code: list[str]) -> str:
    return CONSOLE if code and code[0].startswith(PROMPT) else COMMANDS


def spans(text: str) -> tuple[str, ...]:
    """Return the pieces of code within lines, outside of blocks."""
    lines = text.splitlines()
    for block in blocks(text):
        lines[block.first : block.end] = [""] * len(block.lines)
    return tuple(one["code"] for one in SPAN.finditer(COMMENT.sub("", "\n".join(lines))))


def replaced(text: str, block: Block, code: tuple[str, ...]) -> str:
    """Return a page whose block holds other code."""
    lines = text.splitlines(keepends=True)
    own = [f"{' ' * block.indent}{line}".rstrip() + "\n" for line in code]
    return "".join([*lines[: block.first], *own, *lines[block.end :]])
