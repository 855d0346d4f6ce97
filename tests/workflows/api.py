"""GitHub's API on loopback, as far as the workflows ask it, and the storage of artifacts."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

REPOSITORY, REPOSITORY_ID = "acme/platform", 1
BOT = "github-actions[bot]"
TOKEN = "token-of-the-job"
Answer = tuple[int, Any]


@dataclass(slots=True, kw_only=True)
class GitHub:
    """One repository: what it holds, and what was changed in it."""

    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    events: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    archives: dict[int, bytes] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    storage: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What the runner tells a step of it, and the step's token."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "77",
            "GITHUB_TOKEN": TOKEN,
        }

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:  # noqa: ANN401
        """Return status and body of a call, below the repository; lists come in pages."""
        if method != "GET":
            self.changes.append((method, path))
        found = self._read(path, query) if method == "GET" else self._write(method, path, body)
        return (404, {"message": "Not Found"}) if found is None else (200, found)

    def _read(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401
        match path.strip("/").split("/"):
            case ["pulls", number]:
                return self.pulls.get(int(number))
            case ["issues"]:
                return paged(self._open(query), query)
            case ["issues", number, "comments"]:
                return paged(self.comments.get(int(number), []), query)
            case ["issues", number, "events"]:
                return paged(self.events.get(int(number), []), query)
            case ["actions", "runs", "77", "artifacts"]:
                return {
                    "artifacts": [one for one in self.artifacts if one["name"] == query["name"]]
                }
            case ["actions", "runs", "77", "jobs"]:
                return {"jobs": paged(self.jobs, query)}
            case ["actions", "workflows", "preview.yml", "runs"]:
                of = [one for one in self.runs if one["head_branch"] == query["branch"]]
                return {"workflow_runs": paged(of, query)}
        return None

    def _write(self, method: str, path: str, body: Any) -> Any:  # noqa: ANN401
        match method, path.strip("/").split("/"):
            case "POST", ["issues", number, "comments"]:
                return self._comment(int(number), body["body"])
            case "POST", ["issues"]:
                return self._issue(body)
            case "PATCH", ["issues", "comments", number]:
                return self._edit(int(number), body["body"])
            case "PATCH", ["issues", number]:
                return self._change(int(number), body)
            case "DELETE", ["issues", number, "labels", label]:
                return self._unlabel(number, label)
        return None

    def _open(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            one
            for one in self.issues
            if one["state"] == query["state"] and one["user"]["login"] == query["creator"]
        ]

    def _comment(self, number: int, text: str) -> dict[str, Any]:
        assert len(text) <= 65_536, "Body is too long"
        own = self.comments.setdefault(number, [])
        own.append({"id": 900 + len(own), "user": {"login": BOT}, "body": text})
        return own[-1]

    def _edit(self, comment: int, text: str) -> dict[str, Any] | None:
        assert len(text) <= 65_536, "Body is too long"
        for own in self.comments.values():
            for one in own:
                if one["id"] == comment:
                    one["body"] = text
                    return one
        return None

    def _issue(self, body: Mapping[str, Any]) -> dict[str, Any]:
        number = 500 + len(self.issues)
        self.issues.append({"number": number, "state": "open", "user": {"login": BOT}, **body})
        return self.issues[-1]

    def _change(self, number: int, body: Mapping[str, Any]) -> dict[str, Any] | None:
        for one in self.issues:
            if one["number"] == number:
                one.update(body)
                return one
        return None

    def _unlabel(self, number: str, label: str) -> list[dict[str, Any]]:
        pull = self.pulls[int(number)]
        pull["labels"] = [one for one in pull["labels"] if one["name"] != unquote(label)]
        return list(pull["labels"])


def paged(entries: list[Any], query: Mapping[str, str]) -> list[Any]:
    """Return one page of a list, 30 entries where nobody asks for more."""
    size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
    assert size <= 100
    return entries[(page - 1) * size : page * size]


def _handler(github: GitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815

        def _serve(self) -> None:
            asked = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(asked.query).items()}
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            prefix = f"/repos/{REPOSITORY}"
            archive = re.fullmatch(rf"{prefix}/actions/artifacts/(\d+)/zip", asked.path)
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(401, b"{}")
            elif archive:
                self.send_response(302)
                self.send_header("Location", f"{github.storage}/{archive[1]}")
                self.end_headers()
            else:
                status, said = github.answer(
                    self.command, asked.path.removeprefix(prefix), query, body
                )
                self._send(status, json.dumps(said).encode())

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _storage(github: GitHub) -> type[BaseHTTPRequestHandler]:
    class Storage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # the real one refuses a request that is signed and carries a token, too
            known = github.archives.get(int(self.path[1:]))
            status = 400 if self.headers.get("Authorization") else 200
            self.send_response(status if known is not None else 404)
            self.end_headers()
            self.wfile.write(known or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Storage


@contextmanager
def served(github: GitHub) -> Iterator[GitHub]:
    """Serve a repository, and its artifacts from another address, until the end of the block."""
    servers = []
    for make in (_handler, _storage):
        server = ThreadingHTTPServer(("127.0.0.1", 0), make(github))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    github.url, github.storage = (f"http://127.0.0.1:{one.server_port}" for one in servers)
    try:
        yield github
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
