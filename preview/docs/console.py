"""Commands of the pages run, and what they print put in their pages."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from preview.docs import shown
from preview.docs.markdown import CONSOLE, Block, blocks, replaced
from preview.docs.shell import Command, commands

ROOT: Final = Path(__file__).parent.parent.parent
RUN: Final = ("uv", "run", "aigw")
AIGW: Final = "aigw"
MAKE_HELP: Final = ["make", "help"]
TO_FILE: Final = ">"
LENT: Final = ("examples", "stacks")
"""Folders that commands of the pages name, and read only."""
WIDTH: Final = "200"
"""Columns of a terminal, should one be there: the pages show what is written to a pipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command printed, in lines, and its exit code."""

    code: int
    out: tuple[str, ...]
    error: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return all that a terminal shows."""
        return (*self.out, *self.error)


def pages() -> tuple[Path, ...]:
    """Return every page of the documentation."""
    return (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
        ROOT / "benchmarks" / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    )


def arguments(text: str) -> list[str] | None:
    """Return the arguments of an `aigw` command, None of any other."""
    words = shlex.split(text, comments=True)
    if tuple(words[: len(RUN)]) == RUN:
        return words[len(RUN) :]
    return words[1:] if words[:1] == [AIGW] else None


def answer(text: str) -> Answer:
    """Run a command of a page, once a process, in a folder that has what the pages name.

    What it writes is there for the commands after it (`aigw plan dev-small --json > old.json`).

    Raises:
        ValueError: it is neither `aigw` nor `make help`.
    """
    own = arguments(text)
    if own is None and shlex.split(text, comments=True) != MAKE_HELP:
        raise ValueError(f"not run, so that a page cannot show what it prints: {text}")
    return _answer(None if own is None else tuple(own))


@cache
def _answer(own: tuple[str, ...] | None) -> Answer:
    if own is None:
        helped = subprocess.run(MAKE_HELP, cwd=ROOT, capture_output=True, text=True, check=True)
        return Answer(code=0, out=tuple(helped.stdout.splitlines()))
    *before, sign, file = own if TO_FILE in own[-2:-1] else (*own, "", "")
    with _place():
        told = _verb(before)
        if not sign:
            return told
        if "$" not in file:  # a path that only the reader's shell knows is written nowhere
            Path(file).write_text("\n".join((*told.out, "")), encoding="utf-8")
    return Answer(code=told.code, out=(), error=told.error)


def _verb(own: Sequence[str]) -> Answer:
    from preview.cli import main

    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        try:
            code = main(own)
        except SystemExit as left:  # argparse: help, or wrong use
            code = int(left.code or 0)
    return Answer(code=code, out=_lines(out.getvalue()), error=_lines(error.getvalue()))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in text.rstrip().splitlines())


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that ends with the process, so that what a command writes stays nowhere."""
    made = tempfile.TemporaryDirectory()
    for name in LENT:
        (Path(made.name) / name).symlink_to(ROOT / name)
    return made


@contextmanager
def _place() -> Iterator[None]:
    """Work in the commands' own folder, on a pipe whose reader's terminal is of one width."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        with chdir(_folder().name):
            yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def wrong(command: Command) -> str:
    """Return what a page shows of a command that it does not print; "" where all is as shown."""
    if command.printed is None:
        return ""
    return shown.differs(_lines("\n".join(command.printed)), answer(command.text).lines)


def written(text: str) -> str:
    """Return a page whose blocks show what their commands print now.

    Raises:
        ValueError: a shown part has no successor.
    """
    for number, block in enumerate(blocks(text)):
        if block.kind == CONSOLE and any(map(wrong, commands(block))):
            text = replaced(text, blocks(text)[number], tuple(_anew(block)))
    return text


def _anew(block: Block) -> Iterator[str]:
    at = 0
    for command in commands(block):
        printed = command.printed or ()
        yield from block.lines[at : command.first]
        own = _lines("\n".join(printed))
        fresh = shown.renewed(own, answer(command.text).lines) if wrong(command) else own
        yield from fresh
        at = command.first + len(printed)
        yield from printed[len(own) :]
