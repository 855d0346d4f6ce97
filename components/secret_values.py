"""Values that are generated or given, as a secret of either cloud's store holds them.

What is kept is one text a secret: a JSON object of its keys where it is generated. Where that text
goes, and who may read it, is the cloud's own component.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import scram


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsPlan:
    """What is generated, and the names of what is given or kept: never a value.

    Raises:
        ValueError: two secrets, or two keys of one, have the same name.
    """

    generated: tuple[GeneratedSecret, ...]
    given: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        own = [one.name for one in self.generated]
        _refuse_doubles([*own, *self.given, *self.kept], "secret")
        for one in self.generated:
            _refuse_doubles([*_names(one.keys)], f"key of {one.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSecret:
    """A secret that the stack's config holds encrypted; `value` is its whole text."""

    name: str
    value: pulumi.Input[str]


def generated_text(
    owner: PlatformComponent, name: str, secret: GeneratedSecret
) -> pulumi.Output[str]:
    """Create the values of a secret and return them as one JSON object, marked as a secret.

    A value is replaced when its length or its characters change, unless it is permanent: then no
    change of the program touches it, and its deletion is refused.

    Args:
        owner: whose children the values are.
        name: first part of their logical names.
        secret: what is wanted.
    """
    values: dict[str, pulumi.Output[str]] = {}
    for key in secret.keys:
        value = _value(owner, f"{name}-{secret.name}-{key.name}", key)
        values[key.name] = value
        if key.proof:
            values[key.proof] = _proof(owner, f"{name}-{secret.name}-{key.proof}", value)
    text: pulumi.Output[str] = pulumi.Output.json_dumps(values)
    return pulumi.Output.secret(text)


def _value(owner: PlatformComponent, name: str, key: GeneratedKey) -> pulumi.Output[str]:
    password = random.RandomPassword(
        name,
        length=key.length,
        special=bool(key.specials),
        override_special=key.specials or None,
        opts=owner.child_with(
            protect=True if key.permanent else None,
            ignore_changes=_EVERY_INPUT if key.permanent else None,
        ),
    )
    value: pulumi.Output[str] = pulumi.Output.secret(password.result)
    return pulumi.Output.concat(key.prefix, value) if key.prefix else value


def _proof(owner: PlatformComponent, name: str, password: pulumi.Output[str]) -> pulumi.Output[str]:
    salt = random.RandomBytes(name, length=_SALT_BYTES, opts=owner.child)
    return pulumi.Output.secret(pulumi.Output.all(password, salt.base64).apply(_scram))


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
