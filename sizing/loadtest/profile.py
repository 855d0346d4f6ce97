"""What a load test asks of a platform: the stack's workload as arrivals, lengths and models.

A workload states its peak twice, in requests and in tokens, and the documents' two do not agree.
A platform planned for both can be asked for one at a time only: `requests` makes the peak of the
request axis with answers so short that the tokens stay within the token axis; `tokens` asks at
full length, as often as the tokens allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sizing.documents import cluster, osmen_performance
from sizing.model import Json, plain
from sizing.planning.edge import REQUEST_TIMEOUT
from sizing.units import SECONDS_PER_DAY
from sizing.workload.load import Workload

# Long enough for 100 answers within the last twentieth at one request a second and more, and for
# an autoscaler's first step. Source: sizing-decisions, 2026-11.
WARM_UP_SECONDS = 60.0
DURATION_SECONDS = 300.0
LARGEST_SCALE = 10.0
LONGEST_SECONDS = 86_400.0
SEED = 20_261_121
SHARES_OFF = 1e-9  # rounding of binary fractions
_BOTH = 2  # ends of a range, whose middle is the mean
SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""


class Scenario(StrEnum):
    """Which load is made; the last two are the documents' own."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    USERS = "document-000"
    CLIENTS = "document-003"


class Answerer(StrEnum):
    """Who answers: the objectives of the two differ."""

    OURS = "self-hosted"
    OUTSIDE = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShare:
    """A model and the part of the requests that name it.

    Attributes:
        context_tokens: longest prompt and answer together, None where nobody has said.
    """

    name: str
    answerer: Answerer
    share: float
    context_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Tokens of an average request, and their standard deviation over the mean."""

    input_tokens: float
    output_tokens: float
    input_spread: float
    output_spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A load to make, whole: what a generator needs and nothing of where it runs.

    Attributes:
        scale: part of the peak that is made.
        sessions_per_second: users that begin a second, however slow the answers; 0 where a fixed
            number of clients asks.
        requests_per_session: least and most requests of one user, one after the other; as likely
            each.
        clients: who asks the next as soon as the last is answered; 0 where users arrive.
        requests_per_client: after so many each is done.
        warm_up_seconds: the rate climbs from nothing to all; nothing of it is counted.
        duration_seconds: what is counted; for clients the longest that they may take.
        answer_seconds: an answer that takes longer has failed.
        lengths: of a request.
        streaming_share: requests whose answer is streamed.
        repeat_share: requests that were answered before, word for word.
        models: shares add up to 1.
        unasked_share: part of the workload's requests whose model the stack does not name; nobody
            can ask for it.
        seed: of all that is drawn.

    Raises:
        ValueError: neither users nor clients, or models whose shares are not 1.
    """

    stack: str
    scenario: Scenario
    scale: float
    sessions_per_second: float
    requests_per_session: tuple[int, int]
    clients: int
    requests_per_client: int
    warm_up_seconds: float
    duration_seconds: float
    answer_seconds: float
    lengths: Lengths
    streaming_share: float
    repeat_share: float
    models: tuple[ModelShare, ...]
    unasked_share: float
    seed: int

    def __post_init__(self) -> None:
        if bool(self.sessions_per_second) == bool(self.clients):
            raise ValueError("a load is made by users that arrive or by clients that stay")
        if abs(sum(one.share for one in self.models) - 1) > SHARES_OFF:
            raise ValueError(f"{self.stack}: the shares of the models are not 1")

    @property
    def requests_per_second(self) -> float:
        """Requests a second at full rate; 0 for clients, whose rate is the platform's."""
        least, most = self.requests_per_session
        return self.sessions_per_second * (least + most) / _BOTH

    @property
    def tokens_per_second(self) -> float:
        """Input and output tokens a second at full rate, those of repeated requests included."""
        lengths = self.lengths
        return self.requests_per_second * (lengths.input_tokens + lengths.output_tokens)

    @property
    def requests(self) -> float:
        """Requests that are counted, on average."""
        if self.clients:
            return self.clients * self.requests_per_client
        return self.requests_per_second * self.duration_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a load is made of a workload.

    Attributes:
        scale: part of the peak.
        answer_seconds: after so long an answer has failed.
        outside: outside models that callers can name.

    Raises:
        ValueError: a scale or a time that cannot be; the message names it.
    """

    stack: str
    scenario: Scenario = Scenario.REQUESTS
    scale: float = 1
    warm_up_seconds: float = WARM_UP_SECONDS
    duration_seconds: float = DURATION_SECONDS
    answer_seconds: float = REQUEST_TIMEOUT.value
    outside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        limits = (
            ("scale", self.scale, LARGEST_SCALE),
            ("duration", self.duration_seconds, LONGEST_SECONDS),
            ("timeout", self.answer_seconds, LONGEST_SECONDS),
        )
        for name, value, most in limits:
            if not 0 < value <= most:
                raise ValueError(f"--{name}: found {value:g}; allowed: above 0, at most {most:g}")
        if not 0 <= self.warm_up_seconds <= LONGEST_SECONDS:
            raise ValueError(
                f"--warm-up: found {self.warm_up_seconds:g}; allowed: 0 to {LONGEST_SECONDS:g}"
            )


def profile(load: Workload, run: Run) -> Profile:
    """Return the load that a run makes of a workload.

    Raises:
        ValueError: callers can name no model.
    """
    callable_share = _callable(load, run.outside)
    if not callable_share:
        raise ValueError(f"{run.stack}: callers can name no model")
    sessions, each, clients, requests_each = _arrivals(load, run, callable_share)
    rate = sessions * sum(each) / _BOTH
    if run.scenario is Scenario.TOKENS:
        rate = 0  # as often as its tokens allow already
    return Profile(
        stack=run.stack,
        scenario=run.scenario,
        scale=run.scale,
        sessions_per_second=sessions,
        requests_per_session=each,
        clients=clients,
        requests_per_client=requests_each,
        # clients begin at once and do what they were told, whole
        warm_up_seconds=0 if clients else run.warm_up_seconds,
        duration_seconds=run.duration_seconds,
        answer_seconds=run.answer_seconds,
        lengths=_within(load, rate, tokens_at_peak(load) * callable_share * run.scale),
        streaming_share=load.streaming_share,
        repeat_share=load.cache_hit_share,
        models=_models(load, run.outside),
        unasked_share=1 - callable_share,
        seed=SEED,
    )


def document(made: Profile) -> dict[str, Json]:
    """Return a profile as the JSON that a generator reads, with what follows from it."""
    stated = plain(made)
    assert isinstance(stated, dict)
    return {
        "schema": SCHEMA,
        **stated,
        "requests_per_second": made.requests_per_second,
        "tokens_per_second": made.tokens_per_second,
        "requests": made.requests,
    }


def tokens_at_peak(load: Workload) -> float:
    """Return input and output tokens a second at peak by the token axis."""
    return load.tokens_per_day / SECONDS_PER_DAY * load.peak_factor


def _arrivals(
    load: Workload, run: Run, callable_share: float
) -> tuple[float, tuple[int, int], int, int]:
    """Return sessions a second, requests of each, clients, requests of each."""
    tokens = load.input_tokens + load.output_tokens
    if run.scenario is Scenario.REQUESTS:
        return load.requests_per_second_peak * run.scale, (1, 1), 0, 0
    if run.scenario is Scenario.TOKENS:
        return tokens_at_peak(load) * callable_share / tokens * run.scale, (1, 1), 0, 0
    if run.scenario is Scenario.USERS:
        each = cluster.INTERACTIONS_PER_USER
        assert each.low is not None
        assert each.high is not None
        arriving = cluster.NEW_USERS_PER_SECOND.value * run.scale
        return arriving, (int(each.low), int(each.high)), 0, 0
    asked = osmen_performance.LOAD_TEST_LOAD
    clients = max(1, round(asked.users.value * run.scale))
    return 0, (1, 1), clients, int(asked.requests_per_user.value)


def _within(load: Workload, rate: float, tokens_per_second: float) -> Lengths:
    """Return the workload's lengths, shortened where the rate would ask for more tokens."""
    asked = rate * (load.input_tokens + load.output_tokens)
    part = min(1, tokens_per_second / asked) if asked else 1
    return Lengths(
        input_tokens=load.input_tokens * part,
        output_tokens=load.output_tokens * part,
        input_spread=load.input_spread,
        output_spread=load.output_spread,
    )


def _callable(load: Workload, outside: tuple[str, ...]) -> float:
    """Return the part of the requests for which callers can name a model."""
    beyond = 1 - load.self_hosted_share if outside else 0
    return load.self_hosted_share + beyond


def _models(load: Workload, outside: tuple[str, ...]) -> tuple[ModelShare, ...]:
    whole = _callable(load, outside)
    stated = sum(one.share for one in load.models)
    ours = [
        ModelShare(
            name=one.name,
            answerer=Answerer.OURS,
            share=one.share / stated * load.self_hosted_share / whole,
            context_tokens=one.context_tokens,
        )
        for one in load.models
        if load.self_hosted_share
    ]
    named = sorted(set(outside)) if load.self_hosted_share < 1 else []
    beyond = [
        ModelShare(
            name=one,
            answerer=Answerer.OUTSIDE,
            share=(1 - load.self_hosted_share) / whole / len(named),
            context_tokens=None,
        )
        for one in named
    ]
    return (*ours, *beyond)
