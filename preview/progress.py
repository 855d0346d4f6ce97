"""Progress: what is being worked on, once it takes over a second; erased when it is done.

It is written on stderr and for people alone: never into a pipe or a file, on a dumb terminal, in
CI or with --quiet. What a person should know beside the result is a note: a line that stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from threading import Event

AFTER_SECONDS, EVERY_SECONDS = 1.0, 0.1
TURNING, PLAIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
ERASED = "\r\x1b[K"
WIDTH = 80
"""Columns of a terminal that does not say how wide it is."""

_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def hushed(quiet: bool) -> Iterator[None]:
    """Say nothing inside, where that is asked for."""
    before = _QUIET.set(quiet)
    try:
        yield
    finally:
        _QUIET.reset(before)


def note(said: str) -> None:
    """Tell a person something beside the result, unless all is to be quiet."""
    if not _QUIET.get():
        print(f"{ERASED if shown(sys.stderr) else ''}aigw: {said}", file=sys.stderr)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Tell a waiting person what is being worked on inside, in a few words."""
    if _QUIET.get() or not shown(sys.stderr):
        yield
        return
    from threading import Event, Thread

    done = Event()
    teller = Thread(target=_tell, args=(what, sys.stderr, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def shown(stream: TextIO) -> bool:
    """Say whether somebody may be watching a stream."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def _tell(what: str, stream: TextIO, done: Event) -> None:
    """Draw one line over and over, and leave none."""
    turning = TURNING if "utf" in (stream.encoding or "").lower() else PLAIN
    seconds = AFTER_SECONDS
    if done.wait(seconds):
        return
    turn = 0
    while True:
        line = f"{turning[turn % len(turning)]} {what} ({seconds:.0f} s)"
        # a line that runs over could not be erased
        stream.write(f"{ERASED}{line[: _columns(stream) - 1]}")
        stream.flush()
        if done.wait(EVERY_SECONDS):
            break
        turn, seconds = turn + 1, seconds + EVERY_SECONDS
    stream.write(ERASED)
    stream.flush()


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except OSError:
        return WIDTH
