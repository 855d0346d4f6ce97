"""A stack on AWS that stands in its host's network and cluster: what is its own, no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pulumi

from components.aws import workload_policies as policies
from components.aws.guest_policies import SecretReader, SecretReaderArgs, searcher_name
from components.aws.kubeconfig import kubeconfig
from components.aws.secrets import Secrets
from components.aws.storage_class import ZONAL
from components.aws.workload_identity import Identity, IdentityArgs, Workload
from components.kubernetes.cluster import Identity as Bound
from components.kubernetes.external_secrets import SecretsManager
from components.naming import cluster_name
from sizing.words import SubnetKind
from stacks import aws_inside
from stacks import inside as shared
from stacks.apps.accounts import Purpose, own_accounts
from stacks.apps.guest import Lodging, build_guest, exports, generated, hosts_namespaces
from stacks.apps.secrets import existing_names
from stacks.apps.site import SearchEngine, Site
from stacks.aws_ground import Lodger
from stacks.aws_hosting import AwsHosted
from stacks.aws_own_stores import OwnStores, Place, build_own_stores
from stacks.aws_rights import own_rights
from stacks.aws_secrets import build_secrets
from stacks.aws_side import AwsSide
from stacks.hosting import Hosted, guests_password, hosts_config, told


def build_lodger(on: Lodger) -> dict[str, pulumi.Input[object]]:
    """Register everything of a guest, and return the stack's exports."""
    stores = build_own_stores(on, _place(on))
    secrets = build_secrets(on, generated(on.config, on.plan))
    reader = _reader(on, stores, secrets)
    plan, config, host = on.plan, on.config, hosts_config(on.config)
    cluster = shared.cluster(
        config,
        plan,
        aws_inside.CLOUD,
        namespaces={**hosts_namespaces(plan), **{one.role: one.name for one in plan.namespaces}},
        storage_class=ZONAL.name,
        secret_store=config.platform,
        identities=_identities(on, stores),
        addresses=(plan.network.vpc_cidr,),
    )
    site = Site(
        config=config,
        plan=plan,
        cloud=AwsSide(
            platform=config.platform,
            region=config.region,
            vpc_id=told(on.host, "vpc_id"),
            secrets=SecretsManager(region=config.region, role=reader.role_arn),
        ),
        cluster=cluster,
        cluster_name=cluster_name(host.platform),
        region=config.region,
        secrets=secrets.names,
        postgres=aws_inside.hosts_server(on, on.host),
        documents=None,
        stores=aws_inside.redis(on, stores),
        search=SearchEngine(host=told(on.host, "search"), region=config.region),
        buckets=stores.objects.names,
        files=aws_inside.folders(stores),
        way_in=None,
        opts=aws_inside.inside(on, _access(on), of=host),
    )
    build_guest(site, Lodging(readable=reader.ready, routed=host.services.vllm_router))
    tokens = {f"cache_{role}": cache.secret_name for role, cache in stores.caches.items()}
    return exports(
        config,
        plan,
        keys=on.keys,
        buckets=stores.objects.names,
        secrets={**tokens, **secrets.names},
    )


def _place(on: Lodger) -> Place:
    """Return the host's isolated subnets, by zone; the zones are known beforehand."""
    zones = [one.zone_id for one in on.plan.network.subnets if one.kind is SubnetKind.ISOLATED]
    return Place(
        vpc_id=told(on.host, "vpc_id"),
        subnet_ids={zone: _subnet(on.host, zone) for zone in zones},
        nodes=told(on.host, "security_group"),
        node_role=told(on.host, "node_role"),
    )


def _subnet(host: pulumi.Output[AwsHosted], zone: str) -> pulumi.Output[str]:
    return host.apply(lambda one: one.subnets[zone])


def _reader(on: Lodger, stores: OwnStores, secrets: Secrets) -> SecretReader:
    config = on.config
    existing = [
        policies.named_secret_arn(config.region, config.account_id, name)
        for name in existing_names(config)
    ]
    return SecretReader(
        "secret-reader",
        SecretReaderArgs(
            platform=config.platform,
            region=config.region,
            operator=told(on.host, "operator"),
            secrets=[
                *secrets.arns.values(),
                *(one.secret_arn for one in stores.caches.values()),
                *existing,
            ],
            data_key_arn=on.keys["data"],
            hosts=[guests_password(on.config, on.host)],
            hosts_key_arn=told(on.host, "key"),
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )


def _access(on: Lodger) -> pulumi.Output[str]:
    assumed = on.config.assume_role

    def access(host: Hosted) -> str:
        return kubeconfig(
            cluster_name=host.cluster_name,
            endpoint=host.endpoint,
            certificate_authority=host.authority,
            region=host.region,
            role_arn=assumed,
        )

    return on.host.apply(access)


def _identities(on: Lodger, stores: OwnStores) -> dict[str, Bound]:
    """Register what the guest's pods may do on AWS; returned by "<namespace>/<account>"."""
    workloads = [*_workloads(on, stores)]
    made = Identity(
        "workloads",
        IdentityArgs(
            workloads=workloads,
            cluster_name=told(on.host, "cluster_name"),
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )
    return {
        f"{one.plan.namespace}/{one.plan.service_account}": Bound(
            ready=(made.bindings[one.plan.name],)
        )
        for one in workloads
    }


def _workloads(on: Lodger, stores: OwnStores) -> Iterator[Workload]:
    allowed = own_rights(on, stores, told(on.host, "search_arn"))
    for one in own_accounts(on.config, on.plan):
        made = Workload(plan=one.plan, statements=allowed[one.purpose]())
        searches = one.purpose is Purpose.IS_APPLICATION
        role = searcher_name(on.config.platform, "application") if searches else made.role
        yield replace(made, role=role)
