"""Discrete-event simulation of GPU engines: continuous batching with a key-value cache that fills.

An engine admits a request when it has a slot and the cache has room for the prompt; a prefill
holds up everybody's next token; each step gives every request in flight a token and takes the
longer, the more there are and the longer their contexts. When the cache is full the newest request
gives its part back and starts again, as vLLM does. Steps between two events are added up, not
walked through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from heapq import heappop, heappush
from math import ceil, sqrt
from random import Random

import simpy

from sizing.queueing.engine import Step
from tests.sizing.queueing.simulation import LengthsOf, Run, arrive, later, percentile

WATERMARK = 0.01  # of the cache that an engine keeps free when it admits, as vLLM does
MS = 1000


class _State(Enum):
    IDLE = auto()
    PREFILL = auto()
    DECODE = auto()


@dataclass(slots=True, kw_only=True, eq=False)
class _Request:
    number: int
    arrived: float
    prompt: int  # tokens to read before the next one is written
    remaining: int  # tokens still to write
    answer: int
    first_token: float | None = None
    begun_step: int = 0  # the engine's count of steps when it was admitted
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """What users saw, in milliseconds; each ascending over requests.

    Attributes:
        mean_inter_token_ms: over tokens, not over requests.
        preemptions: requests that lost their cache for want of memory and began anew.
    """

    first_token_ms: tuple[float, ...]
    inter_token_ms: tuple[float, ...]
    end_to_end_ms: tuple[float, ...]
    mean_inter_token_ms: float
    preemptions: int

    def first_token_percentile_ms(self, share: float) -> float:
        return percentile(self.first_token_ms, share)

    def inter_token_percentile_ms(self, share: float) -> float:
        return percentile(self.inter_token_ms, share)

    def end_to_end_percentile_ms(self, share: float) -> float:
        return percentile(self.end_to_end_ms, share)


class _Engine:
    """Continuous batching: every request in flight gets a token a step; prefills go first."""

    def __init__(
        self,
        env: simpy.Environment,
        step: Step,
        slots: int,
        kv_tokens: float,
        done: Callable[[_Request], None],
    ) -> None:
        self.env, self.step, self.slots, self.kv_tokens = env, step, slots, kv_tokens
        self.done = done
        self.state = _State.IDLE
        self.queue: deque[_Request] = deque()
        self.running: dict[int, _Request] = {}  # the newest last
        self.finishing: list[tuple[int, int]] = []
        self.steps = self.held = self.preemptions = 0  # held: tokens in the cache
        self.begun = self.first_s = self.growth_s = 0.0  # of the segment of steps under way
        self.planned = self.version = 0

    @property
    def load(self) -> int:
        return len(self.queue) + len(self.running)

    def accept(self, request: _Request) -> None:
        self.queue.append(request)
        if self.state is _State.IDLE:
            self._proceed()
        elif self.state is _State.DECODE and self._admits(self.queue[0]):
            self._cut()

    def _admits(self, request: _Request) -> bool:
        room = self.kv_tokens * (1 - WATERMARK) - self.held
        return len(self.running) < self.slots and (request.prompt < room or not self.running)

    def _proceed(self) -> None:
        """Choose what comes after a step: give back memory, admit, decode or rest."""
        while len(self.running) > 1 and self.held + len(self.running) > self.kv_tokens:
            self._preempt()
        admitted: list[_Request] = []
        while self.queue and self._admits(self.queue[0]):
            request = self.queue.popleft()
            self.running[request.number] = request
            self.held += request.prompt + 1  # prefill writes one token, too
            admitted.append(request)
        if admitted:
            self._prefill(admitted)
        elif self.running:
            self._decode()
        else:
            self.state = _State.IDLE

    def _prefill(self, admitted: list[_Request]) -> None:
        self.state = _State.PREFILL
        until = self.env.now
        for request in admitted:
            until += request.prompt * self.step.prefill_per_token_ms / MS
            if request.first_token is None:
                request.first_token = until
            request.begun_step = self.steps
            request.last_step = self.steps + request.remaining - 1
            heappush(self.finishing, (request.last_step, request.number))
        later(self.env, until - self.env.now, self._prefilled)

    def _prefilled(self) -> None:
        self._release()
        self._proceed()

    def _decode(self) -> None:
        self.state = _State.DECODE
        batch = len(self.running)
        self.begun = self.env.now
        per_token = self.step.per_context_token_ms
        first = self.step.base_ms + self.step.per_request_ms * batch + per_token * self.held
        self.first_s, self.growth_s = first / MS, per_token * batch / MS
        until_one_ends = self._next_end() - self.steps
        until_full = int(self.kv_tokens - self.held) // batch
        self._end_after(max(1, min(until_one_ends, until_full)))

    def _elapsed(self, steps: int) -> float:
        return steps * self.first_s + self.growth_s * steps * (steps - 1) / 2

    def _end_after(self, steps: int) -> None:
        self.planned, self.version = steps, self.version + 1
        delay = self.begun + self._elapsed(steps) - self.env.now
        later(self.env, max(0.0, delay), partial(self._decoded, self.version))

    def _cut(self) -> None:
        """End the segment with the step under way, so that who arrived now is admitted."""
        gone, half = self.env.now - self.begun, self.first_s - self.growth_s / 2
        if self.growth_s:
            steps = (sqrt(half * half + 2 * self.growth_s * gone) - half) / self.growth_s
        else:
            steps = gone / self.first_s
        whole = max(1, ceil(steps))
        if whole < self.planned:
            self._end_after(whole)

    def _decoded(self, version: int) -> None:
        if version != self.version:
            return  # cut short since
        self.steps += self.planned
        self.held += self.planned * len(self.running)
        self._release()
        self._proceed()

    def _next_end(self) -> int:
        while True:
            step, number = self.finishing[0]
            request = self.running.get(number)
            if request is not None and request.last_step == step:
                return step
            heappop(self.finishing)  # preempted since

    def _release(self) -> None:
        while self.running and self._next_end() <= self.steps:
            request = self.running.pop(heappop(self.finishing)[1])
            self.held -= self._holds(request)
            self.done(request)

    def _holds(self, request: _Request) -> int:
        return request.prompt + 1 + self.steps - request.begun_step

    def _preempt(self) -> None:
        _, request = self.running.popitem()
        held = self._holds(request)
        self.held -= held
        request.remaining = request.last_step - self.steps
        request.prompt = held
        self.queue.appendleft(request)
        self.preemptions += 1


def simulate_engines(
    *,
    engines: int,
    slots: int,
    kv_tokens: float,
    step: Step,
    arrivals_per_second: float,
    lengths: LengthsOf,
    run: Run,
) -> Latencies:
    """Run requests through engines, each to the one with the fewest.

    Args:
        slots: requests that an engine decodes at once (max_num_seqs).
        kv_tokens: tokens that an engine's cache holds.
        lengths: samples prompt and answer lengths in tokens.
        run: how many requests, and the seed.
    """
    env, random = simpy.Environment(), Random(run.seed)
    finished: list[tuple[_Request, float]] = []

    def done(request: _Request) -> None:
        if request.number >= run.warm_up:
            finished.append((request, env.now))

    fleet = [_Engine(env, step, slots, kv_tokens, done) for _ in range(engines)]

    def accept(number: int) -> None:
        prompt, answer = lengths(random)
        request = _Request(
            number=number, arrived=env.now, prompt=prompt, remaining=answer, answer=answer
        )
        min(fleet, key=lambda one: one.load).accept(request)

    arrive(env, arrivals_per_second, run, random, accept)
    env.run()
    return _latencies(finished, sum(one.preemptions for one in fleet))


def _latencies(finished: list[tuple[_Request, float]], preemptions: int) -> Latencies:
    first, between, whole = [], [], []
    decoding = tokens = 0.0
    for request, ended in finished:
        assert request.first_token is not None
        first.append((request.first_token - request.arrived) * MS)
        whole.append((ended - request.arrived) * MS)
        if request.answer > 1:
            span = (ended - request.first_token) * MS
            between.append(span / (request.answer - 1))
            decoding, tokens = decoding + span, tokens + request.answer - 1
    return Latencies(
        first_token_ms=tuple(sorted(first)),
        inter_token_ms=tuple(sorted(between)),
        end_to_end_ms=tuple(sorted(whole)),
        mean_inter_token_ms=decoding / tokens,
        preemptions=preemptions,
    )
