"""EKS add-ons, each with its own identity where it speaks to AWS.

Networking comes before nodes (they stay NotReady without it), the rest after: it needs nodes to
run on. Both halves are installed by `install`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import eks

from components.aws.identity import (
    Granted,
    IamSettings,
    Statement,
    managed_policy_arn,
    pod_identity_role,
)
from components.base import PlatformComponent
from sizing.plans import AddonPlan

# what AWS itself gives each add-on's controller
_POLICIES = {
    "aws-ebs-csi-driver": "service-role/AmazonEBSCSIDriverPolicy",
    "aws-efs-csi-driver": "service-role/AmazonEFSCSIDriverPolicy",
    "vpc-cni": "AmazonEKS_CNI_Policy",
}
VOLUME_DRIVER = "aws-ebs-csi-driver"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonSettings:
    """Where add-ons live and what their roles may reach.

    Attributes:
        volume_key_arn: key of the volumes that the EBS driver makes, None where it makes none.
    """

    cluster_name: pulumi.Input[str]
    region: str
    volume_key_arn: pulumi.Input[str] | None
    iam: IamSettings
    tags: Mapping[str, str]


def _volume_key_statements(key_arn: pulumi.Input[str]) -> list[Statement]:
    # AWS' policy for the driver names no key of ours
    return [
        Statement(
            sid="EncryptVolumes",
            actions=[
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            resources=[key_arn],
        ),
        Statement(
            sid="GrantVolumes",
            actions=["kms:CreateGrant"],
            resources=[key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _identity(
    owner: PlatformComponent, name: str, plan: AddonPlan, settings: AddonSettings
) -> Granted | None:
    if not plan.service_account:
        return None
    if plan.name not in _POLICIES:
        raise ValueError(f"add-on {plan.name}: no policy is known for {plan.service_account}")
    namespace, service_account = plan.service_account.split("/")
    keyed = plan.name == VOLUME_DRIVER and settings.volume_key_arn is not None
    key = settings.volume_key_arn
    return pod_identity_role(
        owner,
        f"{name}-{plan.name}-role",
        namespace=namespace,
        service_account=service_account,
        iam_settings=settings.iam,
        tags=settings.tags,
        managed_policy_arns=[managed_policy_arn(settings.region, _POLICIES[plan.name])],
        statements=_volume_key_statements(key) if keyed and key is not None else [],
    )


def install(
    owner: PlatformComponent,
    name: str,
    plan: AddonPlan,
    settings: AddonSettings,
    after: Sequence[pulumi.Resource],
) -> eks.Addon:
    """Install one add-on below a component, after what it needs.

    Raises:
        ValueError: the plan gives a role to an add-on whose needs are not known.
    """
    identity = _identity(owner, name, plan, settings)
    service_account = plan.service_account.rsplit("/", 1)[-1]
    associations = [
        eks.AddonPodIdentityAssociationArgs(role_arn=one.arn, service_account=service_account)
        for one in ([identity] if identity else [])
    ]
    return eks.Addon(
        f"{name}-{plan.name}",
        cluster_name=settings.cluster_name,
        addon_name=plan.name,
        addon_version=plan.version or None,
        configuration_values=plan.configuration or None,
        pod_identity_associations=associations or None,
        # this program owns the add-on: a hand's edit is overwritten, not a reason to fail
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        tags=owner.tags(settings.tags),
        opts=owner.child_with(depends_on=[*after, *(identity.grants if identity else ())]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonsArgs:
    """What the add-ons after the nodes need.

    Attributes:
        plans: every add-on of the cluster; those before nodes are left to `Eks`.
        nodes: node groups that must exist first.
    """

    plans: tuple[AddonPlan, ...]
    cluster_name: pulumi.Input[str]
    region: str
    volume_key_arn: pulumi.Input[str]
    nodes: Sequence[pulumi.Resource]
    iam: IamSettings
    tags: Mapping[str, str]


class Addons(PlatformComponent):
    """Add-ons that need nodes: DNS, the storage drivers, metrics."""

    by_name: dict[str, eks.Addon]
    """The add-ons; whatever mounts a volume or looks up a name waits for them."""

    def __init__(
        self, name: str, args: AddonsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plans = tuple(plan for plan in args.plans if not plan.before_nodes)
        super().__init__("aigw:aws:Addons", name, plans, opts)
        settings = AddonSettings(
            cluster_name=args.cluster_name,
            region=args.region,
            volume_key_arn=args.volume_key_arn,
            iam=args.iam,
            tags=args.tags,
        )
        self.by_name = {
            plan.name: install(self, name, plan, settings, args.nodes) for plan in plans
        }
        self.register_outputs({})
