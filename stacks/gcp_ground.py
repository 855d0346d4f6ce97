"""What every part of a stack on Google Cloud stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.gcp.keys import Keys
from components.gcp.network import Network
from components.gcp.workload_identity import principal
from sizing.plans import PlatformPlan, SubnetPlan
from sizing.words import SubnetKind
from stacks.config_gcp import GcpConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every part below stands on."""

    config: GcpConfig
    plan: PlatformPlan
    keys: Keys
    network: Network
    labels: Mapping[str, str]
    opts: pulumi.ResourceOptions

    @property
    def nodes(self) -> SubnetPlan:
        """Return the subnet that nodes stand in."""
        (found,) = (one for one in self.plan.network.subnets if one.kind is SubnetKind.PRIVATE)
        return found

    def principal(self, namespace: str, service_account: str) -> str:
        """Return a service account of the cluster as IAM calls it."""
        pool = f"{self.config.project}.svc.id.goog"
        return principal(self.config.project_number, pool, namespace, service_account)
