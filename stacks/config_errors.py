"""What is wrong with a stack's config, one line a problem: file, path, found, allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

PLATFORM = "aigw:platform"
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that a stack file may not say.

    Attributes:
        path: dotted path inside `aigw:platform` unless it starts with ":", "" for the key itself.
        found: what stands there, in words.
        allowed: what may stand there, in words.
    """

    path: str
    found: str
    allowed: str

    def line(self, file: str) -> str:
        """Return the message that a person reads."""
        place = self.path[1:] if self.path.startswith(":") else joined(PLATFORM, self.path)
        return f"{file}: {place}: found {self.found}; allowed: {self.allowed}"


class ConfigError(Exception):
    """A stack's config is refused; `messages` holds every problem, one line each."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(self.messages))


def joined(*parts: str) -> str:
    """Return a dotted path without its empty parts."""
    return ".".join(part for part in parts if part)


def words(values: Sequence[str], last: str = "or") -> str:
    """Return "a, b or c"."""
    return f" {last} ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))


def shown(value: object) -> str:
    """Return a value in words, short enough for one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        cut = value if len(value) <= _SHOWN else value[:_SHOWN] + "..."
        return f'"{cut}"'
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    return "a mapping" if value else "an empty mapping"


def unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    """Return (found, allowed) of a key that nobody reads, with the nearest that somebody does."""
    near = get_close_matches(key, known, n=1)
    hint = f' (did you mean "{near[0]}"?)' if near else ""
    return f'the unknown key "{key}"{hint}', words(known)
