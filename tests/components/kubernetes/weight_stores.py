"""A Hugging Face and an S3 in memory, as far as the copying of weights asks them.

Cloud Storage stands in `google_storage`; `WeightStore` is what both show of themselves.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import BaseHandler, Request
from urllib.response import addinfourl

from components.kubernetes.scripts.model_sync import Hub
from components.kubernetes.scripts.weights import Folder

HUB = "https://hub.example"
FILES = "https://files.example"
COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
REPOSITORY = "meta-llama/Llama-3.1-8B-Instruct"


class WeightStore(Protocol):
    """A bucket "models" of either kind.

    Attributes:
        objects: what can be read, by key.
        written: keys in the order in which they became visible.
        uploads: what is neither completed nor given up.
        parts: lengths of what was sent, of objects in several parts.
        breaks: keys of which no bytes are taken any more.
    """

    objects: dict[str, tuple[bytes, Mapping[str, str]]]
    written: list[str]
    parts: list[int]
    breaks: set[str]

    @property
    def uploads(self) -> Mapping[str, object]:
        """What is neither completed nor given up."""

    def folder(self, path: str) -> Folder:
        """Return a folder of it, as programs see it."""


class FakeHub(BaseHandler):
    """A repository at one commit; large files are answered by another host.

    Attributes:
        asked: address, token and range of each request, in their order.
        served: bytes that are sent in place of the published ones, by path.
        breaks: paths whose first answer ends in the middle.
        ignores_ranges: it starts each answer anew.
        refuses: status of every answer of the first host, 0 for none.
    """

    handler_order = 100  # before urllib's own

    def __init__(self, files: Mapping[str, bytes], *, large: tuple[str, ...] = ()) -> None:
        self.files, self._large = dict(files), large
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.served: dict[str, bytes] = {}
        self.breaks: set[str] = set()
        self.ignores_ranges = False
        self.refuses = 0
        self.commit = COMMIT

    def client(self, token: str = "") -> Hub:
        return Hub(HUB, token, wait_s=0, handlers=[self])

    def https_open(self, request: Request) -> addinfourl:
        url = request.full_url
        self.asked.append((url, request.get_header("Authorization"), request.get_header("Range")))
        place = urlsplit(url)
        if place.netloc == urlsplit(FILES).netloc:
            return self._bytes(url, unquote(place.path.lstrip("/")), request.get_header("Range"))
        if self.refuses:
            return _answer(url, self.refuses)
        if place.path.startswith("/api/"):
            return _answer(url, 200, json.dumps(self._listing()).encode())
        path = unquote(place.path.partition(f"/resolve/{COMMIT}/")[2])
        if path not in self.files:
            return _answer(url, 404)
        if path in self._large:
            return _answer(url, 302, headers={"Location": f"{FILES}/{path}"})
        return self._bytes(url, path, request.get_header("Range"))

    def _listing(self) -> dict[str, Any]:
        return {"sha": self.commit, "siblings": [self._row(path) for path in sorted(self.files)]}

    def _row(self, path: str) -> dict[str, Any]:
        content = self.files[path]
        row: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": _blob(content)}
        if path in self._large:
            row["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        return row

    def _bytes(self, url: str, path: str, wanted: str | None) -> addinfourl:
        content = self.served.get(path, self.files[path])
        whole = wanted is None or self.ignores_ranges
        start = 0 if whole else int(str(wanted).removeprefix("bytes=").rstrip("-"))
        end = len(content)
        if path in self.breaks:
            self.breaks.remove(path)
            end = start + (end - start) // 2
        return _answer(url, 200 if whole else 206, content[start:end])


def _blob(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


def _answer(
    url: str, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> addinfourl:
    told = Message()
    for name, value in (headers or {}).items():
        told[name] = value
    answer = addinfourl(io.BytesIO(body), told, url, status)
    answer.msg = ""  # type: ignore[attr-defined]  # urllib reads the reason from it
    return answer


class MissingError(Exception):
    """What boto3 raises, as far as it is looked at."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.response = {"Error": {"Code": "NoSuchKey"}}


class _Body(io.BytesIO):
    def iter_chunks(self, size: int) -> Iterator[bytes]:
        while chunk := self.read(size):
            yield chunk


class FakeS3:
    """A bucket under boto3's names.

    Attributes:
        objects: what can be read, by key.
        written: keys in the order in which they became visible.
        uploads: parts of uploads that are neither completed nor aborted.
        breaks: keys of which no part and no object is taken any more.
    """

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, Mapping[str, str]]] = {}
        self.written: list[str] = []
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.parts: list[int] = []
        self.breaks: set[str] = set()
        self._about: dict[str, Mapping[str, str]] = {}

    def folder(self, path: str) -> Folder:
        return Folder(self, f"s3://models/{path}")

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        body, metadata = self._found(Bucket, Key)
        return {"ContentLength": len(body), "Metadata": metadata}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        return {"Body": _Body(self._found(Bucket, Key)[0])}

    def put_object(
        self,
        *,
        Bucket: str,  # noqa: ARG002, N803
        Key: str,  # noqa: N803
        Body: bytes,  # noqa: N803
        Metadata: Mapping[str, str] | None = None,  # noqa: N803
        ContentType: str = "",  # noqa: ARG002, N803
    ) -> dict[str, Any]:
        self._refuse(Key)
        self._show(Key, Body, Metadata or {})
        return {}

    def create_multipart_upload(
        self,
        *,
        Bucket: str,  # noqa: ARG002, N803
        Key: str,  # noqa: N803
        Metadata: Mapping[str, str],  # noqa: N803
    ) -> dict[str, Any]:
        self.uploads[Key], self._about[Key] = {}, Metadata
        return {"UploadId": Key}

    def upload_part(
        self,
        *,
        Bucket: str,  # noqa: ARG002, N803
        Key: str,  # noqa: N803
        UploadId: str,  # noqa: N803
        PartNumber: int,  # noqa: N803
        Body: bytes,  # noqa: N803
    ) -> dict[str, Any]:
        if PartNumber > 1:
            self._refuse(Key)
        self.parts.append(len(Body))
        self.uploads[UploadId][PartNumber] = Body
        return {"ETag": f"tag-{PartNumber}"}

    def complete_multipart_upload(
        self,
        *,
        Bucket: str,  # noqa: ARG002, N803
        Key: str,  # noqa: N803
        UploadId: str,  # noqa: N803
        MultipartUpload: Mapping[str, Any],  # noqa: N803
    ) -> dict[str, Any]:
        parts = self.uploads.pop(UploadId)
        named = [(one["PartNumber"], one["ETag"]) for one in MultipartUpload["Parts"]]
        assert named == [(number, f"tag-{number}") for number in sorted(parts)]
        self._show(Key, b"".join(parts[number] for number in sorted(parts)), self._about[Key])
        return {}

    def abort_multipart_upload(
        self,
        *,
        Bucket: str,  # noqa: ARG002, N803
        Key: str,  # noqa: ARG002, N803
        UploadId: str,  # noqa: N803
    ) -> dict[str, Any]:
        del self.uploads[UploadId]
        return {}

    def _found(self, bucket: str, key: str) -> tuple[bytes, Mapping[str, str]]:
        if bucket != "models" or key not in self.objects:
            raise MissingError(key)
        return self.objects[key]

    def _refuse(self, key: str) -> None:
        if key in self.breaks:
            raise ConnectionResetError(key)

    def _show(self, key: str, body: bytes, metadata: Mapping[str, str]) -> None:
        self.objects[key] = (body, dict(metadata))
        self.written.append(key)
