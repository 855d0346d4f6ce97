"""Buckets on Cloud Storage: closed to the public, encrypted with the platform's key alone.

Who reads or changes an object is written by Cloud Audit Logs of the project; usage logs of a
bucket, which would need a bucket of their own, name nobody and are left off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_gcp import storage

from components import naming
from components.base import PlatformComponent
from sizing.plans import BucketPlan

# parts of a broken upload cost as much as objects and are shown nowhere
_ABANDONED_UPLOAD_DAYS = 7
_SUFFIX_BYTES = 4
_NAME_LENGTH = 63
_PREFIX_LENGTH = _NAME_LENGTH - 2 * _SUFFIX_BYTES
# The least that is taken. Versions already keep what is overwritten or deleted; this keeps what
# is taken away for good, and is paid for as long.
_SOFT_DELETE_SECONDS = 7 * 86_400
_COLDER = "NEARLINE"  # as S3's infrequent access: paid for 30 days at least
_FULLY = "FullyRestricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectsArgs:
    """What the buckets need from their surroundings.

    Attributes:
        plans: one bucket each, told apart by name.
        stack: name of the stack, first part of each bucket's name.
        objects_key: key of every object, in the same region.
        key_ready: what lets the service use that key.
    """

    plans: tuple[BucketPlan, ...]
    stack: str
    region: str
    objects_key: pulumi.Input[str]
    key_ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str]
    protect: bool


class Objects(PlatformComponent):
    """The platform's buckets.

    Names end in random characters, as bucket names are the whole world's; a change of key
    applies to new objects only, so the old key must live as long as old objects do. Another
    region replaces a bucket, under another name.
    """

    names: dict[str, pulumi.Output[str]]
    """Bucket names by their planned names."""

    def __init__(
        self, name: str, args: ObjectsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Objects", name, args.plans, opts)
        buckets = {
            plan.name: self._bucket(f"{name}-{plan.name}", args, plan) for plan in args.plans
        }
        self.names = {key: bucket.name for key, bucket in buckets.items()}
        self.register_outputs({"names": self.names})

    def _bucket(self, name: str, args: ObjectsArgs, plan: BucketPlan) -> storage.Bucket:
        suffix = random.RandomId(
            f"{name}-suffix",
            byte_length=_SUFFIX_BYTES,
            keepers={"region": args.region},
            opts=self.child,
        )
        return storage.Bucket(
            name,
            name=pulumi.Output.concat(bucket_prefix(args.stack, plan.name), suffix.hex),
            location=args.region,
            storage_class="STANDARD",
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            encryption=_encryption(args.objects_key),
            versioning=storage.BucketVersioningArgs(enabled=plan.versioned),
            soft_delete_policy=storage.BucketSoftDeletePolicyArgs(
                # a bucket that is emptied at its end must not be paid for a week longer
                retention_duration_seconds=0 if plan.force_destroy else _SOFT_DELETE_SECONDS
            ),
            lifecycle_rules=_lifecycle_rules(plan),
            force_destroy=plan.force_destroy,
            labels=self.tags(args.labels),
            # a key that the service may not use refuses the bucket
            opts=self.child_with(protect=args.protect, depends_on=args.key_ready),
        )


def bucket_prefix(stack: str, bucket: str) -> str:
    """Return the beginning of a bucket's name, to which random characters are added."""
    return naming.bucket_prefix(stack, bucket, _PREFIX_LENGTH)


def _encryption(key: pulumi.Input[str]) -> storage.BucketEncryptionArgs:
    """Return the default key, and the refusal of objects that are under no key of ours."""
    return storage.BucketEncryptionArgs(
        default_kms_key_name=key,
        google_managed_encryption_enforcement_config=(
            storage.BucketEncryptionGoogleManagedEncryptionEnforcementConfigArgs(
                restriction_mode=_FULLY
            )
        ),
        customer_supplied_encryption_enforcement_config=(
            storage.BucketEncryptionCustomerSuppliedEncryptionEnforcementConfigArgs(
                restriction_mode=_FULLY
            )
        ),
    )


def _lifecycle_rules(plan: BucketPlan) -> list[storage.BucketLifecycleRuleArgs]:
    rules = [
        _rule(
            storage.BucketLifecycleRuleActionArgs(type="AbortIncompleteMultipartUpload"),
            storage.BucketLifecycleRuleConditionArgs(age=_ABANDONED_UPLOAD_DAYS),
        )
    ]
    delete = storage.BucketLifecycleRuleActionArgs(type="Delete")
    if plan.versioned:
        old = storage.BucketLifecycleRuleConditionArgs(
            days_since_noncurrent_time=plan.noncurrent_days, with_state="ARCHIVED"
        )
        rules.append(_rule(delete, old))
    if plan.transition_to_ia_days is not None:
        colder = storage.BucketLifecycleRuleActionArgs(
            type="SetStorageClass", storage_class=_COLDER
        )
        old = storage.BucketLifecycleRuleConditionArgs(
            age=plan.transition_to_ia_days, matches_storage_classes=["STANDARD"]
        )
        rules.append(_rule(colder, old))
    if plan.expire_days is not None:
        # what is deleted of a versioned bucket becomes an old version first
        live = storage.BucketLifecycleRuleConditionArgs(age=plan.expire_days, with_state="LIVE")
        rules.append(_rule(delete, live))
    return rules


def _rule(
    action: storage.BucketLifecycleRuleActionArgs,
    condition: storage.BucketLifecycleRuleConditionArgs,
) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(action=action, condition=condition)
