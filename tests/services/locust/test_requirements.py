"""What makes the load in tests is what makes it in a cluster."""

from __future__ import annotations

import pytest

from sizing.versions import IMAGES
from tests.services.locust.environment import REQUIREMENTS
from tests.services.requirements import pinned, without_hashes

pytestmark = pytest.mark.cloud_free("versions of the image")


def test_the_tests_run_the_image_s_version() -> None:
    version, _ = pinned(REQUIREMENTS)["locust"]
    assert version == IMAGES["locust"].tag


def test_every_package_is_known_by_its_hashes() -> None:
    assert without_hashes(REQUIREMENTS) == []
