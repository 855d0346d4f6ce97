"""What a stack tells whoever uses it: addresses, names of secrets, and the lines to type next.

No secret's value is among them: secrets are named, and read where they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.document_db import DocumentDb
from components.aws.eks import Eks
from components.aws.keys import Keys
from components.aws.network import Network
from components.aws.postgres import Postgres
from components.aws.search import Search
from components.kubernetes.database_secrets import guest_secret
from components.naming import cluster_name
from sizing.planning.attached import administrator
from stacks.apps.facts import AppFacts, first_answer
from stacks.aws_cluster import ClusterParts
from stacks.aws_ground import Ground
from stacks.aws_own_stores import OwnStores
from stacks.config_aws import AwsConfig
from stacks.hosting import facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A search domain: its host, and its ARN."""

    endpoint: pulumi.Output[str]
    arn: pulumi.Output[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores(OwnStores):
    """Every data store of a stack.

    Attributes:
        postgres: its database server, None where it uses its host's.
        search: its search domain, None where it uses its host's.
        domain: the one that it uses.
        documents: None where they have no store of their own.
        reached: what speaks to the stores of a host waits for these.
    """

    postgres: Postgres | None
    search: Search | None
    domain: Domain
    documents: DocumentDb | None
    reached: Sequence[pulumi.Resource] = ()


def exports(
    config: AwsConfig,
    network: Network,
    cluster: Eks,
    keys: Keys,
    stores: Stores,
    apps: AppFacts | None,
) -> dict[str, pulumi.Input[object]]:
    """Return the stack's exports by name; no workloads, no exports of theirs."""
    return {
        "stack": config.tags(),
        "cluster": {
            "name": cluster.cluster_name,
            "endpoint": cluster.endpoint,
            "security_group_id": cluster.cluster_security_group_id,
            "region": config.region,
        },
        "kubeconfig": cluster.kubeconfig,
        "network": {
            "vpc_id": network.vpc_id,
            "vpc_cidr": network.vpc_cidr,
            "private_subnet_ids": network.private_subnet_ids,
            "isolated_subnet_ids": network.isolated_subnet_ids,
        },
        "keys": keys.arns,
        **_stores(stores),
        "secrets": {
            **({"postgres": stores.postgres.secret_arn} if stores.postgres else {}),
            **{f"cache_{role}": cache.secret_name for role, cache in stores.caches.items()},
            **({"documents": stores.documents.secret_arn} if stores.documents else {}),
            **(apps.secrets if apps else {}),
        },
        **({"urls": apps.urls} if apps and apps.urls else {}),
        "next_steps": next_steps(config, stores, apps),
    }


def hosting(
    on: Ground, cluster: ClusterParts, stores: Stores, apps: AppFacts
) -> dict[str, pulumi.Input[object]]:
    """Return what the guests of a stack use, as `AwsHosted` reads it.

    Raises:
        ValueError: its stores are another's.
    """
    config, search, postgres = on.config, stores.search, stores.postgres
    if search is None or postgres is None:
        raise ValueError(f"{config.stack} is a guest itself")
    return {
        "stack": config.stack,
        "account_id": config.account_id,
        "region": config.region,
        "vpc_id": on.network.vpc_id,
        "subnets": on.network.isolated_subnet_ids,
        "cluster_name": cluster.eks.cluster_name,
        "endpoint": cluster.eks.endpoint,
        "authority": cluster.eks.certificate_authority,
        "security_group": cluster.eks.cluster_security_group_id,
        "node_role": cluster.pools.role_arn,
        "storage_class": apps.storage_class,
        "operator": apps.operator,
        "server": postgres.host,
        "server_group": postgres.security_group_id,
        "port": postgres.port,
        "key": on.keys["data"],
        "search": search.endpoint,
        "search_arn": search.domain_arn,
        "search_group": search.security_group_id,
        "store_table": on.network.isolated_route_table_id,
        "administrators": {
            one.stack: apps.secret_arns[guest_secret(administrator(one.request))]
            for one in on.plan.request.guests
        },
        "plan": facts(on.plan),
    }


def _stores(stores: Stores) -> dict[str, pulumi.Input[object]]:
    files = stores.files
    return {
        **dict(_server_and_domain(stores.postgres, stores.search)),
        "caches": {
            role: {"host": cache.host, "port": cache.port} for role, cache in stores.caches.items()
        },
        "files": {
            "id": files.file_system_id,
            "host": files.host,
            "access_point_ids": files.access_point_ids,
        },
        "buckets": stores.objects.names,
        "backups": {"vault": stores.backups.vault_name, "role_arn": stores.backups.role_arn},
    }


def _server_and_domain(
    server: Postgres | None, search: Search | None
) -> Iterator[tuple[str, pulumi.Input[object]]]:
    if server is not None:
        yield (
            "postgres",
            {"host": server.host, "reader_host": server.reader_host, "port": server.port},
        )
    if search is not None:
        yield (
            "search",
            {"endpoint": search.endpoint, "admin_role_arn": search.admin_role_arn},
        )


def next_steps(config: AwsConfig, stores: Stores, apps: AppFacts | None) -> list[pulumi.Input[str]]:
    """Return the lines to type after the first `up`, in order; `#` lines say what for."""
    name, region = cluster_name(config.platform), config.region
    role = config.cluster.kubectl_role
    assume = f" --role-arn {role}" if role else ""
    secret = f"aws secretsmanager get-secret-value --region {region} --query SecretString"
    return [
        f"# reach the cluster, from {config.cluster.reached_from}",
        f"aws eks update-kubeconfig --region {region} --name {name}{assume}",
        "kubectl get nodes",
        "kubectl get pods --all-namespaces",
        *(first_answer(config, apps, f"{secret} --output text --secret-id ") if apps else ()),
        *(_master(secret, stores.postgres) if stores.postgres else ()),
        "# what the stack is and costs",
        f"uv run aigw plan {config.stack}",
    ]


def _master(secret: str, server: Postgres) -> Iterator[pulumi.Input[str]]:
    yield "# the database's master user, whose password RDS changes every week"
    # in quotes: the name in it begins with "rds!", and shells recall commands by "!"
    yield pulumi.Output.concat(secret, " --secret-id '", server.secret_arn, "'")
