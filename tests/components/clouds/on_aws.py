"""Everything that a plan is on AWS, each component wired as a stack wires it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.aws.addons import Addons, AddonsArgs
from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.document_db import DocumentDb, DocumentDbArgs
from components.aws.eks import Eks, EksArgs
from components.aws.files import Files, FilesArgs
from components.aws.identity import IamSettings
from components.aws.ingress import Ingress, IngressArgs
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from components.aws.node_pools import NodePools, NodePoolsArgs
from components.aws.objects import Objects, ObjectsArgs
from components.aws.postgres import Postgres, PostgresArgs
from components.aws.registry import Registry, RegistryArgs
from components.aws.search import Search, SearchArgs
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.storage_class import StorageClass, StorageClassArgs
from components.aws.waf import Waf, WafArgs
from components.aws.workload_identity import Identity, IdentityArgs, Workload, bucket_statements
from components.naming import cluster_name
from sizing.plans import PlatformPlan
from tests.components.clouds.common import ADMIN, ALLOWED, DOMAIN, GENERATED, READER, given
from tests.components.support import ACCOUNT, REGION

CREDENTIALS: Mapping[str, str] = {
    name: f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/{name}-aBcDeF"
    for name in ("docker-hub", "ghcr")
}
IAM = IamSettings()


def build(of: PlatformPlan, stack: str, tags: Mapping[str, str]) -> None:
    keys = Keys(
        "keys",
        KeysArgs(plans=of.keys, account_id=ACCOUNT, region=REGION, tags=tags, protect=of.protect),
    )
    network = Network(
        "network",
        NetworkArgs(
            plan=of.network,
            region=REGION,
            account_id=ACCOUNT,
            logs_key_arn=keys.arns["logs"],
            iam=IAM,
            tags=tags,
        ),
    )
    cluster, pools = _cluster(of, stack, tags, keys, network)
    _stores(of, stack, tags, keys, network, cluster, pools)
    _edge(of, stack, tags, keys, network, cluster)
    Secrets(
        "secrets",
        SecretsArgs(
            generated=(GENERATED,),
            given=(given(),),
            stack=stack,
            data_key_arn=keys.arns["data"],
            tags=tags,
            protect=of.protect,
        ),
    )
    Registry(
        "registry",
        RegistryArgs(
            region=REGION,
            account_id=ACCOUNT,
            credentials=CREDENTIALS,
            node_role_name="nodes-role",
            iam=IAM,
            tags=tags,
        ),
    )
    models, key = "arn:aws:s3:::aigw-models", keys.arns["objects"]
    reads = bucket_statements(models, key, REGION, write=False)
    Identity(
        "identity",
        IdentityArgs(
            workloads=[Workload(plan=READER, statements=reads)],
            cluster_name=cluster.cluster_name,
            iam=IAM,
            tags=tags,
        ),
    )


def _cluster(
    of: PlatformPlan, stack: str, tags: Mapping[str, str], keys: Keys, network: Network
) -> tuple[Eks, NodePools]:
    cluster = Eks(
        "cluster",
        EksArgs(
            plan=of.cluster,
            cluster_name=cluster_name(stack),
            region=REGION,
            subnet_ids=list(network.private_subnet_ids.values()),
            secrets_key_arn=keys.arns["cluster"],
            logs_key_arn=keys.arns["logs"],
            allow_list=ALLOWED,
            admin_principals=(f"arn:aws:iam::{ACCOUNT}:role/{ADMIN}",),
            iam=IAM,
            tags=tags,
            protect=of.protect,
        ),
    )
    pools = NodePools(
        "nodes",
        NodePoolsArgs(
            plans=of.node_pools,
            cluster_name=cluster.cluster_name,
            cluster_security_group_id=cluster.cluster_security_group_id,
            kubernetes_version=of.cluster.kubernetes_version,
            region=REGION,
            subnet_ids=network.private_subnet_ids,
            ebs_key_arn=keys.arns["nodes"],
            ready=[*network.egress, *cluster.before_nodes],
            iam=IAM,
            tags=tags,
        ),
    )
    addons = Addons(
        "addons",
        AddonsArgs(
            plans=of.cluster.addons,
            cluster_name=cluster.cluster_name,
            region=REGION,
            volume_key_arn=keys.arns["nodes"],
            nodes=list[pulumi.Resource](pools.groups.values()),
            iam=IAM,
            tags=tags,
        ),
    )
    key = keys.arns["nodes"]
    StorageClass("volumes", StorageClassArgs(volume_key_arn=key, driver=[addons], tags=tags))
    return cluster, pools


def _stores(
    of: PlatformPlan,
    stack: str,
    tags: Mapping[str, str],
    keys: Keys,
    network: Network,
    cluster: Eks,
    pools: NodePools,
) -> None:
    clients = {"nodes": cluster.cluster_security_group_id}
    subnets, data, logs = network.isolated_subnet_ids, keys.arns["data"], keys.arns["logs"]
    Postgres(
        "postgres",
        PostgresArgs(
            plan=of.postgres,
            stack=stack,
            region=REGION,
            account_id=ACCOUNT,
            vpc_id=network.vpc_id,
            subnet_ids=subnets,
            client_security_group_ids=clients,
            data_key_arn=data,
            logs_key_arn=logs,
            iam=IAM,
            tags=tags,
            protect=of.protect,
        ),
    )
    for cache in of.caches:
        Cache(
            f"cache-{cache.role}",
            CacheArgs(
                plan=cache,
                stack=stack,
                vpc_id=network.vpc_id,
                subnet_ids=subnets,
                client_security_group_ids=clients,
                data_key_arn=data,
                logs_key_arn=logs,
                tags=tags,
                protect=of.protect,
            ),
        )
    Files(
        "files",
        FilesArgs(
            plan=of.files,
            stack=stack,
            vpc_id=network.vpc_id,
            subnet_ids=subnets,
            client_security_group_ids=clients,
            client_role_arns={"nodes": pools.role_arn},
            data_key_arn=data,
            tags=tags,
            protect=of.protect,
        ),
    )
    Objects(
        "objects",
        ObjectsArgs(
            plans=of.buckets,
            stack=stack,
            objects_key_arn=keys.arns["objects"],
            tags=tags,
            protect=of.protect,
        ),
    )
    Search(
        "search",
        SearchArgs(
            plan=of.search,
            stack=stack,
            region=REGION,
            account_id=ACCOUNT,
            vpc_id=network.vpc_id,
            subnet_ids=subnets,
            client_security_group_ids=clients,
            administrator="observability/search-setup",
            data_key_arn=data,
            logs_key_arn=logs,
            iam=IAM,
            tags=tags,
            protect=of.protect,
        ),
    )
    if of.document_database is not None:
        DocumentDb(
            "documents",
            DocumentDbArgs(
                plan=of.document_database,
                stack=stack,
                vpc_id=network.vpc_id,
                subnet_ids=subnets,
                client_security_group_ids=clients,
                data_key_arn=data,
                logs_key_arn=logs,
                tags=tags,
                protect=of.protect,
            ),
        )
    Backups(
        "backups",
        BackupsArgs(
            plan=of.backups,
            stack=stack,
            region=REGION,
            data_key_arn=data,
            iam=IAM,
            tags=tags,
            protect=of.protect,
        ),
    )


def _edge(
    of: PlatformPlan,
    stack: str,
    tags: Mapping[str, str],
    keys: Keys,
    network: Network,
    cluster: Eks,
) -> None:
    ingress = Ingress(
        "ingress",
        IngressArgs(
            plan=of.ingress,
            stack=stack,
            account_id=ACCOUNT,
            domain=DOMAIN,
            zone_id="Z123",
            allow_list=(),
            vpc_id=network.vpc_id,
            vpc_cidr=network.vpc_cidr,
            subnet_ids=network.private_subnet_ids
            if of.ingress.internal
            else network.public_subnet_ids,
            cluster_security_group_id=cluster.cluster_security_group_id,
            tags=tags,
            protect=of.protect,
        ),
    )
    if of.ingress.waf:
        Waf(
            "waf",
            WafArgs(
                plan=of.ingress,
                stack=stack,
                region=REGION,
                account_id=ACCOUNT,
                load_balancer_arn=ingress.load_balancer_arn,
                logs_key_arn=keys.arns["logs"],
                tags=tags,
            ),
        )
