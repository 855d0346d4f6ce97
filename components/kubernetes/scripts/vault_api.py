"""Speaks to Vault by HTTPS, by the standard library alone; nothing here prints a value."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, TypeVar

ADDRESS = "VAULT_ADDR"
"""Variable: where it answers."""
AUTHORITY = "VAULT_CACERT"
"""Variable: file of the certificates that its own chains to."""
TOKEN_FILE = "AIGW_TOKEN_FILE"
"""Variable: file of the pod's own token, made out to Vault."""
KUBERNETES = "kubernetes"
"""Where service accounts log in."""

Answer = TypeVar("Answer")

_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 2.0
# A standby hands a request on; while they elect, or open, they answer these.
_NOT_NOW = frozenset({429, 500, 502, 503})
_MISSING = 404


class VaultError(Exception):
    """Vault refused; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Vault:
    """Its API, as whoever shows a token."""

    def __init__(self, address: str, authority: str = "", token: str = "") -> None:
        """Say whom to ask.

        Args:
            address: "https://host:port".
            authority: file of the certificates that its own chains to.
            token: what it shows, "" before it has one.
        """
        self._address = address.rstrip("/")
        self._authority = authority
        self._token = token

    @property
    def known(self) -> bool:
        """Say whether it has a token."""
        return bool(self._token)

    def showing(self, token: str) -> Vault:
        """Return the same API for another token."""
        return Vault(self._address, self._authority, token)

    def logged_in(self, role: str, token_file: Path) -> Vault:
        """Return the API as a role of Kubernetes' login.

        Raises:
            VaultError: the role is not there, or not this account's.
        """
        shown = {"role": role, "jwt": token_file.read_text().strip()}
        found = self.ask("POST", f"auth/{KUBERNETES}/login", shown)
        return self.showing(str(found["auth"]["client_token"]))

    def ask(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Return what it answers, {} for nothing.

        Raises:
            VaultError: it refuses.
            OSError: it does not answer.
        """
        with self.open(method, path, body) as answer:
            text = answer.read()
        found = json.loads(text) if text else {}
        assert isinstance(found, dict)
        return found

    def find(self, path: str) -> dict[str, Any] | None:
        """Return what is at a path, None where nothing is.

        Raises:
            VaultError: it refuses.
            OSError: it does not answer.
        """
        try:
            return self.ask("GET", path)
        except VaultError as error:
            if error.status == _MISSING:
                return None
            raise

    def open(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> HTTPResponse:
        """Return the open answer, to be read in parts.

        Raises:
            VaultError: it refuses.
            OSError: it does not answer.
        """
        request = urllib.request.Request(
            f"{self._address}/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Vault-Request": "true", **self._shown()},
        )
        # made anew: the file changes while a long job runs
        trust = ssl.create_default_context(cafile=self._authority or None)
        try:
            answer = urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS, context=trust)
        except urllib.error.HTTPError as error:
            raise VaultError(error.code, f"{method} {path}: {error.code}, {_said(error)}") from None
        assert isinstance(answer, HTTPResponse)
        return answer

    def _shown(self) -> dict[str, str]:
        return {"X-Vault-Token": self._token} if self._token else {}


def patiently(
    ask: Callable[[], Answer],
    seconds: float,
    *,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """Return what is asked for, asking again while nobody answers or nobody leads.

    Raises:
        VaultError: it refuses for good, or for so long.
        OSError: nobody has answered for so long.
    """
    end = clock() + seconds
    while True:
        try:
            return ask()
        except VaultError as error:
            if error.status not in _NOT_NOW or clock() > end:
                raise
        except OSError:
            if clock() > end:
                raise
        pause(_PAUSE_SECONDS)


def _said(error: urllib.error.HTTPError) -> str:
    """Return the errors that Vault names; it names no secret in them."""
    try:
        return "; ".join(map(str, json.load(error).get("errors", []))) or "no reason given"
    except ValueError:
        return "no reason given"
