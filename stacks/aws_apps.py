"""What runs in the cluster of a plan on AWS: the cloud's side of it, then the workloads."""

from __future__ import annotations

import pulumi

from components.aws import document_db, postgres
from components.aws.addons import VOLUME_DRIVER
from components.aws.authorities import authorities
from components.aws.document_db import DocumentDb
from components.aws.ingress import Ingress, IngressArgs
from components.aws.postgres import Postgres
from components.aws.registry import Registry, RegistryArgs
from components.aws.storage_class import StorageClass, StorageClassArgs
from components.aws.waf import Waf, WafArgs
from components.kubernetes.external_secrets import OPERATOR, SecretsManager
from components.kubernetes.secrets import Remote
from components.naming import cluster_name
from sizing.plans import PlatformPlan
from sizing.words import SubnetKind
from stacks import aws_inside
from stacks import inside as shared
from stacks.apps.build import build_apps, generated, kept
from stacks.apps.facts import AppFacts, model_names
from stacks.apps.site import FarBucket, SearchEngine, Server, Site, WayIn
from stacks.aws_cluster import ClusterParts
from stacks.aws_ground import Ground
from stacks.aws_recovery import build_recovery
from stacks.aws_secrets import build_secrets
from stacks.aws_side import AwsSide
from stacks.aws_workloads import build_identities, searchers
from stacks.exports import Stores

SECRET_STORE = "cloud"
# a rollout goes on only when the balancer, too, sees the new pod as healthy
# (AWS Load Balancer Controller, pod readiness gate)
_WAIT_FOR_BALANCER = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
_MASTER = ("username", "password")
"""Keys of a secret that RDS and DocumentDB manage."""


def build_aws_apps(on: Ground, parts: ClusterParts, stores: Stores) -> AppFacts:
    """Register the load balancer, secrets, roles, and everything in the cluster."""
    secrets = build_secrets(on, generated(on.config, on.plan), kept(on.plan))
    ingress = _ingress(on, parts)
    mirror = _registry(on, parts)
    inside = _inside(on, parts)
    classes = StorageClass(
        "storage-class",
        StorageClassArgs(
            volume_key_arn=on.keys["nodes"],
            driver=[parts.addons.by_name[VOLUME_DRIVER]],
            tags=on.tags,
        ),
        inside,
    )
    groups = list(ingress.target_group_arns.values()) if ingress else []
    far = build_recovery(on)
    identities = build_identities(on, stores, secrets, groups, far, name=parts.eks.cluster_name)
    plan, config = on.plan, on.config
    cluster = shared.cluster(
        config,
        plan,
        aws_inside.CLOUD,
        namespaces={one.role: one.name for one in plan.namespaces},
        storage_class=classes.name,
        secret_store=SECRET_STORE,
        identities=identities,
        addresses=(plan.network.vpc_cidr, *on.hosts_blocks.values()),
    )
    site = Site(
        config=config,
        plan=plan,
        cloud=AwsSide(
            platform=config.platform,
            region=config.region,
            vpc_id=on.network.vpc_id,
            secrets=SecretsManager(region=config.region),
        ),
        cluster=cluster,
        cluster_name=cluster_name(config.platform),
        region=config.region,
        secrets=secrets.names,
        kept=secrets.names,
        postgres=_databases(on, stores),
        documents=(_server(on, stores.documents, document_db.PORT) if stores.documents else None),
        stores=aws_inside.redis(on, stores),
        search=SearchEngine(host=stores.domain.endpoint, region=config.region),
        searchers=searchers(config),
        buckets=stores.objects.names,
        recovery=FarBucket(bucket=far.bucket, region=far.region) if far else None,
        files=aws_inside.folders(stores),
        way_in=_way_in(ingress, plan),
        opts=inside,
    )
    build_apps(site, [*_ground_floor(parts), *classes.ready, *mirror, *stores.reached])
    return AppFacts(
        secrets=secrets.names,
        urls=ingress.urls if ingress else {},
        models=model_names(config, plan),
        operator=cluster.identity(cluster.namespaces["system"], OPERATOR).role,
        storage_class=classes.name,
        secret_arns=secrets.arns,
    )


def _ground_floor(parts: ClusterParts) -> list[pulumi.Resource]:
    """Return the nodes and add-ons that pods need; the storage class stands on its driver."""
    addons = {name: one for name, one in parts.addons.by_name.items() if name != VOLUME_DRIVER}
    return [*parts.pools.groups.values(), *addons.values()]


def _inside(on: Ground, parts: ClusterParts) -> pulumi.ResourceOptions:
    return aws_inside.inside(
        on,
        parts.eks.kubeconfig_of(on.config.assume_role),
        of=on.config,
        after=pulumi.ResourceOptions(depends_on=[*parts.eks.access]),
    )


def _ingress(on: Ground, parts: ClusterParts) -> Ingress | None:
    config, plan = on.config, on.plan
    asked = config.ingress
    if asked is None:
        return None
    network = on.network
    made = Ingress(
        "ingress",
        IngressArgs(
            plan=plan.ingress,
            stack=config.platform,
            account_id=config.account_id,
            domain=asked.domain,
            zone_id=asked.zone_id,
            allow_list=asked.allow_list,
            vpc_id=network.vpc_id,
            vpc_cidr=plan.network.vpc_cidr,
            subnet_ids=(
                network.private_subnet_ids if plan.ingress.internal else network.public_subnet_ids
            ),
            cluster_security_group_id=parts.eks.cluster_security_group_id,
            tags=on.tags,
            protect=plan.protect,
        ),
        on.opts,
    )
    if plan.ingress.waf:
        Waf(
            "firewall",
            WafArgs(
                plan=plan.ingress,
                stack=config.platform,
                region=config.region,
                account_id=config.account_id,
                load_balancer_arn=made.load_balancer_arn,
                logs_key_arn=on.keys["logs"],
                tags=on.tags,
            ),
            on.opts,
        )
    return made


def _registry(on: Ground, parts: ClusterParts) -> list[pulumi.Resource]:
    images = on.config.images
    if not images.mirror:
        return []
    made = Registry(
        "registry",
        RegistryArgs(
            region=on.config.region,
            account_id=on.config.account_id,
            credentials={str(name): arn for name, arn in images.credentials.items()},
            node_role_name=parts.pools.role_name,
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )
    return [*made.ready]


def _way_in(ingress: Ingress | None, plan: PlatformPlan) -> WayIn | None:
    if ingress is None:
        return None
    stands = SubnetKind.PRIVATE if plan.ingress.internal else SubnetKind.PUBLIC
    return WayIn(
        groups=ingress.target_group_arns,
        # the balancer's own addresses come and go within its subnets; no pod is in a public one
        blocks=tuple(one.cidr for one in plan.network.subnets if one.kind is stands),
        ready=ingress.ready,
        labels=dict(_WAIT_FOR_BALANCER),
    )


def _databases(on: Ground, stores: Stores) -> Server:
    """Return the database server: the stack's own, or its host's."""
    if on.host is not None:
        return aws_inside.hosts_server(on, on.host)
    if stores.postgres is None:
        raise ValueError(f"{on.config.stack} has no database server")
    return _server(on, stores.postgres, postgres.PORT)


def _server(on: Ground, store: Postgres | DocumentDb, port: int) -> Server:
    return Server(
        host=store.host,
        port=port,
        authority=authorities(on.config.region),
        master={key: Remote(name=store.secret_arn, property=key) for key in _MASTER},
    )
