"""Published checkpoints: the commit that is pinned, and whether its licence must be accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from sizing.serving.tables import rows, table

# How publishers name checkpoints whose weights are narrower than 16 bits, by what they are. What
# AWQ and GPTQ name without a width has 4 bits.
_NARROWED: Final = (
    ("fp8", re.compile(r"fp8", re.IGNORECASE)),
    ("int8", re.compile(r"int8|w8a(8|16)|8bit", re.IGNORECASE)),
    ("int4", re.compile(r"awq|gptq|int4|w4a(8|16)|4bit", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A repository at a commit; `source` is the id of where the commit was read."""

    repository: str
    revision: str
    source: str
    date: str


def checkpoint(repository: str) -> Checkpoint | None:
    """Return the pinned commit of a repository, None where no source shows one."""
    return _by_repository().get(repository.lower())


def is_gated(repository: str) -> bool:
    """Say whether a repository is known to ask for an accepted licence and a token."""
    return repository.lower().startswith(_gates())


def narrowed_to(repository: str) -> str:
    """Return the precision that a repository's name tells of its weights, "" for 16 bits."""
    return next((said for said, pattern in _NARROWED if pattern.search(repository)), "")


@cache
def _by_repository() -> dict[str, Checkpoint]:
    return {row["repository"].lower(): Checkpoint(**row) for row in rows("checkpoints")}


@cache
def _gates() -> tuple[str, ...]:
    return tuple(row["prefix"].lower() for row in table("checkpoints")["gated"])
