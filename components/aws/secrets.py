"""Secrets that the platform makes or is given, in Secrets Manager under the platform's key.

Inside the cluster they are read by name; no value stands in a manifest, an export or a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import secretsmanager

from components.aws import stores
from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.secret_values import GivenSecret, SecretsPlan, generated_text

__all__ = [
    "GeneratedKey",
    "GeneratedSecret",
    "GivenSecret",
    "Secrets",
    "SecretsArgs",
    "SecretsPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """What the secrets need from their surroundings.

    Attributes:
        stack: name of the stack, part of every secret's name.
        data_key_arn: key of every secret.
        kept: secrets that a program in the cluster fills; nobody else reads them.
    """

    generated: tuple[GeneratedSecret, ...]
    given: tuple[GivenSecret, ...]
    kept: tuple[str, ...] = ()
    stack: str
    data_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool


class Secrets(PlatformComponent):
    """One secret a name; a generated one is a JSON object of its keys.

    A generated value is replaced when its length or its characters change, unless it is
    permanent: then no change of the program touches it, and its deletion is refused.

    Raises:
        ValueError: two secrets, or two keys of one, have the same name.
    """

    names: dict[str, pulumi.Output[str]]
    """Names in Secrets Manager by the secrets' own names."""
    arns: dict[str, pulumi.Output[str]]
    """ARNs by the secrets' own names; of what is kept they stand apart."""
    kept_arns: dict[str, pulumi.Output[str]]
    """ARNs of what is kept, by the secrets' own names."""

    def __init__(
        self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        given = tuple(one.name for one in args.given)
        plan = SecretsPlan(generated=args.generated, given=given, kept=args.kept)
        super().__init__("aigw:aws:Secrets", name, plan, opts)
        made = {one.name: self._generated(name, one, args) for one in args.generated}
        for one in args.given:
            made[one.name] = self._secret(
                name, one.name, args, pulumi.Output.secret(one.value), protect=args.protect
            )
        kept = {one: self._empty(name, one, args, protect=args.protect) for one in args.kept}
        self.names = {key: secret.name for key, secret in {**made, **kept}.items()}
        self.arns = {key: secret.arn for key, secret in made.items()}
        self.kept_arns = {key: secret.arn for key, secret in kept.items()}
        self.register_outputs({"names": self.names, "arns": self.arns})

    def _generated(
        self, name: str, secret: GeneratedSecret, args: SecretsArgs
    ) -> secretsmanager.Secret:
        return self._secret(
            name,
            secret.name,
            args,
            generated_text(self, name, secret),
            protect=secret.protect or args.protect,
        )

    def _secret(
        self,
        name: str,
        secret: str,
        args: SecretsArgs,
        text: pulumi.Output[str],
        *,
        protect: bool,
    ) -> secretsmanager.Secret:
        made = self._empty(name, secret, args, protect=protect)
        secretsmanager.SecretVersion(
            f"{name}-{secret}-value", secret_id=made.id, secret_string=text, opts=self.child
        )
        return made

    def _empty(
        self, name: str, secret: str, args: SecretsArgs, *, protect: bool
    ) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            f"{name}-{secret}",
            name=stores.secret_name(args.stack, secret),
            description=f"{secret} of {args.stack}",
            kms_key_id=args.data_key_arn,
            # a name in its recovery window cannot be used again, and short lives come back soon
            recovery_window_in_days=stores.SECRET_RECOVERY_DAYS if protect else 0,
            tags=self.tags(args.tags),
            opts=self.child_with(protect=protect),
        )
