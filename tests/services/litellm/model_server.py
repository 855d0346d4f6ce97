"""A server of OpenAI's protocol on loopback, standing where vLLM and outside providers will."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.services.programs import LOOPBACK

WORDS = ("Hello", " from", " the", " model")
ASKED_S = 30
USAGE = {"prompt_tokens": 5, "completion_tokens": len(WORDS), "total_tokens": 5 + len(WORDS)}


@dataclass(slots=True)
class ModelServer:
    """What the server was asked, and how it is to answer.

    Attributes:
        asked: requests by model.
        keys: the credentials that came with the last request.
        failing: models that answer with an error.
        held: answers wait for this before their last word.
        delay_s: seconds before the first word of an answer.
    """

    port: int
    asked: Counter[str] = field(default_factory=Counter)
    keys: str = ""
    failing: set[str] = field(default_factory=set)
    held: Event = field(default_factory=Event)
    delay_s: float = 0.0

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"

    def wait_until_asked(self, model: str) -> None:
        """Return once a request for the model has come."""
        end = time.monotonic() + ASKED_S
        while not self.asked[model]:
            assert time.monotonic() < end, f"nobody asked {model}"
            time.sleep(0.05)

    def answer(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        """Answer a completion, whole or word by word."""
        model = _model(handler.path, body)
        self.asked[model] += 1
        self.keys = handler.headers.get("Authorization") or handler.headers.get("api-key") or ""
        time.sleep(self.delay_s)
        if model in self.failing:
            _send(handler, 500, {"error": {"message": "out of order", "type": "server_error"}})
        elif body.get("stream"):
            self._stream(handler, model)
        else:
            self.held.wait(30)
            _send(handler, 200, _whole(model))

    def _stream(self, handler: BaseHTTPRequestHandler, model: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        for place, word in enumerate(WORDS):
            if place == len(WORDS) - 1:
                self.held.wait(30)
            _event(handler, json.dumps(_chunk(model, {"content": word}, None)))
        _event(handler, json.dumps(_chunk(model, {}, "stop")))
        _event(handler, json.dumps({**_chunk(model, {}, None), "choices": [], "usage": USAGE}))
        _event(handler, "[DONE]")


def _model(path: str, body: dict[str, Any]) -> str:
    """Return the model asked for: Azure names its deployment in the path."""
    if "/deployments/" in path:
        return path.split("/deployments/")[1].split("/")[0]
    return str(body["model"])


def _whole(model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(WORDS)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**_head(model, "chat.completion"), "choices": [choice], "usage": USAGE}


def _chunk(model: str, delta: dict[str, str], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**_head(model, "chat.completion.chunk"), "choices": [choice]}


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": int(time.time()), "model": model}


def _send(handler: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
    text = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)


def _event(handler: BaseHTTPRequestHandler, data: str) -> None:
    handler.wfile.write(f"data: {data}\n\n".encode())
    handler.wfile.flush()


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Give a server that answers at once, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.answer(self, json.loads(body))

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing: the tests count instead."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    state = ModelServer(port=server.server_port)
    state.held.set()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
