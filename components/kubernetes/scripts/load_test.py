"""The generator of a load test, as a program of Locust: one part of the load, one line of result.

Locust's own users wait for their answers before they ask again, and so ask less of a slow platform.
Here a request is sent when it is due, whatever became of the others, and timed from then on.
Locust's streamed responses come in whole blocks of a kilobyte, which hides the first token: so
lines are read from its HTTP client as they arrive.

Variables: `AIGW_LOAD_PROFILE` (file), `AIGW_LOAD_KEY` (the caller's), `AIGW_LOAD_PARTS`,
`AIGW_LOAD_PART` (or Kubernetes' index of the pod), `AIGW_LOAD_START` (Unix time at which all parts
begin; without it they begin at the next whole two minutes).
"""

from __future__ import annotations

import json
import os
import random
import resource
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gevent  # type: ignore[import-untyped]
from gevent.pool import Group  # type: ignore[import-untyped]
from geventhttpclient import HTTPClient  # type: ignore[import-not-found]
from locust import User, task  # type: ignore[import-not-found]

from components.kubernetes.scripts.load_draws import Ask, Asker, arrivals
from components.kubernetes.scripts.load_record import CACHED, Answer, Record

PATH = "/v1/chat/completions"
CONNECT_SECONDS = 10
TOGETHER_SECONDS = 120
"""Parts begin at the next whole multiple of it, by their clocks."""
CACHE_HEADER = "x-litellm-cache-key"
"""LiteLLM names the key of what its response cache answered, and of nothing else."""
CONTENT, USAGE, DONE, ERROR = b'"content":"', b'"usage":{', b"[DONE]", b'{"error"'
EMPTY = b'"content":""'


class FailedError(Exception):
    """A request was not answered in full; the message is the short word for why."""


