"""The load balancer controller registers pods; balancers and rules are the program's own."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.load_balancer_controller import Binding, target_group_binding
from tests.components.kubernetes.controllers import (
    CLUSTER_NAME,
    at,
    installed,
    load_balancer_controller,
    peers,
    refused,
    release,
    values,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record

pytestmark = pytest.mark.one_cloud("aws", "GKE's own controller binds pods to the balancer")
CHART = "aws-load-balancer-controller"
ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gateway/0123456789abcdef"


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return installed(CHART)


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, CHART)


def test_it_is_told_what_it_would_ask_the_node_for(given: dict[str, Any]) -> None:
    assert (given["clusterName"], given["region"], given["vpcId"]) == (
        CLUSTER_NAME,
        "us-east-1",
        "vpc-1",
    )


def test_the_definition_of_bindings_comes_with_the_chart(made: Recorder) -> None:
    assert release(made, CHART).inputs["skipCrds"] is False


def test_an_upgrade_keeps_the_certificate_of_its_webhooks(given: dict[str, Any]) -> None:
    assert given["keepTLSSecret"] is True


def test_nothing_but_bindings_is_reconciled(given: dict[str, Any]) -> None:
    assert set(at(given, "controllerConfig.featureGates").values()) == {False}
    for switch in (
        "createIngressClassResource",
        "enableBackendSecurityGroup",
        "enableServiceMutatorWebhook",
        "enableShield",
        "enableWaf",
        "enableWafv2",
    ):
        assert given[switch] is False


def test_no_service_and_no_ingress_depends_on_its_webhooks(given: dict[str, Any]) -> None:
    assert at(given, "webhookConfig.disableIngressValidation") is True


def test_it_runs_restricted(given: dict[str, Any]) -> None:
    pod = given["podSecurityContext"]
    assert (pod["runAsNonRoot"], pod["runAsUser"], pod["fsGroup"]) == (True, 65532, 65532)
    assert at(given, "securityContext.readOnlyRootFilesystem") is True


def test_the_api_server_reaches_its_webhooks(made: Recorder) -> None:
    assert peers(made, CHART, "ingress") == [
        (here().vpc, 9443),
        ("prod-observability/prometheus", 8080),
    ]


@pytest.fixture(scope="module")
def bound(_cloud: None) -> Recorder:
    def build() -> None:
        owner = load_balancer_controller(cluster())
        binding = Binding(service="litellm", port=4000, target_group_arn=ARN)
        target_group_binding(
            owner, "gateway-binding", binding, namespace="prod-gateway", after=owner.ready
        )

    return record(build)


def test_a_binding_joins_a_services_port_to_a_target_group(bound: Recorder) -> None:
    assert refused(bound) == {}
    made = bound.one("TargetGroupBinding").inputs
    assert made["metadata"]["namespace"] == "prod-gateway"
    assert made["spec"] == {
        "serviceRef": {"name": "litellm", "port": 4000},
        "targetGroupARN": ARN,
        "targetType": "ip",
        "ipAddressType": "ipv4",
    }


def test_a_binding_goes_before_its_controller(bound: Recorder) -> None:
    binding = bound.one("TargetGroupBinding")
    assert release(bound, CHART).urn in binding.depends_on
    assert binding.delete_before_replace
