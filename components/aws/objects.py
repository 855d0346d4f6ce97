"""Buckets on S3: closed to the public, encrypted with the platform's key, TLS only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components import naming
from components.base import PlatformComponent
from sizing.plans import BucketPlan

# parts of a broken upload cost as much as objects and are shown nowhere
_ABANDONED_UPLOAD_DAYS = 7
_OLDEST_TLS = "1.2"
_PREFIX_LENGTH = 37


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectsArgs:
    """What the buckets need from their surroundings.

    Attributes:
        plans: one bucket each, told apart by name.
        stack: name of the stack, first part of each bucket's name.
        objects_key_arn: key of every object.
    """

    plans: tuple[BucketPlan, ...]
    stack: str
    objects_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool


class Objects(PlatformComponent):
    """The platform's buckets.

    Names end in random characters, as bucket names are the whole world's; a change of key
    applies to new objects only, so the old key must live as long as old objects do.
    """

    names: dict[str, pulumi.Output[str]]
    """Bucket names by their planned names."""
    arns: dict[str, pulumi.Output[str]]
    """Bucket ARNs by their planned names."""

    def __init__(
        self, name: str, args: ObjectsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Objects", name, args.plans, opts)
        buckets = {
            plan.name: self._bucket(f"{name}-{plan.name}", args, plan) for plan in args.plans
        }
        self.names = {key: bucket.id for key, bucket in buckets.items()}
        self.arns = {key: bucket.arn for key, bucket in buckets.items()}
        self.register_outputs({"names": self.names, "arns": self.arns})

    def _bucket(self, name: str, args: ObjectsArgs, plan: BucketPlan) -> s3.Bucket:
        bucket = s3.Bucket(
            name,
            bucket_prefix=bucket_prefix(args.stack, plan.name),
            force_destroy=plan.force_destroy,
            tags=self.tags(args.tags),
            opts=self.child_with(protect=args.protect),
        )
        closed = s3.BucketPublicAccessBlock(
            f"{name}-closed",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.child,
        )
        owned = s3.BucketOwnershipControls(
            f"{name}-owner",
            bucket=bucket.id,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            # S3 refuses two changes of one bucket's access at the same time
            opts=self.child_with(depends_on=[closed]),
        )
        s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=bucket_policy(bucket.arn, args.objects_key_arn),
            opts=self.child_with(depends_on=[closed, owned]),
        )
        self._encrypted(name, bucket, args.objects_key_arn)
        self._lifecycle(name, bucket, plan)
        return bucket

    def _encrypted(self, name: str, bucket: s3.Bucket, key: pulumi.Input[str]) -> None:
        by_default = (
            s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                sse_algorithm="aws:kms", kms_master_key_id=key
            )
        )
        s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=by_default,
                    bucket_key_enabled=True,  # else KMS is asked, and paid, per object
                )
            ],
            opts=self.child,
        )

    def _lifecycle(self, name: str, bucket: s3.Bucket, plan: BucketPlan) -> None:
        before: list[pulumi.Resource] = []
        if plan.versioned:
            before.append(
                s3.BucketVersioning(
                    f"{name}-versions",
                    bucket=bucket.id,
                    versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(
                        status="Enabled"
                    ),
                    opts=self.child,
                )
            )
        s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=_lifecycle_rules(plan),
            # a rule for old versions means nothing before there are versions
            opts=self.child_with(depends_on=before),
        )


def bucket_prefix(stack: str, bucket: str) -> str:
    """Return the beginning of a bucket's name, to which S3's provider adds what makes it unique."""
    return naming.bucket_prefix(stack, bucket, _PREFIX_LENGTH)


def _lifecycle_rules(plan: BucketPlan) -> list[s3.BucketLifecycleConfigurationRuleArgs]:
    everything = s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    rules = [
        s3.BucketLifecycleConfigurationRuleArgs(
            id="abandoned-uploads",
            status="Enabled",
            filter=everything,
            abort_incomplete_multipart_upload=(
                s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                    days_after_initiation=_ABANDONED_UPLOAD_DAYS
                )
            ),
        )
    ]
    if plan.versioned:
        old = s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=plan.noncurrent_days
        )
        rules.append(
            s3.BucketLifecycleConfigurationRuleArgs(
                id="old-versions",
                status="Enabled",
                filter=everything,
                noncurrent_version_expiration=old,
            )
        )
    if plan.transition_to_ia_days is not None:
        colder = s3.BucketLifecycleConfigurationRuleTransitionArgs(
            days=plan.transition_to_ia_days, storage_class="STANDARD_IA"
        )
        rules.append(
            s3.BucketLifecycleConfigurationRuleArgs(
                id="infrequent-access", status="Enabled", filter=everything, transitions=[colder]
            )
        )
    if plan.expire_days is not None:
        gone = s3.BucketLifecycleConfigurationRuleExpirationArgs(days=plan.expire_days)
        rules.append(
            s3.BucketLifecycleConfigurationRuleArgs(
                id="expiry", status="Enabled", filter=everything, expiration=gone
            )
        )
    return rules


def bucket_policy(arn: pulumi.Input[str], key_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the policy that refuses plain HTTP, old TLS and objects under any other key.

    An upload that names no encryption is taken: the bucket's own default encrypts it.
    """
    everything = [arn, pulumi.Output.concat(arn, "/*")]
    objects = pulumi.Output.concat(arn, "/*")
    refusals: list[tuple[str, str, object, dict[str, object]]] = [
        (
            "RefuseWithoutTls",
            "s3:*",
            everything,
            {"Bool": {"aws:SecureTransport": "false"}},
        ),
        (
            "RefuseOldTls",
            "s3:*",
            everything,
            {"NumericLessThan": {"s3:TlsVersion": _OLDEST_TLS}},
        ),
        (
            "RefuseOtherEncryption",
            "s3:PutObject",
            objects,
            {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        ),
        (
            "RefuseOtherKeys",
            "s3:PutObject",
            objects,
            {
                "StringNotEqualsIfExists": {
                    "s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn
                }
            },
        ),
    ]
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": sid,
                    "Effect": "Deny",
                    "Principal": {"AWS": "*"},
                    "Action": action,
                    "Resource": resource,
                    "Condition": condition,
                }
                for sid, action, resource, condition in refusals
            ],
        }
    )
