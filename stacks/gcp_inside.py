"""What workloads on Google Cloud find around them in their cluster."""

from __future__ import annotations

import pulumi

from components.gcp.cache import CLUSTER_PORT, INSTANCE_PORT, SHARD_PORTS
from components.gcp.postgres import PORT
from components.gcp.workload_identity import METADATA_ADDRESS
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import Share, filestore
from components.naming import gke_cluster_name
from sizing.planning.attached import administrator
from sizing.plans import PlatformPlan
from stacks import inside as shared
from stacks.apps import search as apps_search
from stacks.apps.site import FileFolders, SearchEngine, Server
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_ground import Floor, Ground
from stacks.gcp_hosting import GcpHosted
from stacks.gcp_own_stores import OwnStores
from stacks.gcp_stores import Stores
from stacks.hosting import guests_password, told

CLOUD = shared.CloudsOwn(credentials_address=METADATA_ADDRESS, gateway_api="cloud")
_MASTER = ("username", "password")
"""Keys of the secret of Cloud SQL's master user."""


def inside(on: Ground, parts: ClusterParts) -> pulumi.ResourceOptions:
    """Return options with the provider of the cluster beside those of the cloud."""
    return shared.inside(
        on.opts,
        parts.gke.kubeconfig_of(own_credentials=True),
        identifier=gke_cluster_name(on.config.platform),
        environment=on.config.environment,
        after=pulumi.ResourceOptions(depends_on=[*parts.gke.ready]),
    )


def redis(on: Floor, stores: OwnStores) -> dict[str, Store]:
    """Return the caches by role, with what opens each."""
    clustered = {str(plan.role): plan.cluster_mode for plan in on.plan.caches}
    return {
        role: Store(
            host=cache.host,
            port=CLUSTER_PORT if clustered[role] else INSTANCE_PORT,
            token=None if cache.secret_id is None else Remote(name=cache.secret_id),
            account=cache.service_account,
            clustered=clustered[role],
            shard_ports=SHARD_PORTS if clustered[role] else None,
            authority=cache.authority,
        )
        for role, cache in stores.caches.items()
    }


def folders(on: Floor, stores: OwnStores) -> FileFolders:
    """Return the folders of the shared file system, which a job of ours makes in it."""
    files = stores.files
    share = Share(
        location=files.location,
        instance=files.instance,
        name=files.share,
        host=files.host,
        newer=files.newer,
    )
    return FileFolders(
        folders={one.name: filestore(share, one.path) for one in on.plan.files.access_points},
        ready=(),
        whole=filestore(share),
    )


def server(stores: Stores) -> Server:
    """Return the stack's database server."""
    postgres = stores.postgres
    return Server(
        host=postgres.host,
        port=PORT,
        authority=postgres.authority,
        master={key: Remote(name=postgres.secret_id, property=key) for key in _MASTER},
    )


def hosts_server(on: Floor, host: pulumi.Output[GcpHosted]) -> Server:
    """Return a host's database server as its guest sets up databases on it."""
    role = administrator(on.plan.request)
    return Server(
        host=told(host, "server"),
        port=PORT,
        authority=told(host, "server_authority"),
        master={"password": Remote(name=guests_password(on.config, host), property=role)},
        user=role,
    )


def search(plan: PlatformPlan) -> SearchEngine:
    """Return OpenSearch, whose members are pods of the plan's stack.

    Raises:
        ValueError: it has none.
    """
    members = apps_search.in_cluster(plan)
    if members is None:
        raise ValueError("nothing runs OpenSearch in this cluster")
    return apps_search.engine(members)
