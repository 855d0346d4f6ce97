"""What in-cluster workloads may do on Google Cloud: rights of service accounts of Kubernetes.

A right is granted on the resource itself to the service account as Workload Identity Federation
for GKE writes it; no Google service account stands between, and no key exists. Cloud Storage
takes such members where access to a bucket is uniform; Secret Manager, Cloud KMS and Vertex AI
take them.

A pool of identities is its project's: namespaces of the same name in two clusters of a project
are one to IAM. Stacks that must not share rights need projects of their own, as prod has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi
from pulumi_gcp import kms, projects, secretmanager, storage

from components.base import PlatformComponent
from components.workloads import WorkloadPlan

METADATA_ADDRESS = "169.254.169.254/32"
"""Where GKE's metadata server hands out the credentials of pods, with Dataplane V2."""


class Target(StrEnum):
    """What a right is granted on."""

    BUCKET = "bucket"
    SECRET = "secret"
    KEY = "key"
    PROJECT = "project"
    """Only where what is asked for has no policy of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a right holds, in IAM's own language of expressions."""

    title: str
    expression: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A role on one resource.

    Attributes:
        name: what it is told apart by, letters, digits and -; unique in its workload.
        resource: a bucket's name, a secret's id, a key's id, a project's id.
        role: a predefined one ("roles/storage.objectViewer"), or one of the project.
    """

    name: str
    target: Target
    resource: pulumi.Input[str]
    role: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A workload and what it may do; nothing that its rights do not name."""

    plan: WorkloadPlan
    rights: Sequence[Right]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityArgs:
    """What rights need: the workloads, and the pool that their identities are in.

    Attributes:
        project_number: not the project's id.
        workload_pool: the cluster's output: IAM refuses members of a pool before it exists.
    """

    workloads: Sequence[Workload]
    project_number: pulumi.Input[str]
    workload_pool: pulumi.Input[str]


def principal(project_number: str, pool: str, namespace: str, service_account: str) -> str:
    """Return a service account of Kubernetes as a member of IAM's policies."""
    return (
        f"principal://iam.googleapis.com/projects/{project_number}/locations/global"
        f"/workloadIdentityPools/{pool}/subject/ns/{namespace}/sa/{service_account}"
    )


class Identity(PlatformComponent):
    """The rights of each workload, one by one: what others granted on a resource stays.

    A change of namespace or service account replaces its rights.
    """

    members: dict[str, pulumi.Output[str]]
    """How IAM calls each, by workload name."""
    bindings: dict[str, list[pulumi.Resource]]
    """What grants each its rights, by workload name: without them a pod is refused."""

    def __init__(
        self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Identity", name, tuple(w.plan for w in args.workloads), opts)
        self.members = {one.plan.name: _member(one.plan, args) for one in args.workloads}
        self.bindings = {
            one.plan.name: [self._grant(name, one.plan, right) for right in one.rights]
            for one in args.workloads
        }
        self.register_outputs({"members": self.members})

    def _grant(self, name: str, plan: WorkloadPlan, right: Right) -> pulumi.Resource:
        logical, member = f"{name}-{plan.name}-{right.name}", self.members[plan.name]
        only = right.condition
        if right.target is Target.BUCKET:
            return storage.BucketIAMMember(
                logical,
                bucket=right.resource,
                role=right.role,
                member=member,
                condition=_written(only) if only else None,
                opts=self.child,
            )
        if only is not None:
            raise ValueError(f"{logical}: a {right.target} takes no condition here")
        if right.target is Target.SECRET:
            return secretmanager.SecretIamMember(
                logical,
                secret_id=right.resource,
                role=right.role,
                member=member,
                opts=self.child,
            )
        if right.target is Target.PROJECT:
            return projects.IAMMember(
                logical,
                project=right.resource,
                role=right.role,
                member=member,
                opts=self.child,
            )
        return kms.CryptoKeyIAMMember(
            logical,
            crypto_key_id=right.resource,
            role=right.role,
            member=member,
            opts=self.child,
        )


def _member(plan: WorkloadPlan, args: IdentityArgs) -> pulumi.Output[str]:
    def written(known: list[str]) -> str:
        number, pool = known
        return principal(number, pool, plan.namespace, plan.service_account)

    return pulumi.Output.all(args.project_number, args.workload_pool).apply(written)


def _written(only: Condition) -> storage.BucketIAMMemberConditionArgs:
    return storage.BucketIAMMemberConditionArgs(title=only.title, expression=only.expression)
