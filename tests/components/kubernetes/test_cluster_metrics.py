"""What the cluster says of itself: least rights, and nothing but what the catalogue lists."""

from __future__ import annotations

import re

import pytest

from components.kubernetes import metric_catalog
from components.kubernetes.cluster_metrics import (
    NODE_CHART,
    STATE_CHART,
    ClusterMetrics,
    ClusterMetricsArgs,
)
from components.kubernetes.prometheus_spec import KUBELET_CLASS
from sizing.plans import HelperPlan, Scale
from sizing.units import MIB
from tests.components.kubernetes.controllers import at, refused, values
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import Recorder, record
from tests.kubernetes.charts import unknown_keys

STATE = service_plan(
    STATE_CHART, role="observability", scale=Scale(minimum=1, planned=1, maximum=1)
)
NODE = HelperPlan(
    name="node-exporter",
    namespace="node-system",
    kind="daemon",
    pods=9,
    cpu_request_millis=50,
    cpu_limit_millis=200,
    memory_request_bytes=64 * MIB,
    memory_limit_bytes=128 * MIB,
)


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    args = ClusterMetricsArgs(
        state=STATE,
        node=NODE,
        cluster=cluster(),
        namespace="prod-observability",
        nodes="node-system",
    )
    return record(lambda: ClusterMetrics("cluster-metrics", args))


def test_every_object_and_every_value_is_taken(made: Recorder) -> None:
    assert refused(made) == {}
    for chart in (STATE_CHART, NODE_CHART):
        assert unknown_keys(chart, values(made, chart)) == []


def test_prometheus_may_read_nodes_and_what_kubelets_measure_and_nothing_else(
    made: Recorder,
) -> None:
    (role,) = made.all("ClusterRole")
    granted = {
        (resource, verb)
        for rule in role.inputs["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert granted == {
        ("nodes", "get"),
        ("nodes", "list"),
        ("nodes", "watch"),
        ("nodes/metrics", "get"),
    }
    (binding,) = made.all("ClusterRoleBinding")
    (subject,) = binding.inputs["subjects"]
    assert (subject["namespace"], subject["name"]) == ("prod-observability", "prometheus")


def test_of_kubelets_just_what_the_catalogue_lists_is_kept(made: Recorder) -> None:
    for one in made.all("ScrapeConfig"):
        spec, name = one.inputs["spec"], one.inputs["metadata"]["name"]
        assert (spec["scheme"], spec["scrapeClass"]) == ("HTTPS", KUBELET_CLASS)
        kept = re.compile(spec["metricRelabelings"][0]["regex"])
        listed = metric_catalog.METRICS[name].metrics
        assert all(kept.fullmatch(metric) for metric in listed)
        assert not kept.fullmatch("container_tasks_state")
        assert not kept.fullmatch("kubelet_http_requests_total")
    assert {one.inputs["metadata"]["name"] for one in made.all("ScrapeConfig")} == {
        "cadvisor",
        "kubelet",
    }


def test_the_sums_over_a_pod_are_not_kept_beside_what_they_are_made_of(made: Recorder) -> None:
    (cadvisor,) = (
        one.inputs["spec"]
        for one in made.all("ScrapeConfig")
        if one.inputs["metadata"]["name"] == "cadvisor"
    )
    dropped = cadvisor["metricRelabelings"][1]
    assert dropped["action"] == "Drop"
    assert re.fullmatch(dropped["regex"], "container_memory_working_set_bytes;")
    assert not re.fullmatch(dropped["regex"], "container_memory_working_set_bytes;litellm-1")


def test_no_secret_and_no_config_map_is_watched(made: Recorder) -> None:
    watched = values(made, STATE_CHART)["collectors"]
    assert not {"secrets", "configmaps"} & set(watched)
    assert {"pods", "nodes", "persistentvolumeclaims", "horizontalpodautoscalers"} <= set(watched)


def test_a_state_is_about_another_pod_than_the_one_that_tells_it(made: Recorder) -> None:
    (monitor,) = (
        one.inputs["spec"]
        for one in made.all("ServiceMonitor")
        if one.inputs["metadata"]["name"] == STATE_CHART
    )
    assert monitor["endpoints"][0]["honorLabels"] is True


def test_every_machine_is_measured_by_somebody_without_rights(made: Recorder) -> None:
    given = values(made, NODE_CHART)
    assert given["tolerations"] == [{"operator": "Exists"}]
    assert given["hostPID"] is False
    assert at(given, "securityContext.runAsNonRoot") is True
    assert at(given, "containerSecurityContext.capabilities") == {"drop": ["ALL"]}
    assert at(given, "resources.requests.cpu") == "50m"
