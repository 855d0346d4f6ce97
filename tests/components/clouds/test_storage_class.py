"""Volumes of pods are encrypted, in their pod's zone, labelled, and go with their claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.aws.storage_class import volume_tags
from components.gcp.storage_class import volume_labels
from sizing.words import Cloud
from tests.components.aws import make_ground as aws
from tests.components.gcp import make_ground as gcp
from tests.components.gcp.samples import KEY
from tests.components.support import TAGS, Recorder, Registered
from tests.kubernetes.schemas import violations

BUILD: Mapping[Cloud, Callable[[], Recorder]] = {
    Cloud.AWS: aws.storage_class,
    Cloud.GCP: gcp.storage_class,
}
DISKS: Mapping[Cloud, Mapping[str, str]] = {
    Cloud.AWS: {"type": "gp3", "encrypted": "true", "kmsKeyId": aws.NODES_KEY},
    Cloud.GCP: {"type": "pd-balanced", "disk-encryption-kms-key": KEY},
}
DRIVERS = {Cloud.AWS: "ebs.csi.aws.com", Cloud.GCP: "pd.csi.storage.gke.io"}
LABELS: Mapping[Cloud, Callable[[Mapping[str, str]], object]] = {
    Cloud.AWS: volume_tags,
    Cloud.GCP: volume_labels,
}


@pytest.fixture(scope="module")
def made(cloud: Cloud) -> Registered:
    return BUILD[cloud]().one("StorageClass", "class")


def written(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that a volume gets: a tag a parameter, or all of them in one."""
    tags = [value for key, value in parameters.items() if key.startswith("tagSpecification_")]
    return dict(one.split("=") for one in tags or parameters["labels"].split(","))


def test_the_api_server_would_take_it(made: Registered) -> None:
    assert violations(made.inputs) == []


def test_volumes_are_encrypted_disks_with_the_key_that_the_driver_may_use(
    cloud: Cloud, made: Registered
) -> None:
    assert made.inputs["provisioner"] == DRIVERS[cloud]
    assert DISKS[cloud].items() <= made.inputs["parameters"].items()


def test_a_volume_waits_for_its_pod_grows_and_goes_with_its_claim(made: Registered) -> None:
    expected: dict[str, Any] = {
        "volumeBindingMode": "WaitForFirstConsumer",
        "reclaimPolicy": "Delete",
        "allowVolumeExpansion": True,
    }
    assert expected.items() <= made.inputs.items()


def test_a_claim_that_names_no_class_gets_this_one(made: Registered) -> None:
    annotations = made.inputs["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_every_label_of_the_stack_is_on_the_volumes_in_whatever_order(
    cloud: Cloud, made: Registered
) -> None:
    assert written(made.inputs["parameters"]) == {**TAGS, "component": "storage-class"}
    assert LABELS[cloud]({"b": "2", "a": "1"}) == LABELS[cloud]({"a": "1", "b": "2"})


def test_it_is_replaced_in_its_own_place(made: Registered) -> None:
    assert made.delete_before_replace
