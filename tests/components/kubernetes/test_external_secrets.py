"""External Secrets: one store, read as the operator itself, for our namespaces alone."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi_random import RandomId

from components.kubernetes.external_secrets import (
    CERTIFICATES,
    OPERATOR,
    WEBHOOK,
)
from tests.components.kubernetes.controllers import (
    BUILDERS,
    at,
    installed,
    peers,
    release,
    values,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return installed("external-secrets")


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, "external-secrets")


def test_the_store_is_read_as_the_operator_itself(made: Recorder) -> None:
    store = made.one("ClusterSecretStore").inputs
    assert store["metadata"]["name"] == cluster().secret_store
    # an "auth" would name another account or, worse, a key
    assert store["spec"]["provider"] == here().provider


def test_the_store_serves_our_namespaces_alone(made: Recorder) -> None:
    (condition,) = made.one("ClusterSecretStore").inputs["spec"]["conditions"]
    assert condition == {
        "namespaces": [
            "prod-apps",
            "prod-data",
            "prod-gateway",
            "prod-observability",
            "prod-serving",
        ]
    }


def test_the_store_comes_after_the_operator_and_is_waited_for(made: Recorder) -> None:
    store = made.one("ClusterSecretStore")
    assert release(made, "external-secrets").urn in store.depends_on
    annotations = store.inputs["metadata"]["annotations"]
    assert annotations == {"pulumi.com/waitFor": "condition=Ready"}


def test_whoever_needs_a_secret_waits_for_the_store() -> None:
    def build() -> None:
        ready = BUILDERS["external-secrets"](cluster()).ready
        RandomId("reader", byte_length=1, opts=pulumi.ResourceOptions(depends_on=ready))

    recorded = record(build)
    assert recorded.one("ClusterSecretStore").urn in recorded.one("RandomId").depends_on


def test_it_may_not_act_as_other_accounts_nor_push_secrets(given: dict[str, Any]) -> None:
    assert at(given, "rbac.serviceAccountTokenCreate") is False
    assert not given["processPushSecret"]
    assert not given["processClusterPushSecret"]
    assert not given["processClusterExternalSecret"]


def test_one_replica_leads_where_there_are_several(given: dict[str, Any]) -> None:
    assert given["leaderElect"] is True


def test_definitions_outlive_the_release(given: dict[str, Any]) -> None:
    assert given["installCRDs"] is True
    assert at(given, "crds.annotations") == {"helm.sh/resource-policy": "keep"}


@pytest.mark.parametrize("part", ["", "webhook.", "certController."])
def test_every_part_is_probed_and_can_be_moved(given: dict[str, Any], part: str) -> None:
    assert at(given, f"{part}livenessProbe.enabled") is True
    assert at(given, f"{part}podDisruptionBudget") == {"enabled": True, "maxUnavailable": 1}


def test_the_operator_alone_reaches_the_cloud(made: Recorder) -> None:
    def reached(pods: str) -> set[str]:
        return {peer for peer, _ in peers(made, pods, "egress")}

    assert {"0.0.0.0/0", here().credentials} <= reached(OPERATOR)
    for pods in (WEBHOOK, CERTIFICATES):
        assert not {"0.0.0.0/0", here().credentials} & reached(pods)


def test_the_api_server_reaches_the_webhook(made: Recorder) -> None:
    assert (here().vpc, 10250) in peers(made, WEBHOOK, "ingress")
