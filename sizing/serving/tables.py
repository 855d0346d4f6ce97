"""The packaged tables: GPUs, shapes of models, public measurements; each read once and kept."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sizing.catalog.shapes import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATA: Final = Path(__file__).parent / "data"
NEAREST: Final = 3  # names that an error message offers
LIKENESS: Final = 0.5  # of 1: how like a name must be to be offered, in difflib's measure

T = TypeVar("T")


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of a table, in the table's order; do not change them."""
    return tuple(table(name)["rows"])


def table(name: str) -> dict[str, Any]:
    """Return a whole table, with what it says of itself."""
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def pick(found: Mapping[str, T], key: str, said: str, what: str, names: Iterable[str]) -> T:
    """Return what a key stands for.

    Raises:
        UnknownNameError: no such key; the message names the nearest names.
    """
    try:
        return found[key]
    except KeyError:
        known = sorted(names)
        likest = {name.lower(): name for name in known}
        near = get_close_matches(said.lower(), likest, n=NEAREST, cutoff=LIKENESS)
        offered = [likest[one] for one in near] or known
        raise UnknownNameError(
            f"{what} {said!r} is not in the table; near it: {', '.join(offered)}"
        ) from None
