"""The cluster autoscaler finds the cluster's own node groups and empties nodes that it may."""

from __future__ import annotations

from typing import Any

import pytest

from sizing.versions import IMAGES, VERSIONS
from tests.components.kubernetes.controllers import CLUSTER_NAME, at, installed, peers, values
from tests.components.support import Recorder

pytestmark = pytest.mark.one_cloud("aws", "GKE scales its node pools itself")


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return installed("cluster-autoscaler")


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, "cluster-autoscaler")


def test_it_is_of_the_clusters_minor_version() -> None:
    tag = IMAGES["cluster-autoscaler"].tag
    assert tag.removeprefix("v").rpartition(".")[0] == VERSIONS.kubernetes.value


def test_it_finds_groups_by_the_tags_that_eks_gives_them(given: dict[str, Any]) -> None:
    assert (given["cloudProvider"], given["awsRegion"]) == ("aws", "us-east-1")
    assert at(given, "autoDiscovery.clusterName") == CLUSTER_NAME
    assert at(given, "autoDiscovery.tags") == [
        "k8s.io/cluster-autoscaler/enabled",
        "k8s.io/cluster-autoscaler/{{ .Values.autoDiscovery.clusterName }}",
    ]
    # a list of groups beside the tags would have minimum and maximum twice
    assert "autoscalingGroups" not in given


def test_groups_of_one_zone_each_grow_together(given: dict[str, Any]) -> None:
    assert at(given, "extraArgs")["balance-similar-node-groups"] == "true"


def test_scratch_folders_and_add_ons_keep_no_node(given: dict[str, Any]) -> None:
    for flag in ("skip-nodes-with-local-storage", "skip-nodes-with-system-pods"):
        assert given["extraArgs"][flag] == "false"


def test_flags_are_text_that_the_chart_writes_as_it_stands(given: dict[str, Any]) -> None:
    assert all(isinstance(value, str) for value in given["extraArgs"].values())


def test_it_makes_room_before_all_others(given: dict[str, Any]) -> None:
    assert given["priorityClassName"] == "system-cluster-critical"


def test_it_runs_restricted(given: dict[str, Any]) -> None:
    assert given["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert given["containerSecurityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_its_monitor_stands_beside_it(given: dict[str, Any]) -> None:
    assert given["serviceMonitor"] == {"enabled": True, "namespace": "platform-system"}


def test_nobody_but_prometheus_speaks_to_it(made: Recorder) -> None:
    assert peers(made, "cluster-autoscaler", "ingress") == [("prod-observability/prometheus", 8085)]
    assert ("0.0.0.0/0", 443) in peers(made, "cluster-autoscaler", "egress")
