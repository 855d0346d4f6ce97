"""A folder of the shared file system is claimed once, by one namespace, and outlives its claim."""

from __future__ import annotations

from typing import Any

from components.kubernetes.shared_files import (
    CAPACITY,
    Folder,
    SharedFiles,
    SharedFilesArgs,
    SharedFilesPlan,
    efs,
)
from tests.components.kubernetes.samples import cluster
from tests.components.support import Recorder, children_of, record
from tests.kubernetes.schemas import violations

PLAN = SharedFilesPlan(name="shared", namespace="prod-apps", read_only=False)


def built(plan: SharedFilesPlan = PLAN, folder: Folder | None = None) -> Recorder:
    return record(
        lambda: SharedFiles(
            "shared",
            SharedFilesArgs(
                plan=plan,
                cluster=cluster(),
                namespace=plan.namespace,
                folder=folder or efs("fs-0123", "fsap-4567"),
            ),
        )
    )


def spec(made: Recorder, kind: str) -> dict[str, Any]:
    found = made.one(kind).inputs["spec"]
    assert isinstance(found, dict)
    return found


def test_both_objects_are_ones_that_the_api_server_takes() -> None:
    objects = children_of(built(), "aigw:kubernetes:SharedFiles")
    assert len(objects) == 2
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


def test_the_volume_is_an_access_point_by_tls_and_with_a_name() -> None:
    volume = spec(built(), "PersistentVolume")
    assert volume["csi"] == {"driver": "efs.csi.aws.com", "volumeHandle": "fs-0123::fsap-4567"}
    assert volume["mountOptions"] == ["tls", "iam"]


def test_volume_and_claim_have_each_other_and_nobody_else() -> None:
    made = built()
    volume, claim = spec(made, "PersistentVolume"), spec(made, "PersistentVolumeClaim")
    owner = volume["claimRef"]
    assert (owner["namespace"], owner["name"]) == ("prod-apps", "shared")
    assert claim["volumeName"] == made.one("PersistentVolume").inputs["metadata"]["name"]
    # an empty class, not a missing one: the cluster's default would make a new volume
    assert volume["storageClassName"] == claim["storageClassName"] == ""
    assert claim["resources"]["requests"] == volume["capacity"] == {"storage": CAPACITY}


def test_two_environments_of_a_cluster_do_not_share_a_volume_s_name() -> None:
    other = SharedFilesPlan(name="shared", namespace="dev-apps", read_only=False)
    names = {
        built(plan).one("PersistentVolume").inputs["metadata"]["name"] for plan in (PLAN, other)
    }
    assert names == {"prod-apps-shared", "dev-apps-shared"}


def test_files_stay_when_the_claim_goes() -> None:
    assert spec(built(), "PersistentVolume")["persistentVolumeReclaimPolicy"] == "Retain"


def test_many_pods_write_and_readers_only_read() -> None:
    reading = SharedFilesPlan(name="shared", namespace="prod-apps", read_only=True)
    assert spec(built(), "PersistentVolumeClaim")["accessModes"] == ["ReadWriteMany"]
    assert spec(built(reading), "PersistentVolumeClaim")["accessModes"] == ["ReadOnlyMany"]


def test_another_cloud_names_its_own_driver() -> None:
    folder = Folder(
        driver="filestore.csi.storage.gke.io",
        handle="modeInstance/us-central1-a/files/shared",
        attributes={"ip": "10.0.0.2", "volume": "shared"},
    )
    csi = spec(built(folder=folder), "PersistentVolume")["csi"]
    assert csi["driver"] == "filestore.csi.storage.gke.io"
    assert csi["volumeAttributes"] == {"ip": "10.0.0.2", "volume": "shared"}
