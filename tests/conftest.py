"""What guards of whole folders ask: everything that was collected, whatever a run leaves out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.both_clouds import COLLECTED


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Keep what there is before markers and names narrow it."""
    config.stash[COLLECTED] = tuple(items)
    yield
