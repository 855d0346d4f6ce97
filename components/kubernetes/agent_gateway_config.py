"""The configuration file of the agent gateway, typed in and YAML out.

Pure. Every key was looked up in the schema and the source of agentgateway v1.4.1. The gateway puts
variables of its environment into the text before it reads it (`$NAME`), which is how keys get in
without standing here; so that every other `$` is doubled, and what a variable becomes is quoted.

Listeners and routes stand under `gateways`, `mcp` and `routes`: `binds`, which held all of them, is
marked as deprecated in that version.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from components.kubernetes.agent_gateway_settings import (
    Agent,
    AgentGatewayConfig,
    CallerKeys,
    CallerTokens,
    McpServer,
    Traces,
    endpoint,
)
from sizing.planning.edge import TARGET_IDLE_SECONDS

PORT = 3000
METRICS_PORT = 15020
READY_PORT = 15021
READY_PATH = "/healthz/ready"
METRICS_PATH = "/metrics"
MCP_PATH = "/mcp"
AGENT_PATH = "/agents"
"""An agent answers below it by its name."""
DRAIN_SECONDS = 60
"""How long a stopping gateway lets open streams end; MCP clients then go on at another one, since
the session's name says where it leads."""
SESSION_KEY = "SESSION_KEY"

# Inspects the running configuration; on loopback alone, for `kubectl port-forward`.
_ADMIN = "localhost:15000"
_LISTENER = "default"
_SESSION_TTL = "30m0s"  # the gateway's own value, stated so that an upgrade changes nothing unseen

Entry = dict[str, object]


def variable(kind: str, name: str) -> str:
    """Return the variable that holds a key: `kind` is CALLER, SERVER or AGENT."""
    return f"{kind}_KEY_{name.upper().replace('-', '_')}"


def secrets(config: AgentGatewayConfig) -> tuple[str, ...]:
    """Return the variables with keys that the text names, sorted; SESSION_KEY is read beside it."""
    names = config.callers.names if isinstance(config.callers, CallerKeys) else ()
    return tuple(
        sorted(
            (
                *(variable("CALLER", name) for name in names),
                *(variable("SERVER", one.name) for one in config.servers if one.credential),
                *(variable("AGENT", one.name) for one in config.agents if one.credential),
            )
        )
    )


def render(config: AgentGatewayConfig) -> str:
    """Return the text of the file: the same for the same config, to the byte."""
    text = yaml.dump(
        _literal(document(config)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    assert isinstance(text, str)
    return text


def document(config: AgentGatewayConfig) -> Entry:
    """Return what the file says; `$` stands for a variable only in a `Variable`."""
    found: Entry = {
        "config": _process(config),
        "gateways": {_LISTENER: _listener(config)},
        "mcp": _mcp(config),
        "routes": [_route(config, agent) for agent in config.agents],
        "frontendPolicies": _connections(config),
    }
    return found


class Variable(str):
    """A text that the gateway replaces by a variable of its environment."""

    __slots__ = ()


def _process(config: AgentGatewayConfig) -> Entry:
    return {
        "adminAddr": _ADMIN,
        "statsAddr": f"0.0.0.0:{METRICS_PORT}",
        "readinessAddr": f"0.0.0.0:{READY_PORT}",
        "connectionTerminationDeadline": f"{DRAIN_SECONDS}s",
        # else one for every CPU of the node, whatever the pod may use
        "workerThreads": config.threads,
        "logging": {"level": "info", "format": "json"},
        "mcp": {"sessionTtl": _SESSION_TTL},
        # the file is the truth; the interface may change nothing
        "storage": {"mode": "file"},
    }


def _listener(config: AgentGatewayConfig) -> Entry:
    """Return the listener; keys are asked for here, so that no route can be without."""
    listener: Entry = {"port": PORT}
    if isinstance(config.callers, CallerKeys):
        listener["apiKey"] = {
            "mode": "strict",
            "keys": [
                {"key": _from_environment("CALLER", name), "metadata": {"name": name}}
                for name in config.callers.names
            ],
        }
    return listener


def _mcp(config: AgentGatewayConfig) -> Entry:
    policies: Entry = {}
    if isinstance(config.callers, CallerTokens):
        policies["mcpAuthentication"] = _mcp_tokens(config.host, config.callers)
    if config.tools:
        policies["mcpAuthorization"] = {"rules": list(config.tools)}
    return {
        "gateways": [_LISTENER],
        # no replica keeps a session: its name, sealed with the shared key, says where it leads
        "statefulMode": "stateful",
        # else tools would be called otherwise once a second server is added
        "prefixMode": "always",
        # one server away takes its own tools, not everyone's
        "failureMode": "failOpen",
        **({"policies": policies} if policies else {}),
        "targets": [_target(server) for server in config.servers],
    }


def _target(server: McpServer) -> Entry:
    target: Entry = {"name": server.name, server.transport.value: {"host": server.url}}
    if server.credential:
        target["policies"] = _credential("SERVER", server.name)
    return target


def _route(config: AgentGatewayConfig, agent: Agent) -> Entry:
    to, prefix = endpoint(agent.url), f"{AGENT_PATH}/{agent.name}"
    policies: Entry = {"a2a": {}, "urlRewrite": {"path": {"prefix": "/"}}}
    if isinstance(config.callers, CallerTokens):
        policies["jwtAuth"] = {"mode": "strict", **_tokens(config.callers)}
    if to.tls:
        policies["backendTLS"] = {}
    if agent.credential:
        policies |= _credential("AGENT", agent.name)
    return {
        "name": f"agent-{agent.name}",
        "gateways": [_LISTENER],
        "matches": [{"path": {"pathPrefix": prefix}}],
        "policies": policies,
        "backends": [{"host": f"{to.host}:{to.port}"}],
    }


def _mcp_tokens(host: str, callers: CallerTokens) -> Entry:
    return {
        "mode": "strict",
        **_tokens(callers),
        # what a client reads to learn whom to ask for a token (RFC 9728)
        "resourceMetadata": {
            "resource": f"https://{host}{MCP_PATH}",
            "bearerMethodsSupported": ["header"],
        },
    }


def _tokens(callers: CallerTokens) -> Entry:
    return {
        "issuer": callers.issuer,
        "audiences": list(callers.audiences),
        "jwks": {"url": callers.keys_url},
    }


def _credential(kind: str, name: str) -> Entry:
    return {"backendAuth": {"key": {"value": _from_environment(kind, name)}}}


def _connections(config: AgentGatewayConfig) -> Entry:
    # the gateway's own ten minutes are less than the load balancer's
    kept: Entry = {"http": {"http1IdleTimeout": f"{TARGET_IDLE_SECONDS}s"}}
    return kept | ({"tracing": _tracing(config.traces)} if config.traces is not None else {})


def _tracing(traces: Traces) -> Entry:
    return {
        "host": traces.endpoint,
        "protocol": "grpc",
        # of requests that bring no trace; one that does is followed as its sender decided
        "randomSampling": traces.share,
        "clientSampling": True,
    }


def _from_environment(kind: str, name: str) -> Variable:
    return Variable(f"${{{variable(kind, name)}}}")


def _literal(value: object) -> object:
    if isinstance(value, Variable):
        return value
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: _literal(one) for key, one in value.items()}
    return [_literal(one) for one in value] if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  (the base class' own name)
        """Write everything out: the text is read by another parser."""
        return True


def _quoted(dumper: yaml.SafeDumper, value: Variable) -> yaml.ScalarNode:
    # unquoted, a key of digits alone would become a number
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style='"')


_Dumper.add_representer(Variable, _quoted)
