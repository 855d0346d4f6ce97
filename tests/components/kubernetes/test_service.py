"""What a service of the cluster is made of, as the engine is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Any

import pulumi
import pytest

from components.kubernetes.access import Blocks, Pods, internet
from components.kubernetes.cluster import Cluster, Identity
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.scaling import Trigger
from components.kubernetes.secrets import Remote, SecretNeed
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import Scale, ServicePlan
from sizing.units import MIB
from tests.components.kubernetes.samples import SCALING, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

NAME = "kubernetes:core/v1:Service"  # and not the component of the same name
ASKED = Probe(port="http", path="/healthz")
QUEUE = replace(SCALING, cpu_percent=0, running_requests=12, fallback_replicas=2)


def echo(**changes: Any) -> Container:  # noqa: ANN401  (any field of a container)
    plain: dict[str, Any] = {
        "name": "echo",
        "image": "example.org/echo:1.0",
        "user": 1000,
        "resources": resources_of(service_plan()),
        "ports": (Port(name="http", number=8080),),
        "probes": Probes(startup=ASKED, readiness=ASKED, liveness=ASKED),
    }
    return Container(**{**plain, **changes})


def built(
    plan: ServicePlan | None = None,
    *,
    on: Cluster | None = None,
    **changes: Any,  # noqa: ANN401
) -> Recorder:
    plain: dict[str, Any] = {
        "plan": plan or service_plan(),
        "cluster": on or cluster(),
        "namespace": "prod-gateway",
        "containers": (echo(),),
        "stop_seconds": 30,
        "called_by": (Pods(namespace="prod-apps", name="caller", ports=(8080,)),),
        "calls": (),
    }
    return record(lambda: Service("echo", ServiceArgs(**{**plain, **changes})))


def pod(recorder: Recorder, kind: str = "Deployment") -> Mapping[str, Any]:
    spec = recorder.one(kind).inputs["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def test_every_object_is_one_that_the_api_server_takes() -> None:
    made = built(
        service_plan(scaling=SCALING),
        metrics=Metrics(port="http"),
        containers=(
            echo(
                files=(Files(path="/etc/echo", contents={"a.yaml": "a: 1"}),),
                scratch=(
                    Scratch(path="/tmp", size_bytes=MIB),
                    Scratch(path="/dev/shm", size_bytes=MIB, memory=True),
                ),
                secret_environment={"KEY": SecretKey(secret="echo", key="key")},
                stop_seconds=5,
            ),
        ),
    )
    objects = [one for one in made.resources if one.type.startswith("kubernetes:")]
    assert {one.type.rpartition(":")[2] for one in objects} == {
        "ConfigMap",
        "Deployment",
        "HorizontalPodAutoscaler",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
    }
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_an_autoscaled_service_says_no_number_of_replicas() -> None:
    assert "replicas" not in built(service_plan(scaling=SCALING)).one("Deployment").inputs["spec"]
    assert built().one("Deployment").inputs["spec"]["replicas"] == 3


def test_a_scaling_plan_without_room_scales_nothing() -> None:
    fixed = Scale(minimum=4, planned=4, maximum=4)
    made = built(service_plan(scaling=SCALING, scale=fixed))
    assert made.one("Deployment").inputs["spec"]["replicas"] == 4
    assert made.all("HorizontalPodAutoscaler") == []


def test_the_autoscaler_follows_the_plan() -> None:
    spec = built(service_plan(scaling=SCALING)).one("HorizontalPodAutoscaler").inputs["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 6)
    (metric,) = spec["metrics"]
    assert metric["resource"] == {
        "name": "cpu",
        "target": {"type": "Utilization", "averageUtilization": 60},
    }
    assert spec["behavior"]["scaleUp"]["policies"] == [
        {"type": "Percent", "value": 100, "periodSeconds": 15}
    ]
    assert spec["behavior"]["scaleDown"] == {
        "stabilizationWindowSeconds": 300,
        "policies": [{"type": "Percent", "value": 25, "periodSeconds": 60}],
    }


def test_an_engine_is_scaled_by_its_queue_and_never_by_a_missing_answer() -> None:
    made = built(
        service_plan(scaling=QUEUE),
        triggers=(Trigger(query="sum(running)", threshold=12),),
        prometheus="http://prometheus:9090",
    )
    spec = made.one("ScaledObject").inputs["spec"]
    assert made.all("HorizontalPodAutoscaler") == []
    assert spec["fallback"]["replicas"] == 2
    (trigger,) = spec["triggers"]
    assert trigger["metadata"] == {
        "serverAddress": "http://prometheus:9090",
        "query": "sum(running)",
        "threshold": "12",
        "ignoreNullValues": "false",
    }
    assert violations(made.one("ScaledObject").inputs) == []


def test_a_container_has_no_right_and_writes_nowhere_else() -> None:
    (container,) = pod(built())["containers"]
    assert container["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "runAsGroup": 1000,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container["resources"]["limits"] == {"cpu": "1000m", "memory": str(1024 * MIB)}
    assert pod(built())["automountServiceAccountToken"] is False


def test_a_stranger_s_image_without_a_uid_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a uid"):
        built(containers=(echo(user=None),))


def test_pods_of_a_role_run_on_its_nodes_and_tolerate_their_taints() -> None:
    plan = service_plan(pool_role="data", role="data")
    spec = pod(built(plan))
    assert spec["nodeSelector"] == {"aigw.io/role": "data"}
    assert spec["tolerations"] == [
        {"key": "aigw.io/role", "operator": "Equal", "value": "data", "effect": "NoSchedule"}
    ]
    with pytest.raises(ValueError, match="no pool 'tpu'"):
        built(service_plan(pool_role="tpu"))


def test_replicas_are_kept_apart_and_an_only_one_is_not() -> None:
    zone, host = pod(built())["topologySpreadConstraints"]
    assert (zone["topologyKey"], zone["whenUnsatisfiable"]) == (
        "topology.kubernetes.io/zone",
        "DoNotSchedule",
    )
    assert host["whenUnsatisfiable"] == "ScheduleAnyway"
    assert zone["matchLabelKeys"] == ["pod-template-hash"]
    alone = service_plan(scale=Scale(minimum=1, planned=1, maximum=1))
    assert "topologySpreadConstraints" not in pod(built(alone))


def test_another_config_rolls_the_pods_and_the_same_does_not() -> None:
    def noted(text: pulumi.Input[str]) -> str:
        files = Files(path="/etc/echo", contents={"a": text, "b": "2"})
        made = built(containers=(echo(files=(files,)),))
        template = made.one("Deployment").inputs["spec"]["template"]
        return str(template["metadata"]["annotations"]["aigw.io/config-checksum"])

    assert noted("1") == noted(pulumi.Output.from_input("1"))
    assert noted("1") != noted("3")


def test_a_secret_that_is_kept_elsewhere_rolls_the_pods() -> None:
    def noted(name: str, text: str = "{{ .key }}") -> str:
        entries = {"key": Remote(name=pulumi.Output.from_input(name), property="token")}
        made = built(secrets=(SecretNeed(secret="echo", entries=entries, texts={"url": text}),))
        template = made.one("Deployment").inputs["spec"]["template"]
        return str(template["metadata"]["annotations"]["aigw.io/config-checksum"])

    assert noted("one") == noted("one")
    assert len({noted("one"), noted("two"), noted("one", "https://{{ .key }}")}) == 3


def test_containers_share_the_files_of_a_folder_and_must_agree_on_them() -> None:
    def made_of(other: str) -> Recorder:
        first = echo(files=(Files(path="/etc/echo", contents={"a": "1"}),))
        second = echo(name="before", files=(Files(path="/etc/echo", contents={"a": other}),))
        return built(containers=(first,), before=(replace(second, ports=(), probes=None),))

    made = made_of("1")
    assert len(made.all("ConfigMap")) == 1
    assert [v["name"] for v in pod(made)["volumes"]] == ["files-etc-echo"]
    with pytest.raises(ValueError, match="two sets of files"):
        made_of("2")


def test_the_network_policy_names_the_peers_and_nobody_else() -> None:
    made = built(
        called_by=(Pods(namespace="prod-apps", name="caller", ports=(8080,)),),
        calls=(
            Blocks(blocks=(here().vpc,), ports=(5432,)),
            internet((here().vpc,)),
        ),
    )
    spec = made.one("NetworkPolicy").inputs["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "echo"}}
    assert spec["ingress"] == [
        {
            "from": [
                {
                    "namespaceSelector": {
                        "matchLabels": {"kubernetes.io/metadata.name": "prod-apps"}
                    },
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "caller"}},
                }
            ],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ]
    names, database, outside = spec["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    assert database["to"] == [{"ipBlock": {"cidr": here().vpc}}]
    block = outside["to"][0]["ipBlock"]
    assert block["cidr"] == "0.0.0.0/0"
    assert {"10.0.0.0/8", here().vpc, "169.254.0.0/16"} <= set(block["except"])


def test_a_stateful_service_keeps_its_volumes_where_the_stack_is_protected() -> None:
    plan = service_plan(role="data", pool_role="data", volume_gib=10)
    container = echo(volume_path="/data")

    def kept(protect: bool) -> tuple[str, bool]:
        made = built(plan, on=cluster(protect=protect), containers=(container,), stateful=True)
        one = made.one("StatefulSet")
        assert violations(one.inputs) == []
        assert one.ignore_changes == ("spec.volumeClaimTemplates",)
        policy = one.inputs["spec"]["persistentVolumeClaimRetentionPolicy"]
        return policy["whenDeleted"], one.protect

    assert kept(True) == ("Retain", True)
    assert kept(False) == ("Delete", False)
    made = built(plan, containers=(container,), stateful=True)
    (claim,) = made.one("StatefulSet").inputs["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "10Gi"}
    assert made.one(NAME).inputs["spec"]["clusterIP"] == "None"


def test_engines_end_before_their_successors_start() -> None:
    rolling = built(service_plan(gpus=1, pool_role="gpu", role="serving"))
    update = rolling.one("Deployment").inputs["spec"]["strategy"]["rollingUpdate"]
    assert update == {"maxSurge": 0, "maxUnavailable": 1}
    # the GPU that one leaves may be in a zone that has a successor already
    spread = pod(rolling)["topologySpreadConstraints"]
    assert {one["whenUnsatisfiable"] for one in spread} == {"ScheduleAnyway"}


def test_pods_wait_for_the_identity_that_they_act_with() -> None:
    def with_identity() -> None:
        bound = pulumi.CustomResource("test:index:Bound", "bound", {})
        identities = {
            "prod-gateway/echo": Identity(annotations={"cloud/identity": "me"}, ready=[bound])
        }
        Service(
            "echo",
            ServiceArgs(
                plan=service_plan(),
                cluster=cluster(identities=identities),
                namespace="prod-gateway",
                containers=(echo(),),
                stop_seconds=30,
                called_by=(),
                calls=(),
            ),
        )

    made = record(with_identity)
    assert made.one("ServiceAccount").inputs["metadata"]["annotations"] == {"cloud/identity": "me"}
    assert any("Bound::bound" in urn for urn in made.one("Deployment").depends_on)


def test_as_many_may_go_at_once_as_are_not_needed() -> None:
    def away(planned: int) -> int:
        plan = service_plan(scale=Scale(minimum=2, planned=planned, maximum=planned))
        return int(built(plan).one("PodDisruptionBudget").inputs["spec"]["maxUnavailable"])

    assert (away(2), away(3), away(7)) == (1, 1, 5)


def test_an_autoscaler_that_leaves_fewer_lets_fewer_go_at_once() -> None:
    scale = Scale(minimum=3, planned=12, maximum=12)
    plan = replace(service_plan(scale=scale, scaling=SCALING), needed=8)
    share = str(built(plan).one("PodDisruptionBudget").inputs["spec"]["maxUnavailable"])
    away = [ceil(int(share.removesuffix("%")) * pods / 100) for pods in (12, 3)]  # as Kubernetes
    assert away == [4, 1]
