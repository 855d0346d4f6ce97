"""Who reaches the load balancer, and what it reaches.

The rules that let it into the pods stand on the cluster's security group and have one owner: a
TargetGroupBinding with `networking` would make its controller add and remove its own beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from components.base import PlatformComponent

HTTP, HTTPS = 80, 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The balancer's group, and the rules that let it into the pods."""

    group: ec2.SecurityGroup
    into_pods: tuple[vpc.SecurityGroupIngressRule, ...]


def balancer_access(
    owner: PlatformComponent,
    name: str,
    *,
    vpc_id: pulumi.Input[str],
    clients: Iterable[str],
    pods: pulumi.Input[str],
    pod_ports: Iterable[int],
    tags: Mapping[str, str],
) -> Access:
    """Create the balancer's group, and the rules on the pods' group that let it in.

    Args:
        clients: IPv4 ranges that may connect; one that is there twice counts once.
        pods: security group of the nodes and their pods.
        pod_ports: what the balancer asks of pods, health checks included.
    """
    group = ec2.SecurityGroup(
        f"{name}-access",
        # a change replaces the group, so it says only what never changes
        description=f"{name}: HTTP and HTTPS in, pods out",
        vpc_id=vpc_id,
        tags=owner.tags(tags, name),
        opts=owner.child,
    )
    for cidr in dict.fromkeys(clients):
        for port in (HTTP, HTTPS):
            vpc.SecurityGroupIngressRule(
                f"{name}-{port}-from-{_word(cidr)}",
                security_group_id=group.id,
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                description=f"{cidr} to {name}",
                tags=owner.tags(tags),
                opts=owner.child,
            )
    return Access(
        group=group,
        into_pods=tuple(
            _to_pods(owner, name, group.id, pods, port, tags) for port in sorted(pod_ports)
        ),
    )


def _to_pods(
    owner: PlatformComponent,
    name: str,
    group: pulumi.Input[str],
    pods: pulumi.Input[str],
    port: int,
    tags: Mapping[str, str],
) -> vpc.SecurityGroupIngressRule:
    vpc.SecurityGroupEgressRule(
        f"{name}-to-pods-{port}",
        security_group_id=group,
        referenced_security_group_id=pods,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=f"{name} to pods",
        tags=owner.tags(tags),
        opts=owner.child,
    )
    return vpc.SecurityGroupIngressRule(
        f"{name}-into-pods-{port}",
        security_group_id=pods,
        referenced_security_group_id=group,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=f"{name} into pods",
        tags=owner.tags(tags),
        opts=owner.child,
    )


def _word(cidr: str) -> str:
    return cidr.replace(".", "-").replace("/", "-")
