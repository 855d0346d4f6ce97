"""KEDA: its parts speak to each other, to the API and to Prometheus, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.keda import ADMISSION, METRICS_SERVER, OPERATOR
from tests.components.kubernetes.controllers import CLUSTER_NAME, at, installed, peers, values
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder

PROMETHEUS = "prod-observability/prometheus"


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return installed("keda")


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, "keda")


def test_definitions_and_with_them_every_scaler_outlive_the_release(
    given: dict[str, Any],
) -> None:
    assert given["crds"] == {
        "install": True,
        "additionalAnnotations": {"helm.sh/resource-policy": "keep"},
    }


def test_no_secret_of_other_namespaces_is_read(given: dict[str, Any]) -> None:
    assert at(given, "permissions.operator.restrict.secret") is True
    assert at(given, "permissions.metricServer.restrict.secret") is True


def test_a_node_can_be_emptied_of_each_part(given: dict[str, Any]) -> None:
    budgets = given["podDisruptionBudget"]
    assert set(budgets) == {"operator", "metricServer", "webhooks"}
    assert all(one == {"maxUnavailable": 1} for one in budgets.values())


def test_its_metrics_name_the_cluster_and_are_scraped(given: dict[str, Any]) -> None:
    assert given["clusterName"] == CLUSTER_NAME
    for part in ("operator", "metricServer", "webhooks"):
        assert at(given, f"prometheus.{part}.serviceMonitor.enabled") is True


def test_replicas_are_kept_apart_by_the_names_that_the_chart_gives_them(
    given: dict[str, Any],
) -> None:
    def names(part: str) -> set[str]:
        selectors = [one["labelSelector"] for one in given["topologySpreadConstraints"][part]]
        return {one["matchLabels"]["app.kubernetes.io/name"] for one in selectors}

    assert names("operator") == {OPERATOR}
    assert names("metricsServer") == {METRICS_SERVER}
    assert names("webhooks") == {ADMISSION}


def test_the_operator_asks_prometheus_and_is_asked_by_the_metrics_server(made: Recorder) -> None:
    assert (PROMETHEUS, 9090) in peers(made, OPERATOR, "egress")
    assert peers(made, OPERATOR, "ingress") == [
        ("platform-system/keda-operator-metrics-apiserver", 9666),
        (PROMETHEUS, 8080),
    ]
    assert ("platform-system/keda-operator", 9666) in peers(made, METRICS_SERVER, "egress")


def test_the_api_server_reaches_metrics_and_webhook(made: Recorder) -> None:
    assert (here().vpc, 6443) in peers(made, METRICS_SERVER, "ingress")
    assert (here().vpc, 9443) in peers(made, ADMISSION, "ingress")


@pytest.mark.parametrize("pods", [OPERATOR, METRICS_SERVER, ADMISSION])
def test_no_part_reaches_the_internet(made: Recorder, pods: str) -> None:
    assert "0.0.0.0/0" not in {peer for peer, _ in peers(made, pods, "egress")}
