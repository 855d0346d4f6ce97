"""Published checkpoints: the commit that is pinned, and whether its licence must be accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from sizing.serving.tables import rows, table

# How publishers name checkpoints whose weights are narrower than 16 bits.
_NARROWED: Final = re.compile(r"awq|gptq|int[48]|w[48]a(8|16)|fp8|bnb-4bit", re.IGNORECASE)


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


def is_narrowed(repository: str) -> bool:
    """Say whether a repository's name tells that its weights are quantised already."""
    return _NARROWED.search(repository) is not None


@cache
def _by_repository() -> dict[str, Checkpoint]:
    return {row["repository"].lower(): Checkpoint(**row) for row in rows("checkpoints")}


@cache
def _gates() -> tuple[str, ...]:
    return tuple(row["prefix"].lower() for row in table("checkpoints")["gated"])
