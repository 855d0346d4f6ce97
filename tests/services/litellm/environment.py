"""An environment of LiteLLM's own, built once from the registry; the project's stays as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.services.programs import require

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
TOOLS = Path(__file__).parents[3] / ".tools"
FOLDER = TOOLS / "litellm"
FINISHED = FOLDER / "made-of"


def litellm() -> Path:
    """Return the folder of the programs of LiteLLM's environment, which is built if need be."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not FINISHED.exists() or FINISHED.read_text() != digest:
        _build()
        FINISHED.write_text(digest)
    return FOLDER / "bin"


def _build() -> None:
    uv = require("uv", TOOLS / "uv" / "bin")
    python = FOLDER / "bin" / "python"
    _run(uv, "venv", "--clear", "--python", sys.executable, FOLDER)
    _run(
        uv,
        "pip",
        "install",
        "--no-deps",
        "--require-hashes",
        "--python",
        python,
        "-r",
        REQUIREMENTS,
    )


def _run(*command: str | Path) -> None:
    """Run a step of the build, and show what it said if it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
