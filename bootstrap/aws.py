"""An account before its first stack: state bucket, keys, deploy roles, boundary, linked roles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import get_args

import pulumi
import pulumi_aws as aws
from pulumi_aws import iam, kms

from bootstrap.config import KEY, AccountConfig, LinkedService, parse
from bootstrap.policies import (
    BOOTSTRAP_PATH,
    Place,
    boundary_policy,
    deploy_policies,
    secrets_key_statement,
    state_policy,
    trust_policy,
)
from components.aws.key_policy import key_policy
from components.aws.keys import Keys, KeysArgs
from components.aws.objects import Objects, ObjectsArgs
from components.naming import key_alias, partition
from sizing.plans import BucketPlan, KeyPlan
from stacks.config_errors import ConfigError

NAME = "bootstrap"
STATE_BUCKET = BucketPlan(
    name="state",
    planning_gib=1,
    versioned=True,
    # an old state is how a broken one is mended
    noncurrent_days=365,
    expire_days=None,
    transition_to_ia_days=None,
    force_destroy=False,
)
STATE_KEY = KeyPlan(name="state", services=("s3",), deletion_window_days=30, rotation_days=365)
SECRETS_KEY = KeyPlan(name="secrets", services=(), deletion_window_days=30, rotation_days=365)


def main() -> None:
    """Build what the account of this stack needs.

    Raises:
        pulumi.RunError: the config is refused; nothing is registered.
    """
    namespace, _, key = KEY.partition(":")
    try:
        config = parse(
            pulumi.Config(namespace).require(key), f"bootstrap/Pulumi.{pulumi.get_stack()}.yaml"
        )
    except ConfigError as error:
        raise pulumi.RunError(f"this account's config is refused:\n{error}") from error
    for name, value in build(config).items():
        pulumi.export(name, value)


def build(config: AccountConfig) -> dict[str, pulumi.Input[object]]:
    """Register everything of an account and return the exports."""
    tags = {
        "environment": "account",
        "tier": "none",
        "cost-centre": config.cost_center,
        "stack": NAME,
        "managed-by": "pulumi",
    }
    provider = aws.Provider(
        "aws",
        region=config.region,
        allowed_account_ids=[config.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
    )
    opts = pulumi.ResourceOptions(providers={"aws": provider})
    keys = Keys(
        "keys",
        KeysArgs(
            plans=(STATE_KEY,),
            account_id=config.account_id,
            region=config.region,
            tags=tags,
            protect=True,
        ),
        opts,
    )
    objects = Objects(
        "objects",
        ObjectsArgs(
            plans=(STATE_BUCKET,),
            stack=NAME,
            objects_key_arn=keys.arns["state"],
            tags=tags,
            protect=True,
        ),
        opts,
    )
    account = Account(config, objects.arns["state"], keys.arns["state"], tags, opts)
    return _exports(config, objects.names["state"], account)


class Account(pulumi.ComponentResource):
    """Deploy and preview roles, the boundary of all others, and the secrets provider's key.

    Everything has a fixed name: stack files and workflows repeat them.
    """

    deploy_role: iam.Role
    """What builds stacks."""
    preview_role: iam.Role
    """What reads their state."""
    boundary: iam.Policy
    """The ceiling of every role that a stack creates."""

    def __init__(
        self,
        config: AccountConfig,
        bucket_arn: pulumi.Output[str],
        state_key_arn: pulumi.Output[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aigw:aws:Account", "account", config.model_dump(mode="json"), opts)
        self._config, self._tags = config, {**tags, "component": "account"}
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = pulumi.ResourceOptions(parent=self, protect=True)
        self._place = Place(
            account_id=config.account_id,
            region=config.region,
            partition=partition(config.region),
            stack_path=config.stack_path,
            recovery_region=config.recovery_region or "",
        )
        self._linked_roles()
        self.boundary = self._policy("boundary", boundary_policy(self._place))
        provider_arn = self._oidc_provider()
        self.deploy_role = self._role(
            "deploy", provider_arn, config.oidc.deploy_subjects, config.operators
        )
        self.preview_role = self._role(
            "preview", provider_arn, config.oidc.preview_subjects, config.operators
        )
        secrets_key = self._secrets_key()
        for name, text in deploy_policies(self._place).items():
            self._attach("deploy", name, text)
        state = pulumi.Output.all(bucket_arn, state_key_arn, secrets_key.arn)
        self._attach("deploy", "state", state.apply(_state_for_writing))
        self._attach("preview", "state", state.apply(_state_for_reading))
        self.register_outputs(
            {"deploy_role": self.deploy_role.arn, "preview_role": self.preview_role.arn}
        )

    def _linked_roles(self) -> None:
        """Create what services need once per account; a key policy may not name a missing role."""
        for service in get_args(LinkedService):
            if service in self._config.existing.service_linked_roles:
                continue
            iam.ServiceLinkedRole(
                f"account-linked-{service.removesuffix('.amazonaws.com')}",
                aws_service_name=service,
                tags=self._tags,
                # every stack of the account, and others, stand on it
                opts=pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True),
            )

    def _oidc_provider(self) -> pulumi.Input[str]:
        issuer = self._config.oidc.issuer
        if self._config.existing.oidc_provider:
            return self._place.iam(f"oidc-provider/{issuer}")
        return iam.OpenIdConnectProvider(
            "account-oidc",
            url=f"https://{issuer}",
            client_id_lists=["sts.amazonaws.com"],
            tags=self._tags,
            opts=self._child,
        ).arn

    def _role(
        self,
        name: str,
        provider_arn: pulumi.Input[str],
        subjects: tuple[str, ...],
        operators: tuple[str, ...],
    ) -> iam.Role:
        issuer = self._config.oidc.issuer
        return iam.Role(
            f"account-{name}",
            name=f"aigw-{name}",
            path=BOOTSTRAP_PATH,
            description=f"{name} of the account's stacks",
            max_session_duration=4 * 3600,  # a GPU pool rolls for hours
            assume_role_policy=pulumi.Output.from_input(provider_arn).apply(
                lambda arn: trust_policy(arn, issuer, subjects, operators)
            ),
            tags=self._tags,
            opts=self._kept,
        )

    def _policy(self, name: str, text: pulumi.Input[str]) -> iam.Policy:
        return iam.Policy(
            f"account-{name}",
            name=f"aigw-{name}",
            path=BOOTSTRAP_PATH,
            policy=text,
            tags=self._tags,
            opts=self._kept,
        )

    def _attach(self, role: str, name: str, text: pulumi.Input[str]) -> None:
        holder = {"deploy": self.deploy_role, "preview": self.preview_role}[role]
        iam.RolePolicyAttachment(
            f"account-{role}-{name}",
            role=holder.name,
            policy_arn=self._policy(f"{role}-{name}", text).arn,
            opts=self._child,
        )

    def _secrets_key(self) -> kms.Key:
        """Create the key that encrypts secrets in the state: its roles call it directly."""
        base = json.loads(
            key_policy(SECRETS_KEY.services, self._config.account_id, self._config.region)
        )
        roles = pulumi.Output.all(self.deploy_role.arn, self.preview_role.arn)
        key = kms.Key(
            "account-secrets",
            description="Secrets of the account's stacks, in their state",
            policy=roles.apply(
                lambda arns: json.dumps(
                    {**base, "Statement": [*base["Statement"], secrets_key_statement(arns)]}
                )
            ),
            enable_key_rotation=True,
            rotation_period_in_days=SECRETS_KEY.rotation_days,
            deletion_window_in_days=SECRETS_KEY.deletion_window_days,
            tags=self._tags,
            opts=self._kept,
        )
        kms.Alias(
            "account-secrets-alias",
            name=key_alias(NAME, SECRETS_KEY.name),
            target_key_id=key.key_id,
            opts=self._child,
        )
        return key


def _state_for_writing(arns: Sequence[str]) -> str:
    return state_policy(arns[0], arns[1:], writes=True)


def _state_for_reading(arns: Sequence[str]) -> str:
    return state_policy(arns[0], arns[1:], writes=False)


def _exports(
    config: AccountConfig, bucket: pulumi.Output[str], account: Account
) -> dict[str, pulumi.Input[object]]:
    backend = pulumi.Output.concat("s3://", bucket, f"?region={config.region}&awssdk=v2")
    secrets = f"awskms://{key_alias(NAME, SECRETS_KEY.name)}?region={config.region}"
    return {
        "state_bucket": bucket,
        "backend": backend,
        "secrets_provider": secrets,
        "deploy_role_arn": account.deploy_role.arn,
        "preview_role_arn": account.preview_role.arn,
        "permissions_boundary_arn": account.boundary.arn,
        "next_steps": [
            pulumi.Output.concat("pulumi login '", backend, "'"),
            f"pulumi stack init <environment>-<tier> --secrets-provider '{secrets}'",
            "pulumi up --stack <environment>-<tier>",
        ],
    }
