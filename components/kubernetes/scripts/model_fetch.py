"""Copies a model from the bucket into a folder before an engine starts, every byte checked.

Pods that share the folder may run it at the same time: a file is seen only when it is whole, and
one that is there is not copied again.
"""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from components.kubernetes.scripts.weights import (
    Folder,
    RefusedError,
    WeightFile,
    client,
    each,
)

PARTIAL = ".partial"
ABANDONED_SECONDS = 86_400


def fetch(source: Folder, target: Path, say: Callable[[str], None] = lambda _: None) -> int:
    """Make the folder whole and return how many files were copied.

    Args:
        say: told of what happens.

    Raises:
        RefusedError: the bucket's copy is not whole, or its bytes are not what it says.
    """
    files = source.manifest()
    if files is None:
        raise RefusedError(f"{source.url} has no manifest: its copy is not whole")
    _sweep(target)
    missing = [one for one in files if not _is_there(target, one)]
    say(f"{len(missing)} of {len(files)} files to copy to {target}")

    def copy(file: WeightFile) -> None:
        _write(source, file, target / file.path)
        say(f"copied {file.path}, {file.size} bytes")

    each(copy, missing)
    return len(missing)


def _is_there(target: Path, file: WeightFile) -> bool:
    path = target / file.path
    return path.is_file() and path.stat().st_size == file.size


def _write(source: Folder, file: WeightFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}{PARTIAL}")
    try:
        with partial.open("wb") as out:
            for chunk in source.read(file):
                out.write(chunk)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Delete what pods have left that were stopped in the middle."""
    for partial in target.rglob(f"*{PARTIAL}"):
        if time.time() - partial.stat().st_mtime > ABANDONED_SECONDS:
            partial.unlink(missing_ok=True)


def main() -> int:
    """Copy what the arguments name; return 1 where that is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", required=True, type=Path)
    given = parser.parse_args()
    try:
        fetch(Folder(client(), given.source), given.to, print)
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
