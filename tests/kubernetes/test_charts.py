"""Values that a chart does not read are found, however deep; those that it reads pass."""

from __future__ import annotations

import pytest

from sizing.versions import CHARTS
from tests.kubernetes.charts import keys_of, unknown_keys


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_the_keys_are_of_the_pinned_version(chart: str) -> None:
    assert keys_of(chart).version == CHARTS[chart].version


def test_keys_that_the_chart_reads_pass() -> None:
    values = {
        "crds": {"install": True, "additionalAnnotations": {"helm.sh/resource-policy": "keep"}},
        "resources": {"operator": {"requests": {"cpu": "100m"}}},
        "clusterName": "prod",
    }
    assert unknown_keys("keda", values) == []


def test_a_misspelt_key_is_named_with_its_path() -> None:
    values = {
        "clustername": "prod",
        "crds": {"instal": True},
        "operator": {"replicas": 2, "replicaCount": 2},
    }
    assert unknown_keys("keda", values) == ["clustername", "crds.instal", "operator.replicas"]


def test_a_single_value_has_no_keys_of_its_own() -> None:
    assert unknown_keys("keda", {"clusterName": {"name": "prod"}}) == ["clusterName.name"]


def test_a_group_of_keys_is_no_single_value_but_may_be_taken_away() -> None:
    assert unknown_keys("keda", {"crds": True}) == ["crds"]
    assert unknown_keys("keda", {"crds": None}) == []


def test_values_of_a_chart_within_are_those_that_its_parent_names() -> None:
    parts = ("grafana", "nodeExporter", "kubeStateMetrics", "alertmanager")
    off = {part: {"enabled": False} for part in parts}
    assert unknown_keys("kube-prometheus-stack", off) == []
    assert unknown_keys("kube-prometheus-stack", {"grafanna": {}}) == ["grafanna"]


def test_a_chart_without_a_record_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        unknown_keys("nginx", {})
