"""Buckets are closed, encrypted with the platform's key and emptied only where planned."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.objects import Objects, ObjectsArgs, bucket_prefix
from sizing.plans import BucketPlan
from tests.components.aws import store_plans as known
from tests.components.support import TAGS, Recorder, children_of, record, untagged

COMPONENT = "aigw:aws:Objects"


def deploy(*plans: BucketPlan, protect: bool = True) -> Recorder:
    return record(
        lambda: Objects(
            "objects",
            ObjectsArgs(
                plans=plans,
                stack=known.STACK,
                objects_key_arn=known.OBJECTS_KEY,
                tags=TAGS,
                protect=protect,
            ),
        )
    )


def refusals(recorder: Recorder) -> dict[str, dict[str, Any]]:
    document = recorder.one("BucketPolicy").document("policy")
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_each_planned_bucket_gets_every_sub_resource_of_its_own() -> None:
    recorder = deploy(known.bucket("backups"), known.bucket("metrics"))
    for kind in (
        "Bucket",
        "BucketPublicAccessBlock",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketServerSideEncryptionConfiguration",
        "BucketLifecycleConfiguration",
        "BucketVersioning",
    ):
        assert len(recorder.all(kind)) == 2, kind
    # arguments of the bucket itself for any of these are deprecated
    allowed = {"bucketPrefix", "forceDestroy", "tags"}
    assert all(one.inputs.keys() <= allowed for one in recorder.all("Bucket"))


def test_the_public_is_shut_out_four_times() -> None:
    block = deploy(known.bucket()).one("BucketPublicAccessBlock").inputs
    assert {key for key, value in block.items() if value is True} == {
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
    }


def test_objects_are_encrypted_with_the_platform_s_key() -> None:
    (rule,) = deploy(known.bucket()).one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": known.OBJECTS_KEY,
    }
    assert rule["bucketKeyEnabled"]


def test_no_access_lists_are_in_force() -> None:
    controls = deploy(known.bucket()).one("BucketOwnershipControls").inputs
    assert controls["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


@pytest.mark.parametrize(
    ("sid", "condition"),
    [
        ("RefuseWithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
        ("RefuseOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        (
            "RefuseOtherEncryption",
            {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        ),
        (
            "RefuseOtherKeys",
            {
                "StringNotEqualsIfExists": {
                    "s3:x-amz-server-side-encryption-aws-kms-key-id": known.OBJECTS_KEY
                }
            },
        ),
    ],
)
def test_the_policy_refuses_everybody_who(sid: str, condition: dict[str, Any]) -> None:
    refusal = refusals(deploy(known.bucket()))[sid]
    assert (refusal["Effect"], refusal["Principal"]) == ("Deny", {"AWS": "*"})
    assert refusal["Condition"] == condition


def test_the_policy_grants_nothing() -> None:
    assert {one["Effect"] for one in refusals(deploy(known.bucket())).values()} == {"Deny"}


def test_access_changes_of_one_bucket_come_one_after_another() -> None:
    recorder = deploy(known.bucket())
    block, controls = (
        recorder.one(kind) for kind in ("BucketPublicAccessBlock", "BucketOwnershipControls")
    )
    assert block.urn in controls.depends_on
    assert {block.urn, controls.urn} <= set(recorder.one("BucketPolicy").depends_on)


@pytest.mark.parametrize(
    ("plan", "ids"),
    [
        (known.bucket(), {"abandoned-uploads", "old-versions"}),
        (known.bucket(versioned=False, expire_days=90), {"abandoned-uploads", "expiry"}),
        (
            known.bucket(versioned=False, transition_to_ia_days=30),
            {"abandoned-uploads", "infrequent-access"},
        ),
    ],
)
def test_the_lifecycle_follows_the_plan(plan: BucketPlan, ids: set[str]) -> None:
    rules = deploy(plan).one("BucketLifecycleConfiguration").inputs["rules"]
    assert {rule["id"] for rule in rules} == ids
    assert all(rule["status"] == "Enabled" for rule in rules)


def test_versions_exist_before_rules_about_them_and_only_where_planned() -> None:
    recorder = deploy(known.bucket())
    versions = recorder.one("BucketVersioning")
    assert versions.inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert versions.urn in recorder.one("BucketLifecycleConfiguration").depends_on
    assert deploy(known.bucket(versioned=False)).all("BucketVersioning") == []


@pytest.mark.parametrize("destroy", [True, False])
def test_only_a_planned_bucket_is_emptied_at_its_end(destroy: bool) -> None:
    bucket = deploy(known.bucket(force_destroy=destroy), protect=not destroy).one("Bucket")
    assert (bucket.inputs["forceDestroy"], bucket.protect) == (destroy, not destroy)


@pytest.mark.parametrize("stack", ["dev-small", "prod-enterprise", "staging-enterprise-gcp"])
def test_a_bucket_prefix_is_short_enough_for_its_unique_end(stack: str) -> None:
    prefix = bucket_prefix(stack, "application-data")
    assert len(prefix) <= 37
    assert prefix.endswith("-")
    assert "--" not in prefix


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy(known.bucket("backups"), known.bucket("metrics"))
    children = children_of(recorder, COMPONENT)
    assert children == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "objects"}) == []
