"""The data stores of a plan on Google Cloud, each reached by private addresses alone.

OpenSearch has no managed form here: it runs in the cluster, and is a workload. Backups are each
store's own, but for shared files and the volumes of pods (`build_backups`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.gcp.backups import Backups, BackupsArgs
from components.gcp.postgres import Postgres, PostgresArgs
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_ground import Ground
from stacks.gcp_own_stores import OwnStores, Place, build_own_stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores(OwnStores):
    """Every data store of a stack."""

    postgres: Postgres


def build_stores(on: Ground) -> Stores:
    """Register every data store; nodes and pods reach them by the network's peering."""
    network = on.network
    own = build_own_stores(
        on,
        Place(
            network_id=network.network_id,
            subnet_id=network.nodes_subnet_id,
            private_services=network.private_services,
        ),
    )
    return Stores(objects=own.objects, files=own.files, caches=own.caches, postgres=_postgres(on))


def _postgres(on: Ground) -> Postgres:
    return Postgres(
        "postgres",
        PostgresArgs(
            plan=on.plan.postgres,
            stack=on.config.platform,
            region=on.config.region,
            network_id=on.network.network_id,
            private_services=on.network.private_services,
            data_key=on.keys.ids["data"],
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )


def build_backups(on: Ground, cluster: ClusterParts, stores: Stores) -> Backups:
    """Register what keeps copies of volumes and of shared files, nothing where the plan has none.

    Copies of files are under Google's key: Backup and DR takes none of ours for Filestore yet.
    """
    config, plan, files = on.config, on.plan, stores.files
    project = f"projects/{config.project}"
    return Backups(
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
