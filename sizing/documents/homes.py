"""Where every block of the five documents stands in the code, or why it stands nowhere.

The rows are packaged beside this module (`data/homes.json`), in the documents' order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sizing.documents.block import BlockKind

TABLE: Final = Path(__file__).parent / "data" / "homes.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One block of a document and what became of it.

    Attributes:
        document: "000" to "004".
        section: the heading above it, with its number where it has one.
        title: a table's column titles, else the words that introduce it.
        block: id of the typed block (`sizing.documents.index`); empty if it is not typed.
        homes: the constants that hold it, "module:NAME"; none if it is not typed.
        audit: the first parts of the ids of the claims made of it.
        reason: why it is not typed, or why nothing of it is audited; else empty.
    """

    document: str
    kind: BlockKind
    section: str
    title: str
    block: str = ""
    homes: tuple[str, ...] = ()
    audit: tuple[str, ...] = ()
    reason: str = ""


@cache
def homes() -> tuple[Home, ...]:
    """Return every block of the five documents, in their order."""
    return tuple(_home(row) for row in _content()["rows"])


@cache
def digests() -> Mapping[str, str]:
    """Return the SHA-256 of each document whose blocks were listed, by its number."""
    return {row["document"]: row["sha256"] for row in _content()["documents"]}


def _content() -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return content


def _home(row: dict[str, Any]) -> Home:
    return Home(
        document=row["document"],
        kind=BlockKind(row["kind"]),
        section=row["section"],
        title=row["title"],
        block=row.get("block", ""),
        homes=tuple(row.get("homes", ())),
        audit=tuple(row.get("audit", ())),
        reason=row.get("reason", ""),
    )
