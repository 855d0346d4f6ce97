"""Tests marked `services` run with `-m services` alone: they start real programs and take long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.programs import Programs

MARKER = "services"
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave this folder's tests out of a run that does not ask for them by their marker."""
    if MARKER in str(config.getoption("markexpr")):
        return
    left_out = [
        item for item in items if HERE in item.path.parents and item.get_closest_marker(MARKER)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """Give the programs of one module of tests; all are stopped after it."""
    running = Programs(folder=tmp_path_factory.mktemp("programs"))
    yield running
    running.stop()