class Load:
    """One part of the load."""

    def __init__(self, host: str, environment: Any) -> None:  # noqa: ANN401  # Locust's own
        """Read the profile and connect nothing yet."""
        self.profile: dict[str, Any] = json.loads(Path(os.environ["AIGW_LOAD_PROFILE"]).read_text())
        self.parts = int(os.environ.get("AIGW_LOAD_PARTS", "1"))
        index = os.environ.get("AIGW_LOAD_PART") or os.environ.get("JOB_COMPLETION_INDEX", "0")
        self.part = int(index)
        self.record, self.environment = Record(), environment
        self.warm_up = float(self.profile["warm_up_seconds"])
        self.duration = float(self.profile["duration_seconds"])
        self._chance = random.Random(f"{self.profile['seed']}-{self.part}")
        self._asker = Asker(self.profile, self._chance, texts=random.SystemRandom())
        self._headers = {
            "Authorization": f"Bearer {os.environ['AIGW_LOAD_KEY']}",
            "Content-Type": "application/json",
        }
        self._client = HTTPClient.from_url(
            host,
            concurrency=_most_files(),
            connection_timeout=CONNECT_SECONDS,
            network_timeout=float(self.profile["answer_seconds"]),
        )
        self._zero = 0.0

    def run(self) -> None:
        """Make the load, wait until all of it is answered, and write the line."""
        self.record.began = _wait_for_the_others()
        self._zero = time.perf_counter()
        self._clients() if self.profile["clients"] else self._users()
        print(self.record.line(self.profile, self.part, self.parts), flush=True)

    def _users(self) -> None:
        rate = float(self.profile["sessions_per_second"]) / self.parts
        under_way = Group()
        for due in arrivals(rate, self.warm_up, self.duration, self._chance):
            gevent.sleep(max(0.0, due - self._now()))
            under_way.add(gevent.spawn(self._session, due))
        under_way.join()
        self.record.seconds = self.duration

    def _session(self, due: float) -> None:
        for _ in range(self._asker.session()):
            self._ask(due, counted=due >= self.warm_up)
            due = self._now()

    def _clients(self) -> None:
        clients = int(self.profile["clients"])
        own = len(range(self.part, clients, self.parts))
        asking = [gevent.spawn(self._client_asks) for _ in range(own)]
        gevent.joinall(asking)
        self.record.seconds = self._now()

    def _client_asks(self) -> None:
        for _ in range(int(self.profile["requests_per_client"])):
            if self._now() > self.duration:
                return
            self._ask(self._now(), counted=True)

    def _ask(self, due: float, *, counted: bool) -> None:
        """Send one request and count what becomes of it."""
        ask, record = self._asker.next(), self.record
        if counted:
            record.send(self._now() - due)
        answer, failed = None, ""
        try:
            with gevent.Timeout(float(self.profile["answer_seconds"]), FailedError("timeout")):
                answer = self._answer(ask, due)
        except FailedError as error:
            failed = str(error)
        except Exception as error:  # whatever a connection may end with
            failed = type(error).__name__
        if answer is not None:
            self._asker.remember(ask)
        if counted and answer is not None:
            record.answer(answer)
        elif counted:
            record.fail(failed)
        self._tell_locust(ask, due, failed)

    def _answer(self, ask: Ask, due: float) -> Answer:
        reply = self._client.request("POST", PATH, body=ask.body(), headers=self._headers)
        try:
            if reply.status_code != 200:
                reply.read()
                raise FailedError(str(reply.status_code))
            answer = Answer(answerer=CACHED if reply.get(CACHE_HEADER) else ask.answerer)
            usage = self._streamed(reply, answer, due) if ask.stream else _whole(reply)
            answer.whole = self._now() - due
        finally:
            reply.release()
        answer.tokens_in = int(usage.get("prompt_tokens", 0))
        answer.tokens_out = int(usage.get("completion_tokens", 0))
        return answer

    def _streamed(self, reply: Any, answer: Answer, due: float) -> Mapping[str, Any]:  # noqa: ANN401
        """Read a streamed answer as it comes, and note when its tokens did."""
        usage, done = b"", False
        while line := reply.readline(b"\n"):
            if CONTENT in line and EMPTY not in line:
                answer.last = self._now() - due
                if answer.first is None:
                    answer.first = answer.last
            elif DONE in line:
                done = True
            elif ERROR in line:
                raise FailedError("error in the stream")
            if USAGE in line:
                usage = line
        if not done or answer.first is None:
            raise FailedError("cut short")
        return dict(json.loads(usage[usage.index(b"{") :])["usage"]) if usage else {}

    def _tell_locust(self, ask: Ask, due: float, failed: str) -> None:
        self.environment.events.request.fire(
            request_type="POST",
            name=ask.model,
            response_time=(self._now() - due) * 1000,
            response_length=0,
            exception=FailedError(failed) if failed else None,
            context={},
        )

    def _now(self) -> float:
        """Return seconds since the load began."""
        return time.perf_counter() - self._zero


def _whole(reply: Any) -> Mapping[str, Any]:  # noqa: ANN401  # the client's own
    body = json.loads(reply.read())
    if not body.get("choices"):
        raise FailedError("no answer")
    return dict(body.get("usage") or {})


def _wait_for_the_others() -> float:
    """Return the Unix time at which all parts begin, once it has come."""
    now = time.time()
    stated = os.environ.get("AIGW_LOAD_START", "")
    start = float(stated) if stated else (now // TOGETHER_SECONDS + 1) * TOGETHER_SECONDS
    gevent.sleep(max(0.0, start - now))
    return max(start, now)


def _most_files() -> int:
    """Let the process hold as many connections as it may at most, and return how many."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


class Part(User):  # type: ignore[misc]
    """Locust's one user: it makes all of the load, then ends the run."""

    @task  # type: ignore[untyped-decorator]
    def make(self) -> None:
        """Make this part of the load."""
        Load(self.host, self.environment).run()
        gevent.spawn(self.environment.runner.quit)
        gevent.sleep(TOGETHER_SECONDS)
