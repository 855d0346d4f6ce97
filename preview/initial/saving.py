"""Writing a stack file: whole or not at all, and over another one only where that is said."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from preview.misuse import MisuseError

KEPT_BY_PULUMI = re.compile(
    r"^ *(?P<key>secretsprovider|encryptedkey|encryptionsalt|secure) *:", re.MULTILINE
)
"""What nobody can write again: without it the stack's secrets are lost."""

EXAMPLE = "# An example"
"""What the files begin with that come with the repository."""


def may_stand(path: Path, *, force: bool) -> None:
    """Refuse to write over a file that nobody said may go.

    Raises:
        MisuseError: the file is there and is to stay, or holds what cannot be made again.
    """
    place = f"{path.parent.name}/{path.name}"
    if not path.parent.is_dir():
        raise MisuseError(f"there is no folder {path.parent}")
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    if not force:
        example = ", an example" if EXAMPLE in text else ""
        raise MisuseError(
            f"{place} is there already{example}; --force writes over it, --dry-run shows what "
            "would stand in it"
        )
    held = KEPT_BY_PULUMI.search(text)
    if held:
        raise MisuseError(
            f"{place} holds {held['key']}, without which the stack's secrets cannot be read: "
            "change it by hand, or move it away yourself"
        )


def save(path: Path, text: str, *, force: bool) -> None:
    """Write a file in one step.

    Raises:
        MisuseError: it came to be there meanwhile, or cannot be written.
    """
    try:
        _save(path, text, force=force)
    except FileExistsError:
        may_stand(path, force=False)
    except OSError as error:
        raise MisuseError(f"{path}: {error.strerror or error}") from error


def _save(path: Path, text: str, *, force: bool) -> None:
    handle, name = tempfile.mkstemp(prefix=".making-", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made.chmod(0o666 & ~_umask())
        if force:
            made.replace(path)
        else:
            path.hardlink_to(made)  # fails where a file stands there by now
    finally:
        with suppress(FileNotFoundError):
            made.unlink()


def _umask() -> int:
    """Return which rights a new file of this process lacks."""
    before = os.umask(0o077)
    os.umask(before)
    return before
