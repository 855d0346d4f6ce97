"""One browser for all of these tests, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.browser.chromium import PROGRAM, Chromium, Page, chromium
from tests.services.programs import require


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(require(PROGRAM), tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def tab(browser: Chromium) -> Iterator[Page]:
    opened = browser.page()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")
