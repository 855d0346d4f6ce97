"""Tells an OpenSearch domain who may do what, by requests signed as this pod's own role.

What it is told stands in a JSON file, in order. It can run again and again: every request says how
something is to be, not what is to change.
"""

from __future__ import annotations

import json
import os
import string
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from components.kubernetes.scripts.aws_signature import Credentials, credentials, signed

ATTEMPTS = 30
PAUSE_SECONDS = 10
TIMEOUT_SECONDS = 60
SHOWN = 500
SERVICE = "es"
GOOD = 300
NOT_FOUND = 404
CONFLICT = 409
# A new domain, or one whose administrator is not yet known everywhere, answers so for a while.
_LATER = frozenset({401, 403, 429, 500, 502, 503, 504})

Entry = dict[str, Any]


class RefusedError(Exception):
    """What the domain answered that no second attempt would change."""


class Domain:
    """An OpenSearch domain, as the pod's own role sees it."""

    def __init__(self, url: str, region: str, by: Credentials) -> None:
        """Speak to a domain in a region; the credentials last longer than the job may."""
        self._url, self._region, self._by = url.rstrip("/"), region, by

    def send(self, method: str, path: str, body: Entry | None = None) -> tuple[int, Entry]:
        """Return status and answer of one signed request."""
        way, _, query = path.partition("?")
        url = f"{self._url}/{quote(way)}" + (f"?{query}" if query else "")
        data = b"" if body is None else json.dumps(body).encode()
        headers = signed(method, url, data, by=self._by, region=self._region, service=SERVICE)
        if data:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=data or None, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())


def apply(domain: Domain, asked: Entry) -> str:
    """Send what is asked, as often as it takes, and return what became of it.

    Raises:
        RefusedError: it is refused, or nobody answers in time.
    """
    said = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            status, answer = domain.send(asked["method"], _path(domain, asked), asked["body"])
        except OSError as error:
            said = str(error)
            continue
        if status < GOOD:
            return f"{asked['path']}: done"
        if status == NOT_FOUND and asked.get("missing"):
            return f"{asked['path']}: nothing there yet"
        said = f"{status} {json.dumps(answer)[:SHOWN]}"
        if status not in _LATER and status != CONFLICT:
            break
    raise RefusedError(f"{asked['method']} {asked['path']}: {said}")


def _path(domain: Domain, asked: Entry) -> str:
    """Return the path, with the state that was seen where one must be said."""
    path: str = asked["path"]
    if not asked.get("seen"):
        return path
    status, found = domain.send("GET", path)
    if status >= GOOD:
        return path  # there is none, or whatever is wrong is said to what changes it
    return f"{path}?if_seq_no={found['_seq_no']}&if_primary_term={found['_primary_term']}"


def _json(body: bytes) -> Entry:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {"text": body.decode(errors="replace")}
    return found if isinstance(found, dict) else {"list": found}


def wanted(path: Path, variables: dict[str, str]) -> list[Entry]:
    """Return what the file asks, with the roles' names filled in.

    Raises:
        KeyError: a role that it names is not among the variables.
    """
    found: list[Entry] = json.loads(string.Template(path.read_text()).substitute(variables))
    return found


def main() -> int:
    """Do what the file says, one after the other; the first refusal ends it."""
    domain = Domain(os.environ["SEARCH_URL"], os.environ["AWS_REGION"], credentials())
    try:
        for asked in wanted(Path(sys.argv[1]), dict(os.environ)):
            print(apply(domain, asked), flush=True)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
