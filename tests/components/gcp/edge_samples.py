"""What tests of stores and of the way in on Google Cloud share."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from sizing.plans.edge import IngressPlan
from tests.components.aws import edge_plans


class Grant(pulumi.CustomResource):
    """Stands for what a component waits for: the right of a service's agent to use a key."""

    def __init__(self) -> None:
        super().__init__("test:index:Grant", "grant", {})


def ingress(*, internal: bool = False, waf: bool = True) -> IngressPlan:
    """Return the way in of the tests for AWS, in Google's words."""
    return replace(
        edge_plans.ingress(internal=internal, waf=waf),
        idle_timeout_seconds=3600,
        client_keep_alive_seconds=600,
        algorithm="LEAST_REQUEST",
    )
