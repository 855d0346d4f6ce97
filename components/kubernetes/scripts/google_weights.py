"""Weights in a bucket of Cloud Storage: copied there as `model_sync` does, and from there.

The same programs with another store; what is copied and checked, and when a copy is whole, is
theirs to say.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from components.kubernetes.scripts.google_cloud import GoogleError
from components.kubernetes.scripts.google_objects import Objects
from components.kubernetes.scripts.model_fetch import fetch
from components.kubernetes.scripts.model_sync import TOKEN, Hub, sync
from components.kubernetes.scripts.weights import Digest, Folder, RefusedError, WeightFile

SCHEME = "gs://"


class GoogleFolder(Folder):
    """A model's folder in a bucket of Cloud Storage; `url` is "gs://<bucket>/<folder>"."""

    def __init__(self, url: str, bucket: Callable[[str], Objects] = Objects) -> None:
        """Raises RefusedError for an address that is none of Cloud Storage."""
        name, _, folder = url.removeprefix(SCHEME).rstrip("/").partition("/")
        if not url.startswith(SCHEME) or not name or not folder:
            raise RefusedError(f"{url}: expected gs://<bucket>/<folder>")
        self._objects, self._folder, self.url = bucket(name), folder, url

    def manifest(self) -> tuple[WeightFile, ...] | None:
        """Return the files of a whole copy, None where there is none."""
        about = self._objects.about(self._manifest)
        if about is None:
            return None
        text = b"".join(self._objects.read(self._manifest, about.size))
        return tuple(WeightFile(**row) for row in json.loads(text)["files"])

    def finish(self, repository: str, commit: str, files: Iterable[WeightFile]) -> None:
        """Write the manifest: from now on the copy is whole."""
        rows = [asdict(one) for one in files]
        text = json.dumps({"repository": repository, "commit": commit, "files": rows}, indent=1)
        self._objects.write(self._manifest, [text.encode()])

    def holds(self, file: WeightFile) -> bool:
        """Say whether the file is there as it was published: nothing else is ever put there."""
        about = self._objects.about(self._key(file))
        found = about and (about.size, about.metadata.get("digest"))
        return found == (file.size, file.digest)

    def write(self, file: WeightFile, chunks: Iterable[bytes]) -> None:
        """Put a file, visible only once every byte of it is checked.

        Raises:
            RefusedError: the bytes are not the file's.
        """
        self._objects.write(self._key(file), Digest(file).of(chunks), {"digest": file.digest})

    def read(self, file: WeightFile) -> Iterator[bytes]:
        """Yield a file's bytes, checked when the last one has passed.

        Raises:
            RefusedError: the bytes are not the file's.
        """
        return Digest(file).of(self._objects.read(self._key(file), file.size))


def main() -> int:
    """Copy what the arguments name; return 1 where that is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    copies, fetches = jobs.add_parser("sync"), jobs.add_parser("fetch")
    for name in ("--repository", "--revision", "--to", "--hub"):
        copies.add_argument(name, required=True)
    fetches.add_argument("--from", dest="source", required=True)
    fetches.add_argument("--to", required=True, type=Path)
    given = parser.parse_args()
    try:
        if given.job == "sync":
            hub = Hub(given.hub, os.environ.get(TOKEN, ""))
            sync(hub, GoogleFolder(given.to), given.repository, given.revision, print)
        else:
            fetch(GoogleFolder(given.source), given.to, print)
    except (RefusedError, GoogleError) as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
