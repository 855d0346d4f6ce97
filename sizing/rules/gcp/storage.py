"""What Cloud Storage refuses of buckets."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    avoids,
    each,
    equals,
    every,
    is_true,
    matches,
    needs,
    when,
)
from sizing.rules.rule import Check, Inputs, Rule
from sizing.rules.values import number

BUCKET = ("gcp:storage/bucket:Bucket",)

DAY_SECONDS = 86_400
SOFT_DELETE_DAYS = (7, 90)
"""Shortest and longest time for which a deleted object is kept; 0 keeps none (pulumi-gcp)."""
ACTIONS = ("AbortIncompleteMultipartUpload", "Delete", "SetStorageClass")
CLASSES = ("ARCHIVE", "COLDLINE", "MULTI_REGIONAL", "NEARLINE", "REGIONAL", "STANDARD")
MODES = ("FullyRestricted", "NotRestricted")
_KEPT = "softDeletePolicy.retentionDurationSeconds"
_GOOGLE_KEYS = "encryption.googleManagedEncryptionEnforcementConfig.restrictionMode"
_CALLERS_KEYS = "encryption.customerSuppliedEncryptionEnforcementConfig.restrictionMode"


def _soft_delete() -> Check:
    shortest, longest = (days * DAY_SECONDS for days in SOFT_DELETE_DAYS)

    def check(inputs: Inputs) -> str | None:
        value = number(inputs, _KEPT)
        if value is None or value == 0 or shortest <= value <= longest:
            return None
        return f"{_KEPT} is {value:g}"

    return check


RULES = (
    Rule(
        id="gcp.storage.name",
        types=BUCKET,
        property="name",
        statement="A bucket's name has 3 to 63 lower-case characters and no google in it.",
        source="pulumi-gcp",
        check=every(
            matches("name", r"[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]"),
            avoids("name", r"^goog|google"),
        ),
        passing={"name": "aigw-prod-large-backups-0123abcd"},
        failing={"name": "aigw-Prod"},
    ),
    Rule(
        id="gcp.storage.soft-delete",
        types=BUCKET,
        property=_KEPT,
        statement="What is deleted is kept for 7 to 90 days, or not at all.",
        source="pulumi-gcp",
        check=_soft_delete(),
        passing={"softDeletePolicy": {"retentionDurationSeconds": 604_800}},
        failing={"softDeletePolicy": {"retentionDurationSeconds": 86_400}},
    ),
    Rule(
        id="gcp.storage.public-access",
        types=BUCKET,
        property="publicAccessPrevention",
        statement="Public access is inherited or its prevention enforced.",
        source="pulumi-gcp",
        check=among("publicAccessPrevention", ("enforced", "inherited")),
        passing={"publicAccessPrevention": "enforced"},
        failing={"publicAccessPrevention": "Enforced"},
    ),
    Rule(
        id="gcp.storage.folders",
        types=BUCKET,
        property="hierarchicalNamespace",
        statement="Real folders need uniform access.",
        source="pulumi-gcp",
        check=when(
            equals("hierarchicalNamespace.enabled", True), is_true("uniformBucketLevelAccess")
        ),
        passing={"hierarchicalNamespace": {"enabled": True}, "uniformBucketLevelAccess": True},
        failing={"hierarchicalNamespace": {"enabled": True}},
    ),
    Rule(
        id="gcp.storage.lifecycle",
        types=BUCKET,
        property="lifecycleRules",
        statement="A rule deletes, aborts an upload or sets a storage class that it names.",
        source="pulumi-gcp",
        check=each(
            "lifecycleRules",
            every(
                among("action.type", ACTIONS),
                among("action.storageClass", CLASSES),
                when(equals("action.type", "SetStorageClass"), needs("action.storageClass")),
            ),
        ),
        passing={"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]},
        failing={
            "lifecycleRules": [{"action": {"type": "SetStorageClass"}, "condition": {"age": 30}}]
        },
    ),
    Rule(
        id="gcp.storage.versions-of",
        types=BUCKET,
        property="lifecycleRules",
        statement="A rule is for objects that are LIVE, ARCHIVED or in ANY state.",
        source="terraform-provider-google",
        check=each("lifecycleRules", among("condition.withState", ("", "ANY", "ARCHIVED", "LIVE"))),
        passing={
            "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"withState": "LIVE"}}]
        },
        failing={
            "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"withState": "OLD"}}]
        },
    ),
    Rule(
        id="gcp.storage.keys",
        types=BUCKET,
        property="encryption",
        statement="Each kind of encryption is FullyRestricted or NotRestricted.",
        source="terraform-provider-google",
        check=every(among(_GOOGLE_KEYS, MODES), among(_CALLERS_KEYS, MODES)),
        passing={
            "encryption": {
                "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"}
            }
        },
        failing={
            "encryption": {"googleManagedEncryptionEnforcementConfig": {"restrictionMode": "None"}}
        },
    ),
)
