"""Dashboards in a stack: who answers them, who reaches them, and that both sides know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from preview.offline import Recording, run
from sizing.words import Cloud
from stacks.config_model import stack_name
from tests.stacks.manifests import Manifest, rendered
from tests.stacks.projects import write_stack
from tests.stacks.stack_texts import ZONE

TYPES = {
    "prod-small": ["prometheus", "alertmanager", "jaeger"],
    "prod-enterprise": ["prometheus", "alertmanager", "jaeger"],
}
OUTSIDE = f"""\
ingress: {{domain: ai.platform.dev, zone_id: {ZONE}}}
models: {{huggingface: {{existing_secret: acme/huggingface}}}}
services:
  grafana:
    host: true
    oidc:
      auth_url: https://id.example.com/authorize
      token_url: https://id.example.com/token
      api_url: https://id.example.com/userinfo
      client_id: dashboards
      existing_secret: aigw/grafana"""


def sources(stack: str) -> list[dict[str, str]]:
    found = rendered(stack).charts["grafana"]["datasources"]["datasources.yaml"]["datasources"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("stack", [*TYPES, *(f"{one}-gcp" for one in TYPES)])
def test_data_sources_are_services_of_the_stack(stack: str) -> None:
    found = sources(stack)
    assert [one["type"] for one in found] == TYPES[stack.removesuffix("-gcp")]
    for one in found:
        assert ".prod-observability.svc.cluster.local:" in one["url"]


@pytest.mark.parametrize("cloud", Cloud)
def test_the_largest_tier_asks_all_servers_and_their_archive(cloud: Cloud) -> None:
    assert "thanos-query" in sources(stack_name("prod", "enterprise", cloud))[0]["url"]
    assert "prometheus." in sources(stack_name("prod", "small", cloud))[0]["url"]


@pytest.mark.parametrize("stack", ["prod-small", "prod-large", "prod-enterprise-gcp"])
def test_whoever_is_asked_lets_grafana_in(stack: str) -> None:
    policies = [one for one in rendered(stack).of("NetworkPolicy") if in_home(one)]
    asked = {
        (peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"], port["port"])
        for rule in rules(policies, "grafana", "egress")
        for peer in rule["to"]
        if "podSelector" in peer
        for port in rule["ports"]
    }
    assert asked
    for name, number in asked:
        let_in = {
            port["port"]
            for rule in rules(policies, name, "ingress")
            for peer in rule["from"]
            if peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/name")
            == "grafana"
            for port in rule["ports"]
        }
        assert number in let_in, f"{name} keeps grafana out of {number}"


def in_home(manifest: Manifest) -> bool:
    return str(manifest["metadata"]["namespace"]).endswith("-observability")


def rules(policies: list[Manifest], name: str, direction: str) -> list[Any]:
    """Return all rules of one direction for the pods of a name."""
    return [
        rule
        for one in policies
        if one["spec"]["podSelector"].get("matchLabels", {}).get("app.kubernetes.io/name") == name
        for rule in one["spec"].get(direction, ())
    ]


def test_the_dashboards_fit_into_their_config_map() -> None:
    made = rendered("prod-enterprise").named("ConfigMap")
    boards = made["prod-observability/grafana-dashboards"]["data"]
    assert "aigw-overview.json" in boards
    assert len(json.dumps(boards)) < 1 << 20


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Run a stack whose dashboards stand behind the load balancer."""
    folder = tmp_path_factory.mktemp("dashboards") / "project"
    return run(write_stack(folder, Cloud.AWS, "large", OUTSIDE))


def inputs(recording: Recording, kind: str) -> list[Any]:
    """Return the inputs of every resource whose type ends so."""
    return [one.inputs for one in recording.resources if one.type.endswith(f":{kind}")]


def test_a_host_has_a_name_a_rule_and_pods(outside: Recording) -> None:
    bound = {one["metadata"]["name"] for one in inputs(outside, "TargetGroupBinding")}
    assert bound == {"agent-gateway", "grafana", "litellm"}
    names = {one["name"] for one in inputs(outside, "Record") if one["type"] == "A"}
    assert "grafana.ai.platform.dev" in names


def test_a_host_is_what_grafana_takes_itself_for(outside: Recording) -> None:
    (said,) = [one["values"] for one in inputs(outside, "Release") if one["name"] == "grafana"]
    assert said["grafana.ini"]["server"]["root_url"] == "https://grafana.ai.platform.dev/"
    assert said["env"]["GF_AUTH_GENERIC_OAUTH_CLIENT_ID"] == "dashboards"
