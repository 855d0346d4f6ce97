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
from stacks.gcp_hosting import GcpHosted


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What every part of any stack stands on.

    Attributes:
        keys: its own.
        opts: providers of the cloud.
    """

    config: GcpConfig
    plan: PlatformPlan
    keys: Keys
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Floor):
    """What every part of a stack with a cluster of its own stands on."""

    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodger(Floor):
    """What every part of a guest of a cluster stands on.

    Attributes:
        host: what its host told of itself.
    """

    host: pulumi.Output[GcpHosted]
