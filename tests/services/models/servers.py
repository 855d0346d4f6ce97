"""A Hugging Face and an S3 on loopback, as far as the copying of weights asks them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services.programs import LOOPBACK

COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
TOKEN = "hf_token_of_a_test"


class Server(ThreadingHTTPServer):
    """What both have in common: they answer on a port of loopback that was free."""

    daemon_threads = True

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.server_port}"


class Hub(Server):
    """A gated repository.

    Attributes:
        files: its content; `asked` counts requests.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files, self.asked = files, 0
        super().__init__((LOOPBACK, 0), HubAnswers)


class Answers(BaseHTTPRequestHandler):
    """Answers with a length, so that a connection can be kept."""

    protocol_version = "HTTP/1.1"

    def answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Send an answer; one to HEAD has its length and no body."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class HubAnswers(Answers):
    """As Hugging Face answers who shows the token."""

    server: Hub

    def do_GET(self) -> None:
        """Answer with the list of files, or with one."""
        self.server.asked += 1
        path = urlsplit(self.path).path
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401)
        elif path.startswith("/api/models/"):
            rows = [_row(name, body) for name, body in sorted(self.server.files.items())]
            self.answer(200, json.dumps({"sha": COMMIT, "siblings": rows}).encode())
        else:
            self.answer(200, self.server.files[unquote(path.partition(f"/{COMMIT}/")[2])])


def _row(name: str, body: bytes) -> dict[str, object]:
    digest = hashlib.sha1(f"blob {len(body)}\0".encode() + body).hexdigest()
    row: dict[str, object] = {"rfilename": name, "size": len(body), "blobId": digest}
    if name.endswith(".safetensors"):
        row["lfs"] = {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
    return row


@dataclass(slots=True)
class Stored:
    """An object, with what was said of it when its upload began."""

    body: bytes
    metadata: dict[str, str]


@dataclass(slots=True)
class Upload:
    """An upload in parts that goes on."""

    metadata: dict[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


class S3(Server):
    """Buckets, as boto3 asks for them.

    Attributes:
        objects: by "<bucket>/<key>".
        uploads: those that go on, by their id.
        denied: keys of which no further part is taken.
    """

    def __init__(self) -> None:
        self.objects: dict[str, Stored] = {}
        self.uploads: dict[str, Upload] = {}
        self.denied: set[str] = set()
        super().__init__((LOOPBACK, 0), S3Answers)


class S3Answers(Answers):
    """As S3 answers, without looking at signatures."""

    server: S3

    def do_GET(self) -> None:
        """Answer with an object, or with what is known of it."""
        found = self.server.objects.get(self._key)
        if found is None:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        about = {f"x-amz-meta-{name}": value for name, value in found.metadata.items()}
        self.answer(200, found.body, about)

    def do_HEAD(self) -> None:
        """Answer with what is known of an object."""
        self.do_GET()

    def do_PUT(self) -> None:
        """Take an object or a part."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = self._query
        if "partNumber" not in query:
            self.server.objects[self._key] = Stored(body, self._metadata)
        elif self._key in self.server.denied and query["partNumber"] != "1":
            self.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return
        else:
            self.server.uploads[query["uploadId"]].parts[int(query["partNumber"])] = body
        self.answer(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})

    def do_POST(self) -> None:
        """Begin or complete an upload in parts."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        upload = self._query.get("uploadId")
        if upload is None:
            upload = f"upload-of-{self._key.replace('/', '-')}"
            self.server.uploads[upload] = Upload(self._metadata)
            text = f"<r><UploadId>{upload}</UploadId></r>"
        else:
            done = self.server.uploads.pop(upload)
            body = b"".join(done.parts[number] for number in sorted(done.parts))
            self.server.objects[self._key] = Stored(body, done.metadata)
            text = "<r><ETag>whole</ETag></r>"
        self.answer(200, text.encode())

    def do_DELETE(self) -> None:
        """Give an upload up."""
        del self.server.uploads[self._query["uploadId"]]
        self.answer(204)

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path.lstrip("/"))

    @property
    def _query(self) -> dict[str, str]:
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in asked.items()}

    @property
    def _metadata(self) -> dict[str, str]:
        named = ((name.lower(), value) for name, value in self.headers.items())
        prefix = "x-amz-meta-"
        return {name.removeprefix(prefix): v for name, v in named if name.startswith(prefix)}


ServerT = TypeVar("ServerT", bound=Server)


@contextmanager
def running(server: ServerT) -> Iterator[ServerT]:
    """Let a server answer for as long as it is looked at."""
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
