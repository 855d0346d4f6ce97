"""The Google APIs that a platform needs, and the component that turns them on.

Whoever owns the project turns them on once, with the bootstrap: the right to do so is a right over
the whole project, which a deployer of stacks has no use for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_gcp import projects

from components.base import PlatformComponent

NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "aiplatform": "models of Vertex AI",
        "artifactregistry": "mirror of images",
        "backupdr": "copies of shared files",
        "certificatemanager": "certificates of the way in",
        "cloudkms": "keys",
        "cloudresourcemanager": "rights on the project",
        "compute": "network, nodes and disks",
        "container": "Kubernetes",
        "dns": "private names of Google's APIs",
        "file": "shared files",
        "gkebackup": "copies of volumes",
        "iam": "service accounts and roles",
        "iamcredentials": "tokens of workloads and of deployers",
        "logging": "logs of the cluster and the network",
        "monitoring": "metrics of managed stores",
        "networkconnectivity": "endpoints of Redis clusters",
        "redis": "caches",
        "secretmanager": "secrets",
        "serviceconsumermanagement": "endpoints of Redis clusters",
        "servicenetworking": "peering with managed stores",
        "serviceusage": "agents of services, and these APIs themselves",
        "sqladmin": "PostgreSQL",
        "storage": "buckets",
        "sts": "tokens of deployers",
    }
)
"""APIs by the names of plans, each with what asks for it."""


def api(service: str) -> str:
    """Return an API by the name that plans use ("sqladmin")."""
    return f"{service}.googleapis.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """One API and what it is for."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesArgs:
    """What the APIs need: the project that they are turned on in."""

    project: str


class Services(PlatformComponent):
    """Every API of `NEEDED`, on.

    They stay on when the component goes: others in the project may use them, and turning one off
    takes away what was made with it.
    """

    ready: list[pulumi.Resource]
    """What waits for an API waits for these."""

    def __init__(
        self, name: str, args: ServicesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plans = tuple(ServicePlan(name=one, reason=why) for one, why in sorted(NEEDED.items()))
        super().__init__("aigw:gcp:Services", name, plans, opts)
        self.ready = [
            projects.Service(
                f"{name}-{plan.name}",
                project=args.project,
                service=api(plan.name),
                disable_on_destroy=False,
                disable_dependent_services=False,
                opts=self.child,
            )
            for plan in plans
        ]
        self.register_outputs({})
