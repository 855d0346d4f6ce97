"""Erlang's formulas: how long a request waits for one of several servers, and how many it takes.

Arrivals are Poisson. With one queue for all servers the formulas are exact for exponential service
(Erlang C). A fleet of replicas has a queue at each of them: a request that finds every server busy
joins the shortest queue and cannot change it, so that it waits longer; `Crew.per_queue` says how
many servers stand behind one queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, erf, exp, floor, inf, isfinite, isinf, log, pi, pow, sqrt

MS_PER_SECOND = 1000
# A sum ends where a term no longer changes a float (2**-53).
NEGLIGIBLE = 1e-16
# The halves, the squares and the first guesses of textbook formulas.
HALF = 0.5
TWO = 2
# Standard deviations between which a normal quantile is sought: beyond, a float is 0 or 1.
WIDEST_QUANTILE = 8.0
# Halvings of that range until it is narrower than a float can tell.
HALVINGS = 60
# With a queue at every replica a departure may free a server that others' queues do not use, so
# that an idle one is found more often than Erlang C says. Fitted to our own simulation of the
# shortest-queue rule (tests/sizing/queueing): 4 to 220 servers at 40 to 95 % use, within 10 %.
IDLE_EXPONENT = 0.2
IDLE_EXPONENT_GROWTH = 0.06  # power of the number of servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Alike servers and how they share their work.

    Attributes:
        service_rate_per_second: requests that one server finishes in a second when never idle.
        per_queue: servers behind one queue; None where one queue feeds all of them.
        variability: squared coefficient of variation of the service time: 1 for exponential, 0
            for constant, above 1 for heavy tails. State it for one queue; with a queue at every
            replica the shortest one goes around long requests, and 1 is enough up to about 1.5.

    Raises:
        ValueError: a rate or number of servers that is not above zero, a negative variability.
    """

    service_rate_per_second: float
    per_queue: int | None = None
    variability: float = 1

    def __post_init__(self) -> None:
        if not (isfinite(self.service_rate_per_second) and self.service_rate_per_second > 0):
            raise ValueError(f"a service rate of {self.service_rate_per_second}/s serves nobody")
        if self.per_queue is not None and self.per_queue < 1:
            raise ValueError(f"{self.per_queue} servers behind a queue empty none")
        if not (isfinite(self.variability) and self.variability >= 0):
            raise ValueError(f"a variability of {self.variability} cannot be")


def loss_probability(servers: int, offered_load: float) -> float:
    """Return Erlang B: the share of requests that find all servers busy where none may wait.

    The recursion's inverse is summed from the last server down, so that only the servers near
    the load count: some hundred terms for thousands of servers.
    """
    _checked(servers, offered_load)
    if not offered_load:
        return 0 if servers else 1
    total = term = 1.0
    for left in range(servers, 0, -1):
        term *= left / offered_load
        total += term
        if term < total * NEGLIGIBLE and left <= offered_load:
            break
        if isinf(total):
            return 0
    return 1 / total


def wait_probability(servers: int, offered_load: float) -> float:
    """Return Erlang C: the share of requests that must wait; 1 where the load is too much."""
    _checked(servers, offered_load)
    if offered_load >= servers:
        return 1
    return waiting_share(loss_probability(servers, offered_load), offered_load / servers)


def waiting_share(loss: float, utilisation: float) -> float:
    """Return who must wait where those whom `loss` turns away may wait instead."""
    return loss / (1 - utilisation * (1 - loss))


def late_share(servers: int, arrivals_per_second: float, crew: Crew, wait_ms: float) -> float:
    """Return the share of requests that wait longer than `wait_ms`; 1 where queues only grow."""
    load = _load(arrivals_per_second, crew)
    if load >= servers:
        return 1
    decay = _decay_per_second(servers, load, crew)
    return busy_share(servers, load, crew) * exp(-decay * wait_ms / MS_PER_SECOND)


def busy_share(servers: int, offered_load: float, crew: Crew) -> float:
    """Return the share of requests that find every server busy; Erlang C with one queue."""
    if offered_load >= servers:
        return 1
    return _busy(loss_probability(servers, offered_load), servers, offered_load, crew)


def wait_percentile_ms(
    servers: int, arrivals_per_second: float, crew: Crew, percentile: float
) -> float:
    """Return the wait that the given share of requests does not exceed; infinite if overloaded."""
    checked_percentile(percentile)
    load = _load(arrivals_per_second, crew)
    if load >= servers:
        return inf
    waiting = busy_share(servers, load, crew)
    if waiting <= 1 - percentile:
        return 0
    return log(waiting / (1 - percentile)) / _decay_per_second(servers, load, crew) * MS_PER_SECOND


def mean_wait_ms(servers: int, arrivals_per_second: float, crew: Crew) -> float:
    """Return the mean wait over all requests, those that need not wait included."""
    load = _load(arrivals_per_second, crew)
    if load >= servers:
        return inf
    return busy_share(servers, load, crew) / _decay_per_second(servers, load, crew) * MS_PER_SECOND


