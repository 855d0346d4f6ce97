"""The data stores of a plan on AWS, each reached by the cluster's nodes alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.eks import Eks
from components.aws.files import Files, FilesArgs
from components.aws.identity import IamSettings
from components.aws.network import Network
from components.aws.objects import Objects, ObjectsArgs
from components.aws.postgres import Postgres, PostgresArgs
from components.aws.search import Search, SearchArgs
from sizing.plans import PlatformPlan
from stacks.config_model import StackConfig
from stacks.exports import Stores

SEARCH_ADMINISTRATOR = "search/administrator"
"""Namespace and service account whose pods give everyone else their rights in OpenSearch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every part below stands on."""

    config: StackConfig
    plan: PlatformPlan
    keys: Mapping[str, pulumi.Output[str]]
    network: Network
    iam: IamSettings
    tags: Mapping[str, str]
    opts: pulumi.ResourceOptions


def build_stores(on: Ground, cluster: Eks) -> Stores:
    """Register every data store; pods reach them through the cluster's security group."""
    config, plan = on.config, on.plan
    stack, region, account = config.platform, config.region, config.account_id
    data, logs, protect = on.keys["data"], on.keys["logs"], plan.protect
    vpc_id, subnet_ids = on.network.vpc_id, on.network.isolated_subnet_ids
    clients = {"nodes": cluster.cluster_security_group_id}
    return Stores(
        objects=Objects(
            "objects",
            ObjectsArgs(
                plans=plan.buckets,
                stack=stack,
                objects_key_arn=on.keys["objects"],
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
        files=Files(
            "files",
            FilesArgs(
                plan=plan.files,
                stack=stack,
                vpc_id=vpc_id,
                subnet_ids=subnet_ids,
                client_security_group_ids=clients,
                client_role_arns={},
                data_key_arn=data,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
        postgres=Postgres(
            "postgres",
            PostgresArgs(
                plan=plan.postgres,
                stack=stack,
                region=region,
                account_id=account,
                vpc_id=vpc_id,
                subnet_ids=subnet_ids,
                client_security_group_ids=clients,
                data_key_arn=data,
                logs_key_arn=logs,
                iam=on.iam,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
        caches={
            cache.role: Cache(
                f"cache-{cache.role}",
                CacheArgs(
                    plan=cache,
                    stack=stack,
                    vpc_id=vpc_id,
                    subnet_ids=subnet_ids,
                    client_security_group_ids=clients,
                    data_key_arn=data,
                    logs_key_arn=logs,
                    tags=on.tags,
                    protect=protect,
                ),
                on.opts,
            )
            for cache in plan.caches
        },
        search=Search(
            "search",
            SearchArgs(
                plan=plan.search,
                stack=stack,
                region=region,
                account_id=account,
                vpc_id=vpc_id,
                subnet_ids=subnet_ids,
                client_security_group_ids=clients,
                administrator=SEARCH_ADMINISTRATOR,
                data_key_arn=data,
                logs_key_arn=logs,
                iam=on.iam,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
        backups=Backups(
            "backups",
            BackupsArgs(
                plan=plan.backups,
                stack=stack,
                region=region,
                data_key_arn=data,
                iam=on.iam,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
    )
