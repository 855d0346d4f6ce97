"""What the vector database and the job of its snapshots are made of."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.access import Pods
from components.kubernetes.database_secrets import VECTORS_KEY, VECTORS_READ_KEY
from components.kubernetes.qdrant import (
    GRPC_PORT,
    HTTP_PORT,
    MEMBERS_PORT,
    SECRET,
    SNAPSHOTS_PREFIX,
    Qdrant,
    QdrantArgs,
)
from components.kubernetes.scripts import vector_snapshots
from components.kubernetes.scripts.vector_snapshots import outdated
from components.kubernetes.secrets import Remote
from components.object_stores import ObjectStore
from sizing.plans import Scale
from sizing.plans.workloads import HelperPlan, VectorsPlan
from sizing.units import MIB
from sizing.words import Cloud
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

KEYS = {key: Remote(name="prod/qdrant", property=key) for key in (VECTORS_KEY, VECTORS_READ_KEY)}
SNAPSHOTS = HelperPlan(
    name="vector-snapshots",
    namespace="prod-data",
    kind="job",
    pods=1,
    cpu_request_millis=100,
    cpu_limit_millis=500,
    memory_request_bytes=128 * MIB,
    memory_limit_bytes=256 * MIB,
)
APPLICATION = Pods(namespace="prod-apps", name="application", ports=(HTTP_PORT, GRPC_PORT))


def vectors(members: int) -> VectorsPlan:
    return VectorsPlan(
        members=members,
        replication_factor=min(members, 2),
        snapshot_schedule="0 1 * * *",
        snapshot_days=7,
    )


def built(members: int = 3, **changes: Any) -> Recorder:  # noqa: ANN401  (any field of it)
    plain: dict[str, Any] = {
        "cluster": cluster(),
        "namespace": "prod-data",
        "plan": service_plan(
            "qdrant",
            role="data",
            pool_role="data",
            scale=Scale(minimum=members, planned=members, maximum=members),
            volume_gib=10,
        ),
        "vectors": vectors(members),
        "snapshots": SNAPSHOTS,
        "bucket": "prod-backups",
        "region": here().region,
        "kind": here().objects,
        "keys": KEYS,
        "callers": (APPLICATION,),
    }
    return record(lambda: Qdrant("qdrant", QdrantArgs(**{**plain, **changes})))


def member(made: Recorder) -> dict[str, Any]:
    (container,) = made.one("StatefulSet").inputs["spec"]["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def told(container: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def pod_of_the_job(made: Recorder) -> dict[str, Any]:
    pod = made.one("CronJob").inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert isinstance(pod, dict)
    return pod


def folder_of(container: dict[str, Any]) -> str:
    (mounted,) = [one["mountPath"] for one in container["volumeMounts"] if one.get("readOnly")]
    return str(mounted)


@pytest.mark.parametrize("members", [1, 3])
def test_every_object_is_one_that_the_api_server_takes(members: int) -> None:
    objects = [one for one in built(members).resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    assert {one.type.rpartition(":")[2] for one in objects} >= {
        "CronJob",
        "ExternalSecret",
        "ServiceMonitor",
        "StatefulSet",
    }


def test_members_find_each_other_by_the_names_of_their_own_service() -> None:
    made = built()
    container, of_members = member(made), told(member(made))
    assert of_members["QDRANT__CLUSTER__ENABLED"] == "true"
    assert of_members["MEMBERS_DOMAIN"] == "qdrant.prod-data.svc.cluster.local"
    assert made.one("StatefulSet").inputs["spec"]["serviceName"] == "qdrant"
    start = container["command"][-1]
    assert "--bootstrap" in start
    assert all(f"${name}" in start for name in ("FIRST_MEMBER", "MEMBERS_DOMAIN", "MEMBERS_PORT"))


def test_new_collections_get_the_planned_copies() -> None:
    copies = told(member(built()))["QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR"]
    assert copies == str(vectors(3).replication_factor)


def test_an_only_member_is_no_cluster() -> None:
    container = member(built(1))
    assert "QDRANT__CLUSTER__ENABLED" not in told(container)
    assert MEMBERS_PORT not in {port["containerPort"] for port in container["ports"]}
    assert "command" not in container


def test_members_alone_speak_at_their_port() -> None:
    made = built()
    (policy,) = (p for p in made.all("NetworkPolicy") if p.inputs["metadata"]["name"] == "qdrant")
    by_port: dict[int, set[str]] = {}
    for rule in policy.inputs["spec"]["ingress"]:
        (peer,) = rule["from"]
        name = peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for port in rule["ports"]:
            by_port.setdefault(port["port"], set()).add(name)
    assert by_port == {
        HTTP_PORT: {"application", "vector-snapshots"},
        GRPC_PORT: {"application"},
        MEMBERS_PORT: {"qdrant"},
    }


def test_keys_are_named_and_the_scraper_s_only_reads() -> None:
    made = built()
    held = {
        one["name"]: one["valueFrom"]["secretKeyRef"]["key"]
        for one in member(made)["env"]
        if "valueFrom" in one
    }
    assert held == {
        "QDRANT__SERVICE__API_KEY": VECTORS_KEY,
        "QDRANT__SERVICE__READ_ONLY_API_KEY": VECTORS_READ_KEY,
    }
    (endpoint,) = made.one("ServiceMonitor").inputs["spec"]["endpoints"]
    assert endpoint["authorization"]["credentials"] == {"name": SECRET, "key": VECTORS_READ_KEY}
    assert made.one("ExternalSecret").inputs["metadata"]["name"] == SECRET


def test_what_is_written_lies_on_the_volume_and_snapshots_in_the_bucket() -> None:
    container = member(built())
    settings = told(container)
    folders = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
    assert folders["/qdrant/storage"] == "data"
    # relative to the image's folder
    assert settings["QDRANT__STORAGE__SNAPSHOTS_PATH"] == "./" + SNAPSHOTS_PREFIX.rstrip("/")
    assert SNAPSHOTS_PREFIX.startswith("storage/")
    assert settings["QDRANT_INIT_FILE_PATH"].rpartition("/")[0] in folders
    snapshots = "QDRANT__STORAGE__SNAPSHOTS_CONFIG"
    itself = here().objects is ObjectStore.S3
    assert settings[f"{snapshots}__SNAPSHOTS_STORAGE"] == ("s3" if itself else "local")
    bucket, region = ("prod-backups", here().region) if itself else (None, None)
    assert settings.get(f"{snapshots}__S3_CONFIG__BUCKET") == bucket
    assert settings.get(f"{snapshots}__S3_CONFIG__REGION") == region


def test_who_writes_to_the_bucket_reaches_it_and_nobody_else() -> None:
    made, outside = built(), {}
    for policy in made.all("NetworkPolicy"):
        spec = policy.inputs["spec"]
        pods = spec["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        blocks = [
            peer["ipBlock"]["cidr"]
            for one in spec["egress"]
            for peer in one["to"]
            if "ipBlock" in peer
        ]
        outside[pods] = {*blocks}
    there = {"0.0.0.0/0", here().credentials}
    itself = here().objects is ObjectStore.S3
    assert outside["qdrant"] == (there if itself else set())
    assert outside["vector-snapshots"] == (set() if itself else there)


@pytest.mark.one_cloud(Cloud.GCP, "on AWS members write there themselves")
def test_addresses_of_the_bucket_close_everything_else_to_the_job() -> None:
    policies = built(addresses=("199.36.153.8/30",)).all("NetworkPolicy")
    (job,) = [
        one for one in policies if "vector-snapshots" in str(one.inputs["spec"]["podSelector"])
    ]
    blocks = [one["to"][0].get("ipBlock", {}).get("cidr") for one in job.inputs["spec"]["egress"]]
    assert {*blocks} == {None, here().credentials, "199.36.153.8/30"}


def test_the_scheduled_job_asks_every_member() -> None:
    spec = built().one("CronJob").inputs["spec"]
    assert spec["schedule"] == "0 1 * * *"
    (container,) = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    asked = told(container)[vector_snapshots.MEMBERS].split()
    assert asked == [
        f"http://qdrant-{n}.qdrant.prod-data.svc.cluster.local:{HTTP_PORT}" for n in range(3)
    ]


def test_the_job_runs_by_what_it_mounts_and_pythons_own_library(tmp_path: Path) -> None:
    made = built()
    (container,) = pod_of_the_job(made)["containers"]
    for one in made.all("ConfigMap"):
        for name, text in one.inputs["data"].items():
            place = tmp_path / str(folder_of(container)).lstrip("/") / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    variables = told(container)
    _, *words = container["command"]
    ran = subprocess.run(
        [sys.executable, "-S", *(one.replace("/etc/", f"{tmp_path}/etc/") for one in words)],
        env={
            "PYTHONPATH": f"{tmp_path}{variables.get('PYTHONPATH', '')}",
            **{key: value for key, value in variables.items() if key != "PYTHONPATH"},
            vector_snapshots.MEMBERS: "http://127.0.0.1:9",
            vector_snapshots.KEY: "key",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    # nobody answers there: all that it needs to ask is found
    assert "Connection refused" in ran.stderr
    assert "ModuleNotFoundError" not in ran.stderr


def test_another_number_of_members_than_planned_is_refused() -> None:
    with pytest.raises(ValueError, match="1 members vote, 3 pods are planned"):
        built(vectors=vectors(1))
    with pytest.raises(ValueError, match="the keys are"):
        built(keys={VECTORS_KEY: KEYS[VECTORS_KEY]})


OLD = "docs-17-2026-11-01-01-00-00.snapshot"
NEW = "docs-17-2026-11-20-01-00-00.snapshot"
BEFORE = datetime(2026, 11, 14, tzinfo=UTC)


def test_a_name_that_does_not_say_when_stays() -> None:
    names = [OLD, NEW, "by-hand.snapshot", "docs-2026-11-01.snapshot"]
    assert outdated(names, BEFORE) == [OLD]
