"""A folder of the shared file system is claimed once, by one namespace, and outlives its claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.kubernetes.shared_files import (
    CAPACITY,
    Folder,
    Share,
    SharedFiles,
    SharedFilesArgs,
    SharedFilesPlan,
    filestore,
)
from tests.components.kubernetes.samples import cluster
from tests.components.kubernetes.surroundings import here
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
                folder=folder or here().folder(),
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


def test_the_volume_is_what_the_cloud_s_driver_mounts() -> None:
    volume = spec(built(), "PersistentVolume")
    assert volume["csi"] == here().csi
    assert tuple(volume["mountOptions"]) == here().mounted


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


SHARE = Share(
    location="us-central1", instance="aigw-files", name="files", host="10.0.0.2", newer=True
)


def test_a_folder_of_filestore_is_mounted_by_address_and_path() -> None:
    volume = spec(built(folder=filestore(SHARE, "/n8n")), "PersistentVolume")
    assert volume["csi"] == {
        "driver": "filestore.csi.storage.gke.io",
        "volumeHandle": "modeInstance/us-central1/aigw-files/files-n8n",
        "volumeAttributes": {
            "ip": "10.0.0.2",
            "volume": "files/n8n",
            "fileProtocol": "NFS_V4_1",
        },
    }
    assert volume["mountOptions"] == ["vers=4.1"]


def test_an_older_share_is_mounted_by_its_own_protocol() -> None:
    volume = spec(built(folder=filestore(replace(SHARE, newer=False))), "PersistentVolume")
    assert volume["mountOptions"] == ["vers=3"]
    assert volume["csi"]["volumeAttributes"] == {
        "ip": "10.0.0.2",
        "volume": "files",
        "fileProtocol": "NFS_V3",
    }


def test_no_two_folders_of_a_share_have_one_handle() -> None:
    # a node stages what has one handle once, wherever it is mounted from
    handles = {
        spec(built(folder=filestore(SHARE, path)), "PersistentVolume")["csi"]["volumeHandle"]
        for path in ("", "/n8n", "/langflow")
    }
    assert len(handles) == 3
    assert all(len(one.split("/")) == 4 for one in handles)


def test_volumes_of_filestore_are_ones_that_the_api_server_takes() -> None:
    objects = children_of(built(folder=filestore(SHARE, "/n8n")), "aigw:kubernetes:SharedFiles")
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
