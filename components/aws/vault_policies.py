"""What Vault and its jobs may do on AWS: open themselves, keep what recovers them, store copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.aws.identity import Statement
from components.naming import service_host

SNAPSHOTS = "vault/"
"""Folder of the bucket for backups in which its snapshots stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotBucket:
    """A bucket that gets snapshots, and the key of its objects.

    Attributes:
        name: what its rights are told apart by, letters and digits.
    """

    name: str
    arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    region: str


def server_statements(key_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what a server does: it opens itself with its key."""
    return [
        Statement(
            sid="OpenVault",
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"],
            resources=[key_arn],
        )
    ]


def setup_statements(
    recovery_arn: pulumi.Input[str],
    session_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    region: str,
) -> list[Statement]:
    """Return what the set-up does: it stores recovery keys, and both stores and reads its token.

    Args:
        recovery_arn: secret of the recovery keys, which it can never read.
        session_arn: secret of the first token, which it clears once it needs it no longer.
        key_arn: key of both.
        region: of all of them.
    """
    return [
        Statement(
            sid="KeepRecoveryKeys",
            actions=["secretsmanager:PutSecretValue"],
            resources=[recovery_arn],
        ),
        Statement(
            sid="KeepSession",
            actions=["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            resources=[session_arn],
        ),
        _secrets_key(key_arn, region),
    ]


def certificate_statements(
    server_arn: pulumi.Input[str],
    authority_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    region: str,
) -> list[Statement]:
    """Return what makes certificates: it reads and stores the servers' and the authority's."""
    return [
        Statement(
            sid="KeepCertificates",
            actions=["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            resources=[server_arn, authority_arn],
        ),
        _secrets_key(key_arn, region),
    ]


def snapshot_statements(buckets: Sequence[SnapshotBucket]) -> list[Statement]:
    """Return what the snapshots' job does: it adds objects below its folder, and takes none away.

    It reads none either: whoever restores is a person with rights of their own.
    """
    return [statement for one in buckets for statement in _stores(one)]


def _secrets_key(key_arn: pulumi.Input[str], region: str) -> Statement:
    return Statement(
        sid="UseSecretsKey",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": service_host("secretsmanager", region)}},
    )


def _stores(bucket: SnapshotBucket) -> list[Statement]:
    return [
        Statement(
            sid=f"StoreSnapshots{bucket.name.title()}",
            actions=["s3:AbortMultipartUpload", "s3:PutObject"],
            resources=[pulumi.Output.concat(bucket.arn, f"/{SNAPSHOTS}*")],
        ),
        Statement(
            sid=f"UseSnapshotsKey{bucket.name.title()}",
            # a writer of parts decrypts them when it completes the upload
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[bucket.key_arn],
            conditions={"StringEquals": {"kms:ViaService": service_host("s3", bucket.region)}},
        ),
    ]
