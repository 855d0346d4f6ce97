"""Node pools as GKE takes them: one machine type, Google's image, disks that give by their size.

`NodePoolPlan` in its words: `ami_type` is the node image's type and `ami_release` "", since the
release channel moves it; root disks are balanced Persistent Disks; `rolling` MINIMAL is a surge of
0 with one node unavailable, DEFAULT a surge of 1 (cloud rule 14).
"""

from __future__ import annotations

from dataclasses import replace

from sizing.planning.gcp.disks import balanced_iops, balanced_throughput
from sizing.plans import NodePoolPlan

IMAGE = "COS_CONTAINERD"  # container.NodePool node_config.image_type. Source: pulumi-gcp.


def adapted(pools: tuple[NodePoolPlan, ...]) -> tuple[NodePoolPlan, ...]:
    """Return the pools with what GKE names or gives otherwise."""
    return tuple(
        replace(
            pool,
            instance_types=pool.instance_types[:1],
            ami_type=IMAGE,
            ami_release="",
            root_disk_iops=balanced_iops(pool.root_disk_gib),
            root_disk_throughput=balanced_throughput(pool.root_disk_gib),
        )
        for pool in pools
    )
