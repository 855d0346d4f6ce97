"""Volumes of pods are encrypted, in their pod's zone, labelled, and go with their claim."""

from __future__ import annotations

from typing import Any

from components.gcp.storage_class import StorageClass, StorageClassArgs, volume_labels
from tests.components.gcp import samples
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations


def build() -> Recorder:
    def program() -> None:
        args = StorageClassArgs(volume_key=samples.KEY, driver=(), labels=samples.LABELS)
        assert StorageClass("volumes", args).name == "zonal"

    return record(program)


def manifest() -> dict[str, Any]:
    return build().one("StorageClass", "class").inputs


def test_the_api_server_would_take_it() -> None:
    assert violations(manifest()) == []


def test_volumes_are_encrypted_balanced_disks() -> None:
    made = manifest()
    assert made["provisioner"] == "pd.csi.storage.gke.io"
    assert made["parameters"]["type"] == "pd-balanced"
    assert made["parameters"]["disk-encryption-kms-key"] == samples.KEY


def test_a_volume_waits_for_its_pod_grows_and_goes_with_its_claim() -> None:
    made = manifest()
    assert made["volumeBindingMode"] == "WaitForFirstConsumer"
    assert made["reclaimPolicy"] == "Delete"
    assert made["allowVolumeExpansion"] is True


def test_a_claim_that_names_no_class_gets_this_one() -> None:
    annotations = manifest()["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_every_label_of_the_stack_is_on_the_volumes() -> None:
    written = dict(one.split("=") for one in manifest()["parameters"]["labels"].split(","))
    assert written == {**samples.LABELS, "component": "storage-class"}


def test_the_order_of_labels_changes_nothing() -> None:
    assert volume_labels({"b": "2", "a": "1"}) == volume_labels({"a": "1", "b": "2"}) == "a=1,b=2"


def test_it_is_replaced_in_its_own_place() -> None:
    assert build().one("StorageClass", "class").delete_before_replace
