"""Discrete-event simulation of a gateway: what the formulas of waiting are held against.

Nothing here uses a queueing formula: requests arrive, are routed, wait, are served and leave, one
event after another. After the last arrival the system runs empty, so that the longest waits count.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from math import ceil, log, sqrt
from random import Random

import simpy

Service = Callable[[Random], float]
LengthsOf = Callable[[Random], tuple[int, int]]


class Routing(StrEnum):
    """Who gets a request."""

    ONE_QUEUE = "one queue"
    LEAST = "least outstanding requests"
    TWO_CHOICES = "the better of two at random"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How long a simulation runs: requests in all, of which the first are not counted."""

    requests: int
    warm_up: int
    seed: int


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that the share of an ascending sequence does not exceed."""
    return ordered[max(0, ceil(len(ordered) * share) - 1)]


def lognormal(mean: float, variability: float) -> Service:
    """Return a heavy-tailed sampler by its mean and squared coefficient of variation."""
    variance = log(1 + variability)
    return partial(Random.lognormvariate, mu=log(mean) - variance / 2, sigma=sqrt(variance))


def token_lengths(
    input_tokens: float, output_tokens: float, variability: float, *, longest: int = 16_000
) -> LengthsOf:
    """Return a sampler of prompt and answer lengths, both heavy-tailed and independent."""
    prompt, answer = lognormal(input_tokens, variability), lognormal(output_tokens, variability)

    def sample(random: Random) -> tuple[int, int]:
        return (
            min(longest, max(1, round(prompt(random)))),
            min(longest, max(1, round(answer(random)))),
        )

    return sample


def later(env: simpy.Environment, seconds: float, act: Callable[[], None]) -> None:
    """Call `act` after a delay: a process would cost three times as many events."""
    callbacks = env.timeout(seconds).callbacks
    assert callbacks is not None
    callbacks.append(lambda _: act())


def arrive(
    env: simpy.Environment, rate: float, run: Run, random: Random, accept: Callable[[int], None]
) -> None:
    """Let Poisson arrivals come, numbered from 0."""

    def come(number: int) -> None:
        accept(number)
        if number + 1 < run.requests:
            later(env, random.expovariate(rate), partial(come, number + 1))

    later(env, random.expovariate(rate), partial(come, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Waits before service, in milliseconds, ascending."""

    wait_ms: tuple[float, ...]

    def percentile_ms(self, share: float) -> float:
        return percentile(self.wait_ms, share)

    @property
    def busy_share(self) -> float:
        """Share of requests that had to wait at all."""
        return sum(1 for one in self.wait_ms if one > 0) / len(self.wait_ms)

    @property
    def mean_ms(self) -> float:
        return sum(self.wait_ms) / len(self.wait_ms)


def simulate_gateway(
    *,
    replicas: int,
    workers_per_replica: int,
    arrivals_per_second: float,
    service: Service,
    run: Run,
    routing: Routing = Routing.LEAST,
) -> Waits:
    """Run requests through replicas that each have a queue and some workers.

    Args:
        service: samples the seconds that a worker needs for a request.
        run: how many requests, and the seed.
        routing: which replica takes a request.
    """
    if routing is Routing.ONE_QUEUE:
        replicas, workers_per_replica = 1, replicas * workers_per_replica
    env, random = simpy.Environment(), Random(run.seed)
    load = [0] * replicas
    queues: list[deque[tuple[int, float]]] = [deque() for _ in range(replicas)]
    waits: list[float] = []

    def pick() -> int:
        if routing is Routing.RANDOM:
            return random.randrange(replicas)
        if routing is Routing.TWO_CHOICES:
            first, second = random.randrange(replicas), random.randrange(replicas)
            return first if load[first] <= load[second] else second
        return load.index(min(load))

    def start(place: int, number: int, since: float) -> None:
        if number >= run.warm_up:
            waits.append((env.now - since) * 1000)
        later(env, service(random), partial(leave, place))

    def leave(place: int) -> None:
        load[place] -= 1
        if queues[place]:
            start(place, *queues[place].popleft())

    def accept(number: int) -> None:
        place = pick()
        load[place] += 1
        if load[place] <= workers_per_replica:
            start(place, number, env.now)
        else:
            queues[place].append((number, env.now))

    arrive(env, arrivals_per_second, run, random, accept)
    env.run()
    return Waits(wait_ms=tuple(sorted(waits)))
