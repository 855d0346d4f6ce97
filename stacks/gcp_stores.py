"""The data stores of a plan on Google Cloud, each reached by private addresses alone.

OpenSearch has no managed form here: it runs in the cluster, and is a workload. Backups are each
store's own, but for shared files and the volumes of pods (`build_backups`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.gcp.backups import Backups, BackupsArgs
from components.gcp.cache import Cache, CacheArgs
from components.gcp.files import Files, FilesArgs
from components.gcp.objects import Objects, ObjectsArgs
from components.gcp.postgres import Postgres, PostgresArgs
from sizing.planning.gcp.caches import KNOW_ACCOUNTS
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The data stores of a stack."""

    objects: Objects
    files: Files
    postgres: Postgres
    caches: dict[str, Cache]


def build_stores(on: Ground) -> Stores:
    """Register every data store; nodes and pods reach them by the network's peering."""
    config, plan, network, keys = on.config, on.plan, on.network, on.keys
    stack, region, data, protect = config.platform, config.region, keys.ids["data"], plan.protect
    return Stores(
        objects=Objects(
            "objects",
            ObjectsArgs(
                plans=plan.buckets,
                stack=stack,
                region=region,
                objects_key=keys.ids["objects"],
                key_ready=keys.ready,
                labels=on.labels,
                protect=protect,
            ),
            on.opts,
        ),
        files=Files(
            "files",
            FilesArgs(
                plan=plan.files,
                stack=stack,
                region=region,
                zone_ids=config.zone_ids,
                network_id=network.network_id,
                private_services=network.private_services,
                # the driver mounts as the node, whatever pod it does so for
                client_ranges=[on.nodes.cidr],
                data_key=data,
                labels=on.labels,
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
                network_id=network.network_id,
                private_services=network.private_services,
                data_key=data,
                labels=on.labels,
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
                    project=config.project,
                    region=region,
                    network_id=network.network_id,
                    subnet_id=network.nodes_subnet_id,
                    private_services=network.private_services,
                    client_principals=cache_clients(on),
                    data_key=data,
                    labels=on.labels,
                    protect=protect,
                ),
                on.opts,
            )
            for cache in plan.caches
        },
    )


def build_backups(on: Ground, cluster: ClusterParts, stores: Stores) -> None:
    """Register what keeps copies of volumes and of shared files, nothing where the plan has none.

    Copies of files are under Google's key: Backup and DR takes none of ours for Filestore yet.
    """
    config, plan, files = on.config, on.plan, stores.files
    project = f"projects/{config.project}"
    Backups(
        "backups",
        BackupsArgs(
            plan=plan.backups,
            stack=config.platform,
            project=config.project,
            region=config.region,
            cluster=pulumi.Output.concat(
                f"{project}/locations/{config.region}/clusters/", cluster.gke.cluster_name
            ),
            files=(
                pulumi.Output.concat(
                    f"{project}/locations/{files.location}/instances/", files.instance
                )
                if plan.files.backup
                else None
            ),
            data_key=on.keys.ids["data"],
            key_ready=on.keys.ready,
            labels=on.labels,
            protect=plan.protect,
        ),
        on.opts,
    )


def cache_clients(on: Ground) -> dict[str, pulumi.Input[str]]:
    """Return who may connect to a cluster of Redis, each as the service account of its own name."""
    return {
        one.name: on.principal(one.namespace, one.name)
        for one in on.plan.services
        if one.name in KNOW_ACCOUNTS
    }
