"""What S3 alone asks of a bucket: sub-resources in their order, and a policy of refusals."""

from __future__ import annotations

from typing import Any

from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import objects as deploy
from tests.components.support import Recorder


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


def test_no_access_lists_are_in_force_and_one_key_of_a_bucket_serves_many_objects() -> None:
    (rule,) = deploy(known.bucket()).one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "aws:kms"
    assert rule["bucketKeyEnabled"]
    controls = deploy(known.bucket()).one("BucketOwnershipControls").inputs
    assert controls["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_the_policy_refuses_and_grants_nothing() -> None:
    encryption = "s3:x-amz-server-side-encryption"
    conditions = {
        "RefuseWithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
        "RefuseOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        "RefuseOtherEncryption": {"StringNotEqualsIfExists": {encryption: "aws:kms"}},
        "RefuseOtherKeys": {
            "StringNotEqualsIfExists": {f"{encryption}-aws-kms-key-id": known.OBJECTS_KEY}
        },
    }
    found = refusals(deploy(known.bucket()))
    assert {sid: one["Condition"] for sid, one in found.items()} == conditions
    for one in found.values():
        assert (one["Effect"], one["Principal"]) == ("Deny", {"AWS": "*"})


def test_access_changes_of_one_bucket_come_one_after_another() -> None:
    recorder = deploy(known.bucket())
    block, controls = (
        recorder.one(kind) for kind in ("BucketPublicAccessBlock", "BucketOwnershipControls")
    )
    assert block.urn in controls.depends_on
    assert {block.urn, controls.urn} <= set(recorder.one("BucketPolicy").depends_on)


def test_versions_exist_before_rules_about_them() -> None:
    recorder = deploy(known.bucket())
    versions = recorder.one("BucketVersioning")
    assert versions.urn in recorder.one("BucketLifecycleConfiguration").depends_on
