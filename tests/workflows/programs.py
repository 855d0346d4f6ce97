"""Programs on the PATH of a step: the real aigw of this checkout, and what stands in for others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.workflows.files import ROOT


def program(folder: Path, name: str, text: str) -> Path:
    """Write an executable, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/usr/bin/env bash\n{text}\n")
    file.chmod(0o755)
    return folder


def aigw(folder: Path, *more: str) -> Path:
    """Write the real aigw, which takes these arguments after its own."""
    # -P: no package of the folder that the step runs in is taken for ours
    arguments = " ".join(("-P -m preview.cli", '"$@"', *more))
    return program(folder, "aigw", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" {arguments}')


def path(*folders: Path) -> dict[str, str]:
    """Return a PATH that has these folders first."""
    return {"PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]])}
