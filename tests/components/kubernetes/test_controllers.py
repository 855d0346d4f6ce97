"""Every controller: values that its chart reads, the plan's figures, pinned images, closed pods."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi
import pytest
from _pytest.mark import ParameterSet
from pulumi_random import RandomId

from components.kubernetes.cluster import Identity
from sizing.versions import IMAGES
from tests.components.kubernetes.controllers import (
    BUILDERS,
    SYSTEM,
    at,
    installed,
    refused,
    release,
    values,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import record
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.images import of_values

ON_AWS = {
    "aws-load-balancer-controller": "GKE's own controller binds pods to the balancer",
    "cluster-autoscaler": "GKE scales its node pools itself",
}


def charts(names: Iterable[str]) -> list[ParameterSet | str]:
    return [
        pytest.param(one, marks=pytest.mark.one_cloud("aws", ON_AWS[one])) if one in ON_AWS else one
        for one in sorted(names)
    ]


CHARTS = charts(BUILDERS)
ASKED = {
    "requests": {"cpu": "500m", "memory": "536870912"},
    "limits": {"cpu": "1000m", "memory": "1073741824"},
}
# where each chart takes the resources, the place and the replicas of each of its pods
RESOURCES = {
    "aws-load-balancer-controller": ["resources"],
    "cluster-autoscaler": ["resources"],
    "external-secrets": ["resources", "webhook.resources", "certController.resources"],
    "keda": ["resources.operator", "resources.metricServer", "resources.webhooks"],
    "kube-prometheus-stack": ["prometheusOperator.resources"],
}
PLACES = {
    "aws-load-balancer-controller": [""],
    "cluster-autoscaler": [""],
    "external-secrets": ["", "webhook.", "certController."],
    "keda": [""],
    "kube-prometheus-stack": ["prometheusOperator."],
}
REPLICAS = {
    "aws-load-balancer-controller": {"replicaCount": 2},
    "cluster-autoscaler": {"replicaCount": 2},
    "external-secrets": {
        "replicaCount": 2,
        "webhook.replicaCount": 2,
        "certController.replicaCount": 1,
    },
    "keda": {
        "operator.replicaCount": 2,
        "metricsServer.replicaCount": 2,
        "webhooks.replicaCount": 1,
    },
}
ACCOUNTS = {
    "aws-load-balancer-controller": "serviceAccount",
    "cluster-autoscaler": "rbac.serviceAccount",
    "external-secrets": "serviceAccount",
}


@pytest.mark.parametrize("chart", CHARTS)
def test_the_chart_reads_every_value(chart: str) -> None:
    made = installed(chart)
    for one in made.all("Release"):
        assert unknown_keys(one.inputs["name"], one.inputs["values"]) == []


@pytest.mark.parametrize("chart", CHARTS)
def test_the_api_server_takes_every_object(chart: str) -> None:
    assert refused(installed(chart)) == {}


@pytest.mark.parametrize("chart", CHARTS)
def test_pods_get_what_the_plan_gives_them(chart: str) -> None:
    given = values(installed(chart), chart)
    assert [at(given, path) for path in RESOURCES[chart]] == [ASKED] * len(RESOURCES[chart])
    replicas = REPLICAS.get(chart, {})
    assert {path: at(given, path) for path in replicas} == replicas


@pytest.mark.parametrize("chart", CHARTS)
def test_pods_run_on_the_system_pool(chart: str) -> None:
    given = values(installed(chart), chart)
    for part in PLACES[chart]:
        assert at(given, f"{part}nodeSelector") == {"aigw.io/role": "system"}
        (mark,) = at(given, f"{part}tolerations")
        assert (mark["key"], mark["effect"]) == ("CriticalAddonsOnly", "NoSchedule")


@pytest.mark.parametrize("chart", CHARTS)
def test_images_are_the_pinned_ones(chart: str) -> None:
    pins = {
        f"{pin.repository}:{pin.tag}{'@' if pin.digest else ''}{pin.digest}"
        for pin in IMAGES.values()
    }
    found = set(of_values(values(installed(chart), chart)))
    assert found
    assert found <= pins


@pytest.mark.parametrize("chart", CHARTS)
def test_images_come_from_the_mirror_where_there_is_one(chart: str) -> None:
    found = set(of_values(values(installed(chart, cluster(registry=here().mirror)), chart)))
    assert found
    assert all(image.startswith(here().mirrored) for image in found)


@pytest.mark.parametrize("chart", CHARTS)
def test_every_pod_is_closed_before_it_starts(chart: str) -> None:
    made = installed(chart)
    policies = made.all("NetworkPolicy")
    assert len(policies) == len(RESOURCES[chart])
    before = made.before(release(made, chart))
    for one in policies:
        assert one.inputs["metadata"]["namespace"] == SYSTEM
        assert one.inputs["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert one.urn in before


@pytest.mark.parametrize("chart", CHARTS)
def test_no_controller_may_ask_the_node_for_its_credentials(chart: str) -> None:
    for one in installed(chart).all("NetworkPolicy"):
        blocks = [
            peer["ipBlock"]
            for rule in one.inputs["spec"]["egress"]
            for peer in rule["to"]
            if "ipBlock" in peer
        ]
        everywhere = [block for block in blocks if block["cidr"] == "0.0.0.0/0"]
        assert all("169.254.169.254/32" in block["except"] for block in everywhere)
        # where each pod is answered there with its own, whoever needs them may ask
        asked = {one["cidr"] for one in blocks if one["cidr"].startswith("169.254.169")}
        assert asked <= {here().credentials}


@pytest.mark.parametrize("chart", charts(ACCOUNTS))
def test_a_controller_starts_after_its_account_is_bound(chart: str) -> None:
    bound: list[pulumi.Resource] = []

    def build() -> None:
        bound.append(RandomId("binding", byte_length=1))
        identity = Identity(annotations={"cloud/role": "one"}, ready=bound)
        BUILDERS[chart](cluster(identities={f"{SYSTEM}/{chart}": identity}))

    made = record(build)
    assert made.one("RandomId").urn in release(made, chart).depends_on
    account = at(values(made, chart), ACCOUNTS[chart])
    assert account == {"create": True, "name": chart, "annotations": {"cloud/role": "one"}}


@pytest.mark.parametrize("chart", CHARTS)
def test_what_depends_on_a_controller_waits_until_it_is_ready(chart: str) -> None:
    def build() -> None:
        ready = BUILDERS[chart](cluster()).ready
        RandomId("waiting", byte_length=1, opts=pulumi.ResourceOptions(depends_on=ready))

    made = record(build)
    assert release(made, chart).inputs["skipAwait"] is False
    assert release(made, chart).urn in made.before(made.one("RandomId"))
