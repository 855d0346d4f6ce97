"""The secrets of what runs in a stack's cluster: made once, or given with the stack's config."""

from __future__ import annotations

from components.aws.secrets import Secrets, SecretsArgs
from components.generated import GeneratedSecret
from stacks.apps.secrets import given_secrets
from stacks.aws_ground import Floor


def build_secrets(
    on: Floor, generated: tuple[GeneratedSecret, ...], kept: tuple[str, ...] = ()
) -> Secrets:
    """Register every secret; a given one keeps the name that it has in the config.

    Args:
        on: what the stack stands on.
        generated: what is made for its programs.
        kept: what programs of its own fill.
    """
    return Secrets(
        "secrets",
        SecretsArgs(
            generated=generated,
            given=given_secrets(on.config),
            kept=kept,
            stack=on.config.platform,
            data_key_arn=on.keys["data"],
            tags=on.tags,
            protect=on.plan.protect,
        ),
        on.opts,
    )
