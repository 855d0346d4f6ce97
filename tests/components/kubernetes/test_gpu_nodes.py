"""The agents of GPU nodes: values that their charts read, on GPU nodes alone.

Each case runs for each cloud: where GKE looks after such nodes, the exporter alone is ours.
"""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.gpu_nodes import (
    EXPORTER,
    GKE,
    PLUGIN,
    GpuNodes,
    GpuNodesArgs,
    exporter_values,
    plugin_values,
)
from sizing.words import Cloud
from tests.components.kubernetes.model_samples import helper_plan
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.schemas import violations

CHARTS = (EXPORTER, PLUGIN)


def managed() -> bool:
    """Say whether the cloud looks after GPU nodes itself."""
    return here().cloud is Cloud.GCP


def arguments() -> GpuNodesArgs:
    return GpuNodesArgs(
        plugin=None if managed() else helper_plan(PLUGIN, "gpu"),
        exporter=helper_plan(EXPORTER, "gpu"),
        managed=GKE if managed() else None,
        cluster=cluster(),
        namespace="gpu-system",
    )


def given(chart: str) -> dict[str, Any]:
    if chart == EXPORTER:
        return exporter_values(arguments())
    return plugin_values(arguments(), helper_plan(PLUGIN, "gpu"))


def made() -> Recorder:
    return record(lambda: GpuNodes("gpu-nodes", arguments()))


def policies(of: Recorder) -> dict[str, dict[str, Any]]:
    return {one.inputs["metadata"]["name"]: one.inputs for one in of.all("NetworkPolicy")}


@pytest.mark.parametrize("chart", CHARTS)
def test_the_chart_reads_every_value(chart: str) -> None:
    assert unknown_keys(chart, given(chart)) == []


@pytest.mark.parametrize("chart", CHARTS)
def test_agents_run_on_gpu_nodes_alone_in_the_planned_size(chart: str) -> None:
    values = given(chart)
    assert values["nodeSelector"] == {"aigw.io/role": "gpu"}
    (toleration,) = values["tolerations"]
    assert (toleration["key"], toleration["value"]) == ("nvidia.com/gpu", "present")
    assert values["resources"] == {
        "requests": {"cpu": "100m", "memory": str(256 << 20)},
        "limits": {"cpu": "200m", "memory": str(512 << 20)},
    }


@pytest.mark.parametrize("chart", CHARTS)
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


def test_the_exporter_has_no_more_rights_than_its_cloud_makes_it_need() -> None:
    security = given(EXPORTER)["securityContext"]
    assert security["runAsUser"] == 0
    if managed():
        # no runtime gives it the devices of GPUs that belong to other pods
        assert security["privileged"] is True
        # said, because the chart says false: the API refuses that beside it
        assert security["allowPrivilegeEscalation"] is True
        assert security["capabilities"] == {"add": [], "drop": []}
    else:
        assert security["capabilities"] == {"add": [], "drop": ["ALL"]}
        assert security["allowPrivilegeEscalation"] is False


def test_where_the_node_keeps_the_driver_the_exporter_waits_for_it_and_finds_it() -> None:
    values = given(EXPORTER)
    if not managed():
        assert not {"extraEnv", "extraConfigMapVolumes", "extraVolumeMounts"} & values.keys()
        return
    volumes = {one["name"]: one["hostPath"] for one in values["extraConfigMapVolumes"]}
    library = volumes["library"]
    assert library == {"path": f"{GKE.driver}/lib64/libnvidia-ml.so.1", "type": "File"}
    assert volumes["device"] == {"path": "/dev/nvidiactl", "type": "CharDevice"}
    mounts = {one["name"]: one for one in values["extraVolumeMounts"]}
    # the kubelet looks at no volume that no container mounts
    assert mounts.keys() == volumes.keys()
    assert all(one["readOnly"] for one in mounts.values())
    env = {one["name"]: one["value"] for one in values["extraEnv"]}
    assert env["LD_LIBRARY_PATH"] == f"{mounts['driver']['mountPath']}/lib64"
    assert env["DCGM_EXPORTER_KUBERNETES_GPU_ID_TYPE"] == "device-name"


def test_only_prometheus_reaches_the_exporter_and_nobody_the_plugin() -> None:
    closed = policies(made())
    assert [wrong for one in closed.values() for wrong in violations(one)] == []
    (scraped,) = closed[EXPORTER]["spec"]["ingress"]
    (peer,) = scraped["from"]
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "prometheus"}
    assert scraped["ports"] == [{"port": 9400, "protocol": "TCP"}]
    if managed():
        assert PLUGIN not in closed
    else:
        assert closed[PLUGIN]["spec"]["ingress"] == []


def test_pods_of_the_systems_priority_are_let_in_where_the_cloud_asks_for_a_quota() -> None:
    quotas = made().all("ResourceQuota")
    assert [wrong for one in quotas for wrong in violations(one.inputs)] == []
    assert [one.inputs["metadata"]["name"] for one in quotas] == (["critical"] if managed() else [])
    for one in quotas:
        spec = one.inputs["spec"]
        assert spec["hard"] == {"pods": str(arguments().exporter.pods)}
        (scope,) = spec["scopeSelector"]["matchExpressions"]
        assert scope == {
            "scopeName": "PriorityClass",
            "operator": "In",
            "values": ["system-node-critical"],
        }


def test_each_agent_that_the_cloud_has_not_is_a_release_in_the_namespace_for_them() -> None:
    releases = {one.inputs["name"]: one for one in made().all("Release")}
    assert releases.keys() == ({EXPORTER} if managed() else {EXPORTER, PLUGIN})
    assert all(one.inputs["namespace"] == "gpu-system" for one in releases.values())


def test_engines_wait_for_the_plugin_and_for_no_monitoring() -> None:
    waited: list[int] = []
    record(lambda: waited.append(len(GpuNodes("gpu-nodes", arguments()).ready)))
    assert waited == [0 if managed() else 1]
