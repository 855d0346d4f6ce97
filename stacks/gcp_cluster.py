"""The cluster of a plan on Google Cloud: control plane and nodes; add-ons are GKE's own."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.gcp.gke import Gke, GkeArgs
from components.gcp.node_pools import NodePools, NodePoolsArgs
from components.gcp.registry import UPSTREAM_REPOSITORIES
from components.naming import gke_cluster_name
from stacks.config_gcp import GcpConfig
from stacks.gcp_ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterParts:
    """What makes up a cluster."""

    gke: Gke
    pools: NodePools


def build_cluster(on: Ground) -> ClusterParts:
    """Register control plane and node pools, in the order of their needs."""
    config, plan, network, keys = on.config, on.plan, on.network, on.keys.ids
    cluster = Gke(
        "cluster",
        GkeArgs(
            plan=plan.cluster,
            cluster_name=gke_cluster_name(config.platform),
            project=config.project,
            stack=config.platform,
            region=config.region,
            zone_ids=config.zone_ids,
            network=network.network_id,
            subnet=network.nodes_subnet_id,
            network_cidr=network.network_cidr,
            pod_range=network.pod_range,
            service_range=network.service_range,
            secrets_key_id=keys["cluster"],
            nodes_key_id=keys["nodes"],
            logs_key_id=keys["logs"],
            allow_list=config.cluster.allow_list,
            admin_principals=config.cluster.admin_principals,
            volume_backups=plan.backups.enabled,
            labels=on.labels,
            protect=plan.protect,
        ),
        on.opts,
    )
    pools = NodePools(
        "nodes",
        NodePoolsArgs(
            plans=plan.node_pools,
            cluster_name=cluster.cluster_name,
            project=config.project,
            region=config.region,
            service_account_email=cluster.node_account_email,
            boot_disk_key_id=keys["nodes"],
            ready=[*cluster.ready, *network.egress],
            repositories=_repositories(config),
            labels=on.labels,
        ),
        on.opts,
    )
    return ClusterParts(gke=cluster, pools=pools)


def _repositories(config: GcpConfig) -> dict[str, pulumi.Input[str]]:
    """Return the repositories that another stack of the project made; a stack's own let nodes in.

    Nobody but the owner of another project can let them in there, which a finding says.
    """
    prefix = config.own_repositories
    if config.mirrors or not prefix:
        return {}
    return {one.name: f"{prefix}-{one.name}" for one in UPSTREAM_REPOSITORIES}
