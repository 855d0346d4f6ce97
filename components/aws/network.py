"""The network: subnets in the plan's zones, ways out through NAT, and ways to AWS that stay in.

Public subnets hold only balancers and NAT gateways, private ones nodes and pods, isolated ones
data stores, which reach nothing outside the VPC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, ec2

from components.aws.endpoints import EndpointSurroundings, endpoints
from components.aws.identity import IamSettings, Statement, service_role
from components.base import PlatformComponent
from components.naming import flow_log_group
from sizing.plans import NetworkPlan, SubnetPlan
from sizing.words import SubnetKind

_ANYWHERE = "0.0.0.0/0"
# by these tags the load balancer controller finds the subnets of its balancers
_BALANCER_TAGS = {
    SubnetKind.PUBLIC: {"kubernetes.io/role/elb": "1"},
    SubnetKind.PRIVATE: {"kubernetes.io/role/internal-elb": "1"},
    SubnetKind.ISOLATED: {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What the network needs: its plan, the key of its logs, and where its role may live."""

    plan: NetworkPlan
    region: str
    account_id: str
    logs_key_arn: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]


class Network(PlatformComponent):
    """VPC, subnets, routes, NAT, endpoints and flow logs.

    A subnet's zone and CIDR cannot change in place; the plan therefore keeps both for a stack's
    life. The default security group is closed: whatever forgets to name its own gets nothing.
    """

    vpc_id: pulumi.Output[str]
    """The VPC's id."""
    vpc_cidr: str
    """The VPC's own address range, as planned."""
    public_subnet_ids: dict[str, pulumi.Output[str]]
    """Subnets of balancers and NAT gateways, by zone id."""
    private_subnet_ids: dict[str, pulumi.Output[str]]
    """Subnets of nodes and pods, by zone id."""
    isolated_subnet_ids: dict[str, pulumi.Output[str]]
    """Subnets of data stores, by zone id."""
    private_route_table_ids: dict[str, pulumi.Output[str]]
    """Route tables of the subnets of nodes, by zone id."""
    isolated_route_table_id: pulumi.Output[str]
    """Route table of the subnets of data stores."""
    egress: list[pulumi.Resource]
    """Routes and endpoints that a node needs before it can pull an image or join."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Network", name, args.plan, opts)
        self._name, self._args = name, args
        self._vpc = ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.plan.vpc_cidr,
            # EKS and private names of endpoints need both
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self.tags(args.tags, args.tags["stack"]),
            opts=self.child,
        )
        self._close_default_group()
        self._flow_logs()
        subnets = {plan.name: self._subnet(plan) for plan in args.plan.subnets}
        self.vpc_id, self.vpc_cidr = self._vpc.id, args.plan.vpc_cidr
        self.public_subnet_ids = self._by_zone(subnets, SubnetKind.PUBLIC)
        self.private_subnet_ids = self._by_zone(subnets, SubnetKind.PRIVATE)
        self.isolated_subnet_ids = self._by_zone(subnets, SubnetKind.ISOLATED)
        tables, self.egress = self._routes(subnets)
        self.egress += endpoints(
            self,
            name,
            args.plan,
            EndpointSurroundings(
                region=args.region,
                vpc_id=self._vpc.id,
                subnet_ids=list(self.private_subnet_ids.values()),
                route_table_ids=[table.id for table in tables],
                tags=args.tags,
            ),
        )
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "isolated_subnet_ids": self.isolated_subnet_ids,
            }
        )

    def _tags(self, role: str) -> dict[str, str]:
        return self.tags(self._args.tags, f"{self._args.tags['stack']}-{role}")

    def _by_zone(
        self, subnets: Mapping[str, ec2.Subnet], kind: SubnetKind
    ) -> dict[str, pulumi.Output[str]]:
        planned = self._args.plan.subnets
        return {plan.zone_id: subnets[plan.name].id for plan in planned if plan.kind == kind}

    def _close_default_group(self) -> None:
        ec2.DefaultSecurityGroup(
            f"{self._name}-default-closed",
            vpc_id=self._vpc.id,
            ingress=[],
            egress=[],
            tags=self._tags("default-closed"),
            opts=self.child,
        )

    def _flow_logs(self) -> None:
        name, args = self._name, self._args
        group = cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=flow_log_group(args.tags["stack"]),
            kms_key_id=args.logs_key_arn,
            retention_in_days=args.plan.flow_log_retention_days,
            tags=self._tags("flow-logs"),
            opts=self.child,
        )
        writer = service_role(
            self,
            f"{name}-flow-logs-role",
            service="vpc-flow-logs.amazonaws.com",
            account_id=args.account_id,
            iam_settings=args.iam,
            tags=args.tags,
            statements=[
                Statement(
                    sid="WriteFlowLogs",
                    actions=[
                        "logs:CreateLogStream",
                        "logs:DescribeLogGroups",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    resources=[group.arn, pulumi.Output.concat(group.arn, ":*")],
                )
            ],
        )
        ec2.FlowLog(
            f"{name}-flow-log",
            vpc_id=self._vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=writer.arn,
            tags=self._tags("flow-log"),
            # without its rights the first records are lost and the flow log shows an error
            opts=self.child_with(depends_on=writer.grants),
        )

    def _subnet(self, plan: SubnetPlan) -> ec2.Subnet:
        subnet = ec2.Subnet(
            f"{self._name}-{plan.name}",
            vpc_id=self._vpc.id,
            cidr_block=plan.cidr,
            # ids, not letters: us-east-1a is another building in every account
            availability_zone_id=plan.zone_id,
            map_public_ip_on_launch=False,
            tags={**self._tags(plan.name), **_BALANCER_TAGS[plan.kind]},
            opts=self.child,
        )
        if plan.pod_reservation_cidr is not None:
            ec2.SubnetCidrReservation(
                f"{self._name}-{plan.name}-pods",
                subnet_id=subnet.id,
                cidr_block=plan.pod_reservation_cidr,
                # keeps /28 blocks whole for the CNI; single addresses come from the rest
                reservation_type="prefix",
                description="pods",
                opts=self.child,
            )
        return subnet

    def _routes(
        self, subnets: Mapping[str, ec2.Subnet]
    ) -> tuple[list[ec2.RouteTable], list[pulumi.Resource]]:
        """Return the tables of private and isolated subnets, and the routes that lead out."""
        gateway = ec2.InternetGateway(
            f"{self._name}-internet",
            vpc_id=self._vpc.id,
            tags=self._tags("internet"),
            opts=self.child,
        )
        public, isolated = self._table("public"), self._table("isolated")
        out: list[pulumi.Resource] = [
            ec2.Route(
                f"{self._name}-public-out",
                route_table_id=public.id,
                destination_cidr_block=_ANYWHERE,
                gateway_id=gateway.id,
                opts=self.child,
            )
        ]
        nats = {zone: self._nat(zone, out[0]) for zone in self._args.plan.nat_zone_ids}
        private: dict[str, ec2.RouteTable] = {}
        for zone in self.private_subnet_ids:
            private[zone] = self._table(f"private-{zone}")
            if nats:
                nat = nats.get(zone) or nats[self._args.plan.nat_zone_ids[0]]
                out.append(
                    ec2.Route(
                        f"{self._name}-private-{zone}-out",
                        route_table_id=private[zone].id,
                        destination_cidr_block=_ANYWHERE,
                        nat_gateway_id=nat.id,
                        opts=self.child,
                    )
                )
        for plan in self._args.plan.subnets:
            table = {
                SubnetKind.PUBLIC: public,
                SubnetKind.PRIVATE: private.get(plan.zone_id, isolated),
                SubnetKind.ISOLATED: isolated,
            }[plan.kind]
            joined = ec2.RouteTableAssociation(
                f"{self._name}-{plan.name}-routes",
                subnet_id=subnets[plan.name].id,
                route_table_id=table.id,
                opts=self.child,
            )
            out.append(joined)
        self.private_route_table_ids = {zone: table.id for zone, table in private.items()}
        self.isolated_route_table_id = isolated.id
        return [*private.values(), isolated], out

    def _table(self, role: str) -> ec2.RouteTable:
        return ec2.RouteTable(
            f"{self._name}-{role}", vpc_id=self._vpc.id, tags=self._tags(role), opts=self.child
        )

    def _nat(self, zone: str, internet: pulumi.Resource) -> ec2.NatGateway:
        address = ec2.Eip(
            f"{self._name}-nat-{zone}-address",
            domain="vpc",
            tags=self._tags(f"nat-{zone}"),
            opts=self.child,
        )
        return ec2.NatGateway(
            f"{self._name}-nat-{zone}",
            subnet_id=self.public_subnet_ids[zone],
            allocation_id=address.id,
            tags=self._tags(f"nat-{zone}"),
            # a NAT gateway in a subnet without a way out fails to become available
            opts=self.child_with(depends_on=[internet]),
        )
