"""Copies a model from Hugging Face into a bucket, at one commit, every byte checked.

Run again it copies what is missing: files that are whole stay, and a copy with its manifest is
left alone without asking Hugging Face at all. An upload that was cut off is never seen; the bucket
itself clears it away.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import BaseHandler, HTTPRedirectHandler, Request, build_opener

from components.kubernetes.scripts.weights import (
    GIT,
    SHA256,
    Folder,
    RefusedError,
    WeightFile,
    client,
    each,
)

TOKEN = "HF_TOKEN"
WEIGHTS = ".safetensors"
KEPT = (WEIGHTS, ".json", ".txt", ".model", ".jinja", ".tiktoken")
"""What engines read. Never pickles, which run code, nor a repository's own programs."""
# A second form of the same weights, which engines would read as well.
SECOND_FORM = re.compile(r"consolidated.*|params\.json")
COMMIT = re.compile(r"[0-9a-f]{40}")
PARTIAL_CONTENT = 206
CHUNK_BYTES = 1 << 20
ATTEMPTS = 6
WAIT_SECONDS = 5.0
TIMEOUT_SECONDS = 60
_CLOSED = {
    401: "no such repository, or it asks for a token",
    403: "its licence has to be accepted by the token's owner",
    404: "no such repository, commit or file",
}


class Hub:
    """Hugging Face, as far as it is read."""

    def __init__(
        self,
        endpoint: str,
        token: str = "",
        *,
        wait_s: float = WAIT_SECONDS,
        handlers: Iterable[BaseHandler] = (),
    ) -> None:
        """Keep what is needed to ask.

        Args:
            endpoint: its address.
            token: what opens gated repositories.
            wait_s: before the second attempt; each further one waits twice as long.
            handlers: of addresses, before urllib's own.
        """
        self._endpoint, self._token, self._wait_s = endpoint.rstrip("/"), token, wait_s
        self._opener = build_opener(_WithoutToken, *handlers)

    def files(self, repository: str, revision: str) -> tuple[str, tuple[WeightFile, ...]]:
        """Return the commit that a revision is, and its files.

        Raises:
            RefusedError: it is not there, not for this token, or another commit.
        """
        url = f"{self._endpoint}/api/models/{repository}/revision/{quote(revision)}?blobs=true"
        with self._open(url, 0) as answer:
            about = json.loads(answer.read())
        commit = str(about["sha"])
        if COMMIT.fullmatch(revision) and commit != revision:
            raise RefusedError(f"{repository}: {revision} was asked for and {commit} answered")
        return commit, tuple(_file(row) for row in about["siblings"])

    def read(self, repository: str, commit: str, file: WeightFile) -> Iterator[bytes]:
        """Yield a file's bytes; a connection that breaks goes on where it stood.

        Raises:
            RefusedError: it is not there, or the connection breaks again and again.
        """
        url = f"{self._endpoint}/{repository}/resolve/{commit}/{quote(file.path)}"
        done, attempt = 0, 0
        while done < file.size:
            try:
                for chunk in self._chunks(url, done):
                    done, attempt = done + len(chunk), 0
                    yield chunk
                if done < file.size:
                    raise HTTPException(f"{done} bytes of {file.size}")
            except (OSError, HTTPException) as error:
                attempt += 1
                if attempt == ATTEMPTS:
                    raise RefusedError(f"{file.path}: {error}") from error
                time.sleep(self._wait_s * 2 ** (attempt - 1))

    def _chunks(self, url: str, offset: int) -> Iterator[bytes]:
        with self._open(url, offset) as answer:
            skipped = offset if answer.status != PARTIAL_CONTENT else 0  # some start anew
            while chunk := answer.read(min(CHUNK_BYTES, skipped or CHUNK_BYTES)):
                if skipped:
                    skipped -= len(chunk)
                else:
                    yield chunk

    def _open(self, url: str, offset: int) -> Any:  # noqa: ANN401  (urllib's response)
        request = Request(url, headers={"User-Agent": "aigw-model-sync"})
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if offset:
            request.add_header("Range", f"bytes={offset}-")
        try:
            return self._opener.open(request, timeout=TIMEOUT_SECONDS)
        except HTTPError as error:
            if reason := _CLOSED.get(error.code):
                raise RefusedError(f"{urlsplit(url).path}: {error.code}, {reason}") from error
            raise


class _WithoutToken(HTTPRedirectHandler):
    """Follows to where the bytes lie, which has its own key in the address: the token stays."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request for the next address."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            following.remove_header("Authorization")
        return following


def _file(row: dict[str, Any]) -> WeightFile:
    large = row.get("lfs")
    digest = f"{SHA256}:{large['sha256']}" if large else f"{GIT}:{row['blobId']}"
    return WeightFile(path=row["rfilename"], size=row["size"], digest=digest)


def chosen(files: Iterable[WeightFile]) -> tuple[WeightFile, ...]:
    """Return what engines need, by path: weights as safetensors, configuration, tokenizer.

    Raises:
        RefusedError: no such weights or no configuration, or a path that leads elsewhere.
    """
    found = tuple(sorted((one for one in files if _kept(one.path)), key=lambda one: one.path))
    paths = {one.path for one in found}
    if not any(path.endswith(WEIGHTS) for path in paths) or "config.json" not in paths:
        raise RefusedError("the repository has no safetensors beside a config.json")
    return found


def _kept(path: str) -> bool:
    *folders, name = path.split("/")
    if any(part in ("", "..") for part in (*folders, name)) or "\\" in path:
        raise RefusedError(f"{path!r} is no path of a file")
    # engines read weights of the first level alone
    nested = bool(folders) and (name.endswith(WEIGHTS) or folders[0] == "original")
    return name.endswith(KEPT) and not nested and not SECOND_FORM.fullmatch(name)


def sync(
    hub: Hub,
    target: Folder,
    repository: str,
    revision: str,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Make the folder whole and return how many files were copied.

    Args:
        say: told of what happens.

    Raises:
        RefusedError: the repository cannot be read, or its bytes are not what it says.
    """
    known = target.manifest()
    if known is not None and all(target.holds(one) for one in known):
        say(f"{target.url} is whole: {len(known)} files")
        return 0
    commit, listed = hub.files(repository, revision)
    wanted = chosen(listed)
    missing = [one for one in wanted if not target.holds(one)]
    say(f"{repository} at {commit}: {len(missing)} of {len(wanted)} files to copy")

    def copy(file: WeightFile) -> None:
        target.write(file, hub.read(repository, commit, file))
        say(f"copied {file.path}, {file.size} bytes, {file.digest}")

    each(copy, missing)
    target.finish(repository, commit, wanted)
    say(f"{target.url} is whole: {len(wanted)} files")
    return len(missing)


def main() -> int:
    """Copy what the arguments name; return 1 where that is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--repository", "--revision", "--to", "--hub"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    try:
        hub, target = Hub(given.hub, os.environ.get(TOKEN, "")), Folder(client(), given.to)
        sync(hub, target, given.repository, given.revision, print)
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
