"""The network: subnets of the region, one way out through NAT, and ways to Google that stay in.

It begins without any route: nodes leave by the ones made here, or not at all. Managed stores come
in by a range of their own, balancers by a subnet of their proxies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_gcp import compute

from components.base import PlatformComponent
from components.gcp import google_apis
from components.gcp.firewall import ANYWHERE, Surroundings, firewall
from components.gcp.flow_logs import RECORDED, flow_logs
from components.gcp.private_services import peering
from sizing.plans import NetworkPlan, SubnetPlan
from sizing.words import SubnetKind

PODS: Final = "pods"
SERVICES: Final = "services"
_OUT: Final = "default-internet-gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What the network needs: its plan, where it stands, and the key of its logs.

    Attributes:
        service_cidr: the cluster's, a secondary range of the nodes' subnet.
        logs_key_id: opens to Cloud Logging; the flow logs' bucket is closed with it.
        internet_ports: TCP ports of the internet that nodes and pods reach through NAT.
        restricted_apis: reach only Google's APIs that a service perimeter can hold.
    """

    plan: NetworkPlan
    service_cidr: str
    project: str
    region: str
    logs_key_id: pulumi.Input[str]
    internet_ports: tuple[int, ...] = (443,)
    restricted_apis: bool = False
    labels: Mapping[str, str]
    protect: bool