def servers_for(arrivals_per_second: float, crew: Crew, wait_ms: float, percentile: float) -> int:
    """Return the fewest servers with which the given share of requests waits at most `wait_ms`.

    Starts at the fewest that keep up and adds one at a time: Erlang's recursion gives the next
    loss from the last, so that thousands of servers cost as little as one more sum.

    Raises:
        ValueError: arrivals or wait below zero or not finite, or a percentile not within (0, 1).
    """
    checked_percentile(percentile)
    if not (isfinite(wait_ms) and wait_ms >= 0):
        raise ValueError(f"a wait of {wait_ms} ms cannot be promised")
    load = _load(arrivals_per_second, crew)
    if not load:
        return 0
    servers = floor(load) + 1
    loss = loss_probability(servers, load)
    seconds = wait_ms / MS_PER_SECOND
    while True:
        waiting = _busy(loss, servers, load, crew)
        if waiting * exp(-_decay_per_second(servers, load, crew) * seconds) <= 1 - percentile:
            return servers
        servers += 1
        loss = load * loss / (servers + load * loss)


def square_root_servers(
    arrivals_per_second: float, crew: Crew, wait_ms: float, percentile: float
) -> int:
    """Return the count by square-root staffing: the load and some of its square roots.

    Halfin and Whitt's limit of Erlang C for many servers behind one queue; a check on
    `servers_for`, and the form in which the reserve is easiest to see.
    """
    checked_percentile(percentile)
    load = _load(arrivals_per_second, crew)
    root = sqrt(load)
    seconds = wait_ms / MS_PER_SECOND
    pace = TWO / (1 + crew.variability) * crew.service_rate_per_second * root * seconds
    low, high = 0.0, WIDEST_QUANTILE
    for _ in range(HALVINGS):
        beta = (low + high) * HALF
        late = limit_wait_probability(beta) * exp(-beta * pace)
        low, high = (beta, high) if late > 1 - percentile else (low, beta)
    return ceil(load + high * root)


def limit_wait_probability(beta: float) -> float:
    """Return who must wait with `beta` square roots of the load to spare, of very many servers."""
    density = exp(-beta * beta * HALF) / sqrt(TWO * pi)
    return 1 / (1 + beta * _normal(beta) / density)


@cache
def normal_quantile(percentile: float) -> float:
    """Return the standard deviations above the mean that the given share does not exceed."""
    checked_percentile(percentile)
    low, high = -WIDEST_QUANTILE, WIDEST_QUANTILE
    for _ in range(HALVINGS):
        middle = (low + high) * HALF
        low, high = (middle, high) if _normal(middle) < percentile else (low, middle)
    return high


def checked_percentile(percentile: float) -> None:
    """Refuse what is no percentile.

    Raises:
        ValueError: not within (0, 1).
    """
    if not 0 < percentile < 1:
        raise ValueError(f"{percentile} is not a percentile between 0 and 1, as 0.99 is")


def queue_decay(utilisation: float, queue_rate_per_second: float, queues: float) -> float:
    """Return the rate at which a wait ends, once every server is busy.

    Those who wait are a geometric number that the shortest-queue rule lays in layers of one per
    queue; each layer takes one exponential service of the queue's servers, and a geometric sum
    of exponentials is exponential again. One queue gives Erlang C's own rate.
    """
    return queue_rate_per_second * (1 - pow(utilisation, queues))


def _busy(loss: float, servers: int, load: float, crew: Crew) -> float:
    """Lie between Erlang C, where all share one queue, and Erlang B, where nobody may wait."""
    waiting = waiting_share(loss, load / servers)
    behind = _behind(servers, crew)
    if behind == servers or not loss:
        return waiting
    exponent = IDLE_EXPONENT * pow(servers, IDLE_EXPONENT_GROWTH)
    weight = (1 / behind - 1 / servers) * (1 - pow(waiting, exponent))
    return 1 / ((1 - weight) / waiting + weight / loss)


def _behind(servers: int, crew: Crew) -> int:
    return servers if crew.per_queue is None else min(crew.per_queue, servers)


def _decay_per_second(servers: int, load: float, crew: Crew) -> float:
    """Return how fast waits thin out; slower for heavy tails (Allen and Cunneen's factor)."""
    behind = _behind(servers, crew)
    decay = queue_decay(load / servers, behind * crew.service_rate_per_second, servers / behind)
    return decay * TWO / (1 + crew.variability)


def _load(arrivals_per_second: float, crew: Crew) -> float:
    if not (isfinite(arrivals_per_second) and arrivals_per_second >= 0):
        raise ValueError(f"{arrivals_per_second} arrivals/s cannot be")
    return arrivals_per_second / crew.service_rate_per_second


def _normal(deviations: float) -> float:
    return (1 + erf(deviations / sqrt(TWO))) * HALF


def _checked(servers: int, offered_load: float) -> None:
    if servers < 0:
        raise ValueError(f"{servers} servers cannot be")
    if not (isfinite(offered_load) and offered_load >= 0):
        raise ValueError(f"an offered load of {offered_load} cannot be")
