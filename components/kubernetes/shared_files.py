"""A folder of the shared file system as a claim that any number of pods may mount.

The folder exists already, with the identity that its users get: nothing here creates or deletes
files, and both objects can go and come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes.cluster import Cluster, labels

EFS_DRIVER = "efs.csi.aws.com"
FILESTORE_DRIVER = "filestore.csi.storage.gke.io"
CAPACITY = "1Gi"
"""Asked for and given by form: neither EFS nor Filestore counts it, but a claim must ask for some,
and the namespace's quota counts what it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder as a cloud's CSI driver finds it.

    Attributes:
        handle: what the driver calls it.
        mount_options: of the mount on every node.
        attributes: what else the driver asks to know.
    """

    driver: str
    handle: pulumi.Input[str]
    mount_options: tuple[str, ...] = ()
    attributes: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of Filestore, as `components.gcp.files` says where it is.

    Attributes:
        host: address of the instance.
        newer: whether it speaks NFS 4.1.
    """

    location: str
    instance: pulumi.Input[str]
    name: str
    host: pulumi.Input[str]
    newer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFilesPlan:
    """Whose folder it is, by the claim's name."""

    name: str
    namespace: str
    read_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFilesArgs:
    """What the claim needs.

    Attributes:
        plan: its name and its namespace's.
        namespace: likewise; `cluster.ready` waits for it.
        ready: what must exist before a pod mounts it: mount targets, and the driver.
    """

    plan: SharedFilesPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    folder: Folder
    ready: Sequence[pulumi.Resource] = ()


class SharedFiles(PlatformComponent):
    """A volume and the only claim that may have it, in a namespace.

    A change of the folder replaces both; what is in it stays.
    """

    claim: pulumi.Output[str]
    """Name of the claim, for a container's `Claim`."""
    ready: Sequence[pulumi.Resource]
    """What must exist before a pod that mounts it."""

    def __init__(
        self, name: str, args: SharedFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:SharedFiles", name, args.plan, opts)
        volume = self._volume(name, args)
        claim = self._claim(name, args, volume)
        self.claim = claim.metadata.name.apply(str)
        self.ready = (claim, *args.ready)
        self.register_outputs({"claim": self.claim})

    def _volume(self, name: str, args: SharedFilesArgs) -> core.v1.PersistentVolume:
        plan, folder = args.plan, args.folder
        return core.v1.PersistentVolume(
            f"{name}-volume",
            # volumes belong to no namespace, so that the name says whose it is
            metadata=meta.v1.ObjectMetaArgs(
                name=f"{plan.namespace}-{plan.name}", labels=labels(plan.name)
            ),
            spec=core.v1.PersistentVolumeSpecArgs(
                capacity={"storage": CAPACITY},
                access_modes=[_mode(plan)],
                # without a class no provisioner makes another one for the claim
                storage_class_name="",
                persistent_volume_reclaim_policy="Retain",
                # nobody else's claim may take it
                claim_ref=core.v1.ObjectReferenceArgs(
                    api_version="v1",
                    kind="PersistentVolumeClaim",
                    namespace=plan.namespace,
                    name=plan.name,
                ),
                mount_options=list(folder.mount_options) or None,
                csi=core.v1.CSIPersistentVolumeSourceArgs(
                    driver=folder.driver,
                    volume_handle=folder.handle,
                    volume_attributes=dict(folder.attributes) or None,
                ),
            ),
            opts=self.child_with(depends_on=[*args.cluster.ready]),
        )

    def _claim(
        self, name: str, args: SharedFilesArgs, volume: core.v1.PersistentVolume
    ) -> core.v1.PersistentVolumeClaim:
        return core.v1.PersistentVolumeClaim(
            f"{name}-claim",
            metadata=meta.v1.ObjectMetaArgs(
                name=args.plan.name, namespace=args.namespace, labels=labels(args.plan.name)
            ),
            spec=core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=[_mode(args.plan)],
                storage_class_name="",
                volume_name=volume.metadata.name,
                resources=core.v1.VolumeResourceRequirementsArgs(requests={"storage": CAPACITY}),
            ),
            opts=self.child_with(depends_on=[volume]),
        )


def efs(file_system_id: pulumi.Input[str], access_point_id: pulumi.Input[str]) -> Folder:
    """Return an access point of EFS.

    The file system refuses who comes without TLS or without a name: `iam` makes the driver on the
    node show the role that it runs with.
    """
    return Folder(
        driver=EFS_DRIVER,
        handle=pulumi.Output.concat(file_system_id, "::", access_point_id),
        mount_options=("tls", "iam"),
    )


def filestore(share: Share, path: str = "") -> Folder:
    """Return a folder of a share of Filestore, which must exist; without a path the whole share.

    A node stages a volume once by its handle, whatever its folder: so each folder has one of its
    own. Of a handle the node's driver reads the kind alone; where to mount from stands beside it.
    """
    folder = path.strip("/")
    place = f"{share.name}/{folder}" if folder else share.name
    return Folder(
        driver=FILESTORE_DRIVER,
        handle=pulumi.Output.concat(
            "modeInstance/", share.location, "/", share.instance, "/", place.replace("/", "-")
        ),
        # unsaid, it is the kernel's choice, whatever the share was made for
        mount_options=("vers=4.1",) if share.newer else ("vers=3",),
        attributes={
            "ip": share.host,
            "volume": place,
            "fileProtocol": "NFS_V4_1" if share.newer else "NFS_V3",
        },
    )


def _mode(plan: SharedFilesPlan) -> str:
    return "ReadOnlyMany" if plan.read_only else "ReadWriteMany"
