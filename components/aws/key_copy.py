"""A copy of a KMS key in another region, which opens there what the first one closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import kms

from components.aws.key_policy import key_policy
from components.base import PlatformComponent
from components.naming import key_alias
from sizing.plans import KeyPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCopyArgs:
    """What the copy needs.

    Attributes:
        plan: of the first key, which must be of several regions.
        primary_arn: the first key's.
        region: of the copy, whose provider is among the options.
    """

    plan: KeyPlan
    primary_arn: pulumi.Input[str]
    account_id: str
    region: str
    tags: Mapping[str, str]
    protect: bool


class KeyCopy(PlatformComponent):
    """The copy, under the same alias: what names the key by it finds it in either region.

    Raises:
        ValueError: the first key is of one region.
    """

    arn: pulumi.Output[str]
    """ARN of the copy."""

    def __init__(
        self, name: str, args: KeyCopyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:KeyCopy", name, args.plan, opts)
        plan, stack = args.plan, args.tags["stack"]
        if not plan.multi_region:
            raise ValueError(f"the key {plan.name} is of one region and cannot be copied")
        key = kms.ReplicaKey(
            name,
            primary_key_arn=args.primary_arn,
            description=f"{stack}: copy of {plan.name}",
            policy=key_policy(plan.services, args.account_id, args.region),
            deletion_window_in_days=plan.deletion_window_days,
            tags=self.tags(args.tags, f"{stack}-{plan.name}"),
            opts=self.child_with(protect=args.protect),
        )
        kms.Alias(
            f"{name}-alias",
            name=key_alias(stack, plan.name),
            target_key_id=key.key_id,
            opts=self.child,
        )
        self.arn = key.arn
        self.register_outputs({"arn": key.arn})
