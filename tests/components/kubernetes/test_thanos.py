"""Thanos: the plan's parts over the pair's sidecars and one bucket."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.kubernetes import thanos_objects
from components.kubernetes.access import Pods
from components.kubernetes.cluster import Identity
from components.kubernetes.thanos import COMPACT, QUERY, STORE, Thanos, ThanosArgs
from sizing.plans import Scale, ServicePlan
from tests.components.kubernetes.controllers import at, peers, refused, values
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import Recorder, record
from tests.kubernetes.charts import unknown_keys

BUCKET = thanos_objects.text("aigw-metrics", "eu-west-1")


def part(name: str, replicas: int, volume_gib: int = 0) -> ServicePlan:
    return service_plan(
        name,
        role="observability",
        pool_role="data" if volume_gib else "general",
        scale=Scale(minimum=replicas, planned=replicas, maximum=replicas),
        volume_gib=volume_gib,
    )


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    args = ThanosArgs(
        query=part(QUERY, 2),
        store=part(STORE, 2, 20),
        compact=part(COMPACT, 1, 200),
        cluster=cluster(identities={f"prod-observability/{STORE}": Identity()}),
        namespace="prod-observability",
        config=BUCKET,
        days=365,
        called_by=(Pods(namespace="prod-observability", name="grafana", ports=(10902,)),),
    )
    return record(lambda: Thanos("thanos", args))


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, "thanos")


def test_every_object_and_every_value_is_taken(made: Recorder, given: dict[str, Any]) -> None:
    assert refused(made) == {}
    assert unknown_keys("thanos", given) == []


def test_parts_are_as_many_and_as_large_as_planned(given: dict[str, Any]) -> None:
    assert (given["query"]["replicas"], given["storeGateway"]["replicas"]) == (2, 2)
    assert at(given, "storeGateway.persistence.size") == "20Gi"
    assert at(given, "compact.persistence.size") == "200Gi"
    assert at(given, "query.resources.requests.cpu") == "500m"
    assert given["queryFrontend"] == {"enabled": False}


def test_both_servers_are_asked_and_count_as_one(given: dict[str, Any]) -> None:
    (asked,) = given["additionalEndpoints"]
    assert asked == "dnssrv+_grpc._tcp.prometheus-operated.prod-observability.svc.cluster.local"
    assert given["additionalReplicaLabels"] == ["prometheus_replica"]
    assert at(given, "compact.deduplication") == {"enabled": True, "func": "penalty"}


def test_every_resolution_is_kept_as_long(given: dict[str, Any]) -> None:
    assert given["compact"]["extraArgs"] == [
        "--retention.resolution-raw=365d",
        "--retention.resolution-5m=365d",
        "--retention.resolution-1h=365d",
    ]


def test_no_key_opens_the_bucket_but_the_pods_own_identity(given: dict[str, Any]) -> None:
    told = json.loads(at(given, "objstoreConfig.value"))
    assert told["config"] == {
        "bucket": "aigw-metrics",
        "endpoint": "s3.eu-west-1.amazonaws.com",
        "region": "eu-west-1",
        "aws_sdk_auth": True,
    }
    accounts = {
        part: at(given, f"{part}.serviceAccount.name")
        for part in ("query", "storeGateway", "compact")
    }
    assert accounts == {"query": QUERY, "storeGateway": STORE, "compact": COMPACT}


def test_its_pods_speak_among_themselves_with_servers_and_the_cloud(made: Recorder) -> None:
    home = "prod-observability"
    assert peers(made, "thanos", "ingress") == [
        (f"{home}/grafana", 10902),
        (f"{home}/prometheus", 10902),
        (f"{home}/thanos", 10901),
    ]
    called = peers(made, "thanos", "egress")
    assert {(f"{home}/prometheus", 10901), ("0.0.0.0/0", 443)} <= set(called)


def test_each_part_is_measured_by_its_own_name(made: Recorder) -> None:
    names = {one.inputs["metadata"]["name"] for one in made.all("ServiceMonitor")}
    assert names == {QUERY, STORE, COMPACT}
    parts = [one.inputs["spec"]["selector"]["matchLabels"] for one in made.all("ServiceMonitor")]
    assert len({one["app.kubernetes.io/component"] for one in parts}) == len(names)


def test_a_bucket_of_google_is_named_without_a_key() -> None:
    said = json.loads(thanos_objects.text_of_google("aigw-metrics"))
    assert said == {"type": "GCS", "config": {"bucket": "aigw-metrics"}}
