"""Where a subnet's flow logs are kept: a log bucket with a term and a key of its own."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_gcp import compute

from components.base import PlatformComponent
from components.gcp.log_bucket import Kept, log_bucket

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
    """Keep a subnet's flow logs in a bucket of their own, and nowhere else."""
    chosen = pulumi.Output.concat(
        'resource.type="gce_subnetwork" AND ',
        f'logName="projects/{project}/logs/compute.googleapis.com%2Fvpc_flows" AND ',
        'resource.labels.subnetwork_name="',
        subnet.name,
        '"',
    )
    log_bucket(
        owner,
        name,
        Kept(
            word="flows",
            what="flow logs",
            chosen=chosen,
            project=project,
            region=region,
            stack=stack,
            key_id=key_id,
            retention_days=retention_days,
        ),
    )
