"""What pip is told to install for the tests: each package by version and hashes."""

from __future__ import annotations

import re
from pathlib import Path


def pinned(requirements: Path) -> dict[str, tuple[str, int]]:
    """Return version and number of hashes of each package."""
    text = requirements.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+)(.*)", line) for line in lines]
    assert all(found), "every line pins a package"
    return {one[1]: (one[2], one[3].count("--hash=sha256:")) for one in found if one}


def without_hashes(requirements: Path) -> list[str]:
    """Return the packages that anybody may have changed since they were read."""
    return [name for name, (_, hashes) in pinned(requirements).items() if not hashes]
