"""What Cloud Storage alone asks of a bucket: a key in force, a soft end, a name of its own."""

from __future__ import annotations

from sizing.rules import refusals
from tests.components.aws import store_plans as known
from tests.components.gcp import samples
from tests.components.gcp.make_stores import objects as deploy


def test_objects_are_encrypted_with_the_platform_s_key_and_no_other_kind() -> None:
    recorder = deploy(known.bucket())
    bucket = recorder.one("Bucket")
    assert recorder.one("Grant").urn in bucket.depends_on, "the service may use the key by then"
    assert bucket.inputs["encryption"] == {
        "defaultKmsKeyName": samples.KEY,
        "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
        "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
    }


def test_nothing_of_a_bucket_that_is_emptied_stays_and_too_short_a_stay_is_refused() -> None:
    for destroy, kept in ((True, 0), (False, 604_800)):
        bucket = deploy(known.bucket(force_destroy=destroy)).one("Bucket")
        assert bucket.inputs["softDeletePolicy"] == {"retentionDurationSeconds": kept}
        short = {**bucket.inputs, "softDeletePolicy": {"retentionDurationSeconds": 86_400}}
        assert [no.rule for no in refusals(bucket.type, short)] == ["gcp.storage.soft-delete"]


def test_another_region_draws_another_name() -> None:
    made = deploy(known.bucket())
    assert made.one("Bucket").inputs["location"] == samples.REGION
    assert made.one("RandomId").inputs["keepers"] == {"region": samples.REGION}
