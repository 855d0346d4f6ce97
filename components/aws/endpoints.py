"""Ways to AWS' own services that do not leave the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from components.base import PlatformComponent
from sizing.plans import EndpointPlan, NetworkPlan
from sizing.words import EndpointKind

_HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSurroundings:
    """Where endpoints stand: interfaces in `subnet_ids`, gateways in `route_table_ids`."""

    region: str
    vpc_id: pulumi.Output[str]
    subnet_ids: list[pulumi.Output[str]]
    route_table_ids: list[pulumi.Output[str]]
    tags: Mapping[str, str]


def endpoints(
    owner: PlatformComponent, name: str, plan: NetworkPlan, around: EndpointSurroundings
) -> list[pulumi.Resource]:
    """Create the plan's endpoints below a component; interfaces share one security group."""
    gateways = [one for one in plan.endpoints if one.kind is EndpointKind.GATEWAY]
    interfaces = [one for one in plan.endpoints if one.kind is EndpointKind.INTERFACE]
    made: list[pulumi.Resource] = [_gateway(owner, name, one, around) for one in gateways]
    if interfaces:
        group = _group(owner, name, plan.vpc_cidr, around)
        made += [_interface(owner, name, one, around, group) for one in interfaces]
    return made


def _role(plan: EndpointPlan) -> str:
    return f"endpoint-{plan.service.replace('.', '-')}"


def _service(plan: EndpointPlan, around: EndpointSurroundings) -> str:
    return f"com.amazonaws.{around.region}.{plan.service}"


def _gateway(
    owner: PlatformComponent, name: str, plan: EndpointPlan, around: EndpointSurroundings
) -> ec2.VpcEndpoint:
    return ec2.VpcEndpoint(
        f"{name}-{_role(plan)}",
        vpc_id=around.vpc_id,
        service_name=_service(plan, around),
        vpc_endpoint_type=plan.kind.value,
        route_table_ids=around.route_table_ids,
        tags=owner.tags(around.tags, f"{around.tags['stack']}-{_role(plan)}"),
        opts=owner.child,
    )


def _interface(
    owner: PlatformComponent,
    name: str,
    plan: EndpointPlan,
    around: EndpointSurroundings,
    group: ec2.SecurityGroup,
) -> ec2.VpcEndpoint:
    return ec2.VpcEndpoint(
        f"{name}-{_role(plan)}",
        vpc_id=around.vpc_id,
        service_name=_service(plan, around),
        vpc_endpoint_type=plan.kind.value,
        subnet_ids=around.subnet_ids,
        security_group_ids=[group.id],
        # clients keep using the service's public name
        private_dns_enabled=True,
        tags=owner.tags(around.tags, f"{around.tags['stack']}-{_role(plan)}"),
        opts=owner.child,
    )


def _group(
    owner: PlatformComponent, name: str, vpc_cidr: str, around: EndpointSurroundings
) -> ec2.SecurityGroup:
    tags = owner.tags(around.tags, f"{around.tags['stack']}-endpoints")
    group = ec2.SecurityGroup(
        f"{name}-endpoints",
        description="HTTPS from the VPC to interface endpoints",
        vpc_id=around.vpc_id,
        tags=tags,
        opts=owner.child,
    )
    vpc.SecurityGroupIngressRule(
        f"{name}-endpoints-https",
        security_group_id=group.id,
        description="HTTPS from the VPC",
        cidr_ipv4=vpc_cidr,
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        tags=tags,
        opts=owner.child,
    )
    return group
