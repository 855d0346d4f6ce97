"""Every file of this folder asks stacks of both clouds, or says why one is enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.both_clouds import cases, one_sided

pytestmark = pytest.mark.cloud_free("it looks at all the others")


def test_each_file_is_about_both_clouds_or_says_why_not(request: pytest.FixtureRequest) -> None:
    assert one_sided(cases(request, Path(__file__).parent)) == []
