"""Secrets that the platform makes or is given, in Secret Manager under the platform's key.

Inside the cluster they are read by name; no value stands in a manifest, an export or a plan. A
value is an ordinary input of its version, marked as a secret: the write-only field would keep it
out of the provider's state alone, while the one that generates it keeps it all the same, and a new
value would be noticed only if something else changed beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import secretmanager

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.naming import PROJECT
from components.secret_values import GivenSecret, SecretsPlan, generated_text

__all__ = [
    "GeneratedKey",
    "GeneratedSecret",
    "GivenSecret",
    "Secrets",
    "SecretsArgs",
    "SecretsPlan",
    "grant_secrets",
]

READER = "roles/secretmanager.secretAccessor"
"""Reads the values of one secret, and lists nothing."""
WRITER = "roles/secretmanager.secretVersionAdder"
"""Adds values to one secret, and reads none."""
# How long a destroyed value of a protected secret can be restored: as long as on AWS.
_RECOVERY = f"{30 * 86_400}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """What the secrets need from their surroundings.

    Attributes:
        stack: name of the stack, part of every secret's name.
        region: the only place where a value is kept.
        data_key: key of every secret, in the same region.
        key_ready: what lets the service use that key.
        kept: secrets that a program in the cluster fills; nobody else reads them.
    """

    generated: tuple[GeneratedSecret, ...]
    given: tuple[GivenSecret, ...]
    kept: tuple[str, ...] = ()
    stack: str
    region: str
    data_key: pulumi.Input[str]
    key_ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str]
    protect: bool


class Secrets(PlatformComponent):
    """One secret a name; a generated one is a JSON object of its keys.

    A generated value is replaced when its length or its characters change, unless it is
    permanent: then no change of the program touches it, and its deletion is refused. A secret has
    no recovery window of its own, but the values of a protected one do.

    Raises:
        ValueError: two secrets, or two keys of one, have the same name.
    """

    names: dict[str, pulumi.Output[str]]
    """Names in Secret Manager by the secrets' own names."""
    ids: dict[str, pulumi.Output[str]]
    """Whole resource names by the secrets' own names; of what is kept they stand apart."""
    kept_ids: dict[str, pulumi.Output[str]]
    """Whole resource names of what is kept, by the secrets' own names."""

    def __init__(
        self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        given = tuple(one.name for one in args.given)
        plan = SecretsPlan(generated=args.generated, given=given, kept=args.kept)
        super().__init__("aigw:gcp:Secrets", name, plan, opts)
        made = {
            one.name: self._secret(
                name,
                one.name,
                args,
                generated_text(self, name, one),
                protect=one.protect or args.protect,
            )
            for one in args.generated
        }
        for one in args.given:
            made[one.name] = self._secret(
                name, one.name, args, pulumi.Output.secret(one.value), protect=args.protect
            )
        kept = {one: self._empty(name, one, args, protect=args.protect) for one in args.kept}
        self.names = {key: secret.secret_id for key, secret in {**made, **kept}.items()}
        self.ids = {key: secret.id for key, secret in made.items()}
        self.kept_ids = {key: secret.id for key, secret in kept.items()}
        self.register_outputs({"names": self.names, "ids": self.ids})

    def _secret(
        self,
        name: str,
        secret: str,
        args: SecretsArgs,
        text: pulumi.Output[str],
        *,
        protect: bool,
    ) -> secretmanager.Secret:
        made = self._empty(name, secret, args, protect=protect)
        secretmanager.SecretVersion(
            f"{name}-{secret}-value", secret=made.id, secret_data=text, opts=self.child
        )
        return made

    def _empty(
        self, name: str, secret: str, args: SecretsArgs, *, protect: bool
    ) -> secretmanager.Secret:
        return empty_secret(
            self,
            f"{name}-{secret}",
            secret_id=secret_name(args.stack, secret),
            region=args.region,
            data_key=args.data_key,
            key_ready=args.key_ready,
            labels=args.labels,
            protect=protect,
        )


def empty_secret(
    owner: PlatformComponent,
    name: str,
    *,
    secret_id: str,
    region: str,
    data_key: pulumi.Input[str],
    key_ready: Sequence[pulumi.Resource] = (),
    labels: Mapping[str, str],
    protect: bool,
) -> secretmanager.Secret:
    """Make a secret without a value: under the platform's key, in its region alone.

    Args:
        owner: whose child it is.
        name: its logical name.
        secret_id: its name in Secret Manager.
        region: the only place where a value is kept.
        data_key: key of its values, in the same region.
        key_ready: what lets the service use that key, where the key does not say so itself.
        labels: of the stack.
        protect: whether its deletion is refused, and a destroyed value can be restored for a while.
    """
    return secretmanager.Secret(
        name,
        secret_id=secret_id,
        replication=_replication(region, data_key),
        version_destroy_ttl=_RECOVERY if protect else None,
        deletion_protection=protect,
        labels=owner.tags(labels),
        # a key that the service may not use refuses the first value
        opts=owner.child_with(protect=protect, depends_on=key_ready),
    )


def secret_name(stack: str, secret: str) -> str:
    """Return the name of a secret: Secret Manager takes no slashes."""
    return f"{PROJECT}-{stack}-{secret}"


def grant_secrets(
    owner: PlatformComponent,
    name: str,
    *,
    secrets: Mapping[str, pulumi.Input[str]],
    member: pulumi.Input[str],
    role: str = READER,
    after: Sequence[pulumi.Resource] = (),
) -> tuple[secretmanager.SecretIamMember, ...]:
    """Let somebody read secrets, each of them by a right on that secret alone.

    Args:
        owner: whose children the rights are.
        name: first part of their logical names.
        secrets: whole resource names by the secrets' own names.
        member: who ("principal://iam.googleapis.com/...").
        role: what they may do with a value.
        after: what makes the member known: a workload pool exists with its first cluster.
    """
    return tuple(
        secretmanager.SecretIamMember(
            f"{name}-{key}",
            secret_id=secret,
            role=role,
            member=member,
            opts=owner.child_with(depends_on=after),
        )
        for key, secret in secrets.items()
    )


def _replication(region: str, key: pulumi.Input[str]) -> secretmanager.SecretReplicationArgs:
    encryption = secretmanager.SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs(
        kms_key_name=key
    )
    return secretmanager.SecretReplicationArgs(
        user_managed=secretmanager.SecretReplicationUserManagedArgs(
            replicas=[
                secretmanager.SecretReplicationUserManagedReplicaArgs(
                    location=region, customer_managed_encryption=encryption
                )
            ]
        )
    )
