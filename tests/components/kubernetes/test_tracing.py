"""Collectors and Jaeger in the cluster: their charts' values, their peers and their rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.access import Pods
from components.kubernetes.jaeger import CONFIG_LABEL, Jaeger, JaegerArgs, values
from components.kubernetes.jaeger_config import Role, TraceStore
from components.kubernetes.otel_collector import AgentArgs, Agents, Collector, CollectorArgs
from components.kubernetes.otel_settings import AgentConfig, GatewayConfig, LogStore, Memory
from components.kubernetes.otlp import NOWHERE, Otlp
from components.kubernetes.search_access import FOLDER
from sizing.plans import HelperPlan
from sizing.units import MIB
from tests.components.kubernetes.samples import NAMESPACES, cluster, service_plan
from tests.components.kubernetes.search_samples import SIGNED, peer, port, sign_in
from tests.components.kubernetes.surroundings import here
from tests.components.kubernetes.test_otel_config import SAMPLING
from tests.components.support import Recorder, record
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.schemas import violations

HOME = NAMESPACES["observability"]
RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SERVICE = "kubernetes:core/v1:Service"
GATEWAY = GatewayConfig(
    memory=Memory(limit_mib=800, spike_mib=160),
    sampling=SAMPLING,
    members=f"otel-collector-members.{HOME}.svc.cluster.local",
    jaeger="jaeger:4317",
    logs=LogStore(endpoint="${env:SEARCH_URL}", sign_in=SIGNED, index="prod-logs"),
)
STORE = TraceStore(
    endpoint="${env:SEARCH_URL}",
    sign_in=SIGNED,
    prefix="prod",
    shards=1,
    copies=1,
    days=7,
)


def collector(config: GatewayConfig = GATEWAY) -> Recorder:
    if config.logs is not None:
        config = replace(config, logs=replace(config.logs, sign_in=sign_in("otel-collector")))
    args = CollectorArgs(
        plan=service_plan("otel-collector", role="observability"),
        cluster=cluster(),
        namespace=HOME,
        config=config,
        search="https://search",
        senders=("prod-gateway",),
        stores=(Pods(namespace=HOME, name="jaeger", ports=(4317,)),),
    )
    return record(lambda: Collector("otel-collector", args))


def jaeger(role: Role, store: TraceStore = STORE) -> JaegerArgs:
    return JaegerArgs(
        plan=service_plan(role, role="observability"),
        cluster=cluster(),
        namespace=HOME,
        store=replace(store, sign_in=sign_in(role)),
        search="https://search",
        called_by=(Pods(namespace=HOME, name="otel-collector", ports=(4317,)),),
    )


def release(made: Recorder) -> Mapping[str, Any]:
    return made.one(RELEASE).inputs


def opened(made: Recorder, way: str) -> dict[str, set[int]]:
    """Return the ports by the pods that the policy names; blocks by their address."""
    found: dict[str, set[int]] = {}
    for rule in made.one(POLICY).inputs["spec"][way]:
        for one in rule.get("from") or rule.get("to") or ():
            where = one.get("namespaceSelector", {}).get("matchLabels", {})
            labels = one.get("podSelector", {}).get("matchLabels", {})
            name = "/".join((*where.values(), *labels.values())) or one["ipBlock"]["cidr"]
            found.setdefault(name, set()).update(int(open_["port"]) for open_ in rule["ports"])
    return found


def test_the_gateway_hears_senders_its_own_members_and_prometheus() -> None:
    assert opened(collector(), "ingress") == {
        "prod-gateway": {4317, 4318},
        f"{HOME}/otel-collector": {4319},
        f"{HOME}/prometheus": {8888},
    }


def test_the_gateway_speaks_to_its_members_to_jaeger_and_to_the_search_domain() -> None:
    found = opened(collector(), "egress")
    assert found[f"{HOME}/otel-collector"] == {4319}
    assert found[f"{HOME}/jaeger"] == {4317}
    assert found[peer()] == {port()}


def test_a_gateway_without_logs_reaches_no_store_of_its_own() -> None:
    made = collector(replace(GATEWAY, logs=None))
    assert peer() not in opened(made, "egress")
    assert release(made)["values"]["extraEnvs"] == []


def test_each_collector_has_an_address_of_its_own_where_there_are_several() -> None:
    (members,) = collector().all(SERVICE)
    assert members.inputs["metadata"]["name"] == "otel-collector-members"
    assert members.inputs["spec"]["clusterIP"] == "None"
    assert collector(replace(GATEWAY, members="")).all(SERVICE) == []


def test_the_charts_read_every_value() -> None:
    assert unknown_keys("opentelemetry-collector", release(collector())["values"]) == []
    assert unknown_keys("opentelemetry-collector", release(agents())["values"]) == []
    for role in Role:
        made = record(lambda role=role: Jaeger(role, jaeger(role)))  # type: ignore[misc]
        assert unknown_keys("jaeger", release(made)["values"]) == []


def test_a_gateway_runs_as_nobody_and_asks_no_api() -> None:
    said = release(collector())["values"]
    assert said["securityContext"]["runAsUser"] == 10001
    assert said["securityContext"]["readOnlyRootFilesystem"] is True
    assert said["serviceAccount"]["automountServiceAccountToken"] is False
    assert "clusterRole" not in said


def agents() -> Recorder:
    plan = HelperPlan(
        name="otel-agent",
        namespace="node-system",
        kind="daemon",
        pods=9,
        cpu_request_millis=50,
        cpu_limit_millis=200,
        memory_request_bytes=128 * MIB,
        memory_limit_bytes=256 * MIB,
    )
    args = AgentArgs(
        plan=plan,
        cluster=cluster(),
        namespace="node-system",
        config=AgentConfig(
            memory=Memory.of(plan),
            gateway=f"otel-collector.{HOME}.svc.cluster.local:4317",
            cluster="aigw-prod",
            own=("node-system_otel-agent",),
        ),
    )
    return record(lambda: Agents("otel-agent", args))


def test_an_agent_looks_at_pods_alone_and_runs_wherever_pods_do() -> None:
    said = release(agents())["values"]
    assert said["clusterRole"]["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
    ]
    assert said["tolerations"] == [{"operator": "Exists"}]


def test_an_agent_writes_nothing_on_its_node_but_how_far_it_has_read() -> None:
    said = release(agents())["values"]
    writable = [one["mountPath"] for one in said["extraVolumeMounts"] if not one.get("readOnly")]
    assert writable == ["/var/lib/otelcol"]
    assert said["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    # a receiver on a port of the node would take anybody's
    assert all(not one["enabled"] for name, one in said["ports"].items() if name != "metrics")


def test_an_agent_speaks_to_the_gateway_and_the_api() -> None:
    found = opened(agents(), "egress")
    assert found[f"{HOME}/otel-collector"] == {4317}
    assert opened(agents(), "ingress") == {f"{HOME}/prometheus": {8888}}


def test_another_config_starts_jaegers_pods_anew() -> None:
    one, other = (
        values(jaeger(Role.ALL, store))["jaeger"]["podLabels"][CONFIG_LABEL]
        for store in (STORE, replace(STORE, days=8))
    )
    assert one != other


def test_two_roles_of_jaeger_share_no_name() -> None:
    made = [record(lambda role=role: Jaeger(role, jaeger(role))) for role in Role]  # type: ignore[misc]
    assert len({release(one)["name"] for one in made}) == len(Role)
    maps = {one.one("kubernetes:core/v1:ConfigMap").inputs["metadata"]["name"] for one in made}
    assert len(maps) == len(Role)


@pytest.mark.parametrize("role", Role)
def test_jaeger_hears_whom_it_is_told_and_prometheus(role: Role) -> None:
    made = record(lambda: Jaeger(role, jaeger(role)))
    assert opened(made, "ingress") == {
        f"{HOME}/otel-collector": {4317},
        f"{HOME}/prometheus": {8888},
    }
    assert opened(made, "egress")[peer()] == {port()}


def mounted(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the entries of secrets that pods of a chart see, by folder."""
    volumes = {one["name"]: one.get("secret") for one in said.get("extraVolumes", ())}
    folders = {one["mountPath"]: volumes[one["name"]] for one in said.get("extraVolumeMounts", ())}
    return {
        path: [one["path"] for one in secret["items"]]
        for path, secret in folders.items()
        if secret is not None
    }


