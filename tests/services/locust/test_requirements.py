"""What makes the load in tests is what makes it in a cluster."""

from __future__ import annotations

import re

from sizing.versions import IMAGES
from tests.services.locust.environment import REQUIREMENTS


def _pinned() -> dict[str, tuple[str, int]]:
    """Return version and number of hashes of each package."""
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+)(.*)", line) for line in lines]
    assert all(found), "every line pins a package"
    return {one[1]: (one[2], one[3].count("--hash=sha256:")) for one in found if one}


def test_the_tests_run_the_image_s_version() -> None:
    version, _ = _pinned()["locust"]
    assert version == IMAGES["locust"].tag


def test_every_package_is_known_by_its_hashes() -> None:
    assert [name for name, (_, hashes) in _pinned().items() if not hashes] == []
