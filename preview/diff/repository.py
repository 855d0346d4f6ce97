"""What git knows: which commit a name stands for, and what a plan is made from, by content."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from preview.misuse import MisuseError

SOURCES = ("sizing", "components", "stacks", "preview", "Pulumi.yaml", "pyproject.toml", "uv.lock")
"""What a plan is made from: code, catalogue, stack files, and the versions of libraries."""

LOCK = "uv.lock"
SHORT = 10
"""Signs of a commit's name that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit; `name` is what it was asked for by."""

    name: str
    hash: str

    @property
    def label(self) -> str:
        """The name and the commit: `origin/main (1a2b3c4d5e)`."""
        return f"{self.name} ({self.hash[:SHORT]})"


def git(root: Path, *arguments: str) -> bytes:
    """Run git in a folder.

    Raises:
        MisuseError: git says no, or is missing.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise MisuseError("git: not found on PATH; --against needs it") from error
    if done.returncode:
        raise MisuseError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def commit(root: Path, name: str) -> Commit:
    """Return the commit that a name stands for.

    Raises:
        MisuseError: no such commit, or no repository there.
    """
    if name.startswith("-"):
        raise MisuseError(f'--against: found "{name}"; allowed: a branch, a tag or a commit')
    git(root, "rev-parse", "--git-dir")
    try:
        found = git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except MisuseError:
        raise MisuseError(
            f'--against: found "{name}", which is no commit here; allowed: a branch, a tag or a '
            "commit that has been fetched (git fetch origin main; a shallow clone lacks older ones)"
        ) from None
    return Commit(name=name, hash=found.decode().strip())


def committed(root: Path, of: Commit) -> dict[str, str]:
    """Return what a commit's plans are made from: hashes of files, by path below the root."""
    listed = git(root, "ls-tree", "-r", "-z", of.hash, "--", *SOURCES).decode()
    found = {}
    for line in filter(None, listed.split("\0")):
        about, _, path = line.partition("\t")
        found[path] = about.split(" ")[2]
    return found


def standing(root: Path) -> dict[str, str]:
    """Return the same of the working tree, files that git does not ignore and does not know too.

    The hash of a file is git's own, so that equal content is equal on both sides.
    """
    listed = git(
        root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SOURCES
    ).decode()
    paths = sorted({path for path in listed.split("\0") if path})
    return {path: _hash((root / path).read_bytes()) for path in paths if (root / path).is_file()}


def _hash(content: bytes) -> str:
    # git's name of a blob; it names content here and proves nothing
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def digest(files: Mapping[str, str]) -> str:
    """Return one hash of files by path."""
    lines = "".join(f"{path}\0{files[path]}\n" for path in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def extract(root: Path, of: Commit, files: Mapping[str, str], target: Path) -> None:
    """Write what a commit's plans are made from into a folder."""
    tops = sorted({path.split("/")[0] for path in files})
    archive = git(root, "archive", "--format=tar", of.hash, "--", *tops)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")