def test_pods_see_the_password_of_their_own_user_alone_and_none_where_they_sign() -> None:
    gateway = release(collector())["values"]
    shown = values(jaeger(Role.QUERY))["jaeger"]
    if here().signs:
        assert mounted(gateway) == mounted(shown) == {}
    else:
        assert mounted(gateway) == {FOLDER: ["ca.crt", "otel-collector"]}
        assert mounted(shown) == {FOLDER: ["ca.crt", "jaeger-query"]}


def test_whoever_has_a_password_asks_nobody_for_credentials() -> None:
    jaegers = record(lambda: Jaeger("jaeger", jaeger(Role.ALL)))
    for made in (collector(), jaegers):
        assert (here().credentials in opened(made, "egress")) is here().signs


def test_every_object_is_valid() -> None:
    for made in (collector(), agents(), record(lambda: Jaeger("jaeger", jaeger(Role.ALL)))):
        for one in made.resources:
            if "apiVersion" in one.inputs:
                assert violations(one.inputs) == []


def test_a_program_is_told_where_to_send_or_nothing_at_all() -> None:
    there = Otlp(host="otel-collector.prod-observability.svc.cluster.local")
    assert there.environment("chat")["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://{there.host}:4318"
    assert there.grpc == f"http://{there.address}" == f"http://{there.host}:4317"
    assert NOWHERE.environment("chat") == {}
    assert (NOWHERE.grpc, NOWHERE.http, NOWHERE.address) == ("", "", "")
