"""The Google service account of a cluster's nodes: what a kubelet does, and nothing of pods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_gcp import artifactregistry, projects, serviceaccount

from components.base import PlatformComponent
from components.naming import service_account_id

NODE_ROLE = "roles/container.defaultNodeServiceAccount"
"""Writes log lines and measurements; a project's, since neither has a resource to be granted on."""
READER = "roles/artifactregistry.reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAccount:
    """The account, and what a node waits for that runs as it."""

    email: pulumi.Output[str]
    member: pulumi.Output[str]
    grants: list[pulumi.Resource]


def node_account(owner: PlatformComponent, name: str, *, project: str, stack: str) -> NodeAccount:
    """Create the account that nodes run as; no key of it exists.

    Pods get none of its rights: GKE's metadata server gives each pod its own identity.
    """
    account = serviceaccount.Account(
        f"{name}-nodes",
        account_id=service_account_id(stack, "nodes"),
        project=project,
        display_name=f"nodes of {stack}",
        opts=owner.child,
    )
    member = pulumi.Output.concat("serviceAccount:", account.email)
    granted = projects.IAMMember(
        f"{name}-nodes-role", project=project, role=NODE_ROLE, member=member, opts=owner.child
    )
    return NodeAccount(email=account.email, member=member, grants=[granted])


def readers(
    owner: PlatformComponent,
    name: str,
    email: pulumi.Input[str],
    repositories: Mapping[str, pulumi.Input[str]],
    region: str,
) -> list[pulumi.Resource]:
    """Let nodes pull from repositories, each granted by itself.

    Args:
        repositories: ids of repositories of Artifact Registry in the region, by a stable name.
    """
    return [
        artifactregistry.RepositoryIamMember(
            f"{name}-reads-{key}",
            repository=repository,
            location=region,
            role=READER,
            member=pulumi.Output.concat("serviceAccount:", email),
            opts=owner.child,
        )
        for key, repository in sorted(repositories.items())
    ]
