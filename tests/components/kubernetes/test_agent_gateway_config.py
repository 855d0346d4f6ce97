"""The agent gateway's file is one that the pinned gateway reads, and holds no key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from components.kubernetes.agent_gateway_config import render, secrets, variable
from components.kubernetes.agent_gateway_settings import (
    Agent,
    AgentGatewayConfig,
    CallerKeys,
    CallerTokens,
    McpServer,
    Traces,
    Transport,
    endpoint,
)
from sizing.planning.edge import IDLE_SECONDS
from sizing.versions import IMAGES

pytestmark = pytest.mark.cloud_free("text of the gateway's file, which names no cloud")
SCHEMA = Path(__file__).parents[2] / "kubernetes" / "schemas" / "agentgateway.json"
KEYS = CallerKeys(names=("planner", "desk-2"))
TOKENS = CallerTokens(
    issuer="https://id.example.com",
    audiences=("mcp",),
    keys_url="https://id.example.com/keys.json",
)
WHOLE = AgentGatewayConfig(
    host="mcp.example.com",
    servers=(
        McpServer(
            name="search",
            url="http://search.prod-apps.svc.cluster.local:8080/mcp",
            credential=True,
        ),
        McpServer(name="news", url="https://news.example.com/sse", transport=Transport.EVENTS),
    ),
    agents=(
        Agent(name="writer", url="http://writer.prod-apps.svc.cluster.local:9000"),
        Agent(name="broker", url="https://broker.example.com", credential=True),
    ),
    callers=KEYS,
    tools=('mcp.tool.target == "search" && mcp.tool.name.matches("^find.*$")',),
    threads=2,
    traces=Traces(endpoint="otel-collector.prod-observability.svc.cluster.local:4317", share=0.05),
)
EMPTY = AgentGatewayConfig(host="mcp.example.com", callers=KEYS)


def schema() -> dict[str, Any]:
    loaded = json.loads(SCHEMA.read_text())
    assert isinstance(loaded, dict)
    return loaded


def refusals(document: object) -> list[str]:
    """Return why the pinned gateway would not start with a file."""
    return [error.message for error in Draft202012Validator(schema()).iter_errors(document)]


def filled(text: str) -> str:
    """Return what the gateway makes of a text before it reads it, with a key of digits alone."""
    every = dict.fromkeys(secrets(WHOLE), "0123456789")
    return Template(text).substitute(every)


def read(config: AgentGatewayConfig) -> dict[str, Any]:
    loaded = yaml.safe_load(filled(render(config)))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize(
    "config",
    [WHOLE, EMPTY, replace(WHOLE, callers=TOKENS), replace(EMPTY, callers=TOKENS)],
    ids=["keys", "keys-alone", "tokens", "tokens-alone"],
)
def test_the_file_is_one_that_the_pinned_gateway_reads(config: AgentGatewayConfig) -> None:
    assert refusals(read(config)) == []


def test_the_schema_is_the_pinned_version_s_and_refuses_unknown_keys() -> None:
    assert IMAGES["agentgateway"].tag in schema()["$comment"]
    for section in ("config", "mcp"):
        document = read(WHOLE)
        document[section]["unheard"] = True
        assert refusals(document) != []
    route = read(WHOLE)
    route["routes"][0]["unheard"] = True
    assert refusals(route) != []


def test_keys_are_variables_that_stay_texts_and_every_other_dollar_is_one() -> None:
    text = render(WHOLE)
    assert secrets(WHOLE) == (
        "AGENT_KEY_BROKER",
        "CALLER_KEY_DESK_2",
        "CALLER_KEY_PLANNER",
        "SERVER_KEY_SEARCH",
    )
    assert all(text.count(f'"${{{name}}}"') == 1 for name in secrets(WHOLE))
    document = read(WHOLE)
    keys = document["gateways"]["default"]["apiKey"]["keys"]
    assert {one["metadata"]["name"]: one["key"] for one in keys} == {
        "planner": "0123456789",
        "desk-2": "0123456789",
    }
    assert document["mcp"]["policies"]["mcpAuthorization"]["rules"] == list(WHOLE.tools)


def test_the_same_config_gives_the_same_bytes() -> None:
    assert render(WHOLE) == render(replace(WHOLE))
    assert render(WHOLE) != render(replace(WHOLE, threads=3))


def test_nobody_comes_in_without_a_key() -> None:
    listener = read(WHOLE)["gateways"]["default"]
    assert listener["apiKey"]["mode"] == "strict"


def test_nobody_comes_in_without_a_token_and_clients_learn_whom_to_ask() -> None:
    document = read(replace(WHOLE, callers=TOKENS))
    mcp = document["mcp"]["policies"]["mcpAuthentication"]
    assert (mcp["mode"], mcp["issuer"], mcp["audiences"]) == ("strict", TOKENS.issuer, ["mcp"])
    assert mcp["resourceMetadata"]["resource"] == "https://mcp.example.com/mcp"
    assert {route["policies"]["jwtAuth"]["mode"] for route in document["routes"]} == {"strict"}
    # asked for at the listener, tokens would be taken off before MCP's own check of them
    assert set(document["gateways"]["default"]) == {"port"}


def test_servers_are_one_and_keep_their_tools_names() -> None:
    mcp = read(WHOLE)["mcp"]
    assert (mcp["prefixMode"], mcp["failureMode"]) == ("always", "failOpen")
    search, news = mcp["targets"]
    assert search["mcp"]["host"] == "http://search.prod-apps.svc.cluster.local:8080/mcp"
    assert search["policies"]["backendAuth"]["key"]["value"] == "0123456789"
    assert news == {"name": "news", "sse": {"host": "https://news.example.com/sse"}}


def test_agents_answer_below_their_names() -> None:
    writer, broker = read(WHOLE)["routes"]
    assert writer["matches"] == [{"path": {"pathPrefix": "/agents/writer"}}]
    assert writer["policies"] == {"a2a": {}, "urlRewrite": {"path": {"prefix": "/"}}}
    assert writer["backends"] == [{"host": "writer.prod-apps.svc.cluster.local:9000"}]
    assert broker["backends"] == [{"host": "broker.example.com:443"}]
    assert broker["policies"]["backendTLS"] == {}


def test_ports_are_stated_and_the_inspecting_one_stays_on_loopback() -> None:
    process = read(WHOLE)["config"]
    assert process["statsAddr"] == "0.0.0.0:15020"
    assert process["readinessAddr"] == "0.0.0.0:15021"
    assert process["adminAddr"] == "localhost:15000"
    assert process["workerThreads"] == 2


def test_traces_are_sampled_and_none_are_sent_without_a_collector() -> None:
    tracing = read(WHOLE)["frontendPolicies"]["tracing"]
    assert (tracing["randomSampling"], tracing["clientSampling"]) == (0.05, True)
    assert "tracing" not in read(EMPTY)["frontendPolicies"]


def test_an_idle_connection_is_kept_for_longer_than_the_balancer_keeps_it() -> None:
    kept = read(EMPTY)["frontendPolicies"]["http"]["http1IdleTimeout"]
    assert int(kept.removesuffix("s")) > IDLE_SECONDS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"servers": (McpServer(name="a_b", url="http://a.b/mcp"),)}, "MCP server 'a_b'"),
        ({"servers": (McpServer(name="a", url="ftp://a.b/mcp"),)}, "expected http"),
        ({"servers": (McpServer(name="a", url="http://u:p@a.b/mcp"),)}, "expected http"),
        ({"servers": (McpServer(name="a", url="http://a.b/$HOME"),)}, "expected http"),
        ({"servers": (McpServer(name="a", url="http://a.b"),) * 2}, "two of a name"),
        ({"agents": (Agent(name="a", url="http://a.b/path"),)}, "must have no path"),
        ({"callers": CallerKeys(names=())}, "name one"),
        ({"callers": CallerKeys(names=("a", "a"))}, "two of a name"),
        ({"callers": replace(TOKENS, audiences=())}, "any audience"),
        ({"callers": replace(TOKENS, keys_url="http://id.example.com")}, "by https://"),
        ({"traces": Traces(endpoint="otel:4317", share=1.5)}, "from 0 to 1"),
        ({"threads": 0}, "needs a thread"),
    ],
)
def test_what_would_not_start_is_refused_before_it_is_built(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        replace(EMPTY, **changes)


def test_an_address_leads_to_its_scheme_s_port() -> None:
    plain, sure = endpoint("http://a.b/mcp"), endpoint("https://a.b:8443")
    assert (plain.host, plain.port, plain.path, plain.tls) == ("a.b", 80, "/mcp", False)
    assert (sure.host, sure.port, sure.path, sure.tls) == ("a.b", 8443, "/", True)


def test_two_names_never_share_a_variable() -> None:
    assert variable("CALLER", "desk-2") == "CALLER_KEY_DESK_2"
    with pytest.raises(ValueError, match="lower-case"):
        replace(EMPTY, callers=CallerKeys(names=("desk-2", "desk_2")))
