"""Where a side is planned: its sources, and an interpreter with the libraries it is locked to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preview.diff import cache
from preview.diff.repository import LOCK, Commit, digest, extract
from preview.misuse import MisuseError
from preview.progress import note

if TYPE_CHECKING:
    from preview.diff.against import Sources

PLANNER = "preview/verbs/plan.py"
"""What a commit needs to be planned by its own code: its verb that writes a plan as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder of sources, and the interpreter to run them with."""

    folder: Path
    python: str


def place(sources: Sources, root: Path) -> Place:
    """Make ready what a side is planned with.

    The interpreter that runs now serves a side whose lock is the working tree's. Another lock
    gets an environment of its own, made once and kept.

    Raises:
        MisuseError: the commit has no verb that writes a plan, or its environment cannot be made.
    """
    if PLANNER not in sources.files:
        raise MisuseError(
            f"{sources.label}: this commit has no `aigw plan --json`; allowed: a later commit, or "
            "two plans or previews as files (aigw diff OLD.json NEW.json)"
        )
    folder = root if sources.of is None else _extracted(sources.of, sources.files, root)
    own = (root / LOCK).read_bytes() if (root / LOCK).is_file() else b""
    there = (folder / LOCK).read_bytes() if (folder / LOCK).is_file() else b""
    if own == there:
        return Place(folder=folder, python=sys.executable)
    return Place(folder=folder, python=_environment(folder, sources))


def _extracted(of: Commit, files: Mapping[str, str], root: Path) -> Path:
    key = digest(files)
    return cache.kept("sources", key) or cache.keep(
        "sources", key, lambda target: extract(root, of, files, target)
    )


def _environment(folder: Path, sources: Sources) -> str:
    """Return the interpreter of the environment that a lock describes.

    Raises:
        MisuseError: uv is missing, or cannot make it.
    """
    key = digest({LOCK: sources.files.get(LOCK, ""), "": sys.version})
    found = cache.kept("environments", key)
    if found is None:
        note(
            f"{sources.label} is locked to other libraries: setting up its environment once "
            f"(uv sync --frozen), kept in {cache.folder() / 'environments'}"
        )
        found = cache.keep("environments", key, lambda target: _synchronised(folder, target))
    return str(found / "bin" / "python")


def _synchronised(folder: Path, target: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        raise MisuseError("uv: not found on PATH; the commit's environment is made with it")
    done = subprocess.run(
        [uv, "sync", "--frozen", "--no-dev", "--no-install-project", "--python", sys.executable],
        cwd=folder,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MisuseError(f"uv sync --frozen: {done.stderr.strip()}")
