"""What a LiteLLM proxy is to do, as types; `litellm_config` turns it into the file that it reads.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from components.kubernetes.litellm_models import Entry, Models, from_environment, unknown
from sizing.planning.edge import REQUEST_TIMEOUT

REQUEST_TIMEOUT_SECONDS = int(REQUEST_TIMEOUT)
"""Longest answer: what LiteLLM's production page asks for, and the load balancers are set to."""


class Strategy(StrEnum):
    """How the proxy picks one of several deployments of a name.

    A model of ours is one deployment, its Service: which engine answers is decided behind it.
    """

    SIMPLE_SHUFFLE = "simple-shuffle"
    LEAST_BUSY = "least-busy"
    LATENCY = "latency-based-routing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """One store of Redis' protocol, as the proxy connects to it.

    Attributes:
        role: first word of its variables ("STATE" for STATE_REDIS_HOST).
        clustered: slots over shards, reached by the configuration endpoint.
        ca_file: certificates to trust where the store's authority is private, "" elsewhere.
        host_named: whether the store's certificate names the host that it is reached by.
        by_account: whether the proxy shows an access token of a Google account, which it fetches
            for every connection, in place of a password; clusters of Memorystore ask for one.

    Raises:
        ValueError: certificates for a connection without TLS, or an account without shards, which
            LiteLLM does not know.
    """

    role: str
    port: int
    tls: bool = True
    clustered: bool = False
    ca_file: str = ""
    host_named: bool = True
    by_account: bool = False

    def __post_init__(self) -> None:
        if self.ca_file and not self.tls:
            raise ValueError(f"redis {self.role}: certificates, but no TLS")
        if self.by_account and not self.clustered:
            raise ValueError(f"redis {self.role}: an account, but no cluster")

    @property
    def host(self) -> str:
        """Variable of its address."""
        return f"{self.role}_REDIS_HOST"

    @property
    def password(self) -> str:
        """Variable of its password or token."""
        return f"{self.role}_REDIS_PASSWORD"

    @property
    def account(self) -> str:
        """Variable of the account whose access token it asks for."""
        return f"{self.role}_REDIS_ACCOUNT"

    def entry(self, nodes: str) -> Entry:
        """Return how to connect; `nodes` is LiteLLM's word for a cluster's first nodes."""
        place: Entry = {"host": from_environment(self.host), "port": self.port}
        trust: Entry = {"ssl_ca_certs": self.ca_file} if self.ca_file else {}
        if not self.host_named:
            trust["ssl_check_hostname"] = False
        proof = (
            {"gcp_service_account": from_environment(self.account)}
            if self.by_account
            else {"password": from_environment(self.password)}
        )
        return {
            **({nodes: [place]} if self.clustered else place),
            **proof,
            **({"ssl": True, **trust} if self.tls else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one key or team may spend and ask for; None is unlimited.

    Attributes:
        budget: US dollars in `budget_duration` ("30d").
    """

    budget: float | None = None
    budget_duration: str = "30d"
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    def entry(self) -> Entry:
        """Return the limits that are set."""
        spend: Entry = {"max_budget": self.budget, "budget_duration": self.budget_duration}
        rates: Entry = {"rpm_limit": self.requests_per_minute, "tpm_limit": self.tokens_per_minute}
        chosen = {**(spend if self.budget is not None else {}), **rates}
        return {name: value for name, value in chosen.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Where a request goes, one after the other, when the model fails."""

    model: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyConfig:
    """Everything that the file says.

    Attributes:
        state: for rate limits, budgets, locks and the spend buffer; evicts nothing.
        cache: for answers; None answers nothing from a cache.
        cache_ttl_seconds: how long an answer stays there.
        fallbacks: what takes over when a model fails.
        context_fallbacks: what takes over when a prompt is too long for a model.
        stream_timeout_seconds: longest silence in a streamed answer, its first part included.
        client_pool: connections that one worker opens to the database, or to the pooler before it.
        buffer_spend: whether pods collect spend in Redis; see `buffers_spend`.
        prompts_stored: whether the spend log and traces keep prompts and answers.
        retention_days: of the spend log.
        keys: what a new key gets that says nothing else, likewise `teams`.
        key_ceiling: what a new key may ask for at most, over its maker's head.
        platform_budget: US dollars of all together in `budget_duration`, None is unlimited.
        team_labels: whether metrics tell teams apart, likewise `key_labels`.
        traces: whether every request is traced by OpenTelemetry.
        serve_without_database: whether requests whose key cannot be looked up are served. Any key
            is then as good as a right one, and no budget holds: never but on a closed network.

    Raises:
        ValueError: a fallback from or to no model, or to itself, or a fallback named twice.
    """

    models: Models
    state: Redis
    cache: Redis | None
    cache_ttl_seconds: int
    strategy: Strategy = Strategy.SIMPLE_SHUFFLE
    fallbacks: tuple[Fallback, ...] = ()
    context_fallbacks: tuple[Fallback, ...] = ()
    request_timeout_seconds: int = REQUEST_TIMEOUT_SECONDS
    stream_timeout_seconds: int = REQUEST_TIMEOUT_SECONDS
    client_pool: int
    buffer_spend: bool
    prompts_stored: bool
    retention_days: int
    keys: Limits | None = None
    key_ceiling: Limits | None = None
    teams: Limits | None = None
    platform_budget: float | None = None
    budget_duration: str = "30d"
    team_labels: bool = False
    key_labels: bool = False
    traces: bool = False
    serve_without_database: bool = False

    def __post_init__(self) -> None:
        for chain in (self.fallbacks, self.context_fallbacks):
            if len({fallback.model for fallback in chain}) < len(chain):
                raise ValueError("a model has one list of fallbacks")
            for fallback in chain:
                if missing := unknown((fallback.model, *fallback.to), self.models):
                    raise ValueError(f"fallback of {fallback.model}: no model {missing[0]!r}")
                if fallback.model in fallback.to or not fallback.to:
                    raise ValueError(f"fallback of {fallback.model}: to another model, please")
