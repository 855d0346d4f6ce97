"""What Google Cloud does in its own way for what runs in a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.gcp.google_apis import PRIVATE
from components.gcp.vault_seal import vault_seal
from components.kubernetes import thanos_objects
from components.kubernetes.cluster import Cluster
from components.kubernetes.endpoint_groups import GroupBinding, group_binding
from components.kubernetes.external_secrets import GoogleSecretManager
from components.kubernetes.gpu_nodes import GKE, ManagedGpus
from components.kubernetes.vault_config import Seal
from components.object_stores import OF_CLOUD, ObjectStore
from sizing.words import Cloud
from stacks.apps.site import Joined, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpSide:
    """A stack's side of Google Cloud (see `CloudSide`).

    Attributes:
        place: of the key that opens Vault: a region, or several.
        vault_key: id of the key that opens Vault; "" where there is neither.
    """

    project: str
    place: str
    vault_key: pulumi.Input[str]
    secrets: GoogleSecretManager

    @property
    def objects(self) -> ObjectStore:
        """Return how its buckets are spoken to."""
        return OF_CLOUD[Cloud.GCP]

    @property
    def object_addresses(self) -> tuple[str, ...]:
        """Return where the network's own names of Google's APIs lead to."""
        return (PRIVATE.cidr,)

    @property
    def seal(self) -> Seal:
        """Return what opens Vault at each start."""
        return vault_seal(self.vault_key, project=self.project, region=self.place)

    @property
    def gpus(self) -> ManagedGpus:
        """Return how GKE looks after GPU nodes."""
        return GKE

    def controllers(self, site: Site, on: Cluster) -> Sequence[pulumi.Resource]:
        """Register nothing: GKE adds nodes and fills groups of endpoints itself."""
        del site, on
        return ()

    def join(
        self,
        owner: PlatformComponent,
        joined: Joined,
        group: pulumi.Input[str],
        *,
        namespace: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
    ) -> None:
        """Register the Service whose pods become a group's endpoints."""
        group_binding(
            owner,
            f"{joined.service}-binding",
            GroupBinding(service=joined.service, port=joined.port, group=group),
            namespace=namespace,
            after=after,
        )

    def metrics_bucket(self, bucket: str) -> str:
        """Return how Thanos is told of a bucket."""
        return thanos_objects.text_of_google(bucket)
