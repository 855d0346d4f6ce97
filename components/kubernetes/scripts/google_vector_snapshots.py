"""Keeps the vector database's snapshots in a bucket of Cloud Storage.

Its members write to S3 by themselves, and to nothing else: here each writes on its own volume,
from where the snapshot is copied, checked, and taken away. When, of what, and for how long is for
`vector_snapshots` to say.
"""

from __future__ import annotations

import hashlib
import os
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from components.kubernetes.scripts.google_cloud import GoogleError
from components.kubernetes.scripts.google_objects import Objects
from components.kubernetes.scripts.vector_snapshots import DAYS, KEY, MEMBERS, Member, run

BUCKET = "SNAPSHOT_BUCKET"
"""Variable: name of the bucket."""
PREFIX = "SNAPSHOT_PREFIX"
"""Variable: folder of the bucket, with "/" at its end; below it a folder for each collection."""
_CHUNK_BYTES = 1 << 20
_PATIENCE_SECONDS = 300


class CopiedMember(Member):
    """A member whose snapshots stand in the bucket, none of them on its volume."""

    def __init__(self, url: str, key: str, objects: Objects, prefix: str) -> None:
        super().__init__(url, key)
        self._header, self._objects, self._prefix = {"api-key": key}, objects, prefix

    def write(self, collection: str) -> str:
        """Have a snapshot made and bring it to the bucket; returns its name.

        Whatever else the member has of the collection, of a run that broke or by hand, goes along.

        Raises:
            OSError: a snapshot cannot be made, read or brought; what was made stays for the next.
        """
        name = super().write(collection)
        for held in self._held(collection):
            self._bring(collection, held)
            super().drop(collection, held["name"])
        return name

    def names(self, collection: str) -> list[str]:
        """Return the names of the snapshots that the bucket has of a collection, of any member."""
        folder = f"{self._prefix}{collection}/"
        try:
            return sorted(one.removeprefix(folder) for one in self._objects.names(folder))
        except GoogleError as error:
            raise OSError(str(error)) from error

    def drop(self, collection: str, name: str) -> None:
        """Delete a snapshot of the bucket."""
        try:
            self._objects.drop(self._object(collection, name))
        except GoogleError as error:
            raise OSError(str(error)) from error

    def _held(self, collection: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("GET", _snapshots(collection))
        return sorted(found, key=lambda one: str(one["name"]))

    def _bring(self, collection: str, held: Mapping[str, Any]) -> None:
        name = str(held["name"])
        try:
            self._objects.write(self._object(collection, name), self._read(collection, held))
        except GoogleError as error:
            raise OSError(f"{name} was not brought: {error}") from error

    def _read(self, collection: str, held: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield a snapshot's bytes; after the last one, refuse what is not what was made."""
        name, expected = str(held["name"]), held.get("checksum")
        path = f"{_snapshots(collection)}/{urllib.parse.quote(name, safe='')}"
        request = urllib.request.Request(f"{self.url}{path}", headers=self._header)
        digest, size = hashlib.sha256(), 0
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
            while chunk := answer.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        if size != held["size"] or expected not in (None, digest.hexdigest()):
            raise OSError(f"{name}: {size} bytes of {held['size']}, or not those that were made")

    def _object(self, collection: str, name: str) -> str:
        return f"{self._prefix}{collection}/{name}"


def main(environment: Mapping[str, str]) -> int:
    """Run once; returns 1 where anything went wrong."""
    days = timedelta(days=int(environment[DAYS]))
    objects = Objects(environment[BUCKET])
    members = [
        CopiedMember(url, environment[KEY], objects, environment[PREFIX])
        for url in environment[MEMBERS].split()
    ]
    failures = [*run(members, datetime.now(UTC) - days)]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _snapshots(collection: str) -> str:
    return f"/collections/{urllib.parse.quote(collection, safe='')}/snapshots"


if __name__ == "__main__":
    sys.exit(main(os.environ))
