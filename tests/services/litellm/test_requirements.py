"""What the tests start is what the image holds, as it was when somebody read it."""

from __future__ import annotations

import re

from components.kubernetes.litellm_runtime import VERSION
from tests.services.litellm.environment import REQUIREMENTS

STOLEN = {"1.82.7", "1.82.8"}


def _pinned() -> dict[str, tuple[str, int]]:
    """Return version and number of hashes of each package."""
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+)(.*)", line) for line in lines]
    assert all(found), "every line pins a package"
    return {one[1]: (one[2], one[3].count("--hash=sha256:")) for one in found if one}


def test_the_proxy_is_of_the_image_s_version_and_not_a_stolen_one() -> None:
    version, _ = _pinned()["litellm"]
    assert version == VERSION
    assert version not in STOLEN


def test_every_package_is_known_by_its_hashes() -> None:
    assert [name for name, (_, hashes) in _pinned().items() if not hashes] == []
