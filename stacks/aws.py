"""A plan on AWS: explicit providers, then the components in the order of their needs.

Decides nothing: sizes stand in the plan, names and accounts in the config.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws.addons import Addons, AddonsArgs
from components.aws.eks import Eks, EksArgs
from components.aws.identity import IamSettings
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from components.aws.node_pools import NodePools, NodePoolsArgs
from components.naming import cluster_name
from sizing.plans import PlatformPlan
from stacks.aws_stores import Ground, build_stores
from stacks.config_model import StackConfig
from stacks.exports import exports


def build(config: StackConfig, plan: PlatformPlan) -> dict[str, pulumi.Input[object]]:
    """Register everything of the plan and return the stack's exports."""
    tags = config.tags()
    iam = IamSettings(permissions_boundary=config.iam.permissions_boundary, path=config.iam.path)
    opts = pulumi.ResourceOptions(providers=_providers(config, tags))
    keys = Keys(
        "keys",
        KeysArgs(
            plans=plan.keys,
            account_id=config.account_id,
            region=config.region,
            tags=tags,
            protect=plan.protect,
        ),
        opts,
    )
    network = Network(
        "network",
        NetworkArgs(
            plan=plan.network,
            region=config.region,
            account_id=config.account_id,
            logs_key_arn=keys.arns["logs"],
            iam=iam,
            tags=tags,
        ),
        opts,
    )
    ground = Ground(
        config=config, plan=plan, keys=keys.arns, network=network, iam=iam, tags=tags, opts=opts
    )
    cluster = _cluster(ground)
    return exports(config, network, cluster, keys, build_stores(ground, cluster))


def _providers(config: StackConfig, tags: Mapping[str, str]) -> dict[str, pulumi.ProviderResource]:
    role = config.assume_role
    return {
        "aws": aws.Provider(
            "aws",
            region=config.region,
            # credentials of any other account fail before anything is touched
            allowed_account_ids=[config.account_id],
            default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
            assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
        ),
        "random": random.Provider("random"),
    }


def _cluster(on: Ground) -> Eks:
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
    Addons(
        "addons",
        AddonsArgs(
            plans=plan.cluster.addons,
            cluster_name=cluster.cluster_name,
            region=config.region,
            volume_key_arn=on.keys["nodes"],
            nodes=list(pools.groups.values()),
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )
    return cluster
