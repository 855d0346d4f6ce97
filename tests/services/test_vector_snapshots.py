"""The programs that keep the vector database's snapshots, before members that answer as it does.

On AWS members write to the bucket themselves, and show what is there; to Cloud Storage a program
brings what they wrote.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from components.kubernetes.scripts import google_vector_snapshots, vector_snapshots
from components.kubernetes.scripts.google_objects import Objects
from components.kubernetes.scripts.google_vector_snapshots import CopiedMember
from components.kubernetes.scripts.vector_snapshots import Member, run
from tests.components.kubernetes.google_storage import CloudStorage, Fault, cloud_storage

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("some cases run the program of AWS, others that of Google Cloud"),
]
PREFIX = "storage/snapshots/"
OLD = "docs-17-2026-11-01-01-00-00.snapshot"
NEW = "docs-17-2026-11-20-01-00-00.snapshot"
BEFORE = datetime(2026, 11, 14, tzinfo=UTC)


class Fake(HTTPServer):
    """A member as the program asks it: snapshots by collection; one that cannot write says 500.

    Attributes:
        damaged: other bytes are sent than were written.
    """

    def __init__(self, *, writes: bool = True) -> None:
        self.writes, self.kept = writes, {"docs": [OLD, NEW, "by-hand.snapshot"], "a b": [OLD]}
        self.damaged = False
        super().__init__(("127.0.0.1", 0), Answers)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Fake

    def do_GET(self) -> None:
        if self.path == "/collections":
            self.answer({"collections": [{"name": name} for name in self.server.kept]})
        elif self.path.endswith("/snapshots"):
            self.answer([described(name) for name in self.server.kept[self.collection]])
        else:
            body = content(self.path.rpartition("/")[2])
            self.send_response(200 if self.headers["api-key"] == "key" else 401)
            self.end_headers()
            self.wfile.write(bytes(len(body)) if self.server.damaged else body)

    def do_POST(self) -> None:
        if not self.server.writes:
            self.send_error(500)
            return
        self.server.kept[self.collection].append(NEW)
        self.answer({"name": NEW})

    def do_DELETE(self) -> None:
        self.server.kept[self.collection].remove(self.path.rpartition("/")[2])
        self.answer(True)

    @property
    def collection(self) -> str:
        return self.path.split("/")[2].replace("%20", " ")

    def answer(self, result: object) -> None:
        allowed = self.headers["api-key"] == "key"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"result": result}).encode())

    def log_message(self, *_: object) -> None:
        pass


def content(name: str) -> bytes:
    return name.encode() * 1000


def described(name: str) -> dict[str, object]:
    body = content(name)
    return {"name": name, "size": len(body), "checksum": hashlib.sha256(body).hexdigest()}


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    threading.Thread(target=fake.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        fake.shutdown()
        fake.server_close()


def test_each_member_writes_and_what_is_too_old_goes() -> None:
    with serving(Fake()) as first, serving(Fake()) as second:
        assert [*run([Member(one.url, "key") for one in (first, second)], BEFORE)] == []
        for one in (first, second):
            assert one.kept == {"docs": [NEW, "by-hand.snapshot", NEW], "a b": [NEW]}


def test_nothing_goes_where_a_member_could_not_write() -> None:
    with serving(Fake()) as first, serving(Fake(writes=False)) as second:
        failures = [*run([Member(one.url, "key") for one in (first, second)], BEFORE)]
        assert len(failures) == 2
        assert OLD in first.kept["docs"]


def test_a_run_that_failed_says_so_by_its_exit_code() -> None:
    with serving(Fake()) as first:
        asked = {"QDRANT_MEMBERS": first.url, "QDRANT_API_KEY": "key", "SNAPSHOT_DAYS": "7"}
        assert vector_snapshots.main(asked) == 0
        first.writes = False
        assert vector_snapshots.main(asked) == 1


def brought(storage: CloudStorage, *members: Fake) -> list[str]:
    """Run once as of `BEFORE`; returns what went wrong."""
    bucket = storage.bucket()
    return [*run([CopiedMember(one.url, "key", bucket, PREFIX) for one in members], BEFORE)]


def held(storage: CloudStorage) -> dict[str, bytes]:
    return {key.removeprefix(PREFIX): body for key, (body, _) in storage.objects.items()}


def test_what_members_wrote_is_brought_and_taken_away_and_what_is_too_old_goes() -> None:
    with cloud_storage() as storage, serving(Fake()) as first, serving(Fake()) as second:
        storage.objects = {f"{PREFIX}docs/{OLD}": (b"", {}), f"{PREFIX}docs-2/{OLD}": (b"", {})}
        second.kept = {"docs": [], "a b": []}
        assert brought(storage, first, second) == []
        assert first.kept == second.kept == {"docs": [], "a b": []}
        assert held(storage) == {
            "a b/" + NEW: content(NEW),
            "docs/" + NEW: content(NEW),
            "docs/by-hand.snapshot": content("by-hand.snapshot"),
            # of a collection that is there no more, and nobody's neighbour
            "docs-2/" + OLD: b"",
        }


def test_bytes_that_are_not_those_that_were_made_are_brought_nowhere() -> None:
    with cloud_storage() as storage, serving(Fake()) as first:
        first.damaged = True
        assert [one for one in brought(storage, first) if "not those that were made" in one]
        assert (storage.objects, storage.uploads) == ({}, {})
        assert NEW in first.kept["docs"], "it is there for the next run"


def test_what_the_bucket_did_not_take_stays_with_the_member_for_the_next_run() -> None:
    with cloud_storage() as storage, serving(Fake()) as first:
        first.kept = {"docs": []}
        storage.faults[:] = [Fault.DAMAGED]
        (failure,) = brought(storage, first)
        assert "the digest does not fit" in failure
        assert first.kept == {"docs": [NEW]}
        first.kept = {"docs": [OLD]}
        assert brought(storage, first) == []
        assert held(storage).keys() == {f"docs/{NEW}"}


def test_a_run_that_brings_says_so_by_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    with cloud_storage() as storage, serving(Fake()) as first:
        opened: Callable[[str], Objects] = storage.bucket
        monkeypatch.setattr(google_vector_snapshots, "Objects", opened)
        asked = {
            "QDRANT_MEMBERS": first.url,
            "QDRANT_API_KEY": "key",
            "SNAPSHOT_DAYS": "7",
            "SNAPSHOT_BUCKET": "models",
            "SNAPSHOT_PREFIX": PREFIX,
        }
        assert google_vector_snapshots.main(asked) == 0
        first.writes = False
        assert google_vector_snapshots.main(asked) == 1
