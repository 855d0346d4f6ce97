"""What in-cluster workloads may do on AWS: a role per service account, bound by Pod Identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws.identity import IamSettings, Statement, associate, pod_identity_role
from components.base import PlatformComponent
from components.naming import partition
from components.workloads import WorkloadPlan as WorkloadPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A workload and what it may do; nothing that its statements do not name.

    Attributes:
        role: name of its role, where another stack must know it beforehand; None for any.
    """

    plan: WorkloadPlan
    statements: Sequence[Statement]
    role: str | None = None


def autoscaler_statements(region: str, account_id: str, cluster_name: str) -> list[Statement]:
    """Return what the cluster autoscaler does: look at groups, and resize this cluster's own."""
    own = f"k8s.io/cluster-autoscaler/{cluster_name}"
    prefix = f"arn:{partition(region)}"
    return [
        Statement(
            sid="Look",
            actions=[
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ],
            # IAM knows no narrower resource for any of these reads
            resources=["*"],
        ),
        Statement(
            sid="LookAtGroups",
            actions=["eks:DescribeNodegroup"],
            resources=[f"{prefix}:eks:{region}:{account_id}:nodegroup/{cluster_name}/*"],
        ),
        Statement(
            sid="Resize",
            actions=[
                "autoscaling:SetDesiredCapacity",
                "autoscaling:TerminateInstanceInAutoScalingGroup",
            ],
            resources=[f"{prefix}:autoscaling:{region}:{account_id}:autoScalingGroup:*"],
            # EKS puts this tag on the scaling groups of its node groups
            conditions={"StringEquals": {f"aws:ResourceTag/{own}": "owned"}},
        ),
    ]


def secret_reader_statements(
    secret_arns: Sequence[pulumi.Input[str]], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what reads the named secrets and decrypts them, through Secrets Manager alone."""
    return [
        Statement(
            sid="ReadSecrets",
            actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resources=secret_arns,
        ),
        _use_key("DecryptSecrets", ["kms:Decrypt"], key_arn, f"secretsmanager.{region}"),
    ]


def bucket_statements(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str, *, write: bool
) -> list[Statement]:
    """Return what lists a bucket and reads its objects, and with `write` changes them."""
    writes = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"] if write else []
    # a writer of parts decrypts them when it completes the upload
    keys = ["kms:Decrypt", *(["kms:GenerateDataKey"] if write else [])]
    return [
        Statement(sid="ListBucket", actions=["s3:ListBucket"], resources=[bucket_arn]),
        Statement(
            sid="UseObjects",
            actions=["s3:GetObject", *writes],
            resources=[pulumi.Output.concat(bucket_arn, "/*")],
        ),
        _use_key("UseObjectsKey", keys, key_arn, f"s3.{region}"),
    ]


def _use_key(
    sid: str, actions: Sequence[str], key_arn: pulumi.Input[str], through: str
) -> Statement:
    return Statement(
        sid=sid,
        actions=actions,
        resources=[key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"{through}.amazonaws.com"}},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityArgs:
    """What the roles need: the workloads, and the cluster that they run in."""

    workloads: Sequence[Workload]
    cluster_name: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]


class Identity(PlatformComponent):
    """A role, its policy and its binding for each workload.

    A change of namespace or service account replaces the binding; the role stays.
    """

    role_arns: dict[str, pulumi.Output[str]]
    """Roles by workload name."""
    bindings: dict[str, pulumi.Resource]
    """What binds each, by workload name: a pod that is older never gets its credentials."""

    def __init__(
        self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Identity", name, tuple(w.plan for w in args.workloads), opts)
        self.role_arns, self.bindings = {}, {}
        for workload in args.workloads:
            self._bind(name, workload, args)
        self.register_outputs({"role_arns": self.role_arns})

    def _bind(self, name: str, workload: Workload, args: IdentityArgs) -> None:
        plan = workload.plan
        granted = pod_identity_role(
            self,
            f"{name}-{plan.name}-role",
            namespace=plan.namespace,
            service_account=plan.service_account,
            iam_settings=args.iam,
            tags=args.tags,
            statements=workload.statements,
            physical=workload.role,
        )
        self.role_arns[plan.name] = granted.arn
        self.bindings[plan.name] = associate(
            self,
            f"{name}-{plan.name}",
            cluster_name=args.cluster_name,
            namespace=plan.namespace,
            service_account=plan.service_account,
            granted=granted,
            tags=args.tags,
        )
