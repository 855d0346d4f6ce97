"""The agents of GPU nodes: values that their charts read, on GPU nodes alone."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.gpu_nodes import (
    GpuNodes,
    GpuNodesArgs,
    exporter_values,
    plugin_values,
)
from tests.components.kubernetes.model_samples import helper_plan
from tests.components.kubernetes.samples import cluster
from tests.components.support import record
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.schemas import violations

VALUES = {"nvidia-device-plugin": plugin_values, "dcgm-exporter": exporter_values}


def arguments() -> GpuNodesArgs:
    return GpuNodesArgs(
        plugin=helper_plan("nvidia-device-plugin", "gpu"),
        exporter=helper_plan("dcgm-exporter", "gpu"),
        cluster=cluster(),
        namespace="gpu-system",
    )


def given(chart: str) -> dict[str, Any]:
    return VALUES[chart](arguments())


@pytest.mark.parametrize("chart", sorted(VALUES))
def test_the_chart_reads_every_value(chart: str) -> None:
    assert unknown_keys(chart, given(chart)) == []


@pytest.mark.parametrize("chart", sorted(VALUES))
def test_agents_run_on_gpu_nodes_alone_in_the_planned_size(chart: str) -> None:
    values = given(chart)
    assert values["nodeSelector"] == {"aigw.io/role": "gpu"}
    (toleration,) = values["tolerations"]
    assert (toleration["key"], toleration["value"]) == ("nvidia.com/gpu", "present")
    assert values["resources"] == {
        "requests": {"cpu": "100m", "memory": str(256 << 20)},
        "limits": {"cpu": "200m", "memory": str(512 << 20)},
    }


@pytest.mark.parametrize("chart", sorted(VALUES))
def test_images_are_pinned_by_their_digest(chart: str) -> None:
    assert "@sha256:" in given(chart)["image"]["tag"]
    assert given(chart)["image"]["repository"].startswith("nvcr.io/nvidia/")


def test_the_plugin_asks_for_no_label_that_nobody_sets() -> None:
    terms = given("nvidia-device-plugin")["affinity"]["nodeAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"
    ]["nodeSelectorTerms"]
    assert terms == [
        {"matchExpressions": [{"key": "aigw.io/role", "operator": "In", "values": ["gpu"]}]}
    ]


def test_the_exporter_has_no_capability() -> None:
    capabilities = given("dcgm-exporter")["securityContext"]["capabilities"]
    assert capabilities == {"add": [], "drop": ["ALL"]}


def test_only_prometheus_reaches_the_exporter_and_nobody_the_plugin() -> None:
    made = record(lambda: GpuNodes("gpu-nodes", arguments()))
    policies: dict[str, dict[str, Any]] = {
        one.inputs["metadata"]["name"]: one.inputs for one in made.all("NetworkPolicy")
    }
    assert [wrong for one in policies.values() for wrong in violations(one)] == []
    assert policies["nvidia-device-plugin"]["spec"]["ingress"] == []
    (scraped,) = policies["dcgm-exporter"]["spec"]["ingress"]
    (peer,) = scraped["from"]
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "prometheus"}
    assert scraped["ports"] == [{"port": 9400, "protocol": "TCP"}]


def test_the_plugin_waits_for_no_monitoring() -> None:
    made = record(lambda: GpuNodes("gpu-nodes", arguments()))
    releases = {one.inputs["name"]: one for one in made.all("Release")}
    assert releases.keys() == VALUES.keys()
    assert all(one.inputs["namespace"] == "gpu-system" for one in releases.values())
