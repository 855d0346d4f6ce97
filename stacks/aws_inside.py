"""What workloads on AWS find around them, in their own cluster or in their host's."""

from __future__ import annotations

import pulumi

from components.aws import postgres
from components.aws.authorities import authorities
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import efs
from components.naming import cluster_name
from sizing.planning.attached import administrator
from stacks import inside as shared
from stacks.apps.site import FileFolders, Server
from stacks.aws_ground import Floor
from stacks.aws_own_stores import OwnStores
from stacks.config_aws import AwsConfig
from stacks.hosting import Hosted, guests_password, told

CLOUD = shared.CloudsOwn(
    # where EKS' agent hands out the credentials of pods (EKS user guide, Pod Identity)
    credentials_address="169.254.170.23/32",
    gateway_api="nobody",
)


def inside(
    on: Floor,
    kubeconfig: pulumi.Input[str],
    *,
    of: AwsConfig,
    after: pulumi.ResourceOptions | None = None,
) -> pulumi.ResourceOptions:
    """Return options with the provider of a cluster beside those of the cloud.

    Args:
        on: what the stack stands on.
        kubeconfig: of whoever runs the program; the exported one is for people.
        of: whose cluster it is.
        after: what must exist before anything in the cluster.
    """
    return shared.inside(
        on.opts,
        kubeconfig,
        identifier=cluster_name(of.platform),
        environment=on.config.environment,
        after=after,
    )


def redis(on: Floor, stores: OwnStores) -> dict[str, Store]:
    """Return the caches by role, with what opens each."""
    clustered = {str(plan.role): plan.cluster_mode for plan in on.plan.caches}
    return {
        role: Store(
            host=cache.host, token=Remote(name=cache.secret_name), clustered=clustered[role]
        )
        for role, cache in stores.caches.items()
    }


def folders(stores: OwnStores) -> FileFolders:
    """Return the folders of the shared file system."""
    files = stores.files
    return FileFolders(
        folders={
            name: efs(files.file_system_id, point) for name, point in files.access_point_ids.items()
        },
        ready=files.ready,
    )


def hosts_server(on: Floor, host: pulumi.Output[Hosted]) -> Server:
    """Return a host's database server as its guest sets up databases on it."""
    role = administrator(on.plan.request)
    return Server(
        host=told(host, "server"),
        port=postgres.PORT,
        authority=authorities(on.config.region),
        master={"password": Remote(name=guests_password(on.config, host), property=role)},
        user=role,
    )
