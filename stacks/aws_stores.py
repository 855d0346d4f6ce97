"""The data stores of a plan on AWS, each reached by the cluster's nodes alone.

Server and search domain may be another stack's, which is then reached over a peering.
"""

from __future__ import annotations

import pulumi

from components.aws import postgres, search
from components.aws.document_db import DocumentDb, DocumentDbArgs
from components.aws.peering import Peering, PeeringArgs, PeeringPlan
from components.aws.postgres import Postgres, PostgresArgs
from components.aws.search import Search, SearchArgs
from sizing.planning.tracing import SEARCH_SETUP
from sizing.words import SubnetKind
from stacks.aws_cluster import ClusterParts
from stacks.aws_ground import Ground, blocks
from stacks.aws_own_stores import Place, build_own_stores
from stacks.exports import Domain, Stores
from stacks.hosting import Hosted, told


def build_stores(on: Ground, parts: ClusterParts) -> Stores:
    """Register every data store; pods reach them through the cluster's security group."""
    place = Place(
        vpc_id=on.network.vpc_id,
        subnet_ids=on.network.isolated_subnet_ids,
        nodes=parts.eks.cluster_security_group_id,
        node_role=parts.pools.role_arn,
    )
    own, documents = build_own_stores(on, place), _documents(on, place)
    if on.host is not None:
        way = _way(on, on.host)
        return Stores(
            objects=own.objects,
            files=own.files,
            caches=own.caches,
            backups=own.backups,
            postgres=None,
            search=None,
            domain=Domain(endpoint=told(on.host, "search"), arn=told(on.host, "search_arn")),
            documents=documents,
            reached=way.ready,
        )
    domain = _search(on, place)
    return Stores(
        objects=own.objects,
        files=own.files,
        caches=own.caches,
        backups=own.backups,
        postgres=_postgres(on, place),
        search=domain,
        domain=Domain(endpoint=domain.endpoint, arn=domain.domain_arn),
        documents=documents,
    )


def _way(on: Ground, host: pulumi.Output[Hosted]) -> Peering:
    """Register the way to the stores of the host."""
    return Peering(
        "peering",
        PeeringArgs(
            plan=PeeringPlan(
                host=str(on.config.shares),
                nodes=blocks(on.plan.network, SubnetKind.PRIVATE),
                stores=on.hosts_blocks,
                ports={"postgres": postgres.PORT, "search": search.PORT},
            ),
            vpc_id=on.network.vpc_id,
            node_tables=on.network.private_route_table_ids,
            hosts_vpc_id=told(host, "vpc_id"),
            store_table=told(host, "store_table"),
            doors={
                "postgres": told(host, "server_group"),
                "search": told(host, "search_group"),
            },
            tags=on.tags,
        ),
        on.opts,
    )


def _postgres(on: Ground, place: Place) -> Postgres:
    config = on.config
    return Postgres(
        "postgres",
        PostgresArgs(
            plan=on.plan.postgres,
            stack=config.platform,
            region=config.region,
            account_id=config.account_id,
            vpc_id=place.vpc_id,
            subnet_ids=place.subnet_ids,
            client_security_group_ids=place.clients,
            data_key_arn=on.keys["data"],
            logs_key_arn=on.keys["logs"],
            iam=on.iam,
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def _search(on: Ground, place: Place) -> Search:
    config = on.config
    return Search(
        "search",
        SearchArgs(
            plan=on.plan.search,
            stack=config.platform,
            region=config.region,
            account_id=config.account_id,
            vpc_id=place.vpc_id,
            subnet_ids=place.subnet_ids,
            client_security_group_ids=place.clients,
            administrator=f"{config.environment}-observability/{SEARCH_SETUP}",
            data_key_arn=on.keys["data"],
            logs_key_arn=on.keys["logs"],
            iam=on.iam,
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def _documents(on: Ground, place: Place) -> DocumentDb | None:
    plan = on.plan.document_database
    if plan is None:
        return None
    return DocumentDb(
        "documents",
        DocumentDbArgs(
            plan=plan,
            stack=on.config.platform,
            vpc_id=place.vpc_id,
            subnet_ids=place.subnet_ids,
            client_security_group_ids=place.clients,
            data_key_arn=on.keys["data"],
            logs_key_arn=on.keys["logs"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )
