"""What the tests start is what the image holds, as it was when somebody read it."""

from __future__ import annotations

import pytest

from components.kubernetes.litellm_runtime import VERSION
from tests.services.litellm.environment import REQUIREMENTS
from tests.services.requirements import pinned, without_hashes

pytestmark = pytest.mark.cloud_free("versions of the image")

STOLEN = {"1.82.7", "1.82.8"}


def test_the_proxy_is_of_the_image_s_version_and_not_a_stolen_one() -> None:
    version, _ = pinned(REQUIREMENTS)["litellm"]
    assert version == VERSION
    assert version not in STOLEN


def test_every_package_is_known_by_its_hashes() -> None:
    assert without_hashes(REQUIREMENTS) == []
