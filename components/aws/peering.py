"""A way from a guest's nodes to its host's stores, and to nothing else of the host's network.

Both networks are of one account and region. Routes lead to single subnets: the guest's nodes see
the subnets of the host's stores, those see the subnets of the nodes, and neither is a way through
to a third network. Pods leave their network by the address of their node (EKS, SNAT for pods).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import ec2, vpc

from components.base import PlatformComponent


@dataclass(frozen=True, slots=True, kw_only=True)
class PeeringPlan:
    """Between whom.

    Attributes:
        host: name of the stack whose stores are reached.
        nodes: blocks of the guest's subnets of nodes, by zone id.
        stores: blocks of the host's subnets of stores, by zone id.
        ports: of the stores, by their names.
    """

    host: str
    nodes: Mapping[str, str]
    stores: Mapping[str, str]
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeeringArgs:
    """What the way joins.

    Attributes:
        vpc_id: the guest's.
        node_tables: route tables of the guest's subnets of nodes, by zone id.
        hosts_vpc_id: the host's.
        store_table: route table of the host's subnets of stores.
        doors: security groups of the host's stores, by the names that `plan.ports` has.
    """

    plan: PeeringPlan
    vpc_id: pulumi.Input[str]
    node_tables: Mapping[str, pulumi.Input[str]]
    hosts_vpc_id: pulumi.Input[str]
    store_table: pulumi.Input[str]
    doors: Mapping[str, pulumi.Input[str]]
    tags: Mapping[str, str]


class Peering(PlatformComponent):
    """The connection, its routes at both ends, and the guest's rules at the host's stores.

    All of it is the guest's and goes with it: the host's own file changes nothing here. Another
    network at either end replaces the connection, and every connection through it breaks.
    """

    ready: list[pulumi.Resource]
    """What speaks to the host's stores waits for these."""

    def __init__(
        self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Peering", name, args.plan, opts)
        joined = ec2.VpcPeeringConnection(
            f"{name}-connection",
            vpc_id=args.vpc_id,
            peer_vpc_id=args.hosts_vpc_id,
            # both ends are one account's, in one region
            auto_accept=True,
            # names of the host's network are answered with private addresses
            accepter=ec2.VpcPeeringConnectionAccepterArgs(allow_remote_vpc_dns_resolution=True),
            requester=ec2.VpcPeeringConnectionRequesterArgs(allow_remote_vpc_dns_resolution=False),
            tags=self.tags(args.tags, f"{args.tags['stack']}-to-{args.plan.host}"),
            opts=self.child,
        )
        self.ready = [*self._routes(name, args, joined), *self._rules(name, args)]
        self.register_outputs({"connection_id": joined.id})

    def _routes(
        self, name: str, args: PeeringArgs, joined: ec2.VpcPeeringConnection
    ) -> Iterator[ec2.Route]:
        def route(where: str, table: pulumi.Input[str], block: str) -> ec2.Route:
            return ec2.Route(
                f"{name}-{where}",
                route_table_id=table,
                destination_cidr_block=block,
                vpc_peering_connection_id=joined.id,
                opts=self.child,
            )

        for zone, table in args.node_tables.items():
            for theirs, block in args.plan.stores.items():
                yield route(f"{zone}-to-{theirs}", table, block)
        for zone, block in args.plan.nodes.items():
            yield route(f"back-to-{zone}", args.store_table, block)

    def _rules(self, name: str, args: PeeringArgs) -> Iterator[vpc.SecurityGroupIngressRule]:
        for store, port in args.plan.ports.items():
            for zone, block in args.plan.nodes.items():
                yield vpc.SecurityGroupIngressRule(
                    f"{name}-{store}-from-{zone}",
                    security_group_id=args.doors[store],
                    cidr_ipv4=block,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description=f"nodes of {args.tags['stack']} in {zone} to {store}",
                    tags=self.tags(args.tags),
                    opts=self.child,
                )
