"""The secrets of what runs in a stack's cluster: made once, or given with the stack's config."""

from __future__ import annotations

from components.gcp.secrets import Secrets, SecretsArgs
from stacks.apps.build import generated, kept
from stacks.apps.secrets import given_secrets
from stacks.gcp_ground import Ground


def build_secrets(on: Ground) -> Secrets:
    """Register every secret; a given one keeps the name that it has in the config."""
    return Secrets(
        "secrets",
        SecretsArgs(
            generated=generated(on.config, on.plan),
            given=given_secrets(on.config),
            kept=kept(on.plan),
            stack=on.config.platform,
            region=on.config.region,
            data_key=on.keys.ids["data"],
            key_ready=on.keys.ready,
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )
