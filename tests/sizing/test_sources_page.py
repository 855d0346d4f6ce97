"""docs/sources.md lists every block of the five documents, and what it says of each is true.

`golden/document-blocks.csv` is the inventory: every table, list, code block and statement with
figures, in order, taken from the documents themselves (whose digests stand in the registry).
"""

from __future__ import annotations

import csv
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from sizing.audit import claims
from sizing.documents.block import BlockKind
from sizing.documents.homes import Home, digests, homes
from sizing.documents.index import block, documents

pytestmark = pytest.mark.cloud_free("the page of sources")

INVENTORY = Path(__file__).parent / "golden" / "document-blocks.csv"


def inventory() -> list[tuple[str, str, str, str]]:
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        return [(d, k, s, t) for d, k, s, t in list(csv.reader(file))[1:]]


def test_no_block_of_the_documents_is_missing() -> None:
    assert [(h.document, h.kind, h.section, h.title) for h in homes()] == inventory()


def test_the_inventory_is_as_long_as_was_counted_in_the_documents() -> None:
    # By the marks of each form: rows of dashes, runs of bullets, fences.
    counted = Counter((document, kind) for document, kind, *_ in inventory() if kind != "prose")
    assert counted == {
        ("000", "list"): 11,
        ("001", "table"): 18,
        ("001", "code"): 4,
        ("001", "list"): 1,
        ("002", "table"): 2,
        ("002", "list"): 9,
        ("003", "table"): 12,
        ("003", "list"): 13,
        ("003", "code"): 18,
        ("004", "table"): 5,
        ("004", "list"): 6,
    }
    assert len(inventory()) == len(set(inventory()))


@pytest.mark.parametrize("home", homes(), ids=lambda h: f"{h.document} {h.section} {h.title}"[:60])
def test_a_block_has_a_home_or_a_reason(home: Home) -> None:
    assert bool(home.homes) == bool(home.block)
    assert bool(home.audit) != bool(home.reason)
    for constant in home.homes:
        module, _, name = constant.partition(":")
        assert getattr(import_module(module), name)
    if home.block:
        typed = block(home.block)
        assert typed.id.startswith(home.document)
        assert typed.rows


def test_every_typed_block_is_listed() -> None:
    typed = {one.id for blocks in documents().values() for one in blocks}
    assert {home.block for home in homes() if home.block} == typed


def test_a_typed_table_has_the_columns_that_the_page_gives_it() -> None:
    tables = [home for home in homes() if home.kind is BlockKind.TABLE]
    assert [", ".join(block(home.block).columns) for home in tables] == [t.title for t in tables]


def test_every_table_is_typed() -> None:
    assert all(home.homes for home in homes() if home.kind is BlockKind.TABLE)


def test_each_document_has_its_digest() -> None:
    assert {f"document-{number}" for number in digests()} == set(documents())
    assert len(set(digests().values())) == len(digests())


def of(prefix: str, claim_id: str) -> bool:
    return claim_id.startswith(f"{prefix}-")


def test_every_block_that_names_claims_has_some() -> None:
    ids = [claim.id for claim in claims()]
    prefixes = {prefix for home in homes() for prefix in home.audit}
    assert {p for p in prefixes if not any(of(p, claim_id) for claim_id in ids)} == set()


def test_every_claim_belongs_to_a_block_of_its_document() -> None:
    prefixes = {prefix for home in homes() for prefix in home.audit}
    assert [c.id for c in claims() if not any(of(p, c.id) for p in prefixes)] == []
    assert [c.id for c in claims() if not of(c.document, c.id)] == []
