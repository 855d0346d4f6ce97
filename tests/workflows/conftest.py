"""A repository at GitHub for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflows.api import GitHub, served


@pytest.fixture
def github() -> Iterator[GitHub]:
    with served(GitHub()) as running:
        yield running
