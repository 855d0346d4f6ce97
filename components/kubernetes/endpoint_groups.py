"""Pods of a Service in a balancer's groups of endpoints: GKE's twin of a TargetGroupBinding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.kubernetes.cluster import labels, selector

NEG = "cloud.google.com/neg"
_NO_WAIT = {"pulumi.com/skipAwait": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBinding:
    """A Service's pods, and the groups of endpoints that they become members of.

    Attributes:
        service: whose pods, by the name that they are labelled with.
        port: what they listen on.
        group: name that the groups of all zones share.
    """

    service: str
    port: int
    group: pulumi.Input[str]


def group_binding(
    owner: PlatformComponent,
    name: str,
    binding: GroupBinding,
    *,
    namespace: pulumi.Input[str],
    after: Sequence[pulumi.Resource],
) -> core.v1.Service:
    """Create a Service that does nothing but have its pods registered.

    The workload's own Service stays as it is on every cloud. A pod is ready only once the
    balancer finds it healthy: GKE adds that gate by itself.

    Args:
        owner: the component that it belongs to.
        name: of the resource, unique in the stack.
        binding: what is joined.
        namespace: of the pods.
        after: the groups, which GKE would make itself if they were not there yet.
    """
    called = f"{binding.service}-balancer"
    return core.v1.Service(
        name,
        metadata=meta.v1.ObjectMetaArgs(
            name=called,
            namespace=namespace,
            labels=labels(called),
            annotations={**_NO_WAIT, NEG: annotation({binding.port: binding.group})},
        ),
        spec=core.v1.ServiceSpecArgs(
            type="ClusterIP",
            selector=selector(binding.service),
            ports=[
                core.v1.ServicePortArgs(
                    name="http", port=binding.port, target_port=binding.port, protocol="TCP"
                )
            ],
        ),
        opts=owner.child_with(depends_on=[*after], delete_before_replace=True),
    )


def annotation(groups: Mapping[int, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return which port's pods belong to the groups of which name, as GKE reads it."""
    return pulumi.Output.json_dumps(
        {"exposed_ports": {str(port): {"name": group} for port, group in sorted(groups.items())}}
    )
