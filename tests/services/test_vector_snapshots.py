"""The program that keeps the vector database's snapshots, before members that answer as it does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from components.kubernetes.scripts import vector_snapshots
from components.kubernetes.scripts.vector_snapshots import Member, run

pytestmark = pytest.mark.services
OLD = "docs-17-2026-11-01-01-00-00.snapshot"
NEW = "docs-17-2026-11-20-01-00-00.snapshot"
BEFORE = datetime(2026, 11, 14, tzinfo=UTC)


class Fake(HTTPServer):
    """A member as the program asks it: snapshots by collection; one that cannot write says 500."""

    def __init__(self, *, writes: bool = True) -> None:
        self.writes, self.kept = writes, {"docs": [OLD, NEW, "by-hand.snapshot"], "a b": [OLD]}
        super().__init__(("127.0.0.1", 0), Answers)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Fake

    def do_GET(self) -> None:
        if self.path == "/collections":
            self.answer({"collections": [{"name": name} for name in self.server.kept]})
        else:
            self.answer([{"name": name} for name in self.server.kept[self.collection]])

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
