"""A Cloud Storage at a loopback address, as far as our programs ask it, with what goes wrong there.

As https://docs.cloud.google.com/storage/docs/performing-resumable-uploads has it: parts of an
upload but the last are whole units, nothing of it is seen before its end, bytes that are sent again
are skipped, one that has ended says so, and a digest that does not fit refuses the object.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from components.kubernetes.scripts.google_cloud import Account
from components.kubernetes.scripts.google_objects import Objects
from components.kubernetes.scripts.google_weights import GoogleFolder

TOKEN = "token-of-the-pod"
PAGE = 2
BUCKET = "models"


class Fault(StrEnum):
    """What becomes of a part that is sent."""

    REFUSED = "nothing is kept, and asked to come again"
    HALF = "half is kept, and the connection ends"
    SHORT = "half is kept, and said to be"
    UNHEARD = "all is kept, and nobody hears of it"
    DAMAGED = "other bytes arrive"


@dataclass
class Upload:
    """An upload that has not ended."""

    key: str
    metadata: Mapping[str, str]
    body: bytearray = field(default_factory=bytearray)
    parts: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Reply:
    """An answer; a status of 0 ends the connection without one."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class CloudStorage:
    """What the bucket holds, and what will go wrong.

    Attributes:
        objects: what can be read, by key.
        written: keys in the order in which they became visible.
        uploads: those that have neither ended nor been given up.
        parts: lengths of what was sent, of objects in several parts.
        breaks: keys of which no bytes are taken any more.
        faults: what becomes of the parts that are sent next, one after another.
        unit: what the length of a part is a multiple of.
        read: ranges that were asked for.
    """

    objects: dict[str, tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)
    breaks: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    unit: int = 1
    read: list[str] = field(default_factory=list)
    address: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: int = 0
    _ended: set[str] = field(default_factory=set)

    def bucket(self, name: str = BUCKET) -> Objects:
        """Return a bucket as the pod's own account sees it."""
        return Objects(name, Account(self.address), self.address, wait_s=0)

    def folder(self, path: str) -> GoogleFolder:
        """Return a folder of the bucket, as programs see it."""
        return GoogleFolder(f"gs://{BUCKET}/{path}", self.bucket)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer as the metadata server or as Cloud Storage."""
        url, asked = urlsplit(path), parse_qs(urlsplit(path).query)
        if url.path.startswith("/computeMetadata/"):
            return _json({"access_token": TOKEN})
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(status=401)
        if url.path == f"/upload/storage/v1/b/{BUCKET}/o":
            return self._begin(asked["name"][0], json.loads(body))
        if url.path.startswith("/session/"):
            return self._session(method, url.path, headers, body)
        base, _, key = url.path.partition("/o/")
        if base.removesuffix("/o") != f"/storage/v1/b/{BUCKET}":
            return Reply(status=404)
        if not key:
            return self._list(asked)
        return self._object(method, unquote(key), "alt" in asked, headers.get("range"))

    def _begin(self, key: str, about: Mapping[str, Any]) -> Reply:
        self._begun += 1
        place = f"/session/{self._begun}"
        self.uploads[place] = Upload(key, about["metadata"])
        return Reply(headers={"Location": self.address + place})

    def _session(self, method: str, place: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if place in self._ended:
            return _json({})
        if place not in self.uploads:
            return Reply(status=404)
        if method == "DELETE":
            del self.uploads[place]
            return Reply(status=499)
        upload = self.uploads[place]
        if upload.key in self.breaks:
            return Reply(status=503)
        where, _, total = headers["content-range"].removeprefix("bytes ").partition("/")
        fault = self.faults.pop(0) if self.faults and body else None
        if fault is Fault.REFUSED:
            return Reply(status=503)
        if body:
            first, last = (int(one) for one in where.split("-"))
            assert last - first + 1 == len(body)
            if first > len(upload.body) or (total == "*" and len(body) % self.unit):
                return Reply(status=400, body=b"not where it stands, or no whole units")
            half = fault in (Fault.HALF, Fault.SHORT)
            kept = body[: len(body) // 2 // self.unit * self.unit] if half else body
            kept = b"\0" * len(kept) if fault is Fault.DAMAGED else kept
            upload.body += kept[len(upload.body) - first :]
            upload.parts.append(len(body))
        reply = self._end(place, headers) if total == str(len(upload.body)) else _so_far(upload)
        return Reply(status=0) if fault in (Fault.HALF, Fault.UNHEARD) else reply

    def _end(self, place: str, headers: Mapping[str, str]) -> Reply:
        upload = self.uploads.pop(place)
        body = bytes(upload.body)
        if headers["x-goog-hash"] != f"md5={base64.b64encode(hashlib.md5(body).digest()).decode()}":
            return Reply(status=400, body=b"the digest does not fit")
        self.objects[upload.key] = (body, upload.metadata)
        self.written.append(upload.key)
        self._ended.add(place)
        self.parts += upload.parts if len(upload.parts) > 1 else []
        return _json({"name": upload.key})

    def _object(self, method: str, key: str, media: bool, wanted: str | None) -> Reply:
        if key not in self.objects:
            return Reply(status=404)
        body, metadata = self.objects[key]
        if method == "DELETE":
            del self.objects[key]
            return Reply(status=204)
        if not media:
            return _json({"name": key, "size": str(len(body)), "metadata": metadata})
        assert wanted is not None
        self.read.append(wanted)
        first, last = (int(one) for one in wanted.removeprefix("bytes=").split("-"))
        return Reply(status=206, body=body[first : last + 1]) if first < len(body) else Reply(416)

    def _list(self, asked: Mapping[str, list[str]]) -> Reply:
        begins, first = asked["prefix"][0], int(asked.get("pageToken", ["0"])[0])
        names = sorted(key for key in self.objects if key.startswith(begins))
        rest = {"nextPageToken": str(first + PAGE)} if len(names) > first + PAGE else {}
        return _json({"items": [{"name": one} for one in names[first : first + PAGE]], **rest})


@contextmanager
def cloud_storage() -> Iterator[CloudStorage]:
    """Run one until the block ends."""
    held = CloudStorage()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with held.lock:
                reply = held.answer(self.command, self.path, headers, body)
            self.close_connection = True
            if reply.status == 0:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  # the server's own names

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield held
        server.shutdown()


def _json(found: object) -> Reply:
    return Reply(body=json.dumps(found).encode())


def _so_far(upload: Upload) -> Reply:
    kept = {"Range": f"bytes=0-{len(upload.body) - 1}"} if upload.body else {}
    return Reply(status=308, headers=kept)
