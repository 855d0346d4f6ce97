"""Tells an OpenSearch cluster who may do what, as its administrator with a password.

It does what `search_setup` does where requests are signed, and before that it lays down the users:
each holds the one backend role that is called like it, so that rights name users as they name roles
of a cloud. Passwords come in variables and are told to nobody but the cluster.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from components.kubernetes.scripts.search_setup import (
    TIMEOUT_SECONDS,
    Domain,
    Entry,
    RefusedError,
    apply,
    wanted,
)

URL = "SEARCH_URL"
USER = "SEARCH_USER"
"""Variable: name of the administrator."""
PASSWORD = "SEARCH_PASSWORD"
AUTHORITY = "SEARCH_AUTHORITY"
"""Variable: file of the authorities that vouch for the cluster."""
USERS = "SEARCH_USERS"
"""Variable: names of the users to lay down, with spaces between."""
_PASSWORD_OF = "SEARCH_PASSWORD_OF_"
_INTERNAL_USERS = "_plugins/_security/api/internalusers"


class Cluster(Domain):
    """An OpenSearch cluster, as its administrator sees it."""

    def __init__(self, url: str, user: str, password: str, trusted: ssl.SSLContext | None) -> None:
        """Speak to a cluster, by TLS where it is known whom to trust."""
        login = b64encode(f"{user}:{password}".encode()).decode()
        self._url, self._trusted, self._login = url.rstrip("/"), trusted, f"Basic {login}"

    def send(self, method: str, path: str, body: Entry | None = None) -> tuple[int, Entry]:
        """Return status and answer of one request."""
        way, _, query = path.partition("?")
        url = f"{self._url}/{quote(way)}" + (f"?{query}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": self._login}
        if data:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(
                request, timeout=TIMEOUT_SECONDS, context=self._trusted
            ) as answer:
                return answer.status, _entry(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _entry(error.read())


def _entry(body: bytes) -> Entry:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {"text": body.decode(errors="replace")}
    return found if isinstance(found, dict) else {"list": found}


def variable(user: str) -> str:
    """Return the variable that holds a user's password."""
    return _PASSWORD_OF + user.upper().replace("-", "_")


def users(variables: Mapping[str, str]) -> list[Entry]:
    """Return the requests that lay the users down.

    Raises:
        KeyError: a user has no password.
    """
    return [
        {
            "method": "PUT",
            "path": f"{_INTERNAL_USERS}/{name}",
            "body": {"password": variables[variable(name)], "backend_roles": [name]},
        }
        for name in variables[USERS].split()
    ]


def main() -> int:
    """Lay the users down, then do what the file says; the first refusal ends it."""
    told = dict(os.environ)
    trusted = ssl.create_default_context(cafile=told[AUTHORITY])
    cluster = Cluster(told[URL], told[USER], told[PASSWORD], trusted)
    try:
        for asked in (*users(told), *wanted(Path(sys.argv[1]), told)):
            print(apply(cluster, asked), flush=True)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
