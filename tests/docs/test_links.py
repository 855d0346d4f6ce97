"""Links and paths of the pages lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from preview.docs.console import ROOT, pages

LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
PLACE = re.compile(
    r"`(?P<path>(?:sizing|benchmarks|preview|examples|stacks|components|tests|docs|bootstrap)"
    r"/[\w./-]+)`"
)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
INDEX = ROOT / "docs" / "README.md"


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return what links of a page may lead to: headings as GitHub names them."""
    found = HEADING.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    return frozenset(re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-") for one in found)


def dead(page: Path) -> list[str]:
    """Return the links and paths of a page that lead nowhere."""
    text, found = page.read_text(encoding="utf-8"), []
    for link in LINK.finditer(text):
        target = (page.parent / link["path"]).resolve() if link["path"] else page
        anchor = link["anchor"]
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link[0])
    return found + [
        one["path"] for one in PLACE.finditer(text) if not (ROOT / one["path"]).exists()
    ]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_and_no_path_of_a_page_is_dead(page: Path) -> None:
    assert dead(page) == []


def test_a_dead_link_a_dead_anchor_and_a_dead_path_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](none.md) `sizing/none.py`\n", encoding="utf-8")
    assert dead(page) == ["](#two)", "](none.md)", "sizing/none.py"]


def test_the_index_has_every_page() -> None:
    linked = {(INDEX.parent / one["path"]).resolve() for one in LINK.finditer(INDEX.read_text())}
    runbooks = INDEX.parent / "runbooks"
    written = {page for page in INDEX.parent.rglob("*.md") if page.parent != runbooks}
    assert written - {INDEX} - linked == set()
    assert runbooks / "README.md" in linked
