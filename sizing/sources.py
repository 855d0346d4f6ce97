"""Where figures come from: every source id, resolved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "catalog" / "data" / "sources.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that shows figures or rules.

    Attributes:
        what: the file, page or table, with its commit or version where one is known.
        where: document, URL, or repository as "owner/name".
        date: when it said so, ISO 8601 (year, month or day); the day of reading if undated.
    """

    id: str
    what: str
    where: str
    date: str


@cache
def sources() -> dict[str, Source]:
    """Return all sources by id, sorted; packaged beside the catalogue."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["rows"]
    return {row["id"]: Source(**row) for row in sorted(rows, key=lambda row: str(row["id"]))}


def source(source_id: str) -> Source:
    """Return a source.

    Raises:
        KeyError: no such id; the message lists those that exist.
    """
    try:
        return sources()[source_id]
    except KeyError:
        known = ", ".join(sources())
        raise KeyError(f"source {source_id!r} is unknown; known: {known}") from None
