"""Every alert has a paragraph that says what to do; no paragraph is of an alert that is gone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from components.kubernetes import alert_rules
from sizing.alerts import AlertPlan
from stacks import runbook_docs
from stacks.runbook_docs import FOLDER, PAGE

pytestmark = pytest.mark.cloud_free("a page is for whoever looks after a stack")

HEADING = re.compile(r"^## (\w+)$", re.MULTILINE)
LINK = re.compile(r"\]\(((?!https?:)[^)\s]+)\)")
PAGES = sorted(path for path in FOLDER.glob("*.md") if path != PAGE)


@cache
def alerts() -> tuple[AlertPlan, ...]:
    return runbook_docs.alerts()


def anchors(page: Path) -> set[str]:
    """Return what links of a page may lead to: headings as GitHub names them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-") for one in found}


def test_every_alert_has_a_paragraph_and_every_paragraph_an_alert() -> None:
    written = {
        (page.stem, name) for page in PAGES for name in HEADING.findall(page.read_text("utf-8"))
    }

    assert written == {(one.family, one.name) for one in alerts()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_paragraph_says_something(page: Path) -> None:
    _, *paragraphs = re.split(HEADING, page.read_text("utf-8"))
    texts = dict(zip(paragraphs[::2], paragraphs[1::2], strict=True))

    assert [name for name, text in texts.items() if len(text.split()) < 12] == []


@pytest.mark.parametrize("page", [*PAGES, PAGE], ids=lambda page: page.stem)
def test_no_link_is_dead(page: Path) -> None:
    dead = []
    for link in LINK.findall(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            dead.append(link)

    assert dead == []


def test_the_address_of_an_alert_is_its_paragraph() -> None:
    for one in alerts():
        path, _, anchor = alert_rules.runbook(one.family, one.name).partition("#")
        assert anchor in anchors(FOLDER.parent.parent / path)
