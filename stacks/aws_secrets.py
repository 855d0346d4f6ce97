"""The secrets of what runs in a stack's cluster: made once, or given with the stack's config."""

from __future__ import annotations

from components.aws.secrets import Secrets, SecretsArgs
from stacks.apps.build import generated, kept
from stacks.apps.secrets import given_secrets
from stacks.aws_ground import Ground


def build_secrets(on: Ground) -> Secrets:
    """Register every secret; a given one keeps the name that it has in the config."""
    return Secrets(
        "secrets",
        SecretsArgs(
            generated=generated(on.config, on.plan),
            given=given_secrets(on.config),
            kept=kept(on.plan),
            stack=on.config.platform,
            data_key_arn=on.keys["data"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )
