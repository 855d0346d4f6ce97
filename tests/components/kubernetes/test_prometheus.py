"""Prometheus: the plan's servers, our namespaces' targets, and KEDA as the one that asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_random import RandomId

from components.kubernetes.prometheus import Objects, Prometheus, PrometheusArgs
from components.kubernetes.prometheus_operator import DEFINITIONS
from components.kubernetes.prometheus_spec import KUBELET_CLASS
from sizing.plans import HelperPlan, Scale
from sizing.units import GIB, MIB
from sizing.versions import IMAGES
from tests.components.kubernetes.controllers import (
    at,
    installed,
    peers,
    prometheus_operator,
    refused,
    release,
    values,
)
from tests.components.kubernetes.samples import NAMESPACES, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record

STACK = "kube-prometheus-stack"
WATCHED = {role: NAMESPACES[role] for role in ("gateway", "serving", "system")}
PLAN = service_plan(
    "prometheus",
    role="observability",
    pool_role="data",
    scale=Scale(minimum=2, planned=2, maximum=2),
    volume_gib=100,
)


SIDECAR = HelperPlan(
    name="thanos-sidecar",
    namespace="prod-observability",
    kind="sidecar",
    pods=2,
    cpu_request_millis=100,
    cpu_limit_millis=200,
    memory_request_bytes=128 * MIB,
    memory_limit_bytes=256 * MIB,
)
BUCKET = '{"type": "S3"}'


def arguments(**changes: Any) -> PrometheusArgs:  # noqa: ANN401  (any field of the servers)
    plain: dict[str, Any] = {
        "plan": PLAN,
        "cluster": cluster(),
        "namespace": "prod-observability",
        "watched": WATCHED,
        "retention_days": 15,
    }
    return PrometheusArgs(**{**plain, **changes})


def build(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of the servers)
    def program() -> None:
        made = Prometheus("prometheus", arguments(**changes))
        RandomId("asker", byte_length=1, opts=pulumi.ResourceOptions(depends_on=made.ready))

    return record(program)


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return build()


@pytest.fixture(scope="module")
def spec(made: Recorder) -> dict[str, Any]:
    found = made.one("Prometheus", "server").inputs["spec"]
    assert isinstance(found, dict)
    return found


def test_the_definitions_come_first_and_stay() -> None:
    recorded = installed(STACK)
    definitions = release(recorded, DEFINITIONS)
    assert definitions.urn in recorded.before(release(recorded, STACK))
    kept = {"crds": {"annotations": {"helm.sh/resource-policy": "keep"}}}
    assert definitions.inputs["values"] == kept


def test_who_makes_a_monitor_need_not_wait_for_the_operator() -> None:
    def program() -> None:
        known = prometheus_operator(cluster()).definitions
        RandomId("monitor", byte_length=1, opts=pulumi.ResourceOptions(depends_on=known))

    recorded = record(program)
    assert recorded.one("RandomId").depends_on == (release(recorded, DEFINITIONS).urn,)


def test_the_operator_comes_without_the_rest_of_its_chart() -> None:
    given = values(installed(STACK), STACK)
    for part in ("alertmanager", "crds", "grafana", "kubeStateMetrics", "nodeExporter"):
        assert given[part] == {"enabled": False}
    # a Prometheus of the chart's would stand beside ours
    assert given["prometheus"] == {"enabled": False}


def test_the_operator_needs_no_certificate_as_it_has_no_webhook() -> None:
    operator = values(installed(STACK), STACK)["prometheusOperator"]
    assert operator["admissionWebhooks"] == operator["tls"] == {"enabled": False}


def test_the_api_server_takes_every_object(made: Recorder) -> None:
    assert refused(made) == {}


def test_servers_and_volumes_are_the_plans(spec: dict[str, Any]) -> None:
    assert spec["replicas"] == 2
    claim = at(spec, "storage.volumeClaimTemplate.spec")
    assert claim["storageClassName"] == "zonal"
    assert claim["resources"] == {"requests": {"storage": "100Gi"}}


def test_a_pod_with_its_reloader_takes_what_the_plan_gives_it(spec: dict[str, Any]) -> None:
    reloader = at(values(installed(STACK), STACK), "prometheusOperator.prometheusConfigReloader")
    for kind, cpu, memory in (
        ("requests", PLAN.cpu_request_millis, PLAN.memory_request_bytes),
        ("limits", PLAN.cpu_limit_millis, PLAN.memory_limit_bytes),
    ):
        server, beside = spec["resources"][kind], reloader["resources"][kind]
        millis = [int(one["cpu"].removesuffix("m")) for one in (server, beside)]
        assert sum(millis) == cpu
        assert int(server["memory"]) + int(beside["memory"]) == memory
        assert int(beside["memory"]) == 50 * MIB


def test_it_keeps_what_sizing_counts_and_never_fills_its_volume(spec: dict[str, Any]) -> None:
    assert (spec["retention"], spec["retentionSize"]) == ("15d", "80GiB")


def test_one_target_cannot_fill_the_volume(spec: dict[str, Any]) -> None:
    samples = 15 * 86_400 // 15  # of a series, in all the days
    assert spec["enforcedSampleLimit"] * samples * 2 <= 100 * GIB
    assert (spec["enforcedSampleLimit"] + 1) * samples * 2 > 100 * GIB
    assert spec["enforcedLabelLimit"] > 0


def test_nobody_writes_into_it_or_rules_it_from_outside(spec: dict[str, Any]) -> None:
    assert spec["enableRemoteWriteReceiver"] is spec["enableAdminAPI"] is False


def test_its_token_is_shown_to_kubelets_alone(spec: dict[str, Any]) -> None:
    assert spec["arbitraryFSAccessThroughSMs"] == {"deny": True}
    (one,) = spec["scrapeClasses"]
    assert one["name"] == KUBELET_CLASS
    assert "default" not in one
    assert one["tlsConfig"] == {"caFile": f"{one['authorization']['credentialsFile'][:-5]}ca.crt"}


def test_rules_and_monitors_come_from_all_namespaces_and_free_configs_from_its_own(
    spec: dict[str, Any],
) -> None:
    for kind in ("ruleNamespaceSelector", "podMonitorNamespaceSelector"):
        assert spec[kind] == spec["serviceMonitorNamespaceSelector"]
    assert spec["ruleSelector"] == {}
    (own,) = at(spec, "scrapeConfigNamespaceSelector.matchExpressions")
    assert own["values"] == ["prod-observability"]


def test_alerts_go_to_whoever_is_told_of_them_where_there_is_one(spec: dict[str, Any]) -> None:
    assert "alerting" not in spec
    told = build(alerts=True).one("Prometheus", "server").inputs["spec"]["alerting"]
    (one,) = told["alertmanagers"]
    assert (one["name"], one["namespace"], one["port"]) == (
        "alertmanager",
        "prod-observability",
        "web",
    )


@pytest.fixture(scope="module")
def pair(_cloud: None) -> Recorder:
    return build(objects=Objects(plan=SIDECAR, config=BUCKET))


def test_a_sidecar_brings_blocks_to_the_bucket_that_it_is_told_of(pair: Recorder) -> None:
    spec = pair.one("Prometheus", "server").inputs["spec"]
    folder, _, key = spec["thanos"]["objectStorageConfigFile"].rpartition("/")
    (mount,) = spec["thanos"]["volumeMounts"]
    (volume,) = spec["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], folder)
    assert pair.one("ConfigMap").inputs["data"] == {key: BUCKET}
    assert volume["configMap"]["name"] == pair.one("ConfigMap").inputs["metadata"]["name"]
    assert refused(pair) == {}


def test_a_sidecar_takes_its_part_of_what_the_plan_gives_the_pod(pair: Recorder) -> None:
    spec = pair.one("Prometheus", "server").inputs["spec"]
    server, beside = spec["resources"]["requests"], spec["thanos"]["resources"]["requests"]
    millis = sum(int(one["cpu"].removesuffix("m")) for one in (server, beside))
    assert millis + 10 == PLAN.cpu_request_millis
    assert int(server["memory"]) + int(beside["memory"]) + 50 * MIB == PLAN.memory_request_bytes


def test_thanos_asks_the_sidecars_and_they_reach_the_cloud(pair: Recorder, made: Recorder) -> None:
    assert ("prod-observability/thanos", 10901) in peers(pair, "prometheus", "ingress")
    assert ("0.0.0.0/0", 443) in peers(pair, "prometheus", "egress")
    assert "0.0.0.0/0" not in {peer for peer, _ in peers(made, "prometheus", "egress")}


def test_each_server_is_measured_and_its_sidecar(pair: Recorder) -> None:
    ports = {one["name"] for one in pair.one("Service", "service").inputs["spec"]["ports"]}
    for one in pair.all("ServiceMonitor"):
        (endpoint,) = one.inputs["spec"]["endpoints"]
        assert endpoint["port"] in ports
    assert len(pair.all("ServiceMonitor")) == len(ports) == 2


def test_it_watches_our_namespaces_and_no_other(spec: dict[str, Any]) -> None:
    (rule,) = at(spec, "serviceMonitorNamespaceSelector.matchExpressions")
    assert rule["operator"] == "In"
    assert rule["values"] == ["platform-system", "prod-gateway", "prod-serving"]


def test_it_may_look_for_targets_there_and_nowhere_else(made: Recorder) -> None:
    assert made.all("ClusterRole") == []
    roles = [one.inputs for one in made.all("Role")]
    assert {one["metadata"]["namespace"] for one in roles} == set(WATCHED.values())
    for one in roles:
        assert {verb for rule in one["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
        assert not {"secrets", "configmaps"} & {
            resource for rule in one["rules"] for resource in rule["resources"]
        }
    bound = {one.inputs["metadata"]["namespace"] for one in made.all("RoleBinding")}
    assert bound == set(WATCHED.values())


def test_keda_asks_it_and_it_asks_its_targets(made: Recorder) -> None:
    assert peers(made, "prometheus", "ingress") == [
        ("platform-system/keda-operator", 9090),
        ("prod-observability/prometheus", 9090),
    ]
    reached = {peer for peer, _ in peers(made, "prometheus", "egress")}
    assert {"prod-gateway", "prod-serving", "platform-system"} <= reached
    assert "0.0.0.0/0" not in reached
    # kubelets, and what measures machines
    assert {(here().vpc, 10250), (here().vpc, 9100)} <= set(peers(made, "prometheus", "egress"))


def test_the_service_selects_the_pods_that_the_operator_makes(
    made: Recorder, spec: dict[str, Any]
) -> None:
    service = made.one("Service", "service").inputs
    assert service["spec"]["selector"] == at(spec, "podMetadata.labels")
    assert service["metadata"]["name"] == "prometheus"
    assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert service["spec"]["ports"] == [{"name": "web", "port": 9090, "targetPort": "web"}]


def test_its_address_is_the_services() -> None:
    urls: list[str] = []

    def program() -> None:
        Prometheus("prometheus", arguments()).url.apply(urls.append)

    record(program)
    assert urls == ["http://prometheus.prod-observability.svc.cluster.local:9090"]


def test_who_asks_it_waits_until_it_answers(made: Recorder) -> None:
    server = made.one("Prometheus", "server")
    assert server.inputs["metadata"]["annotations"] == {"pulumi.com/waitFor": "condition=Available"}
    assert server.urn in made.one("RandomId").depends_on


def test_a_larger_volume_in_the_plan_starts_nothing_over(made: Recorder) -> None:
    assert made.one("Prometheus", "server").ignore_changes == ("spec.storage",)


@pytest.mark.parametrize(("protect", "kept"), [(True, "Retain"), (False, "Delete")])
def test_volumes_outlive_a_protected_stack_alone(*, protect: bool, kept: str) -> None:
    made = build(cluster=cluster(protect=protect)).one("Prometheus", "server").inputs["spec"]
    assert made["persistentVolumeClaimRetentionPolicy"] == {
        "whenDeleted": kept,
        "whenScaled": "Retain",
    }


def test_two_servers_never_share_a_zone(spec: dict[str, Any]) -> None:
    zone, host = spec["topologySpreadConstraints"]
    assert (zone["topologyKey"], zone["whenUnsatisfiable"]) == (
        "topology.kubernetes.io/zone",
        "DoNotSchedule",
    )
    assert host["whenUnsatisfiable"] == "ScheduleAnyway"


def test_its_image_is_pinned_and_its_version_is_one(spec: dict[str, Any]) -> None:
    pin = IMAGES["prometheus"]
    assert spec["image"] == f"{pin.repository}:{pin.tag}@{pin.digest}"
    assert spec["version"] == "v3.14.0"


def test_it_runs_restricted(spec: dict[str, Any]) -> None:
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 1000
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


def test_a_pool_is_needed() -> None:
    nowhere = replace(PLAN, pool_role="archive")
    args = arguments(plan=nowhere)
    with pytest.raises(ValueError, match="no pool 'archive'"):
        record(lambda: Prometheus("prometheus", args))
