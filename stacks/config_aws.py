"""What a stack's config says on AWS alone: account, roles, zone of Route 53, rules of ECR.

Knows no file, no engine. A key's description is what an editor, the documentation and the error
messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sizing.words import Cloud
from stacks.config_apps import ImagesConfig, IngressConfig, Upstream
from stacks.config_model import StackConfig
from stacks.config_parts import IMMUTABLE, ClusterConfig, Strict
from stacks.config_values import (
    AccountId,
    IamPath,
    PolicyArn,
    PrincipalArn,
    PullSecretArn,
    RoleArn,
    ZoneId,
)


class AwsClusterConfig(ClusterConfig):
    """Who reaches the Kubernetes API, and who may do everything there."""

    admin_principals: tuple[PrincipalArn, ...] = Field(
        min_length=2,
        description="at least two different IAM roles or users that administer the cluster, "
        "so that losing one locks nobody out",
    )

    @property
    def kubectl_role(self) -> str | None:
        """Return the administrator that kubeconfigs assume: the first one that is a role."""
        roles = (arn for arn in self.admin_principals if ":role/" in arn)
        return next(roles, None)


class IamConfig(Strict):
    """What every IAM role of the stack carries."""

    permissions_boundary: PolicyArn | None = Field(
        default=None,
        description="ARN of the policy that bounds every role the stack creates (see bootstrap)",
    )
    path: IamPath = Field(
        default="/aigw/",
        description="path of the roles and policies, which the deploy role is limited to",
    )


class AwsIngressConfig(IngressConfig):
    """How callers reach the platform; hosts are `api.<domain>` and `mcp.<domain>`."""

    zone_id: ZoneId = Field(
        description="Route 53 hosted zone that holds the domain; certificate and records go there"
    )


class AwsImagesConfig(ImagesConfig):
    """Where images are pulled from."""

    credentials: dict[Upstream, PullSecretArn] = Field(
        default_factory=dict,
        description="ARN of the secret that opens an upstream, of the stack's account and region, "
        "by upstream: docker-hub, ghcr",
    )


class AwsConfig(StackConfig):
    """A stack on AWS."""

    cloud: Literal[Cloud.AWS] = Field(
        default=Cloud.AWS,
        description="aws, where nothing is said, or gcp; which of the keys below there are",
        json_schema_extra=IMMUTABLE,
    )
    account_id: AccountId = Field(
        description="12 digits of the AWS account, in quotes; the provider touches no other, and "
        "a prod stack shares it with none",
        json_schema_extra=IMMUTABLE,
    )
    assume_role: RoleArn | None = Field(
        default=None, description="role of the same account that the provider assumes"
    )
    cluster: AwsClusterConfig = Field(description="who reaches and administers the cluster")
    iam: IamConfig = Field(default_factory=IamConfig, description="what every role carries")
    ingress: AwsIngressConfig | None = Field(
        default=None,
        description="how callers reach the platform; no load balancer where it is left out",
    )
    images: AwsImagesConfig = Field(
        default_factory=AwsImagesConfig, description="where images are pulled from"
    )

    @property
    def owner(self) -> str:
        """Return the account that the stack stands in."""
        return self.account_id

    @property
    def deployer(self) -> str | None:
        """Return the ARN of the role that `pulumi up` acts as."""
        return self.assume_role
