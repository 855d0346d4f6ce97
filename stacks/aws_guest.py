"""A stack on AWS that stands in its host's network and cluster: what is its own, no more."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from components.aws import postgres
from components.aws import workload_policies as policies
from components.aws.authorities import authorities
from components.aws.guest_policies import SecretReader, SecretReaderArgs
from components.aws.kubeconfig import kubeconfig
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.storage_class import ZONAL
from components.kubernetes.cluster import Cluster
from components.kubernetes.external_secrets import SecretsManager
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import efs
from components.naming import cluster_name
from sizing.planning.attached import administrator
from sizing.planning.environment import setting
from sizing.planning.homes import OBSERVABILITY, SERVING, SYSTEM, namespace
from sizing.plans import PlatformPlan
from stacks.apps.guest import Lodging, build_guest, generated
from stacks.apps.site import FileFolders, Server, Site
from stacks.aws_apps import CREDENTIALS_ADDRESS
from stacks.aws_guest_stores import (
    Lodger,
    OwnStores,
    build_own_identities,
    build_own_stores,
)
from stacks.aws_secrets import existing_names, given_secrets
from stacks.config_aws import AwsConfig
from stacks.hosting import Hosted


def build_lodger(on: Lodger) -> dict[str, pulumi.Input[object]]:
    """Register everything of a guest, and return the stack's exports."""
    stores, secrets = build_own_stores(on), _secrets(on)
    reader = _reader(on, stores, secrets)
    identities = build_own_identities(on, stores)
    plan, config = on.plan, on.config
    inside = _inside(on)
    cluster = Cluster(
        environment=config.environment,
        namespaces={**_hosts_namespaces(plan), **{one.role: one.name for one in plan.namespaces}},
        pools=plan.node_pools,
        registry=config.images.registry,
        storage_class=ZONAL.name,
        secret_store=config.platform,
        identities=identities,
        gateway_api="nobody",
        credentials_address=CREDENTIALS_ADDRESS,
        addresses=(plan.network.vpc_cidr,),
        ready=[],
        protect=plan.protect,
    )
    site = Site(
        config=config,
        plan=plan,
        cluster=cluster,
        cluster_name=_hosts_cluster(config),
        region=config.region,
        vpc_id=on.told("vpc_id"),
        store=SecretsManager(region=config.region, role=reader.role_arn),
        secrets=secrets.names,
        postgres=_server(on),
        documents=None,
        stores=_redis(on, stores),
        search_host=on.told("search"),
        buckets=stores.objects.names,
        files=_files(stores),
        way_in=None,
        opts=inside,
    )
    host = config.host
    build_guest(
        site,
        Lodging(readable=reader.ready, routed=host is not None and host.services.vllm_router),
    )
    return _exports(on, stores, secrets)


def _hosts_cluster(config: AwsConfig) -> str:
    return cluster_name(config.host.platform if config.host else config.platform)


def _hosts_namespaces(plan: PlatformPlan) -> dict[str, str]:
    """Return the host's namespaces that a guest speaks to, by role."""
    host = plan.request.host
    if host is None:
        return {}
    given = setting(host.request)
    return {role: namespace(given, role) for role in (OBSERVABILITY, SERVING, SYSTEM)}


def _secrets(on: Lodger) -> Secrets:
    return Secrets(
        "secrets",
        SecretsArgs(
            generated=generated(on.config, on.plan),
            given=given_secrets(on.config),
            stack=on.config.platform,
            data_key_arn=on.keys["data"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )


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
            operator=on.told("operator"),
            secrets=[
                *secrets.arns.values(),
                *(one.secret_arn for one in stores.caches.values()),
                *existing,
            ],
            data_key_arn=on.keys["data"],
            hosts=[_password(on)],
            hosts_key_arn=on.told("key"),
            iam=on.iam,
            tags=on.tags,
        ),
        on.opts,
    )


def _password(on: Lodger) -> pulumi.Output[str]:
    """Return the ARN of the secret in which the host keeps the guest's password on its server."""
    stack = on.config.stack
    return on.host.apply(lambda host: host.administrators[stack])


def _server(on: Lodger) -> Server:
    role = administrator(on.plan.request)
    return Server(
        host=on.told("server"),
        port=postgres.PORT,
        authority=authorities(on.config.region),
        master={"password": Remote(name=_password(on), property=role)},
        user=role,
    )


def _inside(on: Lodger) -> pulumi.ResourceOptions:
    """Return options with the provider of the host's cluster beside those of the cloud."""
    assumed = on.config.assume_role

    def access(host: Hosted) -> str:
        return kubeconfig(
            cluster_name=host.cluster_name,
            endpoint=host.endpoint,
            certificate_authority=host.authority,
            region=host.region,
            role_arn=assumed,
        )

    provider = kubernetes.Provider(
        "kubernetes",
        kubeconfig=on.host.apply(access),
        cluster_identifier=_hosts_cluster(on.config),
        delete_unreachable=True,
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
    )
    known = on.opts.providers
    providers = dict(known) if isinstance(known, dict) else {}
    return pulumi.ResourceOptions(providers={**providers, "kubernetes": provider})


def _redis(on: Lodger, stores: OwnStores) -> dict[str, Store]:
    clustered = {str(plan.role): plan.cluster_mode for plan in on.plan.caches}
    return {
        role: Store(
            host=cache.host, token=Remote(name=cache.secret_name), clustered=clustered[role]
        )
        for role, cache in stores.caches.items()
    }


def _files(stores: OwnStores) -> FileFolders:
    files = stores.files
    return FileFolders(
        folders={
            name: efs(files.file_system_id, point) for name, point in files.access_point_ids.items()
        },
        ready=files.ready,
    )


def _exports(on: Lodger, stores: OwnStores, secrets: Secrets) -> dict[str, pulumi.Input[object]]:
    config = on.config
    home = next(one.name for one in on.plan.namespaces if one.role == "gateway")
    return {
        "stack": config.tags(),
        "host": config.shares or "",
        "keys": dict(on.keys),
        "namespaces": [one.name for one in on.plan.namespaces],
        "databases": [*on.plan.postgres.databases],
        "buckets": stores.objects.names,
        "secrets": {
            **{f"cache_{role}": cache.secret_name for role, cache in stores.caches.items()},
            **secrets.names,
        },
        "next_steps": [
            f"# {config.stack} runs in the cluster of {config.shares}, and is reached through it",
            f"kubectl get pods --namespace {home}",
            f"kubectl port-forward --namespace {home} service/litellm 4000:4000",
            "# what the stack is and costs",
            f"uv run aigw plan {config.stack}",
        ],
    }
