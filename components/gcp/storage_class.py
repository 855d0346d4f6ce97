"""How volumes of pods are made on Google Cloud: encrypted balanced disks in their pod's zone.

Hyperdisk Balanced, which sells IOPS apart from size, attaches to none of the older series that
pools are planned of (N2, E2, N1): a class of it would leave a pod waiting beside a free node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, storage

from components.base import PlatformComponent
from components.kubernetes.cluster import labels

_DEFAULT = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageClassPlan:
    """A class by its name in the cluster, and the type of disks that it makes."""

    name: str
    disk_type: str


ZONAL = StorageClassPlan(name="zonal", disk_type="pd-balanced")
"""The plan's volumes are priced and measured as balanced disks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageClassArgs:
    """What the class needs.

    Attributes:
        volume_key: key of every volume, in the cluster's region.
        driver: what makes the volumes and takes them away again: the cluster, of which the driver
            is a part, its nodes, and the right of Compute Engine's agent to use the key.
        labels: of every volume; default labels of the provider do not reach what a driver makes.
    """

    volume_key: pulumi.Input[str]
    driver: Sequence[pulumi.Resource]
    labels: Mapping[str, str]


class StorageClass(PlatformComponent):
    """The cluster's default class: a claim that names none is encrypted, too.

    GKE keeps a default class of its own, "standard-rwo"; of several the one that was made last
    counts, which is this one. A volume is made where its pod is scheduled, can grow, and goes with
    its claim. A class cannot be changed: another key or label replaces it, and volumes that are
    there stay as they are.
    """

    name: str
    """What claims name."""
    ready: Sequence[pulumi.Resource]
    """What every claim waits for."""

    def __init__(
        self, name: str, args: StorageClassArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:StorageClass", name, ZONAL, opts)
        made = storage.v1.StorageClass(
            f"{name}-class",
            metadata=meta.v1.ObjectMetaArgs(
                name=ZONAL.name, labels=labels(ZONAL.name), annotations={_DEFAULT: "true"}
            ),
            provisioner="pd.csi.storage.gke.io",
            parameters={
                "type": ZONAL.disk_type,
                "disk-encryption-kms-key": args.volume_key,
                "labels": volume_labels(self.tags(args.labels)),
            },
            volume_binding_mode="WaitForFirstConsumer",
            reclaim_policy="Delete",
            allow_volume_expansion=True,
            # it has a name of its own, which two cannot share
            opts=self.child_with(depends_on=[*args.driver], delete_before_replace=True),
        )
        self.name = ZONAL.name
        self.ready = [made]
        self.register_outputs({"name": self.name})


def volume_labels(given: Mapping[str, str]) -> str:
    """Return labels as the driver takes them: one text, in the order of their keys."""
    return ",".join(f"{key}={value}" for key, value in sorted(given.items()))
