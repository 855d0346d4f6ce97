"""GitHub's REST API as far as the workflows ask it: the standard library, one repository."""

from __future__ import annotations

import json
import os
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

PAGE, PAGES, TIMEOUT_S = 100, 30, 30
"""Entries of a page (the most that GitHub gives), pages that are read, seconds of a call."""


def ask(path: str, body: Mapping[str, object] | None = None, *, method: str | None = None) -> Any:  # noqa: ANN401  (JSON of another program)
    """Return the answer to a call, below the repository.

    Args:
        path: such as `/issues/12`.
        body: what is sent, by POST unless another method is named; None asks by GET.
        method: of HTTP.

    Raises:
        urllib.error.HTTPError: GitHub refuses.
    """
    request = urllib.request.Request(
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        method=method,
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.loads(answer.read() or b"null")


def pages(path: str, key: str = "", **wanted: str) -> Iterator[Any]:
    """Yield the entries of a list, page after page.

    Args:
        path: as of `ask`.
        key: where the entries stand in the answer; "" where the answer is the list.
        wanted: parameters of the question.
    """
    for page in range(1, PAGES + 1):
        query = urllib.parse.urlencode({**wanted, "per_page": PAGE, "page": page})
        answer = ask(f"{path}?{query}")
        entries = answer[key] if key else answer
        yield from entries
        if len(entries) < PAGE:
            return
