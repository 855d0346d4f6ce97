"""A real API server takes what the building blocks make, and admits their pods."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.container import (
    Files,
    Probe,
    Probes,
    Resources,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.scaling import Trigger
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics
from sizing.units import MIB
from sizing.words import Cloud
from tests.cluster.api import Api, Manifest, RefusedError
from tests.cluster.objects import WORKLOADS, create_all, pods_of, recorded
from tests.cluster.samples import ASKED, container, namespaces, service
from tests.components.kubernetes import samples
from tests.components.kubernetes.samples import NAMESPACES, SCALING, service_plan
from tests.components.support import record
from tests.kubernetes.schemas import violations

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.one_cloud(
        Cloud.AWS, "a control plane of no cloud; test_stacks gives it the objects of both"
    ),
]


def scaled_by_load() -> list[Manifest]:
    full = container(
        files=(
            Files(path="/etc/echo", contents={"a.yaml": "a: 1"}),
            Files(path="/keys", secret="echo", secret_keys=("tls.key",)),
        ),
        scratch=(
            Scratch(path="/tmp", size_bytes=MIB),
            Scratch(path="/dev/shm", size_bytes=MIB, memory=True),
        ),
        environment={"A": "1"},
        secret_environment={"KEY": SecretKey(secret="echo", key="key")},
        stop_seconds=5,
    )
    first = replace(full, name="before", ports=(), probes=None, stop_seconds=0)
    return service(
        service_plan("by-load", scaling=SCALING),
        containers=(full,),
        before=(first,),
        metrics=Metrics(port="http"),
    )


def scaled_by_queue() -> list[Manifest]:
    by_queue = replace(SCALING, cpu_percent=0, running_requests=12, fallback_replicas=2)
    plan = service_plan("by-queue", role="serving", pool_role="gpu", scaling=by_queue, gpus=1)
    engine = container(
        resources=resources_of(plan),
        probes=Probes(
            startup=replace(ASKED, failures=90),
            readiness=Probe(port="http"),
            liveness=Probe(command=("/bin/alive",)),
        ),
    )
    return service(
        plan,
        containers=(engine,),
        triggers=(Trigger(query="sum(running)", threshold=12),),
        prometheus="http://prometheus:9090",
    )


def stateful() -> list[Manifest]:
    plan = service_plan("kept", role="data", pool_role="data", volume_gib=1)
    return service(plan, containers=(container(volume_path="/data"),), stateful=True)


def job(name: str, schedule: str = "") -> list[Manifest]:
    small = Resources(
        cpu_millis=100,
        cpu_limit_millis=500,
        memory_bytes=64 * MIB,
        memory_limit_bytes=128 * MIB,
    )
    on = samples.cluster()
    args = JobArgs(
        job=name,
        cluster=on,
        namespace_name=NAMESPACES["data"],
        namespace=NAMESPACES["data"],
        container=container(
            resources=small,
            ports=(),
            probes=None,
            files=(Files(path="/scripts", contents={"run.sh": "true"}),),
        ),
        placement=on.placement_on("general"),
        calls=(),
        version="1",
        deadline_seconds=600,
        schedule=schedule,
    )
    return recorded(record(lambda: Job(name, args)))


def secret() -> list[Manifest]:
    def build() -> None:
        owner = Namespace(
            "gateway", NamespaceArgs(plan=samples.namespace_plan("gateway"), ready=())
        )
        need = SecretNeed(
            secret="litellm",
            entries={"password": Remote(name="aigw/prod/litellm", property="password")},
            texts={"url": "postgresql://litellm:{{ .password }}@pgbouncer/litellm"},
        )
        external_secret(
            owner, "litellm", need, cluster=samples.cluster(), namespace=NAMESPACES["gateway"]
        )

    return [one for one in recorded(record(build)) if one["kind"] == "ExternalSecret"]


@pytest.fixture(scope="module")
def inhabited(cluster: Api) -> Api:
    """A cluster with the namespaces of the samples."""
    assert create_all(cluster, namespaces()) == {}
    return cluster


@pytest.mark.parametrize(
    "build",
    [
        scaled_by_load,
        scaled_by_queue,
        stateful,
        lambda: job("set-up"),
        lambda: job("nightly", schedule="0 3 * * *"),
        secret,
    ],
    ids=["scaled by load", "scaled by queue", "stateful", "job", "cron job", "secret"],
)
def test_objects_are_taken_without_a_warning_and_pods_admitted(
    inhabited: Api,
    build: Any,  # noqa: ANN401
) -> None:
    objects = build()
    assert create_all(inhabited, objects) == {}
    for workload in objects:
        if workload["kind"] in WORKLOADS:
            assert inhabited.create(pods_of(workload), dry_run=True) == []


def test_a_pod_with_rights_is_refused_where_the_level_is_restricted(inhabited: Api) -> None:
    (workload,) = (one for one in service(service_plan("rights")) if one["kind"] == "Deployment")
    rooted = dict(pods_of(workload))
    rooted["metadata"] = {**rooted["metadata"], "namespace": NAMESPACES["gateway"]}
    spec = dict(rooted["spec"])
    spec["serviceAccountName"] = "default"
    spec["containers"] = [
        {**one, "securityContext": {"runAsUser": 0, "privileged": True}}
        for one in spec["containers"]
    ]
    rooted["spec"] = spec
    with pytest.raises(RefusedError, match="violates PodSecurity"):
        inhabited.create(rooted, dry_run=True)
    rooted["metadata"] = {**rooted["metadata"], "namespace": NAMESPACES["gpu"]}
    spec.pop("nodeSelector")
    assert inhabited.create(rooted, dry_run=True) == []


def test_what_nobody_planned_exceeds_the_quota(inhabited: Api) -> None:
    way_in = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "way-in", "namespace": NAMESPACES["gateway"]},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
    }
    with pytest.raises(RefusedError, match="exceeded quota"):
        inhabited.create(way_in, dry_run=True)


def test_the_schemas_refuse_what_the_api_server_refuses(inhabited: Api) -> None:
    (good,) = (one for one in service(service_plan("wrong")) if one["kind"] == "Deployment")
    changes: list[dict[str, Any]] = [
        {"replica": 2},
        {"replicas": "two"},
        {"template": {"spec": {"containers": [{"image": "echo"}]}}},
        {"strategy": {"type": {"name": "Recreate"}}},
    ]
    for change in changes:
        wrong = {**good, "spec": {**good["spec"], **change}}
        assert violations(wrong), change
        with pytest.raises(RefusedError):
            inhabited.create(wrong, dry_run=True)
    assert violations(good) == inhabited.create(good, dry_run=True) == []
