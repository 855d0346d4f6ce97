"""The agent gateway's pods share their sessions, prove who calls, and reach whom they serve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.access import Blocks, Pods
from components.kubernetes.agent_gateway import (
    AgentGateway,
    AgentGatewayArgs,
    generated,
    threads,
    upstreams,
)
from components.kubernetes.agent_gateway_config import secrets
from components.kubernetes.agent_gateway_settings import AgentGatewayConfig
from components.kubernetes.images import reference
from components.kubernetes.secrets import Remote
from tests.components.kubernetes.samples import SCALING, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.kubernetes.test_agent_gateway_config import EMPTY, TOKENS, WHOLE
from tests.components.support import Recorder, children_of, record
from tests.kubernetes.schemas import violations

PLAN = service_plan("agent-gateway", scaling=SCALING)


def built(config: AgentGatewayConfig = WHOLE, **changes: Any) -> Recorder:  # noqa: ANN401
    plain: dict[str, Any] = {
        "plan": PLAN,
        "cluster": cluster(),
        "namespace": "prod-gateway",
        "config": config,
        "session": Remote(name="aigw/prod/agent-gateway", property="SESSION_KEY"),
        "keys": {
            name: Remote(name="aigw/prod/agent-gateway", property=name) for name in secrets(config)
        },
        "called_by": (Pods(namespace="prod-apps", ports=(3000,)),),
    }
    return record(lambda: AgentGateway("agents", AgentGatewayArgs(**{**plain, **changes})))


def container(made: Recorder) -> dict[str, Any]:
    (one,) = made.one("Deployment").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(one, dict)
    return one


def test_every_object_is_one_that_the_api_server_takes() -> None:
    objects = children_of(built(), "aigw:kubernetes:AgentGateway")
    assert {one.type.rpartition(":")[2] for one in objects} == {
        "ConfigMap",
        "Deployment",
        "ExternalSecret",
        "HorizontalPodAutoscaler",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
    }
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_replicas_seal_sessions_with_one_key_of_the_length_that_the_gateway_takes() -> None:
    spec = built().one("ExternalSecret").inputs["spec"]
    # 32 bytes as 64 hexadecimal digits, whatever the text in the cloud's store is
    assert spec["target"]["template"]["data"]["SESSION_KEY"] == "{{ .SESSION_KEY | sha256sum }}"
    remotes = {one["secretKey"]: one["remoteRef"] for one in spec["data"]}
    assert remotes["SESSION_KEY"] == {
        "key": "aigw/prod/agent-gateway",
        "property": "SESSION_KEY",
    }


def test_each_key_of_the_file_is_a_variable_of_the_secret() -> None:
    made = built()
    environment = {
        one["name"]: one["valueFrom"] for one in container(made)["env"] if "valueFrom" in one
    }
    held = made.one("ExternalSecret").inputs["spec"]["target"]["template"]["data"]
    assert set(environment) == {*secrets(WHOLE), "SESSION_KEY"} == set(held)
    assert {one["secretKeyRef"]["name"] for one in environment.values()} == {"agent-gateway"}
    assert held["CALLER_KEY_PLANNER"] == "{{ .CALLER_KEY_PLANNER }}"


def test_a_key_that_is_missing_or_read_by_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"missing .*'CALLER_KEY_DESK_2'"):
        built(keys={})
    with pytest.raises(ValueError, match=r"read by nobody \['CALLER_KEY_OLD'\]"):
        built(
            EMPTY,
            keys={
                name: Remote(name="x")
                for name in ("CALLER_KEY_DESK_2", "CALLER_KEY_PLANNER", "CALLER_KEY_OLD")
            },
        )


def test_the_file_is_mounted_and_named_and_its_change_rolls_the_pods() -> None:
    def noted(config: AgentGatewayConfig) -> str:
        made = built(config)
        one = container(made)
        (mount,) = [m for m in one["volumeMounts"] if m.get("readOnly")]
        assert one["args"] == ["-f", f"{mount['mountPath']}/config.yaml"]
        assert list(made.one("ConfigMap").inputs["data"]) == ["config.yaml"]
        template = made.one("Deployment").inputs["spec"]["template"]
        return str(template["metadata"]["annotations"]["aigw.io/config-checksum"])

    assert noted(WHOLE) == noted(WHOLE)
    assert noted(WHOLE) != noted(EMPTY)


def test_it_is_asked_on_its_own_port_and_restarted_only_when_that_is_shut() -> None:
    one = container(built())
    assert one["readinessProbe"]["httpGet"] == {"path": "/healthz/ready", "port": "ready"}
    assert one["livenessProbe"]["tcpSocket"] == {"port": "ready"}
    assert {port["name"]: port["containerPort"] for port in one["ports"]} == {
        "http": 3000,
        "metrics": 15020,
        "ready": 15021,
    }
    assert one["image"] == reference("agentgateway", "")


def test_streams_may_end_before_a_pod_is_stopped() -> None:
    made = built()
    grace = made.one("Deployment").inputs["spec"]["template"]["spec"][
        "terminationGracePeriodSeconds"
    ]
    wait = container(made)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert grace >= wait + 60


def test_it_is_called_by_those_who_are_named() -> None:
    (rule,) = built().one("NetworkPolicy").inputs["spec"]["ingress"]
    assert rule["ports"] == [{"port": 3000, "protocol": "TCP"}]


def test_it_reaches_its_servers_and_agents_and_nobody_else() -> None:
    inside, outside = upstreams(WHOLE, (here().vpc,))
    assert inside == Pods(namespace="prod-apps", ports=(8080, 9000))
    assert isinstance(outside, Blocks)
    assert outside.ports == (443,)
    assert here().vpc in outside.excluded
    assert upstreams(EMPTY, (here().vpc,)) == ()


def test_tokens_are_checked_with_keys_that_it_can_fetch() -> None:
    (outside,) = upstreams(replace(EMPTY, callers=TOKENS), (here().vpc,))
    assert isinstance(outside, Blocks)
    assert outside.ports == (443,)


def test_what_a_cloud_makes_is_what_the_file_asks_for() -> None:
    made = generated("agent-gateway", ("planner", "desk-2"), protect=True)
    names = {key.name: key for key in made.keys}
    assert set(names) == {"CALLER_KEY_PLANNER", "CALLER_KEY_DESK_2", "SESSION_KEY"}
    # they are put into a text that is read as YAML, so that nothing may have a meaning there
    assert {key.specials for key in made.keys} == {""}


def test_threads_follow_the_limit_of_the_cpu() -> None:
    assert [
        threads(replace(PLAN, cpu_limit_millis=millis)) for millis in (250, 1000, 1500, 4000)
    ] == [1, 1, 2, 4]
