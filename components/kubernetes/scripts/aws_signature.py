"""Signs requests to AWS (Signature Version 4) as the pod's own role, with Python's own library.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.request import Request, urlopen

ALGORITHM = "AWS4-HMAC-SHA256"
# Where EKS' agent hands out a pod's credentials, and what it wants to see.
ADDRESS = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
TIMEOUT_SECONDS = 10
_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Keys of a role for some hours."""

    key: str
    secret: str
    token: str = ""


def credentials(variables: Mapping[str, str] = os.environ) -> Credentials:
    """Return the pod's credentials, fetched anew.

    Raises:
        KeyError: nothing binds the pod's account to a role.
        OSError: the node's agent does not answer.
    """
    shown = Path(variables[TOKEN_FILE]).read_text(encoding="utf-8").strip()
    request = Request(variables[ADDRESS], headers={"Authorization": shown})
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        found = json.load(answer)
    return Credentials(
        key=found["AccessKeyId"], secret=found["SecretAccessKey"], token=found["Token"]
    )


def signed(
    method: str,
    url: str,
    body: bytes,
    *,
    by: Credentials,
    region: str,
    service: str,
    now: datetime | None = None,
) -> dict[str, str]:
    """Return the headers that sign a request.

    Args:
        url: its path encoded as it is sent.
        now: the time of the signature, which is good for some minutes.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": urlsplit(url).netloc, "x-amz-date": moment}
    if by.token:
        headers["x-amz-security-token"] = by.token
    names = ";".join(sorted(headers))
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    asked = _hash(_canonical(method, url, headers, body).encode())
    key = f"AWS4{by.secret}".encode()
    for part in scope.split("/"):
        key = _code(key, part)
    signature = _code(key, "\n".join((ALGORITHM, moment, scope, asked))).hex()
    credential = f"Credential={by.key}/{scope}"
    said = f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    return {name: text for name, text in headers.items() if name != "host"} | {
        "Authorization": said
    }


def _canonical(method: str, url: str, headers: Mapping[str, str], body: bytes) -> str:
    parts = urlsplit(url)
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return "\n".join(
        (
            method,
            # encoded once more than it is sent, for every service but S3
            quote(parts.path or "/", safe="/" + _UNRESERVED),
            "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs),
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            ";".join(sorted(headers)),
            _hash(body),
        )
    )


def _encoded(text: str) -> str:
    return quote(text, safe=_UNRESERVED)


def _code(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
