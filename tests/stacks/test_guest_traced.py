"""What a guest does is told to its host's collectors, which let it in and tell it apart."""

from __future__ import annotations

import json

import pytest

from components.kubernetes import otel_config
from components.kubernetes.search_access import Signed
from stacks.apps import tracing_rules
from stacks.config import load_all
from stacks.decision import decide
from tests.stacks.manifests import containers, namespace, place, rendered
from tests.stacks.test_guest_watched import GUESTS, LODGERS, METADATA

VARIABLE = "OTEL_RESOURCE_ATTRIBUTES"
SENDERS = ("agent-gateway", "litellm")


def environments(stack: str) -> dict[str, str]:
    """Return what the variable says, by the workload that has it."""
    return {
        place(one): each["value"]
        for one in rendered(stack).of("Deployment")
        for container in containers(one)
        for each in container.get("env", ())
        if each["name"] == VARIABLE
    }


@pytest.mark.parametrize("guest", GUESTS)
def test_spans_of_a_guest_say_its_environment_and_those_of_its_host_the_hosts(guest: str) -> None:
    for stack in (guest, LODGERS[guest]):
        short = stack.partition("-")[0]
        found = environments(stack)
        assert {f"{short}-gateway/{one}" for one in SENDERS} <= set(found)
        assert set(found.values()) == {f"deployment.environment={short}"}


@pytest.mark.parametrize("guest", GUESTS)
def test_a_guest_may_leave_for_the_collectors_and_is_let_in_there(guest: str) -> None:
    (taken,) = (
        one
        for one in rendered(LODGERS[guest]).of("NetworkPolicy")
        if one["metadata"]["name"] == "otel-collector"
    )
    home = namespace(taken)
    let_in = {
        peer["namespaceSelector"]["matchLabels"][METADATA]: [one["port"] for one in rule["ports"]]
        for rule in taken["spec"]["ingress"]
        for peer in rule["from"]
    }
    leaving = {
        one["metadata"]["name"]: namespace(one)
        for one in rendered(guest).of("NetworkPolicy")
        for rule in one["spec"].get("egress", ())
        for peer in rule["to"]
        if peer.get("namespaceSelector", {}).get("matchLabels") == {METADATA: home}
        and {4317, 4318} <= {each["port"] for each in rule.get("ports", ())}
    }
    assert set(SENDERS) <= set(leaving)
    for space in leaving.values():
        assert let_in[space] == [4317, 4318]


@pytest.mark.parametrize("guest", GUESTS)
def test_a_host_keeps_as_large_a_share_and_makes_room_for_its_guests_traces(guest: str) -> None:
    plan = decide(load_all()[LODGERS[guest]]).plan
    found = tracing_rules.gateway_config(plan, Signed(region="x")).sampling
    own, theirs = (
        decide(load_all()[one]).plan.request.load.requests_per_second_peak
        for one in (LODGERS[guest], guest)
    )
    collectors = next(one for one in plan.services if one.name == "otel-collector")
    assert found.share == plan.request.load.trace_share
    # one of them may be lost
    assert found.traces_per_second * max(1, collectors.scale.planned - 1) >= own + theirs
    assert found.traces >= found.traces_per_second * found.wait_seconds


@pytest.mark.parametrize("guest", GUESTS)
def test_lines_of_a_guests_pods_are_of_its_environment(guest: str) -> None:
    plan = decide(load_all()[LODGERS[guest]]).plan
    made = otel_config.agent(tracing_rules.agent_config(plan, cluster="c"))
    own, other = (one for one in made["receivers"]["file_log"]["operators"] if one["type"] == "add")
    assert (own["value"], "if" in own) == (LODGERS[guest].partition("-")[0], False)
    assert other["value"] == guest.partition("-")[0]
    named, _, spaces = other["if"].partition(" in ")
    assert named == 'resource["k8s.namespace.name"]'
    assert {namespace(one) for one in rendered(guest).of("Deployment")} <= set(json.loads(spaces))
