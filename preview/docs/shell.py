"""Commands of a block as a shell would take them, and the programs that they start."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from preview.docs.markdown import CONSOLE, PROMPT, Block

HOLE: Final = re.compile(r"<[A-Za-z][\w .,'-]*>")
HERE: Final = re.compile(r"<<-?\s*['\"]?(?P<end>\w+)")
INNER: Final = re.compile(r"\$\((?P<command>[^()]*)\)")
SETTING: Final = re.compile(r"^\w+=")
FUNCTION: Final = re.compile(r"^(?P<name>\w+)\(\) \{ (?P<body>.*); \}$")
BETWEEN: Final = frozenset({"|", "||", "&&", ";", "&", "(", ")"})
REDIRECTED: Final = frozenset({">", ">>", "<", "<<", "<<-", ">&", "&>", "<<<"})
WORDS: Final = frozenset({"do", "done", "then", "else", "fi", "if", "while", "until", "!"})
FILLED: Final = "FILLED-IN"
"""What stands in for what a reader puts in, and for what another command prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of a block.

    Attributes:
        text: as written, all its lines.
        printed: what the block shows of its output; None where the block shows commands alone.
        first: place in its block of the first line after it.
    """

    text: str
    printed: tuple[str, ...] | None
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A program that a command starts.

    Attributes:
        words: the program and its arguments.
        piped: whether it stands in a pipeline or within another command.
    """

    words: tuple[str, ...]
    piped: bool

    @property
    def program(self) -> str:
        """Return the program's name."""
        return self.words[0]

    @property
    def open(self) -> bool:
        """Return whether a reader has something to put in, or the shell."""
        return any(FILLED in word or "$" in word for word in self.words)


def commands(block: Block) -> tuple[Command, ...]:
    """Return the commands of a block.

    Raises:
        ValueError: a block with output does not begin with a command, or a quote stays open.
    """
    return tuple(_shown(block) if block.kind == CONSOLE else _bare(block))


def _shown(block: Block) -> Iterator[Command]:
    starts = [at for at, line in enumerate(block.lines) if line.startswith(PROMPT)]
    if not starts or starts[0]:
        raise ValueError(f"a block of {CONSOLE} begins with {PROMPT!r}, not {block.lines[:1]}")
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        lines = [block.lines[start].removeprefix(PROMPT), *block.lines[start + 1 : end]]
        taken = _complete(lines)
        yield Command(
            text="\n".join(lines[:taken]), printed=tuple(lines[taken:]), first=start + taken
        )


def _bare(block: Block) -> Iterator[Command]:
    at = 0
    while at < len(block.lines):
        line = block.lines[at].strip()
        if not line or line.startswith("#"):
            at += 1
            continue
        taken = _complete(list(block.lines[at:]))
        yield Command(text="\n".join(block.lines[at : at + taken]), printed=None, first=at + taken)
        at += taken


def _complete(lines: list[str]) -> int:
    """Return how many lines the first command takes: until its quotes and here-text are closed."""
    for taken in range(1, len(lines) + 1):
        text = "\n".join(lines[:taken])
        here = HERE.search(text)
        if text.endswith("\\") or (here and lines[taken - 1].strip() != here["end"]):
            continue
        try:
            shlex.split(text, comments=True)
        except ValueError:
            continue
        return taken
    raise ValueError(f"no end of the command {lines[0]!r}")


def filled(text: str) -> str:
    """Return a command with something in place of all that a reader puts in."""
    return HOLE.sub(FILLED, text)


def calls(text: str) -> tuple[Call, ...]:
    """Return the programs that a command starts, those within it first.

    Raises:
        ValueError: a quote stays open.
    """
    text = filled(text).replace("\\\n", " ")
    here = HERE.search(text)
    if here:
        text = text.partition("\n")[0]
    function = FUNCTION.match(text)
    if function:
        return calls(function["body"])
    found: list[Call] = []
    while inner := INNER.search(text):
        found += [Call(words=one.words, piped=True) for one in calls(inner["command"])]
        text = f"{text[: inner.start()]}{FILLED}{text[inner.end() :]}"
    return (*found, *_split(text))


def _split(text: str) -> Iterator[Call]:
    reader = shlex.shlex(text, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    tokens, parts = list(reader), [[]]  # type: list[str], list[list[str]]
    piped = "|" in tokens
    for token in tokens:
        if token in BETWEEN:
            parts.append([])
        else:
            parts[-1].append(token)
    for part in parts:
        words = tuple(_program(part))
        if words:
            yield Call(words=words, piped=piped)


def _program(words: list[str]) -> Iterator[str]:
    """Return a program and its arguments without what the shell itself reads."""
    started, skip = False, False
    if words[:1] == ["for"]:
        return
    for word in words:
        if skip:
            skip = False
        elif word in REDIRECTED:
            skip = True
        elif started or not (word in WORDS or SETTING.match(word)):
            started = True
            yield word
