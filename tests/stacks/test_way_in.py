"""Load balancer and pods agree: how long each waits, keeps a connection and lets a pod leave."""

from __future__ import annotations

import pytest
import yaml

from sizing.words import Cloud
from tests.stacks.manifests import CONFIGS, STACKS, Manifest, Rendered, rendered, template

pytestmark = pytest.mark.one_cloud(Cloud.AWS, "its own load balancer; test_gcp_edge is the other")

PUBLIC = tuple(one for one in STACKS if CONFIGS[one].ingress and CONFIGS[one].cloud is Cloud.AWS)
each_public = pytest.mark.parametrize("stack", PUBLIC)


def made(stack: str, type_: str) -> list[Manifest]:
    return [one.inputs for one in rendered(stack).recording.resources if one.type == type_]


def behind(stack: str) -> dict[int, Manifest]:
    """Return the workloads that a load balancer's targets are, by the port that they listen on."""
    found: Rendered = rendered(stack)
    workloads = found.named("Deployment")
    return {
        one["spec"]["serviceRef"]["port"]: workloads[place]
        for place, one in found.named("TargetGroupBinding").items()
    }


def config_of(stack: str, name: str, key: str) -> Manifest:
    (text,) = (
        one["data"][key]
        for one in rendered(stack).of("ConfigMap")
        if one["metadata"]["name"].startswith(name) and key in one["data"]
    )
    said = yaml.safe_load(text)
    assert isinstance(said, dict)
    return said


@each_public
def test_a_leaving_pod_ends_what_it_has_begun(stack: str) -> None:
    workloads = behind(stack)
    groups = made(stack, "aws:lb/targetGroup:TargetGroup")
    assert {int(one["port"]) for one in groups} == workloads.keys()
    for one in groups:
        pod = template(workloads[int(one["port"])])["spec"]
        (container,) = pod["containers"]
        leaves, ends = (
            container["lifecycle"]["preStop"]["sleep"]["seconds"],
            pod["terminationGracePeriodSeconds"],
        )
        # it answers on while the balancer learns of it, which then waits until it is gone
        assert 10 <= leaves < ends <= int(one["deregistrationDelay"])


@each_public
def test_no_side_gives_up_before_the_proxy_says_why(stack: str) -> None:
    (balancer,) = made(stack, "aws:lb/loadBalancer:LoadBalancer")
    silence = int(balancer["idleTimeout"])
    proxy = config_of(stack, "litellm-etc", "config.yaml")
    waits = proxy["litellm_settings"]["request_timeout"]
    assert {proxy["router_settings"][key] for key in ("timeout", "stream_timeout")} == {waits}
    assert waits < silence


@each_public
def test_the_balancer_ends_an_idle_connection_first(stack: str) -> None:
    (balancer,) = made(stack, "aws:lb/loadBalancer:LoadBalancer")
    silence = int(balancer["idleTimeout"])
    (proxy,) = template(behind(stack)[4000])["spec"]["containers"]
    words = proxy["args"]
    assert int(words[words.index("--keepalive_timeout") + 1]) > silence
    agents = config_of(stack, "agent-gateway", "config.yaml")
    kept = agents["frontendPolicies"]["http"]["http1IdleTimeout"]
    assert int(kept.removesuffix("s")) > silence


def test_there_are_stacks_with_a_way_in() -> None:
    assert {"prod-large", "prod-enterprise"} <= {*PUBLIC}
