"""Exit codes, and wrong use of the command line: what was wrong, a line each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

FINE, FOUND, MISUSED, STATEFUL, STOPPED = 0, 1, 2, 3, 130

EXITS: Mapping[int, str] = MappingProxyType(
    {
        FINE: "fine: what was asked for is written, and nothing refuses it",
        FOUND: "an error finding refuses a stack, a program failed, or a load test is refuted",
        MISUSED: "wrong use, or a stack, a file or a commit that cannot be taken",
        STATEFUL: "diff --refuse-stateful: a resource with state would be replaced or deleted",
        STOPPED: "stopped by Ctrl-C",
    }
)
"""Every exit code there is, with what it says."""


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
    return (
        f"there is no stack {stack!r} in {folder}/{meant(stack, known)} "
        f"Stacks: {', '.join(known) or 'none'}"
    )


def unknown_verb(verb: str, known: Sequence[str]) -> str:
    """Return what to type instead of a verb that there is not."""
    return f"there is no verb {verb!r}{meant(verb, known)} Verbs: {', '.join(known)}"


def meant(word: str, known: Sequence[str]) -> str:
    """Return "; did you mean ...?" for a word that is near a known one, else nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
