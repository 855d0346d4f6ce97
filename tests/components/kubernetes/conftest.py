"""Each case of this folder runs once for each cloud, unless its mark says why not.

`cloud_free(why)`: what the case reads is made of nothing that a cloud gives; it runs once, and a
sample that asks which cloud it is fails it. `one_cloud(cloud, why)`: what it reads exists on one
cloud alone. Both marks stand on a case or on a module; tests/components/test_both_clouds.py counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sizing.words import Cloud
from tests.components.kubernetes.surroundings import on


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each case run for each cloud."""
    if metafunc.definition.get_closest_marker("cloud_free") is None:
        metafunc.parametrize("_cloud", list(Cloud), ids=str, indirect=True, scope="module")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what a case of one cloud would be on the other; a parameter's mark counts, too."""
    items[:] = [one for one in items if _meant(one)]


def _meant(item: pytest.Item) -> bool:
    mark, call = item.get_closest_marker("one_cloud"), getattr(item, "callspec", None)
    asked = call.params.get("_cloud") if call else None
    return mark is None or asked in (None, mark.args[0])


@pytest.fixture(scope="module", autouse=True)
def _cloud(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make samples be of one cloud; what a module keeps for several cases must ask for it, too."""
    if not hasattr(request, "param"):
        yield
        return
    with on(request.param):
        yield
