"""Each case that asks for `cloud` runs for each; one that asks for `stack`, for every plan."""

from __future__ import annotations

import pytest

from sizing.words import Cloud
from tests.components.clouds.made import STACKS, Made, made


@pytest.fixture(scope="module", params=list(Cloud), ids=str)
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """Give the cloud that a case runs for."""
    found = request.param
    assert isinstance(found, Cloud)
    return found


@pytest.fixture(
    scope="module",
    params=[(cloud, *stack) for cloud in Cloud for stack in STACKS],
    ids=lambda one: "-".join((one[0], one[2], one[1])),
)
def stack(request: pytest.FixtureRequest) -> Made:
    """Give all that a plan of the tables registers, for each tier and environment."""
    return made(*request.param)
