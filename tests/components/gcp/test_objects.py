"""Buckets are closed, encrypted with the platform's key and emptied only where planned."""

from __future__ import annotations

from typing import Any

import pytest

from components.gcp.objects import Objects, ObjectsArgs, bucket_prefix
from sizing.plans import BucketPlan
from tests.components.aws import store_plans as known
from tests.components.gcp import samples
from tests.components.gcp.edge_samples import Grant
from tests.components.support import Recorder, children_of, record

COMPONENT = "aigw:gcp:Objects"


def deploy(*plans: BucketPlan, protect: bool = True, stack: str = known.STACK) -> Recorder:
    return record(
        lambda: Objects(
            "objects",
            ObjectsArgs(
                plans=plans,
                stack=stack,
                region=samples.REGION,
                objects_key=samples.KEY,
                key_ready=(Grant(),),
                labels=samples.LABELS,
                protect=protect,
            ),
        )
    )


def lifecycle(plan: BucketPlan) -> dict[str, dict[str, Any]]:
    rules = deploy(plan).one("Bucket").inputs["lifecycleRules"]
    return {
        f"{one['action']['type']} {one['condition'].get('withState', '')}".strip(): one
        for one in rules
    }


def test_each_planned_bucket_is_made_once_in_the_region() -> None:
    buckets = deploy(known.bucket("backups"), known.bucket("metrics")).all("Bucket")
    assert {one.name for one in buckets} == {"objects-backups", "objects-metrics"}
    assert {one.inputs["location"] for one in buckets} == {samples.REGION}


def test_the_public_is_shut_out_and_no_access_lists_are_in_force() -> None:
    bucket = deploy(known.bucket()).one("Bucket").inputs
    assert bucket["publicAccessPrevention"] == "enforced"
    assert bucket["uniformBucketLevelAccess"] is True


def test_objects_are_encrypted_with_the_platform_s_key_and_no_other_kind() -> None:
    encryption = deploy(known.bucket()).one("Bucket").inputs["encryption"]
    assert encryption == {
        "defaultKmsKeyName": samples.KEY,
        "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
        "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
    }


def test_a_bucket_waits_until_the_service_may_use_its_key() -> None:
    recorder = deploy(known.bucket())
    assert recorder.one("Grant").urn in recorder.one("Bucket").depends_on


@pytest.mark.parametrize(
    ("plan", "actions"),
    [
        (known.bucket(), {"AbortIncompleteMultipartUpload", "Delete ARCHIVED"}),
        (
            known.bucket(versioned=False, expire_days=90),
            {"AbortIncompleteMultipartUpload", "Delete LIVE"},
        ),
        (
            known.bucket(versioned=False, transition_to_ia_days=30),
            {"AbortIncompleteMultipartUpload", "SetStorageClass"},
        ),
    ],
)
def test_the_lifecycle_follows_the_plan(plan: BucketPlan, actions: set[str]) -> None:
    assert lifecycle(plan).keys() == actions


def test_days_are_the_plan_s() -> None:
    found = lifecycle(known.bucket(expire_days=90, transition_to_ia_days=45))
    assert found["Delete LIVE"]["condition"]["age"] == 90
    assert found["Delete ARCHIVED"]["condition"]["daysSinceNoncurrentTime"] == 30
    colder = found["SetStorageClass"]
    assert (colder["action"]["storageClass"], colder["condition"]["age"]) == ("NEARLINE", 45)
    assert colder["condition"]["matchesStorageClasses"] == ["STANDARD"]


@pytest.mark.parametrize("versioned", [True, False])
def test_versions_are_kept_only_where_planned(versioned: bool) -> None:
    bucket = deploy(known.bucket(versioned=versioned)).one("Bucket")
    assert bucket.inputs["versioning"] == {"enabled": versioned}


@pytest.mark.parametrize(("destroy", "kept"), [(True, 0), (False, 604_800)])
def test_only_a_planned_bucket_is_emptied_at_its_end_and_nothing_of_it_stays(
    destroy: bool, kept: int
) -> None:
    bucket = deploy(known.bucket(force_destroy=destroy), protect=not destroy).one("Bucket")
    assert (bucket.inputs["forceDestroy"], bucket.protect) == (destroy, not destroy)
    assert bucket.inputs["softDeletePolicy"] == {"retentionDurationSeconds": kept}


@pytest.mark.parametrize("stack", ["dev-small", samples.LONGEST_STACK, "a" * 63])
def test_a_name_has_its_random_end_whatever_the_stack_is_called(stack: str) -> None:
    name = deploy(known.bucket("application-data"), stack=stack).one("Bucket").inputs["name"]
    assert name.startswith(bucket_prefix(stack, "application-data"))
    assert name.endswith("-0123abcd")
    assert len(name) <= 63


def test_another_region_draws_another_name() -> None:
    suffix = deploy(known.bucket()).one("RandomId")
    assert suffix.inputs["keepers"] == {"region": samples.REGION}


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy(known.bucket("backups"), known.bucket("metrics"))
    assert children_of(recorder, COMPONENT) == [
        one for one in recorder.resources if one.type != "test:index:Grant" and one.custom
    ]
    expected = {**samples.LABELS, "component": "objects"}
    assert samples.unlabelled(recorder, COMPONENT, expected) == []
