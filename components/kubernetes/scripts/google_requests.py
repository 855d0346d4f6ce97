"""Requests to Google's APIs that are made again where what failed may pass."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException

from components.kubernetes.scripts.google_cloud import Account, GoogleError

ATTEMPTS = 6
WAIT_SECONDS = 1.0
TIMEOUT_SECONDS = 120
BROKEN = 599
"""Stands for a connection that broke before there was an answer."""
FIRST_REFUSAL = 300
UNFINISHED = 308
"""An upload of which more is to come."""
# https://docs.cloud.google.com/storage/docs/retry-strategy; an upload that took nothing is not lost
_PASSING = frozenset({UNFINISHED, 408, 429, 500, 502, 503, 504, BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status says."""

    status: int
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    def error(self) -> GoogleError:
        """Return it as what is raised."""
        return GoogleError(self.status, self.body.decode(errors="replace"))


class Requests:
    """Asks with the pod's own account."""

    def __init__(self, account: Account, wait_s: float = WAIT_SECONDS) -> None:
        """Keep who asks, and the wait before a second attempt; it doubles from then on."""
        self._account, self._wait_s = account, wait_s

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        taken: Collection[int] = (),
    ) -> Answer:
        """Return an answer that is no refusal; statuses that are `taken` are none.

        Raises:
            GoogleError: it is refused, or fails again and again.
        """
        attempt = 0
        while True:
            answer = self.once(method, url, body, headers)
            if answer.status < FIRST_REFUSAL or answer.status in taken:
                return answer
            attempt += 1
            self.wait(answer, attempt)

    def once(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return what one attempt comes to."""
        try:
            who = {"Authorization": f"Bearer {self._account.token()}"}
            asked = urllib.request.Request(
                url, method=method, data=body, headers={**who, **(headers or {})}
            )
            with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:
                return Answer(status=answer.status, headers=answer.headers, body=answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(status=error.code, headers=error.headers, body=error.read())
        except GoogleError as error:
            return Answer(status=error.status, body=str(error).encode())
        except (OSError, HTTPException) as error:
            return Answer(status=BROKEN, body=repr(error).encode())

    def wait(self, answer: Answer, attempt: int) -> None:
        """Wait before the attempt that follows this one, the first being 1.

        Raises:
            GoogleError: the answer is none that passes, or this was the last attempt.
        """
        if answer.status not in _PASSING or attempt >= ATTEMPTS:
            raise answer.error()
        time.sleep(self._wait_s * 2 ** (attempt - 1))
