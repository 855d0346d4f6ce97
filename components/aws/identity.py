"""IAM: roles with exactly the statements they need, under the account's boundary and path.

Every role of the platform is made here, so that one place decides who may assume what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import eks, iam

from components.base import PlatformComponent
from components.naming import partition

_VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True, kw_only=True)
class IamSettings:
    """What an account demands of every role: a permissions boundary and a path, if any."""

    permissions_boundary: str | None = None
    path: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that a role may do: actions by name, on named resources.

    Attributes:
        conditions: operator, then condition key, then value, as IAM writes it.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]]
    conditions: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A role with its grants; who needs the rights at once depends on `grants`."""

    role: iam.Role
    grants: tuple[pulumi.Resource, ...]

    @property
    def arn(self) -> pulumi.Output[str]:
        """The role's ARN, known only once the role exists, not once its grants do."""
        return self.role.arn


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """Return an identity policy as IAM's JSON.

    Raises:
        ValueError: a statement allows actions by a pattern instead of by name.
    """
    for statement in statements:
        wide = [action for action in statement.actions if action.endswith("*")]
        if wide:
            raise ValueError(f"{statement.sid}: {wide} allow more than is needed: name the actions")
    return pulumi.Output.json_dumps(
        {
            "Version": _VERSION,
            "Statement": [
                {
                    "Sid": statement.sid,
                    "Effect": "Allow",
                    "Action": sorted(statement.actions),
                    "Resource": list(statement.resources),
                    **({"Condition": statement.conditions} if statement.conditions else {}),
                }
                for statement in statements
            ],
        }
    )


def service_trust(service: str, account_id: str = "") -> str:
    """Return the trust of a role that an AWS service assumes ("rds.amazonaws.com").

    With an account id the service may act for that account alone (the confused deputy); nodes
    and the EKS control plane are assumed without a source account.
    """
    condition = {"Condition": {"StringEquals": {"aws:SourceAccount": account_id}}}
    return json.dumps(
        {
            "Version": _VERSION,
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sts:AssumeRole",
                    **(condition if account_id else {}),
                }
            ],
        }
    )


def pod_identity_trust(namespace: str, service_account: str) -> str:
    """Return the trust of a role that one service account assumes through EKS Pod Identity."""
    return json.dumps(
        {
            "Version": _VERSION,
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "pods.eks.amazonaws.com"},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Condition": {
                        "StringEquals": {
                            "aws:RequestTag/kubernetes-namespace": namespace,
                            "aws:RequestTag/kubernetes-service-account": service_account,
                        }
                    },
                }
            ],
        }
    )


def managed_policy_arn(region: str, policy: str) -> str:
    """Return the ARN of a policy that AWS maintains ("service-role/AmazonEBSCSIDriverPolicy")."""
    return f"arn:{partition(region)}:iam::aws:policy/{policy}"


def role(
    owner: PlatformComponent,
    name: str,
    *,
    trust: str,
    iam_settings: IamSettings,
    tags: Mapping[str, str],
    managed_policy_arns: Sequence[str] = (),
    statements: Sequence[Statement] = (),
    physical: str | None = None,
) -> Granted:
    """Create a role below a component, with AWS' own policies and a policy of its statements.

    Args:
        owner: the component that uses the role; parent of everything made here.
        name: logical name, unique in the stack.
        trust: who may assume it (`service_trust`, `pod_identity_trust`).
        tags: the stack's tags; the owner's component tag is added.
        physical: its name in the account, where another stack must know it beforehand.
    """
    made = iam.Role(
        name,
        name=physical,
        assume_role_policy=trust,
        path=iam_settings.path,
        permissions_boundary=iam_settings.permissions_boundary,
        tags=owner.tags(tags),
        opts=owner.child,
    )
    grants: list[pulumi.Resource] = [
        iam.RolePolicyAttachment(
            f"{name}-{arn.rsplit('/', 1)[-1]}", role=made.name, policy_arn=arn, opts=owner.child
        )
        for arn in managed_policy_arns
    ]
    if statements:
        policy = policy_document(statements)
        grants.append(
            iam.RolePolicy(f"{name}-policy", role=made.name, policy=policy, opts=owner.child)
        )
    return Granted(role=made, grants=tuple(grants))


def service_role(
    owner: PlatformComponent,
    name: str,
    *,
    service: str,
    iam_settings: IamSettings,
    tags: Mapping[str, str],
    account_id: str = "",
    managed_policy_arns: Sequence[str] = (),
    statements: Sequence[Statement] = (),
) -> Granted:
    """Create a role that one AWS service assumes, for this account alone where one is given."""
    return role(
        owner,
        name,
        trust=service_trust(service, account_id),
        iam_settings=iam_settings,
        tags=tags,
        managed_policy_arns=managed_policy_arns,
        statements=statements,
    )


def pod_identity_role(
    owner: PlatformComponent,
    name: str,
    *,
    namespace: str,
    service_account: str,
    iam_settings: IamSettings,
    tags: Mapping[str, str],
    managed_policy_arns: Sequence[str] = (),
    statements: Sequence[Statement] = (),
    physical: str | None = None,
) -> Granted:
    """Create a role that one service account assumes; `associate` or an add-on binds it."""
    return role(
        owner,
        name,
        trust=pod_identity_trust(namespace, service_account),
        iam_settings=iam_settings,
        tags=tags,
        managed_policy_arns=managed_policy_arns,
        statements=statements,
        physical=physical,
    )


def associate(
    owner: PlatformComponent,
    name: str,
    *,
    cluster_name: pulumi.Input[str],
    namespace: str,
    service_account: str,
    granted: Granted,
    tags: Mapping[str, str],
) -> eks.PodIdentityAssociation:
    """Bind a role to a service account; EKS takes one binding per namespace and account."""
    return eks.PodIdentityAssociation(
        name,
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=service_account,
        role_arn=granted.arn,
        tags=owner.tags(tags),
        # a pod that starts before the grants exist would be refused and not ask again
        opts=owner.child_with(depends_on=granted.grants),
    )
