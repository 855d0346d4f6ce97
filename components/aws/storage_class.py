"""How volumes of pods are made on AWS: encrypted gp3 volumes in the zone of their pod."""

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
    """A class by its name in the cluster, and the type of EBS volumes that it makes."""

    name: str
    volume_type: str


ZONAL = StorageClassPlan(name="zonal", volume_type="gp3")


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageClassArgs:
    """What the class needs.

    Attributes:
        volume_key_arn: the key that the EBS driver's role may use (`AddonsArgs`).
        driver: the driver's add-on: it makes the volumes, and takes them away again.
        tags: of every volume; default tags of the provider do not reach what a driver makes.
    """

    volume_key_arn: pulumi.Input[str]
    driver: Sequence[pulumi.Resource]
    tags: Mapping[str, str]


class StorageClass(PlatformComponent):
    """The cluster's default class: a claim that names none is encrypted, too.

    A volume is made where its pod is scheduled, can grow, and goes with its claim. A class cannot
    be changed: another key or tag replaces it, and volumes that are there stay as they are.
    """

    name: str
    """What claims name."""
    ready: Sequence[pulumi.Resource]
    """What every claim waits for."""

    def __init__(
        self, name: str, args: StorageClassArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:StorageClass", name, ZONAL, opts)
        made = storage.v1.StorageClass(
            f"{name}-class",
            metadata=meta.v1.ObjectMetaArgs(
                name=ZONAL.name, labels=labels(ZONAL.name), annotations={_DEFAULT: "true"}
            ),
            provisioner="ebs.csi.aws.com",
            parameters={
                "type": ZONAL.volume_type,
                "encrypted": "true",
                "kmsKeyId": args.volume_key_arn,
                **volume_tags(self.tags(args.tags)),
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


def volume_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags as the driver takes them: numbered, in the order of their keys."""
    return {
        f"tagSpecification_{number}": f"{key}={value}"
        for number, (key, value) in enumerate(sorted(tags.items()), start=1)
    }
