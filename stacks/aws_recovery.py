"""What outlives the stack's region: a bucket elsewhere, and a copy of the key that opens Vault."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.key_copy import KeyCopy, KeyCopyArgs
from components.aws.keys import Keys, KeysArgs
from components.aws.objects import Objects, ObjectsArgs
from stacks.aws_ground import Ground

BUCKET, KEY, VAULT = "recovery", "objects", "vault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The bucket of another region, and the key of its objects."""

    region: str
    bucket: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]


def build_recovery(on: Ground) -> Recovery | None:
    """Register key and bucket of the recovery region, None where the plan has none.

    They are as far from the stack as one account reaches: another region's provider, key and
    endpoint, so that nothing of the stack's own region is needed to read them.
    """
    plan = on.plan.vault
    if plan is None or plan.recovery_bucket is None or plan.recovery_key is None:
        return None
    config, region = on.config, plan.recovery_region
    role = config.assume_role
    provider = aws.Provider(
        "aws-recovery",
        region=region,
        allowed_account_ids=[config.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=on.tags),
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
    )
    opts = pulumi.ResourceOptions(providers={"aws": provider})
    keys = Keys(
        "recovery-keys",
        KeysArgs(
            plans=(plan.recovery_key,),
            account_id=config.account_id,
            region=region,
            tags=on.tags,
            protect=on.plan.protect,
        ),
        opts,
    )
    (opener,) = (one for one in on.plan.keys if one.name == VAULT)
    KeyCopy(
        "recovery-vault-key",
        KeyCopyArgs(
            plan=opener,
            primary_arn=on.keys[VAULT],
            account_id=config.account_id,
            region=region,
            tags=on.tags,
            protect=on.plan.protect,
        ),
        opts,
    )
    made = Objects(
        BUCKET,
        ObjectsArgs(
            plans=(plan.recovery_bucket,),
            stack=config.platform,
            objects_key_arn=keys.arns[KEY],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        opts,
    )
    return Recovery(
        region=region,
        bucket=made.names[BUCKET],
        bucket_arn=made.arns[BUCKET],
        key_arn=keys.arns[KEY],
    )
