"""The schemas judge as the API server does: each kind of mistake is found, a good object passes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sizing.versions import VERSIONS
from tests.kubernetes import schemas
from tests.kubernetes.schemas import violations


def deployment(**spec: Any) -> dict[str, Any]:  # noqa: ANN401  (any field of it)
    container = {
        "name": "echo",
        "image": "example.org/echo:1",
        "ports": [{"name": "http", "containerPort": 8080}],
        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
        "resources": {"requests": {"cpu": "500m", "memory": 1024, "nvidia.com/gpu": "1"}},
    }
    labels = {"app": "echo"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "echo", "labels": labels},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            **spec,
        },
    }


def scaled_object() -> dict[str, Any]:
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "echo", "namespace": "here"},
        "spec": {
            "scaleTargetRef": {"name": "echo"},
            "maxReplicaCount": 3,
            "triggers": [{"type": "prometheus", "metadata": {"threshold": "12"}}],
        },
    }


def test_a_good_object_passes() -> None:
    assert violations(deployment()) == []
    assert violations(scaled_object()) == []


def test_an_unknown_field_is_named_with_its_path() -> None:
    wrong = deployment(replica=2)
    wrong["spec"]["template"]["spec"]["containers"][0]["imagePolicy"] = "Always"
    wrong["metadata"]["label"] = {}
    assert violations(wrong) == [
        "Deployment: metadata.label is no field of it",
        "Deployment: spec.replica is no field of it",
        "Deployment: spec.template.spec.containers[0].imagePolicy is no field of it",
    ]


def test_a_value_of_another_type_is_refused() -> None:
    (found,) = violations(deployment(replicas="two"))
    assert found == "Deployment: spec.replicas: 'two' is not of type 'integer'"
    wrong = deployment()
    wrong["metadata"]["labels"] = {"gpu": True}
    assert violations(wrong) == ["Deployment: metadata.labels.gpu: True is not of type 'string'"]


def test_a_missing_field_is_named() -> None:
    wrong = deployment()
    del wrong["spec"]["selector"]
    del wrong["spec"]["template"]["spec"]["containers"][0]["name"]
    assert violations(wrong) == [
        "Deployment: spec.selector is missing",
        "Deployment: spec.template.spec.containers[0].name is missing",
    ]


@pytest.mark.parametrize(("quantity", "good"), [("1.5Gi", True), (2, True), ("1.5GB", False)])
def test_quantities_have_the_units_of_kubernetes(quantity: object, good: bool) -> None:
    asked = deployment()
    limits = {"memory": quantity}
    asked["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"] = limits
    assert (violations(asked) == []) is good


@pytest.mark.parametrize(("port", "good"), [("http", True), (8080, True), (1.5, False)])
def test_a_port_is_a_number_or_a_name(port: object, good: bool) -> None:
    asked = deployment()
    probe = asked["spec"]["template"]["spec"]["containers"][0]["livenessProbe"]
    probe["httpGet"]["port"] = port
    assert (violations(asked) == []) is good


def test_custom_resources_are_judged_as_strictly() -> None:
    wrong = scaled_object()
    wrong["spec"]["minReplicas"] = 1
    wrong["spec"]["maxReplicaCount"] = "3"
    wrong["metadata"]["nam"] = "echo"
    wrong["spec"]["triggers"][0].pop("type")
    assert violations(wrong) == [
        "ScaledObject: metadata.nam is no field of it",
        "ScaledObject: spec.maxReplicaCount: '3' is not of type 'integer'",
        "ScaledObject: spec.minReplicas is no field of it",
        "ScaledObject: spec.triggers[0].type is missing",
    ]


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("apps/v1", "Deploymnt"),
        ("extensions/v1beta1", "Deployment"),
        ("external-secrets.io/v1beta1", "ExternalSecret"),  # no longer served
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass"),  # beta: clusters do not serve it
    ],
)
def test_an_unknown_kind_is_refused(version: str, kind: str) -> None:
    found = violations({"apiVersion": version, "kind": kind})
    assert found == [f"{version}/{kind}: the API server knows no such kind"]


def test_what_names_no_kind_is_refused() -> None:
    assert violations({"kind": "Pod"}) == ["apiVersion and kind must name what the object is"]


def test_judging_changes_nothing() -> None:
    asked = deployment()
    before = copy.deepcopy(asked)
    violations(asked)
    assert asked == before


def test_every_custom_resource_in_use_has_a_schema() -> None:
    used = [
        ("external-secrets.io/v1", "ClusterSecretStore"),
        ("external-secrets.io/v1", "ExternalSecret"),
        ("keda.sh/v1alpha1", "ScaledObject"),
        ("keda.sh/v1alpha1", "TriggerAuthentication"),
        ("elbv2.k8s.aws/v1beta1", "TargetGroupBinding"),
        ("monitoring.coreos.com/v1", "PodMonitor"),
        ("monitoring.coreos.com/v1", "Prometheus"),
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ]
    assert [one for one in used if not schemas.known(*one)] == []


@pytest.mark.parametrize(("strategy", "good"), [("WARN", True), ("ignore", False)])
def test_patterns_mean_what_they_mean_to_the_api_server(strategy: str, good: bool) -> None:
    group = {"name": "all", "partial_response_strategy": strategy}
    rule = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "all"},
        "spec": {"groups": [group]},
    }
    assert (violations(rule) == []) is good


def test_the_definitions_of_custom_resources_are_objects_themselves() -> None:
    found = schemas.definitions()
    assert "scaledobjects.keda.sh" in {one["metadata"]["name"] for one in found}
    assert {one["metadata"]["name"]: violations(one) for one in found if violations(one)} == {}


def test_the_schemas_are_of_the_planned_kubernetes() -> None:
    planned = VERSIONS.kubernetes.value
    assert schemas.release().rpartition(".")[0] == planned
