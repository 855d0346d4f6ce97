"""Wrong use of the command line: what was wrong, a line each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches

FINE, FOUND, MISUSED = 0, 1, 2
"""Exit codes: fine; an error finding or a failed program; wrong use or a refused file."""


class MisuseError(Exception):
    """What was asked cannot be: the messages name what was found and what is allowed."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


def misused(*messages: str) -> int:
    """Print what was wrong, a line each, and return the exit code for it."""
    for message in messages:
        print(f"aigw: {message}", file=sys.stderr)
    return MISUSED


def unknown_stack(stack: str, known: Sequence[str], folder: str) -> str:
    """Return what to type instead of a stack that has no file."""
    near = get_close_matches(stack, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no stack {stack!r} in {folder}/{meant} Stacks: {', '.join(known) or 'none'}"