class Network(PlatformComponent):
    """VPC, subnets, routes, NAT, firewall, private names and flow logs.

    A subnet's range can only grow in place, and a secondary range that is in use never goes; the
    plan therefore keeps both for a stack's life.
    """

    network_id: pulumi.Output[str]
    """The network's id ("projects/<project>/global/networks/<name>")."""
    network_self_link: pulumi.Output[str]
    """The network's URL."""
    subnet_ids: dict[str, pulumi.Output[str]]
    """Subnets by the plan's names; the stores' range is none."""
    nodes_subnet_id: pulumi.Output[str]
    """The subnet of nodes, pods, services and stores' endpoints."""
    pod_range: str
    """Name of the nodes' secondary range for pods."""
    service_range: str
    """Name of the nodes' secondary range for services."""
    network_cidr: str
    """The network's own address range, as planned."""
    nat_addresses: dict[str, pulumi.Output[str]]
    """Addresses by which the network is seen outside, by the plan's zones."""
    private_services: list[pulumi.Resource]
    """What managed stores with an address of the network wait for."""
    egress: list[pulumi.Resource]
    """What a node needs before it can pull an image or join."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Network", name, args.plan, opts)
        self._name, self._args = name, args
        self._labels = self.tags(args.labels)
        self._front = google_apis.RESTRICTED if args.restricted_apis else google_apis.PRIVATE
        self._vpc = compute.Network(
            f"{name}-vpc",
            project=args.project,
            description=f"{args.labels['stack']}: platform",
            auto_create_subnetworks=False,
            delete_default_routes_on_create=True,
            routing_mode="REGIONAL",
            opts=self.child,
        )
        nodes = self._nodes()
        self.network_id, self.network_self_link = self._vpc.id, self._vpc.self_link
        self.network_cidr = args.plan.vpc_cidr
        self.pod_range, self.service_range = PODS, SERVICES
        self.nodes_subnet_id = nodes.id
        self.subnet_ids = {self._planned(SubnetKind.PRIVATE).name: nodes.id, **self._proxies()}
        flow_logs(
            self,
            f"{name}-flow-logs",
            nodes,
            project=args.project,
            region=args.region,
            stack=args.labels["stack"],
            key_id=args.logs_key_id,
            retention_days=args.plan.flow_log_retention_days,
        )
        self.private_services = [
            peering(
                self,
                f"{name}-stores",
                self._planned(SubnetKind.ISOLATED).cidr,
                project=args.project,
                network=self._vpc.id,
                labels=self._labels,
                protect=args.protect,
            )
        ]
        self.nat_addresses = {}
        self.egress = [*self._ways_out(nodes), *self._names(), self._firewall()]
        self.register_outputs(
            {
                "network_id": self.network_id,
                "subnet_ids": self.subnet_ids,
                "nat_addresses": self.nat_addresses,
            }
        )

    def _planned(self, kind: SubnetKind) -> SubnetPlan:
        (found,) = (one for one in self._args.plan.subnets if one.kind is kind)
        return found

    def _nodes(self) -> compute.Subnetwork:
        plan, args = self._planned(SubnetKind.PRIVATE), self._args
        assert plan.pod_reservation_cidr is not None, plan.name
        secondary = {PODS: plan.pod_reservation_cidr, SERVICES: args.service_cidr}
        return compute.Subnetwork(
            f"{self._name}-{plan.name}",
            project=args.project,
            network=self._vpc.id,
            region=plan.zone_id,
            ip_cidr_range=plan.cidr,
            secondary_ip_ranges=[
                compute.SubnetworkSecondaryIpRangeArgs(range_name=name, ip_cidr_range=cidr)
                for name, cidr in secondary.items()
            ],
            stack_type="IPV4_ONLY",
            private_ip_google_access=True,
            log_config=RECORDED,
            opts=self.child,
        )

    def _proxies(self) -> dict[str, pulumi.Output[str]]:
        """Return the subnet that regional balancers call from; a region takes one."""
        plan = self._planned(SubnetKind.PUBLIC)
        made = compute.Subnetwork(
            f"{self._name}-{plan.name}",
            project=self._args.project,
            network=self._vpc.id,
            region=plan.zone_id,
            ip_cidr_range=plan.cidr,
            purpose="REGIONAL_MANAGED_PROXY",
            role="ACTIVE",
            opts=self.child,
        )
        return {plan.name: made.id}

    def _route(self, role: str, to: str) -> compute.Route:
        return compute.Route(
            f"{self._name}-{role}",
            project=self._args.project,
            network=self._vpc.id,
            dest_range=to,
            next_hop_gateway=_OUT,
            opts=self.child,
        )

    def _ways_out(self, nodes: compute.Subnetwork) -> list[pulumi.Resource]:
        # the front of Google's APIs is no part of the internet, but its route ends there
        out: list[pulumi.Resource] = [self._route("google-apis", self._front.cidr)]
        if self._args.plan.nat_zone_ids:
            out += [self._route("internet", ANYWHERE), self._nat(nodes)]
        return out

    def _nat(self, nodes: compute.Subnetwork) -> compute.RouterNat:
        name, args = self._name, self._args
        router = compute.Router(
            f"{name}-router",
            project=args.project,
            region=args.region,
            network=self._vpc.id,
            opts=self.child,
        )
        addresses = {
            zone: compute.Address(
                f"{name}-nat-{zone}",
                project=args.project,
                region=args.region,
                address_type="EXTERNAL",
                labels=self._labels,
                opts=self.child,
            )
            for zone in args.plan.nat_zone_ids
        }
        self.nat_addresses = {zone: one.address for zone, one in addresses.items()}
        return compute.RouterNat(
            f"{name}-nat",
            project=args.project,
            region=args.region,
            router=router.name,
            # providers of models let known addresses in
            nat_ip_allocate_option="MANUAL_ONLY",
            nat_ips=[one.self_link for one in addresses.values()],
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                compute.RouterNatSubnetworkArgs(
                    name=nodes.id,
                    source_ip_ranges_to_nats=["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
                    secondary_ip_range_names=[PODS],
                )
            ],
            # nodes take more ports as they need them, which excludes a fixed mapping
            enable_dynamic_port_allocation=True,
            enable_endpoint_independent_mapping=False,
            min_ports_per_vm=args.plan.nat_ports,
            log_config=compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
            opts=self.child,
        )

    def _names(self) -> list[pulumi.Resource]:
        made = google_apis.google_apis(
            self,
            f"{self._name}-dns",
            self._front,
            project=self._args.project,
            network=self._vpc.id,
            labels=self._labels,
        )
        return list(made)

    def _firewall(self) -> pulumi.Resource:
        args = self._args
        around = Surroundings(
            project=args.project,
            network=self._vpc.id,
            inside=(args.plan.vpc_cidr, args.service_cidr),
            nodes_cidr=self._planned(SubnetKind.PRIVATE).cidr,
            google_cidr=self._front.cidr,
            internet_ports=args.internet_ports if args.plan.nat_zone_ids else (),
        )
        return firewall(self, f"{self._name}-firewall", around)
