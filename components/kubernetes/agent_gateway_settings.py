"""What the agent gateway serves and whom: typed, and refused here where it would not start.

Pure; `agent_gateway_config` makes the gateway's own file of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

# MCP's own rule for a server's name: _ and + part it from its tools' names.
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_HOST = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_PORTS = {"http": 80, "https": 443}


class Transport(StrEnum):
    """How an MCP server speaks: streamable HTTP, or server-sent events of its first version."""

    STREAMABLE = "mcp"
    EVENTS = "sse"


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """A server whose tools are offered, named "<server>_<tool>" to callers.

    Attributes:
        url: of its endpoint, "http://search.prod-apps.svc.cluster.local:8080/mcp".
        credential: it wants a key, which is sent as a bearer token.
    """

    name: str
    url: str
    transport: Transport = Transport.STREAMABLE
    credential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent that others call by A2A, at /agents/<name>.

    Attributes:
        url: where it answers, without a path.
        credential: it wants a key, which is sent as a bearer token.
    """

    name: str
    url: str
    credential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerKeys:
    """Callers show a key of their own; `names` are who they are in logs and rules."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerTokens:
    """Callers show a token (JWT) of one issuer, whom MCP clients are told to ask.

    Attributes:
        issuer: as its tokens name it; an https:// address.
        audiences: of which a token must name one.
        keys_url: where the issuer's public keys are.
    """

    issuer: str
    audiences: tuple[str, ...]
    keys_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """Where traces go by OTLP over gRPC ("host:4317"), and the share of requests that start one."""

    endpoint: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGatewayConfig:
    """What the gateway serves, and whom.

    Attributes:
        host: name that callers use, "mcp.example.com".
        callers: how callers say who they are; nobody comes in without.
        tools: conditions in CEL of which one must hold for a tool to be seen and called
            ('mcp.tool.target == "search" && apiKey.name == "planner"', by a tool's server and its
            name there); none allows all.
        threads: that answer; as many as whole CPUs may be used.

    Raises:
        ValueError: a name, an address or a share that the gateway would refuse or misread.
    """

    host: str
    servers: tuple[McpServer, ...] = ()
    agents: tuple[Agent, ...] = ()
    callers: CallerKeys | CallerTokens
    tools: tuple[str, ...] = ()
    threads: int = 1
    traces: Traces | None = None

    def __post_init__(self) -> None:
        """Refuse what would only show in a pod that does not start."""
        _refuse_names("MCP server", [one.name for one in self.servers])
        _refuse_names("agent", [one.name for one in self.agents])
        for url in addresses(self):
            endpoint(url)
        for agent in self.agents:
            if urlsplit(agent.url).path not in ("", "/"):
                raise ValueError(f"agent {agent.name}: {agent.url} must have no path")
        if isinstance(self.callers, CallerKeys):
            _refuse_names("caller", list(self.callers.names))
            if not self.callers.names:
                raise ValueError("without a caller nobody can use the gateway: name one")
        else:
            _refuse_issuer(self.callers)
        if self.traces is not None and not 0 <= self.traces.share <= 1:
            raise ValueError("the share of requests that are traced is from 0 to 1")
        if self.threads < 1:
            raise ValueError("a gateway needs a thread")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an address leads."""

    host: str
    port: int
    path: str
    tls: bool


def addresses(config: AgentGatewayConfig) -> tuple[str, ...]:
    """Return whom the gateway calls for its callers."""
    return (*(one.url for one in config.servers), *(one.url for one in config.agents))


def endpoint(url: str) -> Endpoint:
    """Return where an address leads.

    Raises:
        ValueError: it is no plain http:// or https:// address in lower case.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    odd = parts.query or parts.fragment or "@" in parts.netloc or re.search(r"[\s$]", url)
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or odd:
        raise ValueError(f"{url!r}: expected http(s)://<host>[:<port>][/<path>]")
    return Endpoint(
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        path=parts.path or "/",
        tls=parts.scheme == "https",
    )


def _refuse_names(kind: str, names: Sequence[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{kind} {name!r}: lower-case letters, digits and - alone")
    if len(set(names)) < len(names):
        raise ValueError(f"two of a name: {kind} {sorted(names)}")


def _refuse_issuer(callers: CallerTokens) -> None:
    if not callers.audiences:
        raise ValueError("tokens of any audience would be taken: name one")
    for url in (callers.issuer, callers.keys_url):
        if urlsplit(url).scheme != "https" or re.search(r"\s", url):
            raise ValueError(f"{url!r}: an issuer is reached by https:// alone")
