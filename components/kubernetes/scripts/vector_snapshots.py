"""Has every member of the vector database write a snapshot of each collection, drops old ones.

A member writes what it holds itself, so that each is asked. Nothing is dropped of a collection that
a member failed to write. It runs in the cluster as it stands here, by the standard library alone.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

MEMBERS = "QDRANT_MEMBERS"
"""Variable: URLs of the members, with spaces between."""
KEY = "QDRANT_API_KEY"
"""Variable: the key that may write."""
DAYS = "SNAPSHOT_DAYS"
"""Variable: for how many days a snapshot stays."""

# A collection of hundreds of gigabytes is packed and sent before the answer comes.
_PATIENCE_SECONDS = 2 * 3600
_MADE = re.compile(r"-(\d{4}(?:-\d{2}){5})\.snapshot$")


class Member:
    """One member's API."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self._key = key

    def collections(self) -> list[str]:
        """Return the names of all collections of the cluster."""
        found = self._ask("GET", "/collections")["collections"]
        return sorted(str(one["name"]) for one in found)

    def write(self, collection: str) -> str:
        """Write a snapshot of what this member holds of a collection; returns its name."""
        return str(self._ask("POST", f"{_snapshots(collection)}?wait=true")["name"])

    def names(self, collection: str) -> list[str]:
        """Return the names of the snapshots that there are of a collection."""
        return sorted(str(one["name"]) for one in self._ask("GET", _snapshots(collection)))

    def drop(self, collection: str, name: str) -> None:
        """Delete a snapshot."""
        self._ask("DELETE", f"{_snapshots(collection)}/{urllib.parse.quote(name, safe='')}")

    def _ask(self, method: str, path: str) -> Any:  # noqa: ANN401  (whatever the API answers)
        request = urllib.request.Request(
            f"{self.url}{path}", method=method, headers={"api-key": self._key}
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
            return json.load(answer)["result"]


def outdated(names: Sequence[str], before: datetime) -> list[str]:
    """Return the snapshots that were made before a time; a name that does not say stays."""
    return [name for name in names if (made := _made(name)) is not None and made < before]


def run(members: Sequence[Member], before: datetime) -> Iterator[str]:
    """Write and drop; returns what went wrong, a sentence each.

    Args:
        members: all of them.
        before: snapshots that are older than this go.
    """
    for collection in members[0].collections():
        failures = [*_written(members, collection)]
        yield from failures
        if not failures:
            yield from _dropped(members, collection, before)


def main(environment: Mapping[str, str]) -> int:
    """Run once; returns 1 where anything went wrong."""
    key, days = environment[KEY], timedelta(days=int(environment[DAYS]))
    members = [Member(url, key) for url in environment[MEMBERS].split()]
    failures = [*run(members, datetime.now(UTC) - days)]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _written(members: Sequence[Member], collection: str) -> Iterator[str]:
    for member in members:
        try:
            print(f"{member.url}: {member.write(collection)}")
        except OSError as error:
            yield f"{member.url} wrote no snapshot of {collection}: {error}"


def _dropped(members: Sequence[Member], collection: str, before: datetime) -> Iterator[str]:
    for member in members:
        try:
            # asked anew at each: in a bucket, all of them see the same snapshots
            for name in outdated(member.names(collection), before):
                member.drop(collection, name)
        except OSError as error:
            yield f"{member.url} kept old snapshots of {collection}: {error}"


def _snapshots(collection: str) -> str:
    return f"/collections/{urllib.parse.quote(collection, safe='')}/snapshots"


def _made(name: str) -> datetime | None:
    found = _MADE.search(name)
    if found is None:
        return None
    return datetime.strptime(found[1], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main(os.environ))
