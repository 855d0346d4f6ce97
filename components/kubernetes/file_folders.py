"""A job that makes the folders of a shared file system where the cloud does not.

EFS makes a folder when somebody mounts its access point; NFS refuses to mount what is not there.
The job needs no rights of root: a node that mounts a share for a pod gives the share's top folder
to the pod's group, and so it does with each folder for whoever mounts that one
(https://github.com/kubernetes-sigs/gcp-filestore-csi-driver, docs/kubernetes/fsgroup.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Claim, Container, Scratch, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.pod import digest
from components.kubernetes.shared_files import (
    Folder,
    SharedFiles,
    SharedFilesArgs,
    SharedFilesPlan,
)
from sizing.planning.helpers import FILE_FOLDERS
from sizing.plans import AccessPointPlan, HelperPlan
from sizing.units import MIB

NAME = FILE_FOLDERS
ROOT = "/mnt/files"
DEADLINE_SECONDS = 900
_PROGRAM = "file_folders.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSetupArgs:
    """What the job needs.

    Attributes:
        points: the folders; whose they are is each mounting pod's affair.
        whole: the share itself, in which they stand.
        ready: what must exist before a pod mounts it.
    """

    plan: HelperPlan
    points: tuple[AccessPointPlan, ...]
    cluster: Cluster
    namespace: pulumi.Input[str]
    whole: Folder
    ready: Sequence[pulumi.Resource] = ()


class FolderSetup(PlatformComponent):
    """The job and its claim of the whole share; another folder makes another job."""

    ready: Sequence[pulumi.Resource]
    """What mounts one of the folders waits for these."""

    def __init__(
        self, name: str, args: FolderSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:FolderSetup", name, args.plan, opts)
        share = SharedFiles(
            f"{name}-share",
            SharedFilesArgs(
                plan=SharedFilesPlan(name=NAME, namespace=args.plan.namespace, read_only=False),
                cluster=args.cluster,
                namespace=args.namespace,
                folder=args.whole,
                ready=args.ready,
            ),
            self.child,
        )
        wanted = folders(args.points)
        job = Job(
            f"{name}-run",
            JobArgs(
                job=NAME,
                cluster=args.cluster,
                namespace_name=args.plan.namespace,
                namespace=args.namespace,
                container=Container(
                    name="folders",
                    # it holds Python, and nodes that run the proxy hold it
                    image="model-sync",
                    resources=resources_of(args.plan),
                    command=("python", "-m", f"{PACKAGE}.file_folders"),
                    arguments=(ROOT, *wanted),
                    environment=python(),
                    files=(scripts((_PROGRAM,)),),
                    scratch=(Scratch(path="/tmp", size_bytes=16 * MIB),),
                    claims=(Claim(path=ROOT, claim=share.claim),),
                ),
                placement=args.cluster.placement_on("general"),
                # the node mounts, not the pod: it speaks to nobody
                calls=(),
                version=digest("\n".join(wanted)),
                deadline_seconds=DEADLINE_SECONDS,
                after=share.ready,
            ),
            self.child,
        )
        self.ready = (job.done,)
        self.register_outputs({})


def folders(points: Sequence[AccessPointPlan]) -> tuple[str, ...]:
    """Return what the job is told: the path of each folder in the share, and its permissions."""
    return tuple(sorted(f"{one.path.strip('/')}={one.permissions}" for one in points))
