"""What judges whether everybody can use a page: axe-core, from a package of the registry."""

from __future__ import annotations

from pathlib import Path

from tests.services.environments import built

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
VERSION = "4.12.1"
_FILE = "lib/python3*/site-packages/axe_playwright_python/axe.min.js"


def axe() -> str:
    """Return axe-core's script; its environment is built if need be."""
    (file,) = built("axe", REQUIREMENTS).parent.glob(_FILE)
    return file.read_text(encoding="utf-8")
