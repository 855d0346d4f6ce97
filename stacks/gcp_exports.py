"""What a stack on Google Cloud tells people and other programs once it stands."""

from __future__ import annotations

import pulumi

from components.gcp.backups import Backups
from components.kubernetes.database_secrets import guest_secret
from components.naming import gke_cluster_name
from sizing.planning.attached import administrator
from stacks.apps.facts import AppFacts, first_answer
from stacks.config_gcp import GcpConfig
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_ground import Ground
from stacks.gcp_stores import Stores
from stacks.hosting import facts


def exports(
    on: Ground,
    cluster: ClusterParts,
    stores: Stores,
    backups: Backups,
    apps: AppFacts | None,
) -> dict[str, pulumi.Input[object]]:
    """Return the stack's exports by name, those that both clouds have in the same words.

    No workloads, no exports of theirs.
    """
    gke, network, postgres = cluster.gke, on.network, stores.postgres
    caches = stores.caches
    return {
        "stack": on.labels,
        "cluster": {
            "name": gke.cluster_name,
            "endpoint": gke.endpoint,
            "region": on.config.region,
            "project": on.config.project,
            "workload_pool": gke.workload_pool,
        },
        "kubeconfig": gke.kubeconfig,
        "network": {
            "network_id": network.network_id,
            "network_cidr": network.network_cidr,
            "subnet_ids": network.subnet_ids,
            "nat_addresses": network.nat_addresses,
        },
        "keys": on.keys.ids,
        "postgres": {
            "host": postgres.host,
            "reader_host": postgres.reader_host,
            "port": postgres.port,
        },
        "caches": {
            role: {"host": cache.host, "port": cache.port} for role, cache in caches.items()
        },
        "files": {"host": stores.files.host, "share": stores.files.share},
        "buckets": stores.objects.names,
        "backups": {"vault": backups.vault, "volumes": backups.volumes},
        **({"search": {"endpoint": apps.search}} if apps else {}),
        "secrets": {
            "postgres": postgres.secret_id,
            **{
                f"cache_{role}": cache.secret_id
                for role, cache in caches.items()
                if cache.secret_id is not None
            },
            **(apps.secrets if apps else {}),
        },
        **({"urls": apps.urls} if apps and apps.urls else {}),
        "next_steps": next_steps(on.config, stores, apps),
    }


def hosting(
    on: Ground, cluster: ClusterParts, stores: Stores, apps: AppFacts
) -> dict[str, pulumi.Input[object]]:
    """Return what the guests of a stack use, as `GcpHosted` reads it."""
    config, gke, postgres = on.config, cluster.gke, stores.postgres
    return {
        "stack": config.stack,
        "project": config.project,
        "region": config.region,
        "network_id": on.network.network_id,
        "subnet_id": on.network.nodes_subnet_id,
        "cluster_name": gke.cluster_name,
        "endpoint": gke.endpoint,
        "authority": gke.certificate_authority,
        "workload_pool": gke.workload_pool,
        "storage_class": apps.storage_class,
        "server": postgres.host,
        "server_authority": postgres.authority,
        "port": postgres.port,
        "administrators": {
            one.stack: apps.secrets[guest_secret(administrator(one.request))]
            for one in on.plan.request.guests
        },
        "plan": facts(on.plan),
    }


def next_steps(config: GcpConfig, stores: Stores, apps: AppFacts | None) -> list[pulumi.Input[str]]:
    """Return the lines to type after the first `up`, in order; `#` lines say what for."""
    name, place = gke_cluster_name(config.platform), f"--project {config.project}"
    secret = f"gcloud secrets versions access latest {place} --secret "
    return [
        f"# reach the cluster, from {config.cluster.reached_from}",
        f"gcloud container clusters get-credentials {name} --region {config.region} {place}",
        "kubectl get nodes",
        "kubectl get pods --all-namespaces",
        *(first_answer(config, apps, secret) if apps else ()),
        "# the database's master user",
        pulumi.Output.concat(secret, stores.postgres.secret_id),
        "# what the stack is and costs",
        f"uv run aigw plan {config.stack}",
    ]
