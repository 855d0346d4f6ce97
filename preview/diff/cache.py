"""What is kept between two comparisons: plans, sources and environments, each by its content.

Nothing here is of value: the folder may be deleted at any time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KEPT = {"plans": 128, "sources": 8, "environments": 4}
"""Entries of each kind, the latest used; older ones are deleted."""


def folder() -> Path:
    """Return the cache's folder: $XDG_CACHE_HOME/aigw, or ~/.cache/aigw."""
    told = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(told) if Path(told).is_absolute() else Path.home() / ".cache"
    return base / "aigw"


def kept(kind: str, key: str) -> Path | None:
    """Return what is kept under a key, marked as used; None where nothing is."""
    place = folder() / kind / key
    if not place.exists():
        return None
    with suppress(OSError):
        os.utime(place)
    return place


def read(kind: str, key: str) -> str | None:
    """Return a text that is kept; None where none is."""
    place = kept(kind, key)
    return None if place is None else place.read_text(encoding="utf-8")


def write(kind: str, key: str, text: str) -> None:
    """Keep a text."""

    def make(place: Path) -> None:
        place.write_text(text, encoding="utf-8")

    keep(kind, key, make)


def keep(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Make an entry, whole or not at all, and return its place.

    Args:
        kind: a key of `KEPT`.
        key: a hash of all that the entry is made from.
        make: writes the entry to a place that does not exist yet.
    """
    above = folder() / kind
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=above))
    try:
        make(scratch / "entry")
        # another run may have made it meanwhile: equal content, either will do
        with suppress(OSError):
            (scratch / "entry").rename(above / key)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _forget(above, KEPT[kind])
    return above / key


def _forget(above: Path, most: int) -> None:
    entries = [one for one in above.iterdir() if not one.name.startswith(".")]
    for old in sorted(entries, key=lambda one: one.stat().st_mtime, reverse=True)[most:]:
        with suppress(OSError):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
