"""The platform's KMS keys: one per kind of data, so that one can be revoked without the rest."""

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
class KeysArgs:
    """What the keys need: their plans, and where their policies hold."""

    plans: tuple[KeyPlan, ...]
    account_id: str
    region: str
    tags: Mapping[str, str]
    protect: bool


class Keys(PlatformComponent):
    """One rotating key and one alias per plan.

    The account must have the service-linked role of Auto Scaling beforehand: KMS refuses a
    policy that names a missing role. A key is never replaced by a change of its policy.
    """

    arns: dict[str, pulumi.Output[str]]
    """Key ARNs by the plan's key names."""

    def __init__(
        self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Keys", name, args.plans, opts)
        self.arns = {plan.name: self._key(name, plan, args).arn for plan in args.plans}
        self.register_outputs({"arns": self.arns})

    def _key(self, name: str, plan: KeyPlan, args: KeysArgs) -> kms.Key:
        stack = args.tags["stack"]
        key = kms.Key(
            f"{name}-{plan.name}",
            description=f"{stack}: {plan.name}, used by {', '.join(plan.services)}",
            policy=key_policy(plan.services, args.account_id, args.region),
            enable_key_rotation=True,
            rotation_period_in_days=plan.rotation_days,
            multi_region=True if plan.multi_region else None,
            deletion_window_in_days=plan.deletion_window_days,
            tags=self.tags(args.tags, f"{stack}-{plan.name}"),
            # without its key the data is gone, whatever else survives
            opts=self.child_with(protect=args.protect),
        )
        kms.Alias(
            f"{name}-{plan.name}-alias",
            name=key_alias(stack, plan.name),
            target_key_id=key.key_id,
            opts=self.child,
        )
        return key
