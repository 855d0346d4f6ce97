"""Secrets that the platform makes or is given, in Secrets Manager under the platform's key.

Inside the cluster they are read by name; no value stands in a manifest, an export or a plan.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_aws import secretsmanager

from components.aws import stores
from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import scram

__all__ = [
    "GeneratedKey",
    "GeneratedSecret",
    "GivenSecret",
    "Secrets",
    "SecretsArgs",
    "SecretsPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsPlan:
    """What is generated, and the names of what is given or kept: never a value."""

    generated: tuple[GeneratedSecret, ...]
    given: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSecret:
    """A secret that the stack's config holds encrypted; `value` is its whole text."""

    name: str
    value: pulumi.Input[str]


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
        own = [one.name for one in plan.generated]
        _refuse_doubles([*own, *plan.given, *plan.kept], "secret")
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
        _refuse_doubles([*_names(secret.keys)], f"key of {secret.name}")
        values: dict[str, pulumi.Output[str]] = {}
        for key in secret.keys:
            value = self._value(f"{name}-{secret.name}-{key.name}", key)
            values[key.name] = value
            if key.proof:
                values[key.proof] = self._proof(f"{name}-{secret.name}-{key.proof}", value)
        text: pulumi.Output[str] = pulumi.Output.json_dumps(values)
        return self._secret(
            name,
            secret.name,
            args,
            pulumi.Output.secret(text),
            protect=secret.protect or args.protect,
        )

    def _value(self, name: str, key: GeneratedKey) -> pulumi.Output[str]:
        password = random.RandomPassword(
            name,
            length=key.length,
            special=bool(key.specials),
            override_special=key.specials or None,
            opts=self.child_with(
                protect=True if key.permanent else None,
                ignore_changes=_EVERY_INPUT if key.permanent else None,
            ),
        )
        value: pulumi.Output[str] = pulumi.Output.secret(password.result)
        return pulumi.Output.concat(key.prefix, value) if key.prefix else value

    def _proof(self, name: str, password: pulumi.Output[str]) -> pulumi.Output[str]:
        salt = random.RandomBytes(name, length=_SALT_BYTES, opts=self.child)
        return pulumi.Output.secret(pulumi.Output.all(password, salt.base64).apply(_scram))

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


# each of them makes the provider draw a new value
_EVERY_INPUT = [
    "keepers",
    "length",
    "lower",
    "number",
    "numeric",
    "overrideSpecial",
    "special",
    "upper",
]


_SALT_BYTES = 16  # PostgreSQL's own length


def _scram(known: Sequence[str]) -> str:
    password, salt = known
    return scram.secret(password, base64.b64decode(salt))


def _names(keys: Sequence[GeneratedKey]) -> Iterator[str]:
    for key in keys:
        yield from filter(None, (key.name, key.proof))


def _refuse_doubles(names: list[str], what: str) -> None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise ValueError(f"{what} {', '.join(twice)} is there twice")
