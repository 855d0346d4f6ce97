"""The typed config of an account's bootstrap, as strict as a stack's."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from stacks.config_errors import ConfigError
from stacks.config_model import Strict
from stacks.config_translate import problems
from stacks.config_values import AccountId, IamPath, PrincipalArn, TagValue, matching

KEY: Final = "aigw-bootstrap:account"

Issuer = Annotated[str, matching(r"[a-z0-9.-]+(/[\w./-]+)?", "an issuer's host, without https://")]
Subject = Annotated[
    str, matching(r"[^*?\s]{1,255}", "whole subjects without wildcards (repo:org/repo:ref:...)")
]
LinkedService = Literal[
    "autoscaling.amazonaws.com",
    "backup.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "eks.amazonaws.com",
    "elasticache.amazonaws.com",
    "elasticfilesystem.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "opensearchservice.amazonaws.com",
    "pullthroughcache.ecr.amazonaws.com",
    "rds.amazonaws.com",
    "spot.amazonaws.com",
]


class OidcConfig(Strict):
    """Who deploys without a stored key: workflows that an issuer vouches for."""

    issuer: Issuer = Field(description="host of the OIDC issuer")
    deploy_subjects: tuple[Subject, ...] = Field(
        min_length=1, description="subjects that may deploy, whole and without wildcards"
    )
    preview_subjects: tuple[Subject, ...] = Field(
        default=(), description="subjects that may read the state, for previews"
    )


class ExistingConfig(Strict):
    """What the account has already: IAM has each once, and refuses a second."""

    oidc_provider: bool = Field(
        default=False, description="the issuer's provider exists; it is used, not created"
    )
    service_linked_roles: tuple[LinkedService, ...] = Field(
        default=(), description="services whose linked role exists; it is not created again"
    )


class AccountConfig(Strict):
    """One account before its first stack."""

    account_id: AccountId = Field(description="12 digits of the AWS account, in quotes")
    region: str = Field(description="region of the state bucket and of the stacks")
    cost_center: TagValue = Field(description="value of the cost-centre tag")
    operators: tuple[PrincipalArn, ...] = Field(
        min_length=2, description="at least two IAM roles or users that may deploy by hand"
    )
    oidc: OidcConfig = Field(description="who deploys without a stored key")
    stack_path: IamPath = Field(
        default="/aigw/", description="`iam.path` of the account's stacks; roles live nowhere else"
    )
    recovery_region: str | None = Field(
        default=None,
        description="region of `services.vault.recovery_region` of the account's stacks; keys and "
        "a bucket may be made there as well",
    )
    existing: ExistingConfig = Field(
        default_factory=ExistingConfig, description="what the account has already"
    )


def parse(text: str, file: str) -> AccountConfig:
    """Read the account's config as the engine hands it over, JSON.

    Raises:
        ConfigError: with every problem, one line each.
    """
    try:
        return AccountConfig.model_validate_json(text)
    except ValidationError as error:
        found = problems(error, AccountConfig)
        inside = [replace(one, path=f":{KEY}.{one.path}".rstrip(".")) for one in found]
        raise ConfigError(one.line(file) for one in inside) from error
