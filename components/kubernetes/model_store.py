"""Where weights lie: the bucket, a folder in it for each model at its pinned commit, who may read.

Engines read from the bucket alone and never from Hugging Face: what is served is what was pinned
and checked, and a model that its publisher takes back is still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.kubernetes.access import Peer, buckets
from components.kubernetes.cluster import Cluster
from components.object_stores import ObjectStore
from sizing.plans.workloads import ModelPlan

ModelCache = Literal["object-store", "files", "node"]
"""Where engines read weights from: streamed from the bucket, or copied from it at the start to the
shared file system, or to the node's own disk."""

UNPINNED = "main"
"""Hugging Face's default branch: what it shows at the first copy is kept from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStore:
    """The bucket of the models.

    Attributes:
        bucket: its name.
        region: where it is, the cluster's own.
        kind: how it is spoken to.
        addresses: blocks at which it answers, where they are known; else everything outside of
            private networks on port 443.
    """

    bucket: pulumi.Input[str]
    region: str
    kind: ObjectStore = ObjectStore.S3
    addresses: tuple[str, ...] = ()

    def url(self, model: ModelPlan) -> pulumi.Output[str]:
        """Return the address of a model's folder, as engines and our scripts take it."""
        return pulumi.Output.concat(f"{self.kind.scheme}://", self.bucket, "/", folder(model))

    def peers(self, cluster: Cluster) -> tuple[Peer, ...]:
        """Return whom pods speak to that use the bucket: the bucket, and who hands out their role.

        Args:
            cluster: whose pods they are.
        """
        return buckets(cluster, self.addresses)

    def environment(self) -> Mapping[str, str]:
        """Return the variables that the cloud's libraries read; credentials come by the role.

        Google's need none: a pod finds out at the metadata server who and where it is.
        """
        if self.kind is ObjectStore.GCS:
            return {}
        return {
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            # the node's own credentials are closed to pods: nobody waits for them
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def revision(model: ModelPlan) -> str:
    """Return the pinned commit, or the branch where nobody has pinned one (a finding says so)."""
    return model.revision or UNPINNED


def folder(model: ModelPlan) -> str:
    """Return a model's folder in the bucket: another commit is another folder."""
    return f"{model.repository}/{revision(model)}"
