"""A model's files in a bucket: named, digested, and whole once their manifest is there.

Speaks to S3 as boto3's client does; knows nothing of where files come from or go to.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

SHA256, GIT = "sha256", "git-sha1"
PART_BYTES = 64 << 20
"""Sent at a time: S3 takes parts from 5 MB on, and 10,000 of them, so files up to 640 GB."""
WORKERS = 4
"""Files at a time; each holds a part in memory."""
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class RefusedError(Exception):
    """What cannot be copied, and why; trying again changes nothing of it but a broken network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFile:
    """A file of a model.

    Attributes:
        path: within the model's folder.
        digest: "sha256:..." of large files, "git-sha1:..." of those that git itself keeps.
    """

    path: str
    size: int
    digest: str


class Digest:
    """Counts and digests what passes through."""

    def __init__(self, file: WeightFile) -> None:
        """Raises RefusedError for a digest of another kind."""
        self._file, self._bytes = file, 0
        kind, _, self._expected = file.digest.partition(":")
        if kind == SHA256:
            self._hash = hashlib.sha256()
        elif kind == GIT:
            self._hash = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
        else:
            raise RefusedError(f"{file.path}: no digest that can be checked ({file.digest!r})")

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks; after the last one, refuse what is not the file."""
        for chunk in chunks:
            self._hash.update(chunk)
            self._bytes += len(chunk)
            yield chunk
        if self._bytes != self._file.size or self._hash.hexdigest() != self._expected:
            raise RefusedError(
                f"{self._file.path}: {self._bytes} bytes of {self._file.size}, digest "
                f"{self._hash.hexdigest()} where {self._expected} was published"
            )


class Folder:
    """A model's folder in a bucket.

    Attributes:
        url: "s3://<bucket>/<folder>".
    """

    def __init__(self, client: Any, url: str) -> None:  # noqa: ANN401  (boto3's, made at run time)
        """Raises RefusedError for an address that is none of S3."""
        scheme, _, place = url.partition("://")
        self._bucket, _, self._folder = place.rstrip("/").partition("/")
        if scheme != "s3" or not self._bucket or not self._folder:
            raise RefusedError(f"{url}: expected s3://<bucket>/<folder>")
        self._client, self.url = client, url

    def manifest(self) -> tuple[WeightFile, ...] | None:
        """Return the files of a whole copy, None where there is none."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._manifest)
        except Exception as error:
            if _is_missing(error):
                return None
            raise
        rows = json.loads(found["Body"].read())["files"]
        return tuple(WeightFile(**row) for row in rows)

    def finish(self, repository: str, commit: str, files: Iterable[WeightFile]) -> None:
        """Write the manifest: from now on the copy is whole."""
        rows = [asdict(one) for one in files]
        text = json.dumps({"repository": repository, "commit": commit, "files": rows}, indent=1)
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._manifest,
            Body=text.encode(),
            ContentType="application/json",
        )

    def holds(self, file: WeightFile) -> bool:
        """Say whether the file is there as it was published: nothing else is ever put there."""
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._key(file))
        except Exception as error:
            if _is_missing(error):
                return False
            raise
        digest = found.get("Metadata", {}).get("digest")
        return bool(found["ContentLength"] == file.size and digest == file.digest)

    def write(self, file: WeightFile, chunks: Iterable[bytes]) -> None:
        """Put a file, visible only once every byte of it is checked.

        Raises:
            RefusedError: the bytes are not the file's.
        """
        place = {"Bucket": self._bucket, "Key": self._key(file)}
        about = {"Metadata": {"digest": file.digest}}
        parts = _parts(Digest(file).of(chunks))
        if file.size <= PART_BYTES:
            self._client.put_object(**place, **about, Body=b"".join(parts))
            return
        upload = {
            **place,
            "UploadId": self._client.create_multipart_upload(**place, **about)["UploadId"],
        }
        try:
            tags = [self._part(upload, number, part) for number, part in enumerate(parts, start=1)]
        except BaseException:
            self._client.abort_multipart_upload(**upload)
            raise
        self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": tags})

    def read(self, file: WeightFile) -> Iterator[bytes]:
        """Yield a file's bytes, checked when the last one has passed.

        Raises:
            RefusedError: the bytes are not the file's.
        """
        found = self._client.get_object(Bucket=self._bucket, Key=self._key(file))
        return Digest(file).of(found["Body"].iter_chunks(1 << 20))

    def _part(self, upload: dict[str, Any], number: int, part: bytes) -> dict[str, Any]:
        sent = self._client.upload_part(**upload, PartNumber=number, Body=part)
        return {"PartNumber": number, "ETag": sent["ETag"]}

    def _key(self, file: WeightFile) -> str:
        return f"{self._folder}/{file.path}"

    @property
    def _manifest(self) -> str:
        # beside the folder: engines read everything that is in it
        return f"{self._folder}.manifest.json"


def client() -> Any:  # noqa: ANN401  (boto3 is in the images, not among our own dependencies)
    """Return S3's client, with the credentials of the pod's role."""
    return importlib.import_module("boto3").client("s3")


def each(act: Callable[[WeightFile], None], files: Iterable[WeightFile]) -> None:
    """Act on files, some at a time; what fails does not keep the others from being done.

    Raises:
        Exception: the first failure, once all have ended.
    """
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        started = [pool.submit(act, one) for one in files]
    for one in started:
        one.result()


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks in parts of one size; the last one is whatever is left."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= PART_BYTES:
            yield bytes(gathered[:PART_BYTES])
            del gathered[:PART_BYTES]
    if gathered:
        yield bytes(gathered)


def _is_missing(error: Exception) -> bool:
    response = getattr(error, "response", {})
    return response.get("Error", {}).get("Code") in _MISSING
