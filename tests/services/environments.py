"""Environments of other programs, built once from the registry; the project's stays as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.services.programs import require

TOOLS = Path(__file__).parents[2] / ".tools"


def built(name: str, requirements: Path) -> Path:
    """Return the folder of an environment's programs; it is built where it is not up to date.

    Args:
        name: of its folder below `.tools`.
        requirements: all of its packages, pinned with hashes.
    """
    folder = TOOLS / name
    finished = folder / "made-of"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not finished.exists() or finished.read_text() != digest:
        _build(folder, requirements)
        finished.write_text(digest)
    return folder / "bin"


def _build(folder: Path, requirements: Path) -> None:
    uv = require("uv", TOOLS / "uv" / "bin")
    python = folder / "bin" / "python"
    _run(uv, "venv", "--clear", "--python", sys.executable, folder)
    install = (uv, "pip", "install", "--no-deps", "--require-hashes", "--python", python)
    _run(*install, "-r", requirements)


def _run(*command: str | Path) -> None:
    """Run a step of the build, and show what it said if it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
