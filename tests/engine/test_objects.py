"""The stand-in treats objects of a cluster as the API server and the provider do."""

from __future__ import annotations

from typing import Any

import pytest

from sizing.rules.values import UNKNOWN_TEXT
from tests.engine.provider import kubernetes
from tests.engine.provider.judge import differences

pytestmark = pytest.mark.cloud_free("objects of a cluster, which no cloud judges")

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"


def config_map(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  (any field of it)
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "files"}}
    return {**plain, "data": {"a": "1"}, **changes}


def test_a_release_of_a_chart_is_no_object() -> None:
    assert not kubernetes.is_object("kubernetes:helm.sh/v3:Release")
    assert not kubernetes.is_object("aws:ec2/vpc:Vpc")
    assert kubernetes.is_object(DEPLOYMENT)
    assert kubernetes.is_object(SCALED)


def test_an_object_is_refused_for_what_is_known_of_it() -> None:
    assert kubernetes.refused(config_map(data={"url": UNKNOWN_TEXT})) == []
    assert kubernetes.refused(config_map(date={})) == ["ConfigMap: date is no field of it"]


@pytest.mark.parametrize(
    ("token", "olds", "news", "replaces"),
    [
        (DEPLOYMENT, {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}, False),
        (DEPLOYMENT, {"spec": {"selector": 1}}, {"spec": {"selector": 2}}, True),
        (SCALED, {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, True),
        (SCALED, {"metadata": {"labels": {"a": "1"}}}, {"metadata": {"labels": {}}}, False),
    ],
)
def test_a_change_replaces_what_cannot_change_in_place(
    token: str, olds: dict[str, Any], news: dict[str, Any], replaces: bool
) -> None:
    (change,) = differences(token, olds, news)
    assert change.replaces is replaces


def test_an_object_is_known_by_its_namespace_and_name() -> None:
    inside = config_map(metadata={"name": "files", "namespace": "here"})
    assert kubernetes.identity(inside, "files-map") == "here/files"
    assert kubernetes.identity(config_map(), "files-map") == "files"


def test_an_object_without_a_name_gets_one() -> None:
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"namespace": "here"}}
    known = kubernetes.identity(job, "set-up")
    assert known.startswith("here/set-up-")
    assert f"here/{kubernetes.made(job, known)['metadata']['name']}" == known
