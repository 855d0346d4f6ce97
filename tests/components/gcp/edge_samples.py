"""What tests of stores and of the way in on Google Cloud share."""

from __future__ import annotations

import pulumi


class Grant(pulumi.CustomResource):
    """Stands for what a component waits for: the right of a service's agent to use a key."""

    def __init__(self) -> None:
        super().__init__("test:index:Grant", "grant", {})
