"""Where a subnet's flow logs are kept: a log bucket with a term and a key of its own."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_random as random
from pulumi_gcp import compute, logging

from components.base import PlatformComponent
from components.naming import PROJECT

_SUFFIX_BYTES: Final = 4

RECORDED: Final = compute.SubnetworkLogConfigArgs(
    aggregation_interval="INTERVAL_10_MIN",
    # every connection, as on the other cloud
    flow_sampling=1.0,
    metadata="INCLUDE_ALL_METADATA",
)
"""What of a subnet's traffic is recorded."""


def flow_logs(
    owner: PlatformComponent,
    name: str,
    subnet: compute.Subnetwork,
    *,
    project: str,
    region: str,
    stack: str,
    key_id: pulumi.Input[str],
    retention_days: int,
) -> None:
    """Keep a subnet's flow logs in a bucket of their own, and nowhere else.

    A deleted log bucket blocks its name for a while, so that each gets one of its own.
    """
    suffix = random.RandomId(f"{name}-suffix", byte_length=_SUFFIX_BYTES, opts=owner.child)
    bucket = logging.ProjectBucketConfig(
        f"{name}-bucket",
        project=project,
        location=region,
        bucket_id=pulumi.Output.concat(f"{PROJECT}-{stack}-flows-", suffix.hex),
        description=f"{stack}: flow logs",
        retention_days=retention_days,
        cmek_settings=logging.ProjectBucketConfigCmekSettingsArgs(kms_key_name=key_id),
        opts=owner.child,
    )
    chosen = pulumi.Output.concat(
        'resource.type="gce_subnetwork" AND ',
        f'logName="projects/{project}/logs/compute.googleapis.com%2Fvpc_flows" AND ',
        'resource.labels.subnetwork_name="',
        subnet.name,
        '"',
    )
    sink = logging.ProjectSink(
        f"{name}-sink",
        project=project,
        destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
        filter=chosen,
        unique_writer_identity=True,
        opts=owner.child,
    )
    logging.ProjectExclusion(
        f"{name}-once",
        project=project,
        filter=chosen,
        description=f"{stack}: flow logs are kept in a bucket of their own",
        # before the sink exists they would be kept nowhere
        opts=owner.child_with(depends_on=[sink]),
    )
