"""Everything that a plan is on Google Cloud, each component wired as a stack wires it."""

from __future__ import annotations

from collections.abc import Mapping

from components.gcp.armor import Armor, ArmorArgs
from components.gcp.backups import Backups, BackupsArgs
from components.gcp.cache import Cache, CacheArgs
from components.gcp.files import Files, FilesArgs
from components.gcp.gke import Gke, GkeArgs
from components.gcp.ingress import Ingress, IngressArgs
from components.gcp.keys import Keys, KeysArgs
from components.gcp.network import Network, NetworkArgs
from components.gcp.node_pools import NodePools, NodePoolsArgs
from components.gcp.objects import Objects, ObjectsArgs
from components.gcp.postgres import Postgres, PostgresArgs
from components.gcp.registry import Registry, RegistryArgs
from components.gcp.secrets import Secrets, SecretsArgs
from components.gcp.storage_class import StorageClass, StorageClassArgs
from components.gcp.workload_identity import Identity, IdentityArgs, Workload, principal
from components.gcp.workload_policies import model_reader_rights
from components.naming import gke_cluster_name
from sizing.plans import PlatformPlan
from sizing.words import SubnetKind
from tests.components.clouds.common import ADMIN, ALLOWED, DOMAIN, GENERATED, READER, given
from tests.components.gcp.samples import PROJECT, PROJECT_NUMBER


def build(of: PlatformPlan, stack: str, tags: Mapping[str, str]) -> None:
    """Register all of a plan."""
    region = of.request.region
    keys = Keys(
        "keys",
        KeysArgs(
            plans=of.keys,
            project=PROJECT,
            project_number=PROJECT_NUMBER,
            region=region,
            labels=tags,
            protect=of.protect,
        ),
    )
    network = Network(
        "network",
        NetworkArgs(
            plan=of.network,
            service_cidr=of.cluster.service_cidr,
            project=PROJECT,
            region=region,
            logs_key_id=keys.ids["logs"],
            labels=tags,
            protect=of.protect,
        ),
    )
    cluster = _cluster(of, stack, tags, keys, network)
    files = _stores(of, stack, tags, keys, network)
    Backups(
        "backups",
        BackupsArgs(
            plan=of.backups,
            stack=stack,
            project=PROJECT,
            region=region,
            cluster=cluster.cluster_name,
            files=files.instance,
            data_key=keys.ids["data"],
            key_ready=keys.ready,
            labels=tags,
            protect=of.protect,
        ),
    )
    _edge(of, stack, tags, network, cluster)
    Secrets(
        "secrets",
        SecretsArgs(
            generated=(GENERATED,),
            given=(given(),),
            stack=stack,
            region=region,
            data_key=keys.ids["data"],
            key_ready=keys.ready,
            labels=tags,
            protect=of.protect,
        ),
    )
    Registry(
        "registry",
        RegistryArgs(
            project=PROJECT,
            project_number=PROJECT_NUMBER,
            region=region,
            prefix="images",
            logins={},
            node_service_account=cluster.node_account_email,
            labels=tags,
        ),
    )
    reads = model_reader_rights("aigw-models")
    Identity(
        "identity",
        IdentityArgs(
            workloads=[Workload(plan=READER, rights=reads)],
            project_number=PROJECT_NUMBER,
            workload_pool=cluster.workload_pool,
        ),
    )


def _cluster(
    of: PlatformPlan, stack: str, tags: Mapping[str, str], keys: Keys, network: Network
) -> Gke:
    region = of.request.region
    cluster = Gke(
        "cluster",
        GkeArgs(
            plan=of.cluster,
            cluster_name=gke_cluster_name(stack),
            project=PROJECT,
            stack=stack,
            region=region,
            zone_ids=of.network.zone_ids,
            network=network.network_id,
            subnet=network.nodes_subnet_id,
            network_cidr=network.network_cidr,
            pod_range=network.pod_range,
            service_range=network.service_range,
            secrets_key_id=keys.ids["cluster"],
            nodes_key_id=keys.ids["nodes"],
            logs_key_id=keys.ids["logs"],
            allow_list=ALLOWED,
            admin_principals=(f"group:{ADMIN}@example.com",),
            volume_backups=dict(of.backups.mechanisms)["volumes"] != "none",
            labels=tags,
            protect=of.protect,
        ),
    )
    pools = NodePools(
        "nodes",
        NodePoolsArgs(
            plans=of.node_pools,
            cluster_name=cluster.cluster_name,
            project=PROJECT,
            region=region,
            service_account_email=cluster.node_account_email,
            boot_disk_key_id=keys.ids["nodes"],
            ready=[*network.egress, *cluster.ready],
            labels=tags,
        ),
    )
    StorageClass(
        "volumes",
        StorageClassArgs(volume_key=keys.ids["nodes"], driver=[pools], labels=tags),
    )
    return cluster


def _stores(
    of: PlatformPlan, stack: str, tags: Mapping[str, str], keys: Keys, network: Network
) -> Files:
    region, data = of.request.region, keys.ids["data"]
    nodes = next(one for one in of.network.subnets if one.kind is SubnetKind.PRIVATE)
    Postgres(
        "postgres",
        PostgresArgs(
            plan=of.postgres,
            stack=stack,
            region=region,
            network_id=network.network_id,
            private_services=network.private_services,
            data_key=data,
            labels=tags,
            protect=of.protect,
        ),
    )
    gateway = principal(PROJECT_NUMBER, f"{PROJECT}.svc.id.goog", "prod-gateway", "litellm")
    for cache in of.caches:
        Cache(
            f"cache-{cache.role}",
            CacheArgs(
                plan=cache,
                stack=stack,
                project=PROJECT,
                region=region,
                network_id=network.network_id,
                subnet_id=network.nodes_subnet_id,
                private_services=network.private_services,
                client_principals={"litellm": gateway},
                data_key=data,
                labels=tags,
                protect=of.protect,
            ),
        )
    Objects(
        "objects",
        ObjectsArgs(
            plans=of.buckets,
            stack=stack,
            region=region,
            objects_key=keys.ids["objects"],
            key_ready=keys.ready,
            labels=tags,
            protect=of.protect,
        ),
    )
    return Files(
        "files",
        FilesArgs(
            plan=of.files,
            stack=stack,
            region=region,
            zone_ids=of.network.zone_ids,
            network_id=network.network_id,
            private_services=network.private_services,
            client_ranges=[nodes.cidr],
            data_key=data,
            labels=tags,
            protect=of.protect,
        ),
    )


def _edge(
    of: PlatformPlan, stack: str, tags: Mapping[str, str], network: Network, cluster: Gke
) -> None:
    region = of.request.region
    proxies = next(one for one in of.network.subnets if one.kind is SubnetKind.PUBLIC)
    armor = (
        Armor(
            "armor",
            ArmorArgs(plan=of.ingress, stack=stack, project=PROJECT, region=region, allow_list=()),
        )
        if of.ingress.waf
        else None
    )
    Ingress(
        "ingress",
        IngressArgs(
            plan=of.ingress,
            stack=stack,
            project=PROJECT,
            region=region,
            domain=DOMAIN,
            zone="ai-example-com",
            zones=of.network.zone_ids,
            network=network.network_id,
            nodes_subnet=network.nodes_subnet_id,
            proxy_subnet=network.subnet_ids[proxies.name],
            proxy_cidr=proxies.cidr,
            node_service_account=cluster.node_account_email,
            policy=armor.policy if armor else None,
            labels=tags,
            protect=of.protect,
        ),
    )
