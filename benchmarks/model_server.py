"""A model server that costs next to nothing: so many tokens, so far apart, for many at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

LOOPBACK = "127.0.0.1"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: "
ID = {"id": "chatcmpl-1", "created": 1, "model": "m"}


def event(choices: list[dict[str, Any]], **more: Any) -> bytes:  # noqa: ANN401  # JSON
    """Return one event of a stream, as a chunk of HTTP."""
    found = {**ID, "object": "chat.completion.chunk", "choices": choices, **more}
    return chunk(b"data: " + json.dumps(found, separators=(",", ":")).encode() + b"\n\n")


def chunk(text: bytes) -> bytes:
    """Return a chunk of HTTP."""
    return b"%x\r\n%s\r\n" % (len(text), text)


def choice(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    """Return the choice of an event."""
    return {"index": 0, "delta": delta, "finish_reason": finish}


WORD = event([choice({"content": " word"})])


class Server:
    """Answers every completion with as many words as it asks for."""

    def __init__(self, first_ms: float, between_ms: float) -> None:
        """Take how long the first token takes, and each after it."""
        self._first, self._between = first_ms / 1000, between_ms / 1000

    async def serve(self, port: int) -> None:
        """Answer until the end."""
        server = await asyncio.start_server(self._callers, LOOPBACK, port, backlog=4096)
        await server.serve_forever()

    async def _callers(self, asked: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._answer(await _body(asked), answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            answer.close()

    async def _answer(self, body: dict[str, Any], answer: asyncio.StreamWriter) -> None:
        tokens = int(body.get("max_tokens") or 16)
        words = len(str(body["messages"][0]["content"]).split())
        usage = {
            "prompt_tokens": words,
            "completion_tokens": tokens,
            "total_tokens": words + tokens,
        }
        if body.get("stream"):
            await self._stream(tokens, usage, answer)
        else:
            await asyncio.sleep(self._first + self._between * (tokens - 1))
            answer.write(_whole(tokens, usage))
        await answer.drain()

    async def _stream(
        self, tokens: int, usage: dict[str, int], answer: asyncio.StreamWriter
    ) -> None:
        answer.write(HEAD + b"text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(self._first)
        answer.write(event([choice({"role": "assistant", "content": ""})]))
        for place in range(tokens):
            if place:
                await asyncio.sleep(self._between)
            answer.write(WORD)
        answer.write(event([choice({}, "stop")]) + event([], usage=usage))
        answer.write(chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")


async def _body(asked: asyncio.StreamReader) -> dict[str, Any]:
    head = (await asked.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    found: dict[str, Any] = json.loads(await asked.readexactly(length))
    return found


def _whole(tokens: int, usage: dict[str, int]) -> bytes:
    message = {"role": "assistant", "content": " word" * tokens}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    found = {**ID, "object": "chat.completion", "choices": choices, "usage": usage}
    text = json.dumps(found).encode()
    return HEAD + b"application/json\r\nContent-Length: %d\r\n\r\n" % len(text) + text


if __name__ == "__main__":
    port, first_ms, between_ms = sys.argv[1:]
    asyncio.run(Server(float(first_ms), float(between_ms)).serve(int(port)))
