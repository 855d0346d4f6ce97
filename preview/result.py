"""What a verb found, written in the form that was asked for."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preview.tables import Section
    from sizing.model import Json


def write(
    options: Namespace,
    *,
    document: Callable[[], Json],
    sections: Callable[[], Sequence[Section]],
    errors: Sequence[str] = (),
) -> None:
    """Write a verb's result: as JSON, for --quiet what decides alone, else as sections.

    Args:
        options: of the command line; `json` and `quiet` of them.
        document: makes the JSON.
        sections: makes what a person reads.
        errors: a line for each thing that makes the exit code other than 0.
    """
    if options.json:
        from preview.json_out import text

        write_text(text(document()))
    elif options.quiet:
        write_text("".join(f"{one}\n" for one in errors))
    else:
        from preview.tables import show

        with left_early():
            show(sections(), sys.stdout)


def write_text(text: str) -> None:
    """Write a text on stdout."""
    with left_early():
        sys.stdout.write(text)


@contextmanager
def left_early() -> Iterator[None]:
    """Let a reader leave (`aigw plan x | head`): what is left goes nowhere, and all else goes on.

    The exit code stays the verb's own, however much of it was read.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere()


def nowhere() -> None:
    """Send the rest of stdout nowhere, or Python says at exit that its reader has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
