"""The data stores of a plan on AWS, each reached by the cluster's nodes alone."""

from __future__ import annotations

from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.document_db import DocumentDb, DocumentDbArgs
from components.aws.eks import Eks
from components.aws.files import Files, FilesArgs
from components.aws.objects import Objects, ObjectsArgs
from components.aws.postgres import Postgres, PostgresArgs
from components.aws.search import Search, SearchArgs
from sizing.planning.tracing import SEARCH_SETUP
from stacks.aws_cluster import ClusterParts
from stacks.aws_ground import Ground
from stacks.exports import Stores


def build_stores(on: Ground, parts: ClusterParts) -> Stores:
    """Register every data store; pods reach them through the cluster's security group."""
    cluster = parts.eks
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
                # the driver mounts as the node; no pod comes by the node's credentials
                client_role_arns={"nodes": parts.pools.role_arn},
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
                administrator=f"{config.environment}-observability/{SEARCH_SETUP}",
                data_key_arn=data,
                logs_key_arn=logs,
                iam=on.iam,
                tags=on.tags,
                protect=protect,
            ),
            on.opts,
        ),
        documents=_documents(on, cluster),
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


def _documents(on: Ground, cluster: Eks) -> DocumentDb | None:
    plan = on.plan.document_database
    if plan is None:
        return None
    return DocumentDb(
        "documents",
        DocumentDbArgs(
            plan=plan,
            stack=on.config.platform,
            vpc_id=on.network.vpc_id,
            subnet_ids=on.network.isolated_subnet_ids,
            client_security_group_ids={"nodes": cluster.cluster_security_group_id},
            data_key_arn=on.keys["data"],
            logs_key_arn=on.keys["logs"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )
