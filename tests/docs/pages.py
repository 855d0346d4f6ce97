"""Blocks and commands of every page, each with the name that a failing test gives it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from preview.docs.console import ROOT, pages
from preview.docs.markdown import COMMANDS, CONSOLE, Block, blocks, spans
from preview.docs.shell import Command, commands


def name(page: Path, block: Block) -> str:
    """Return "docs/gke.md:12": page and line of a block."""
    return f"{page.relative_to(ROOT)}:{block.first + 1}"


@cache
def found() -> tuple[tuple[str, Block], ...]:
    """Return every block of every page."""
    return tuple(
        (name(page, block), block)
        for page in pages()
        for block in blocks(page.read_text(encoding="utf-8"))
    )


def of_commands() -> list[object]:
    """Return every block that holds commands, as a test's parameters."""
    return [
        pytest.param(block, id=place)
        for place, block in found()
        if block.kind in {COMMANDS, CONSOLE}
    ]


def others() -> list[object]:
    """Return every block that holds something else."""
    return [
        pytest.param(block, id=place)
        for place, block in found()
        if block.kind not in {COMMANDS, CONSOLE}
    ]


def every_command() -> Iterator[tuple[str, Command]]:
    """Yield every command of a block, with the block's name."""
    for place, block in found():
        if block.kind in {COMMANDS, CONSOLE}:
            yield from ((place, command) for command in commands(block))


def every_span() -> Iterator[tuple[str, str]]:
    """Yield every piece of code within a line, with its page's name."""
    for page in pages():
        own = str(page.relative_to(ROOT))
        yield from ((own, code) for code in spans(page.read_text(encoding="utf-8")))
