"""A plan on AWS: explicit providers, then the components in the order of their needs.

Decides nothing: sizes stand in the plan, names and accounts in the config.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws.identity import IamSettings
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from sizing.plan import plan as planned
from sizing.plans import NetworkPlan, PlatformPlan
from sizing.words import SubnetKind
from stacks.apps.facts import AppFacts
from stacks.aws_cluster import ClusterParts, build_cluster
from stacks.aws_ground import Ground, Lodger, blocks
from stacks.aws_hosting import AwsHosted
from stacks.aws_stores import build_stores
from stacks.config_aws import AwsConfig
from stacks.exports import Stores, exports, hosting
from stacks.hosting import OUTPUT, hosted, reference


def build(config: AwsConfig, plan: PlatformPlan) -> dict[str, pulumi.Input[object]]:
    """Register everything of the plan and return the stack's exports."""
    host = None if config.shares is None else _host(config, plan)
    if host is not None and config.in_hosts_cluster:
        return _lodger(config, plan, host.told)
    tags = config.tags()
    iam = _iam(config)
    told_by = host.told if host else None
    opts = pulumi.ResourceOptions(providers=_providers(config, tags, told_by))
    keys = _keys(config, plan, opts)
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
        config=config,
        plan=plan,
        keys=keys.arns,
        network=network,
        iam=iam,
        tags=tags,
        opts=opts,
        host=told_by,
        hosts_blocks=blocks(host.network, SubnetKind.ISOLATED) if host else {},
    )
    cluster = build_cluster(ground)
    stores = build_stores(ground, cluster)
    apps = _apps(ground, cluster, stores) if config.builds_apps else None
    told = {OUTPUT: hosting(ground, cluster, stores, apps)} if apps and config.guests else {}
    return {**exports(config, network, cluster.eks, keys, stores, apps), **told}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Host:
    """A host: its network as planned, and what it told of itself."""

    network: NetworkPlan
    told: pulumi.Output[AwsHosted]


def _host(config: AwsConfig, plan: PlatformPlan) -> _Host:
    if plan.request.host is None:
        raise ValueError(f"{config.stack} has no host")
    theirs = planned(plan.request.host.request)
    return _Host(network=theirs.network, told=hosted(reference(config), config, theirs, AwsHosted))


def _lodger(
    config: AwsConfig, plan: PlatformPlan, host: pulumi.Output[AwsHosted]
) -> dict[str, pulumi.Input[object]]:
    # as below: a refused host must not wait for it
    from stacks.aws_guest import build_lodger

    opts = pulumi.ResourceOptions(providers=_providers(config, config.tags(), host))
    return build_lodger(
        Lodger(
            config=config,
            plan=plan,
            keys=_keys(config, plan, opts).arns,
            host=host,
            iam=_iam(config),
            tags=config.tags(),
            opts=opts,
        )
    )


def _iam(config: AwsConfig) -> IamSettings:
    return IamSettings(permissions_boundary=config.iam.permissions_boundary, path=config.iam.path)


def _keys(config: AwsConfig, plan: PlatformPlan, opts: pulumi.ResourceOptions) -> Keys:
    return Keys(
        "keys",
        KeysArgs(
            plans=plan.keys,
            account_id=config.account_id,
            region=config.region,
            tags=config.tags(),
            protect=plan.protect,
        ),
        opts,
    )


def _apps(on: Ground, cluster: ClusterParts, stores: Stores) -> AppFacts:
    # the Kubernetes SDK takes a second to import: a stack without workloads does not wait for it
    from stacks.aws_apps import build_aws_apps

    return build_aws_apps(on, cluster, stores)


def _providers(
    config: AwsConfig, tags: Mapping[str, str], host: pulumi.Output[AwsHosted] | None = None
) -> dict[str, pulumi.ProviderResource]:
    role = config.assume_role
    # where a host is refused, the provider never starts, and nothing is touched
    account = config.account_id if host is None else host.apply(lambda told: told.account_id)
    return {
        "aws": aws.Provider(
            "aws",
            region=config.region,
            # credentials of any other account fail before anything is touched
            allowed_account_ids=[account],
            default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
            assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
        ),
        "random": random.Provider("random"),
    }
