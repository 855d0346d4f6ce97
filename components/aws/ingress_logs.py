"""Where a load balancer writes who asked what: a bucket of its own.

Balancers write to no bucket that is encrypted with a key of ours, so it cannot be one of the
platform's. A line of the log has address, time, path and status, and neither header nor body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.aws.objects import bucket_prefix
from components.base import PlatformComponent

_ABANDONED_UPLOAD_DAYS = 7
# the same in every region; before it each region had an account of its own (elb-access-logs)
_WRITER = "logdelivery.elasticloadbalancing.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBucket:
    """A bucket; a balancer that names it depends on `ready`, as it tries to write at once."""

    name: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def access_log_bucket(
    owner: PlatformComponent,
    name: str,
    *,
    stack: str,
    account_id: str,
    days: int,
    tags: Mapping[str, str],
    protect: bool,
) -> LogBucket:
    """Create a closed bucket that balancers of the account write to, and nobody else.

    Args:
        days: for how long an entry is kept.
        protect: refuse its deletion; else it goes with all that is in it.
    """
    bucket = s3.Bucket(
        f"{name}-logs",
        bucket_prefix=bucket_prefix(stack, f"{name}-logs"),
        force_destroy=not protect,
        tags=owner.tags(tags),
        opts=owner.child_with(protect=protect),
    )
    closed = s3.BucketPublicAccessBlock(
        f"{name}-logs-closed",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=owner.child,
    )
    owned = s3.BucketOwnershipControls(
        f"{name}-logs-owner",
        bucket=bucket.id,
        rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        # S3 refuses two changes of one bucket's access at the same time
        opts=owner.child_with(depends_on=[closed]),
    )
    allowed = s3.BucketPolicy(
        f"{name}-logs-policy",
        bucket=bucket.id,
        policy=log_policy(bucket.arn, account_id),
        opts=owner.child_with(depends_on=[closed, owned]),
    )
    encrypted = _encryption(owner, name, bucket)
    _expiry(owner, name, bucket, days)
    return LogBucket(name=bucket.id, ready=(allowed, encrypted))


def _encryption(
    owner: PlatformComponent, name: str, bucket: s3.Bucket
) -> s3.BucketServerSideEncryptionConfiguration:
    by_default = (
        s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256"
        )
    )
    return s3.BucketServerSideEncryptionConfiguration(
        f"{name}-logs-encryption",
        bucket=bucket.id,
        rules=[
            s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=by_default
            )
        ],
        opts=owner.child,
    )


def _expiry(owner: PlatformComponent, name: str, bucket: s3.Bucket, days: int) -> None:
    s3.BucketLifecycleConfiguration(
        f"{name}-logs-lifecycle",
        bucket=bucket.id,
        rules=[
            s3.BucketLifecycleConfigurationRuleArgs(
                id="expiry",
                status="Enabled",
                filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                abort_incomplete_multipart_upload=(
                    s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=_ABANDONED_UPLOAD_DAYS
                    )
                ),
            )
        ],
        opts=owner.child,
    )


def log_policy(bucket_arn: pulumi.Input[str], account_id: str) -> pulumi.Output[str]:
    """Return the policy that lets balancers of one account write, and refuses plain HTTP."""
    everything = [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")]
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "WriteLogs",
                    "Effect": "Allow",
                    "Principal": {"Service": _WRITER},
                    "Action": "s3:PutObject",
                    "Resource": pulumi.Output.concat(bucket_arn, f"/AWSLogs/{account_id}/*"),
                },
                {
                    "Sid": "RefuseWithoutTls",
                    "Effect": "Deny",
                    "Principal": {"AWS": "*"},
                    "Action": "s3:*",
                    "Resource": everything,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        }
    )
