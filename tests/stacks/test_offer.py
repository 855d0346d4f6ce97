"""What a stack's file says of its agents and its router, in the words of the components."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.agent_gateway_settings import CallerKeys, CallerTokens, Transport
from components.kubernetes.agent_router_config import reconciled
from components.kubernetes.litellm_settings import Limits
from sizing.words import Tier
from sizing.workload import reference
from stacks.apps import offer
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.components.kubernetes.samples import service_plan
from tests.stacks.stack_texts import good

PLAN = service_plan("agent-gateway")
HOST = "mcp.ai.example.com"
IMAGE = "vendor.example/router:1.2.3"
ROUTER = (
    f"services: {{agent_router: {{image: '{IMAGE}', controller_image: '{IMAGE}', "
    "existing_secret: acme/router}}"
)
MODELS = """\
models:
  providers: {openai: {existing_secret: acme/openai}}
  external: [{name: fast, provider: openai, model: gpt-4o-mini, requests_per_minute: 90000}]"""


def test_servers_agents_and_callers_keep_their_names() -> None:
    config = good(
        """\
agents:
  callers: [planner]
  servers:
    search: {url: "http://search.prod-apps.svc.cluster.local:8080/mcp"}
    news: {url: "https://news.example.com/sse", transport: sse, existing_secret: acme/news}
  agents: {writer: {url: "https://writer.example.com"}}"""
    )
    found = offer.agents(config, PLAN, HOST)
    assert [(one.name, one.transport, one.credential) for one in found.servers] == [
        ("news", Transport.EVENTS, True),
        ("search", Transport.STREAMABLE, False),
    ]
    assert [one.name for one in found.agents] == ["writer"]
    assert found.callers == CallerKeys(names=("planner",))
    assert offer.callers(config) == ("planner",)


def test_with_tokens_no_caller_gets_a_key() -> None:
    config = good(
        "agents: {tokens: {issuer: https://id.example.com, audiences: [mcp], "
        "keys_url: https://id.example.com/keys}}"
    )
    assert isinstance(offer.agents(config, PLAN, HOST).callers, CallerTokens)
    assert offer.callers(config) == ()


def test_an_application_is_a_caller_of_the_tools() -> None:
    stated = (
        "services: {application: {image: 'example.com/a:1', port: 8080, cpu: '1', memory: 1Gi}}"
    )
    assert offer.callers(good(stated)) == ("platform", "application")
    named = good(f"{stated}\nagents: {{callers: [application]}}")
    assert offer.callers(named) == ("application",)
    assert offer.agents(named, PLAN, HOST).callers == CallerKeys(names=("application",))


def test_a_router_s_keys_are_those_in_use_and_each_of_its_traces_is_begun() -> None:
    config = good(f"{MODELS}\n{ROUTER}")
    load = replace(reference(Tier.LARGE), keys=60_000, requests_per_second_peak=12, trace_share=0.3)
    found = offer.router(config, load, traces="http://collector:4317")
    assert found.active_keys == 12 * 60
    # which are kept the collectors decide
    assert found.telemetry.trace_share == 1
    assert found.telemetry.endpoint == "http://collector:4317"
    # 90,000 of the only provider, a fifth of it kept, over 720 keys
    assert reconciled(found).per_key == 100


def test_what_all_keys_may_spend_and_what_each_may_reaches_the_gateway() -> None:
    found = offer.offer(good("gateway: {budget_usd: 5000, budget_usd_per_key: 20}"))
    assert found.platform_budget == 5000
    assert found.keys == Limits(budget=20)
    nothing = offer.offer(good())
    assert (nothing.platform_budget, nothing.keys) == (None, None)
