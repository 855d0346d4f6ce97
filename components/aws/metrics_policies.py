"""What the programs that keep and read metrics may do on AWS, in the words of `Statement`."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.aws.identity import Statement
from components.aws.workload_identity import bucket_statements
from components.aws.workload_policies import object_statements


def shipper_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what a sidecar does with the bucket of metrics: it brings blocks, and deletes none."""
    return _on_blocks(bucket_arn, key_arn, region, ["s3:GetObject", "s3:PutObject"])


def store_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what the store gateway does with it: it reads."""
    return bucket_statements(bucket_arn, key_arn, region, write=False)


def compactor_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what the compactor does with it: blocks come and go."""
    actions = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    return _on_blocks(bucket_arn, key_arn, region, actions)


def search_metrics_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what the exporter asks of the search domain, which says itself what it may see."""
    return [
        Statement(
            sid="MeasureSearch",
            actions=["es:ESHttpGet"],
            resources=[pulumi.Output.concat(domain_arn, "/*")],
        )
    ]


def _on_blocks(
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    region: str,
    actions: Sequence[str],
) -> list[Statement]:
    return object_statements(
        bucket_arn, key_arn, region, actions=["s3:AbortMultipartUpload", *actions]
    )
