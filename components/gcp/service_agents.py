"""The accounts that Google's services act as in a project: made, and given their usual role.

Google makes an agent at some time after its API is first used. One that is asked for earlier gets
no role by itself, and its service then fails at what the role is for
(https://docs.cloud.google.com/iam/docs/create-service-agents, read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_gcp import projects

from components.base import PlatformComponent
from components.gcp.key_grants import agent
from components.gcp.services import api
from components.sequel import Sequel

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "artifactregistry": "roles/artifactregistry.serviceAgent",
        "container": "roles/container.serviceAgent",
        "file": "roles/file.serviceAgent",
        "gkebackup": "roles/gkebackup.serviceAgent",
        "logging": "roles/logging.serviceAgent",
        "redis": "roles/redis.serviceAgent",
        "sqladmin": "roles/cloudsql.serviceAgent",
    }
)
"""What Google gives an agent that it makes by itself."""
ROLELESS: Final = ("secretmanager", "storage")
"""Services whose agent has no role on the project. That of Compute Engine comes with its API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlan:
    """One service's agent and its role on the project, "" for none."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAgentsArgs:
    """What the agents need: their project, and what turns their APIs on."""

    project: str
    project_number: str
    after: Sequence[pulumi.Resource]


class ServiceAgents(PlatformComponent):
    """Every agent that a key or a secret of a stack names, before the first stack names it."""

    ready: list[pulumi.Resource]
    """What grants to the agents wait for."""

    def __init__(
        self, name: str, args: ServiceAgentsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plans = tuple(
            AgentPlan(name=one, role=ROLES.get(one, "")) for one in sorted({*ROLES, *ROLELESS})
        )
        super().__init__("aigw:gcp:ServiceAgents", name, plans, opts)
        # one policy of the project holds all of these roles
        row = Sequel(self, args.after)
        for plan in plans:
            row.add(
                projects.ServiceIdentity(
                    f"{name}-{plan.name}",
                    project=args.project,
                    service=api(plan.name),
                    opts=row.next,
                )
            )
            if plan.role:
                row.add(
                    projects.IAMMember(
                        f"{name}-{plan.name}-role",
                        project=args.project,
                        role=plan.role,
                        member=agent(plan.name, args.project_number),
                        # without it the project's databases and clusters stop working
                        opts=self.child_with(depends_on=row.last, retain_on_delete=True),
                    )
                )
        self.ready = list(row.last)
        self.register_outputs({})
