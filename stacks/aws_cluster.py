"""The cluster of a plan on AWS: control plane, nodes, and the add-ons that run on them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.aws.addons import Addons, AddonsArgs
from components.aws.eks import Eks, EksArgs
from components.aws.node_pools import NodePools, NodePoolsArgs
from components.naming import cluster_name
from sizing.plans import NodePoolPlan
from stacks.aws_ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterParts:
    """What makes up a cluster."""

    eks: Eks
    pools: NodePools
    addons: Addons


def build_cluster(on: Ground) -> ClusterParts:
    """Register control plane, node pools and add-ons, in the order of their needs."""
    config, plan, network = on.config, on.plan, on.network
    cluster = Eks(
        "cluster",
        EksArgs(
            plan=plan.cluster,
            cluster_name=cluster_name(config.platform),
            region=config.region,
            subnet_ids=list(network.private_subnet_ids.values()),
            secrets_key_arn=on.keys["cluster"],
            logs_key_arn=on.keys["logs"],
            allow_list=config.cluster.allow_list,
            admin_principals=config.cluster.admin_principals,
            kubectl_role_arn=config.cluster.kubectl_role,
            iam=on.iam,
            tags=on.tags,
            protect=plan.protect,
        ),
        on.opts,
    )
    pools = NodePools(
        "nodes",
        NodePoolsArgs(
            plans=plan.node_pools,
            cluster_name=cluster.cluster_name,
            cluster_security_group_id=cluster.cluster_security_group_id,
            kubernetes_version=plan.cluster.kubernetes_version,
            region=config.region,
            subnet_ids=network.private_subnet_ids,
            ebs_key_arn=on.keys["nodes"],
            ready=[*cluster.before_nodes, *network.egress],
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )
    addons = Addons(
        "addons",
        AddonsArgs(
            plans=plan.cluster.addons,
            cluster_name=cluster.cluster_name,
            region=config.region,
            volume_key_arn=on.keys["nodes"],
            nodes=_of_system(plan.node_pools, pools),
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )
    return ClusterParts(eks=cluster, pools=pools, addons=addons)


def _of_system(plans: tuple[NodePoolPlan, ...], pools: NodePools) -> list[pulumi.Resource]:
    """Return the nodes that add-ons run on: of the system's pools, of all where there are none."""
    own = [one.name for one in plans if one.role == "system"]
    return [pools.groups[name] for name in own or sorted(pools.groups)]
