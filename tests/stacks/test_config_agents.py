"""What the agent gateway serves is refused by its field where it could not be served."""

from __future__ import annotations

import pytest

from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import good, refused

AGENTS = "agents: {}"


def test_a_stack_serves_named_servers_and_agents_to_named_callers() -> None:
    config = good(
        AGENTS.format(
            "{callers: [planner], servers: {search: {url: 'http://search.prod-apps.svc.cluster."
            "local:8080/mcp'}}, agents: {writer: {url: 'https://writer.example.com'}}}"
        )
    )
    assert config.agents.callers == ("planner",)
    assert config.agents.servers["search"].transport == "mcp"
    assert config.agents.agents["writer"].existing_secret is None


@pytest.mark.parametrize(
    ("written", "path", "allowed"),
    [
        ("{callers: [a, b, a]}", "agents.callers: found a list of 3", 'once, unlike "a"'),
        ("{servers: [a]}", "agents.servers", "a mapping: MCP servers by name"),
        ("{callers: []}", "agents.callers", "who may call"),
        ("{callers: [Planner]}", "agents.callers[0]", "lower-case"),
        ("{servers: {Search: {url: 'http://a'}}}", "agents.servers", "lower-case"),
        ("{servers: {a: {url: 'ftp://a'}}}", "agents.servers.a.url", "http:// or https://"),
        ("{servers: {a: {url: 'http://u:p@a/mcp'}}}", "agents.servers.a.url", "without user"),
        ("{agents: {a: {url: 'http://a/path'}}}", "agents.agents.a.url", "without a path"),
        ("{tokens: {issuer: 'http://i'}}", "agents.tokens", "https://"),
    ],
)
def test_what_could_not_be_served_is_refused(written: str, path: str, allowed: str) -> None:
    found = refused(AGENTS.format(written))
    assert any(path in line and allowed in line for line in found), found
