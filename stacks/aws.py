"""A plan on AWS: explicit providers, then the components in the order of their needs.

Decides nothing: sizes stand in the plan, names and accounts in the config.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws.identity import IamSettings
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from sizing.plans import PlatformPlan
from stacks.aws_cluster import ClusterParts, build_cluster
from stacks.aws_ground import Ground
from stacks.aws_stores import build_stores
from stacks.config_model import StackConfig
from stacks.exports import AppFacts, Stores, exports


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
    cluster = build_cluster(ground)
    stores = build_stores(ground, cluster)
    apps = _apps(ground, cluster, stores) if config.builds_apps else None
    return exports(config, network, cluster.eks, keys, stores, apps)


def _apps(on: Ground, cluster: ClusterParts, stores: Stores) -> AppFacts:
    # the Kubernetes SDK takes a second to import: a stack without workloads does not wait for it
    from stacks.aws_apps import build_aws_apps

    return build_aws_apps(on, cluster, stores)


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
