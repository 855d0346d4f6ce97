"""Volumes of pods are encrypted, in their pod's zone, tagged, and go with their claim."""

from __future__ import annotations

from typing import Any

from components.aws.storage_class import StorageClass, StorageClassArgs, volume_tags
from tests.components.support import TAGS, Recorder, record
from tests.kubernetes.schemas import violations

KEY = "arn:aws:kms:us-east-1:123456789012:key/nodes"


def build() -> Recorder:
    def program() -> None:
        made = StorageClass(
            "volumes", StorageClassArgs(volume_key_arn=KEY, driver=(), tags=dict(TAGS))
        )
        assert made.name == "zonal"

    return record(program)


def manifest() -> dict[str, Any]:
    return build().one("StorageClass", "class").inputs


def test_the_api_server_would_take_it() -> None:
    assert violations(manifest()) == []


def test_volumes_are_encrypted_with_the_key_that_the_driver_may_use() -> None:
    parameters = manifest()["parameters"]
    assert parameters["type"] == "gp3"
    assert parameters["encrypted"] == "true"
    assert parameters["kmsKeyId"] == KEY


def test_a_volume_waits_for_its_pod_grows_and_goes_with_its_claim() -> None:
    made = manifest()
    assert made["volumeBindingMode"] == "WaitForFirstConsumer"
    assert made["reclaimPolicy"] == "Delete"
    assert made["allowVolumeExpansion"] is True


def test_a_claim_that_names_no_class_gets_this_one() -> None:
    annotations = manifest()["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_every_tag_of_the_stack_is_on_the_volumes() -> None:
    parameters = manifest()["parameters"]
    written = {value for key, value in parameters.items() if key.startswith("tagSpecification_")}
    assert {f"{key}={value}" for key, value in TAGS.items()} <= written


def test_the_order_of_tags_changes_nothing() -> None:
    assert volume_tags({"b": "2", "a": "1"}) == volume_tags({"a": "1", "b": "2"})


def test_it_is_replaced_in_its_own_place() -> None:
    assert build().one("StorageClass", "class").delete_before_replace
