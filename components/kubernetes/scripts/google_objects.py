"""Objects of a bucket of Cloud Storage, small or of many gigabytes, by its JSON API.

A large one is read in parts, several at a time, and sent by an upload that goes on where a broken
connection left it. Cloud Storage compares what it got with the digest of what was sent, and shows
nothing else. Plain requests, as `google_cloud` makes them: every image with Python can run it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from components.kubernetes.scripts.google_cloud import STORAGE, Account
from components.kubernetes.scripts.google_requests import (
    FIRST_REFUSAL,
    UNFINISHED,
    WAIT_SECONDS,
    Answer,
    Requests,
)

PART_BYTES = 16 << 20
"""Read or sent at a time, a multiple of 256 KiB as uploads want it; three of them are in memory."""
STREAMS = 4
"""Parts of one object that are read at the same time."""
_MISSING, _NO_SUCH_RANGE = 404, 416
_BYTES = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of an object without reading it."""

    size: int
    metadata: Mapping[str, str]


class Objects:
    """The objects of one bucket, with what the pod's account may do there."""

    def __init__(
        self,
        bucket: str,
        account: Account | None = None,
        address: str = STORAGE,
        *,
        wait_s: float = WAIT_SECONDS,
    ) -> None:
        """Keep what is needed to ask.

        Args:
            bucket: its name.
            account: who asks.
            address: of Cloud Storage.
            wait_s: before a second attempt.
        """
        self._requests = Requests(account or Account(), wait_s)
        self._bucket, self._address = quote(bucket, safe=""), address

    def about(self, key: str) -> About | None:
        """Return what is known of an object, None where there is none.

        Raises:
            GoogleError: it may not be looked at.
        """
        answer = self._requests.ask("GET", self._url(key), taken=(_MISSING,))
        if answer.status == _MISSING:
            return None
        found = json.loads(answer.body)
        return About(size=int(found["size"]), metadata=found.get("metadata", {}))

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin so.

        Raises:
            GoogleError: they may not be listed.
        """
        asked = {"prefix": prefix, "fields": "items/name,nextPageToken"}
        while True:
            page = json.loads(self._requests.ask("GET", f"{self._url()}?{urlencode(asked)}").body)
            yield from (str(one["name"]) for one in page.get("items", []))
            if not page.get("nextPageToken"):
                return
            asked["pageToken"] = page["nextPageToken"]

    def read(self, key: str, size: int) -> Iterator[bytes]:
        """Yield an object's bytes in their order; fewer than `size` where it has fewer.

        Raises:
            GoogleError: there is none, or it may not be read.
        """
        waiting: deque[Future[bytes]] = deque()
        with ThreadPoolExecutor(max_workers=STREAMS) as pool:
            for first in range(0, size, PART_BYTES):
                if len(waiting) == STREAMS:
                    yield waiting.popleft().result()
                last = min(first + PART_BYTES, size) - 1
                waiting.append(pool.submit(self._part, key, first, last))
            while waiting:
                yield waiting.popleft().result()

    def write(
        self, key: str, chunks: Iterable[bytes], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Put an object, visible only once Cloud Storage has all of it, as it was sent.

        Chunks that end in an error give the upload up.

        Raises:
            GoogleError: it is refused, or broken again and again.
        """
        asked = urlencode({"uploadType": "resumable", "name": key})
        begun = self._requests.ask(
            "POST",
            f"{self._address}/upload/storage/v1/b/{self._bucket}/o?{asked}",
            json.dumps({"metadata": dict(metadata or {})}).encode(),
            {"Content-Type": "application/json"},
        )
        upload = _Upload(self._requests, begun.headers["Location"])
        try:
            upload.send(chunks)
        except BaseException:
            upload.give_up()
            raise

    def drop(self, key: str) -> None:
        """Delete an object; one that is not there is as good as deleted.

        Raises:
            GoogleError: it may not be deleted.
        """
        self._requests.ask("DELETE", self._url(key), taken=(_MISSING,))

    def _part(self, key: str, first: int, last: int) -> bytes:
        answer = self._requests.ask(
            "GET",
            f"{self._url(key)}?alt=media",
            headers={"Range": f"bytes={first}-{last}"},
            taken=(_NO_SUCH_RANGE,),
        )
        return b"" if answer.status == _NO_SUCH_RANGE else answer.body

    def _url(self, key: str = "") -> str:
        objects = f"{self._address}/storage/v1/b/{self._bucket}/o"
        return f"{objects}/{quote(key, safe='')}" if key else objects


class _Upload:
    """One upload, by the address that it was given.

    https://docs.cloud.google.com/storage/docs/performing-resumable-uploads
    """

    def __init__(self, requests: Requests, address: str) -> None:
        self._requests, self._address = requests, address
        self._sent = 0  # what parts before the one in hand hold

    def send(self, chunks: Iterable[bytes]) -> None:
        """Send all of them; the last part says with which digest the object is whole."""
        digest, held = hashlib.md5(usedforsecurity=False), b""
        # one part is held back: the last must be told apart, and chunks may end in an error
        for part in parts(chunks, PART_BYTES):
            if held:
                self._put(held, "*", {})
                self._sent += len(held)
            digest.update(part)
            held = part
        whole = base64.b64encode(digest.digest()).decode()
        self._put(held, str(self._sent + len(held)), {"X-Goog-Hash": f"md5={whole}"})

    def give_up(self) -> None:
        """Forget it: what was sent goes at once, and not after a week."""
        self._requests.once("DELETE", self._address)

    def _put(self, part: bytes, total: str, headers: Mapping[str, str]) -> None:
        """Send a part, from where it stands each time that it breaks."""
        done, attempt, asking = 0, 0, False
        while True:
            rest = b"" if asking else part[done:]
            answer, before = self._once(rest, self._sent + done, total, headers), done
            if answer.status < FIRST_REFUSAL:
                return
            told = answer.status == UNFINISHED
            if told:
                done = self._taken(answer, part)
                if done == len(part) and total == "*":
                    return
            if told and (done > before or asking):
                asking, attempt = False, 0 if done > before else attempt
            else:
                attempt += 1
                self._requests.wait(answer, attempt)
                asking = True

    def _once(self, rest: bytes, first: int, total: str, headers: Mapping[str, str]) -> Answer:
        """Send bytes; none ask how far it is, or end what is all there."""
        place = f"{first}-{first + len(rest) - 1}" if rest else "*"
        said = {**_BYTES, "Content-Range": f"bytes {place}/{total}", **headers}
        return self._requests.once("PUT", self._address, rest, said)

    def _taken(self, answer: Answer, part: bytes) -> int:
        """Return how much of the part has arrived.

        Raises:
            GoogleError: of what was sent before something is gone.
        """
        _, _, last = answer.headers.get("Range", "").rpartition("-")
        done = (int(last) + 1 if last else 0) - self._sent
        if not 0 <= done <= len(part):
            raise answer.error()
        return done


def parts(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the chunks in parts of one size; the last one is whatever is left."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= size:
            yield bytes(gathered[:size])
            del gathered[:size]
    if gathered:
        yield bytes(gathered)
