"""What the engine runs: the bootstrap of the cloud whose config the stack has."""

from __future__ import annotations

from importlib import import_module

import pulumi

from bootstrap import gcp_config


def main() -> None:
    """Build what the account or the project of this stack needs.

    Only the stack's own cloud is imported: each SDK takes its time.
    """
    namespace, _, key = gcp_config.KEY.partition(":")
    cloud = "gcp" if pulumi.Config(namespace).get(key) else "aws"
    import_module(f"bootstrap.{cloud}").main()
