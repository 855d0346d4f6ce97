"""Google Cloud, as far as a job uses it: who it is, secrets that it keeps, objects that it adds.

Plain requests: the image that the jobs run in brings no client of Google's. A pod's own identity
answers at the metadata address; a token of it lives for an hour, and no job takes so long.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# by address, which needs no name to be looked up
METADATA = "http://169.254.169.254"
SECRETS = "https://secretmanager.googleapis.com"
STORAGE = "https://storage.googleapis.com"
_TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token"
_SECONDS = 30
_UPLOAD_SECONDS = 1800
_MISSING = 404


class GoogleError(Exception):
    """A request that Google refused; the answer's text says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Account:
    """The pod's own identity, which hands out a token for each request."""

    def __init__(self, metadata: str = METADATA) -> None:
        self._metadata = metadata

    def token(self) -> str:
        """Return a token.

        Raises:
            GoogleError: the pod has no identity.
        """
        asked = urllib.request.Request(
            f"{self._metadata}{_TOKEN}", headers={"Metadata-Flavor": "Google"}
        )
        return str(_answer(asked)["access_token"])

    def ask(
        self,
        method: str,
        url: str,
        data: Any = None,  # noqa: ANN401  # bytes, or a file that is read as it is sent
        headers: Mapping[str, str] | None = None,
        seconds: int = _SECONDS,
    ) -> dict[str, Any]:
        """Return what Google answers.

        Raises:
            GoogleError: it refuses.
        """
        asked = urllib.request.Request(
            url,
            method=method,
            data=data,
            headers={"Authorization": f"Bearer {self.token()}", **(headers or {})},
        )
        return _answer(asked, seconds)


class SecretManager:
    """Google's store, with what the pod's account may do there."""

    def __init__(self, account: Account | None = None, address: str = SECRETS) -> None:
        self._account, self._address = account or Account(), address

    def keep(self, secret: str, value: Mapping[str, object], label: str = "") -> None:  # noqa: ARG002
        """Store a value; earlier ones stay what they are, by their number."""
        text = base64.b64encode(json.dumps(value).encode()).decode()
        self._account.ask(
            "POST",
            f"{self._address}/v1/{secret}:addVersion",
            json.dumps({"payload": {"data": text}}).encode(),
            {"Content-Type": "application/json"},
        )

    def read(self, secret: str) -> dict[str, Any]:
        """Return the last value, {} where none was ever stored."""
        try:
            answer = self._account.ask("GET", f"{self._address}/v1/{secret}/versions/latest:access")
        except GoogleError as error:
            if error.status == _MISSING:
                return {}
            raise
        found = json.loads(base64.b64decode(answer["payload"]["data"]))
        assert isinstance(found, dict)
        return found


def add_object(
    file: Path, bucket: str, key: str, account: Account | None = None, address: str = STORAGE
) -> None:
    """Store a file as an object that was not there before; the bucket's own key encrypts.

    Raises:
        GoogleError: Cloud Storage refuses, or the object is there.
    """
    asked = urllib.parse.urlencode({"uploadType": "media", "name": key, "ifGenerationMatch": 0})
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(file.stat().st_size),
    }
    with file.open("rb") as body:
        (account or Account()).ask(
            "POST",
            f"{address}/upload/storage/v1/b/{urllib.parse.quote(bucket)}/o?{asked}",
            body,
            headers,
            _UPLOAD_SECONDS,
        )


def _answer(asked: urllib.request.Request, seconds: int = _SECONDS) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            found = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise GoogleError(error.code, error.read().decode(errors="replace")) from error
    assert isinstance(found, dict)
    return found
