"""The way in: load balancer, certificate and names, joined to pods from inside the cluster.

The balancer is the region's, for the world or for the network: proxies of a subnet of ours take
requests and pass them on to pods' addresses. It is made here and not by GKE's Gateway, so that it
stands before a cluster does, survives its replacement, and leaves nothing behind at a `destroy`;
GKE only fills the groups of addresses that it sends to (`endpoint_groups`). Who may call is the
policy before it (`armor`): a proxy's front has no firewall of the network's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import compute, dns

from components.base import PlatformComponent
from components.gcp.certificate import TTL_SECONDS, certificate
from components.gcp.endpoint_groups import Place, Targets, scheme, targets
from components.gcp.ingress_routes import redirect, routes
from sizing.plans.edge import IngressPlan

PROBES = ("35.191.0.0/16", "130.211.0.0/22")
"""Where Google asks for health from (gcp-health-checks)."""
HTTP, HTTPS = "80", "443"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressArgs:
    """What the way in needs from its surroundings.

    Attributes:
        domain: what stands behind the targets' hosts ("ai.example.com").
        zone: name of the managed zone of that domain; certificates wait for ever where the world
            is not delegated to it.
        zones: of the cluster's nodes.
        network: self link of the network.
        nodes_subnet: self link of the nodes' subnet, where an internal balancer's address is, too.
        proxy_subnet: id of the subnet of the region's proxies.
        proxy_cidr: its range, the plan's.
        node_service_account: e-mail of the account of every node, by which the firewall knows
            them.
        policy: self link of the firewall's policy (`Armor`), None lets everybody call.
        access_logs: write who asked what to Cloud Logging, where the logs' bucket says for how
            long it is kept; the firewall's decisions stand in the same lines.
    """

    plan: IngressPlan
    stack: str
    project: str
    region: str
    domain: str
    zone: pulumi.Input[str]
    zones: Sequence[str]
    network: pulumi.Input[str]
    nodes_subnet: pulumi.Input[str]
    proxy_subnet: pulumi.Input[str]
    proxy_cidr: str
    node_service_account: pulumi.Input[str]
    policy: pulumi.Input[str] | None
    labels: Mapping[str, str]
    protect: bool
    access_logs: bool = True


class Ingress(PlatformComponent):
    """An application load balancer that answers for each target's host, and 404 for others.

    A change between internal and internet-facing replaces the balancer and its address; a new
    host replaces the certificate, the old one serving until the new one stands.
    """

    groups: dict[str, pulumi.Output[str]]
    """Names of the groups of endpoints by target name, for the bindings."""
    blocks: tuple[str, ...]
    """Addresses that pods are called from: proxies and probes."""
    address: pulumi.Output[str]
    """Where the balancer answers."""
    url: str
    """Where the first target answers."""
    urls: dict[str, str]
    """Where each target answers, by target name."""
    hosts: dict[str, str]
    """Host of each target, by target name."""
    ready: Sequence[pulumi.Resource]
    """What bindings depend on: GKE lets a group go before it is deleted."""

    def __init__(
        self, name: str, args: IngressArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Ingress", name, args.plan, opts)
        self._name, self._args = name, args
        hosts = {one.name: f"{one.host}.{args.domain}" for one in args.plan.targets}
        behind = self._targets()
        let_in = self._firewall()
        address = self._address()
        self._listeners(address, hosts, {key: one.service for key, one in behind.items()})
        for target, host in hosts.items():
            self._record(target, host, address)
        self.groups = {key: one.name for key, one in behind.items()}
        self.blocks = (args.proxy_cidr, *PROBES)
        self.address = address.address
        self.hosts = hosts
        self.urls = {key: f"https://{host}" for key, host in hosts.items()}
        self.url = next(iter(self.urls.values()))
        self.ready = (let_in, *(group for one in behind.values() for group in one.groups))
        self.register_outputs(
            {
                "groups": self.groups,
                "address": self.address,
                "url": self.url,
                "urls": self.urls,
                "hosts": self.hosts,
            }
        )

    def _targets(self) -> dict[str, Targets]:
        args = self._args
        place = Place(
            project=args.project,
            region=args.region,
            zones=args.zones,
            stack=args.stack,
            network=args.network,
            nodes_subnet=args.nodes_subnet,
        )
        return {
            one.name: targets(
                self,
                self._name,
                one,
                plan=args.plan,
                place=place,
                policy=args.policy,
                logged=args.access_logs,
            )
            for one in args.plan.targets
        }

    def _firewall(self) -> compute.Firewall:
        """Let proxies and probes into the nodes' pods: GKE does so for its own balancers alone."""
        args = self._args
        ports = {port for one in args.plan.targets for port in (one.port, one.health_port)}
        return compute.Firewall(
            f"{self._name}-into-pods",
            project=args.project,
            network=args.network,
            description=f"{self._name}: proxies and probes into pods",
            direction="INGRESS",
            source_ranges=[args.proxy_cidr, *PROBES],
            target_service_accounts=[args.node_service_account],
            allows=[
                compute.FirewallAllowArgs(
                    protocol="tcp", ports=[str(port) for port in sorted(ports)]
                )
            ],
            opts=self.child,
        )

    def _address(self) -> compute.Address:
        args, internal = self._args, self._args.plan.internal
        return compute.Address(
            f"{self._name}-address",
            project=args.project,
            region=args.region,
            description=f"{args.stack}: the way in",
            address_type="INTERNAL" if internal else "EXTERNAL",
            # two rules, for HTTP and for HTTPS, on one address
            purpose="SHARED_LOADBALANCER_VIP" if internal else None,
            subnetwork=args.nodes_subnet if internal else None,
            network_tier=None if internal else "PREMIUM",
            labels=self.tags(args.labels),
            opts=self.child_with(protect=args.protect),
        )

    def _listeners(
        self,
        address: compute.Address,
        hosts: Mapping[str, str],
        services: Mapping[str, compute.RegionBackendService],
    ) -> None:
        name, args = self._name, self._args
        valid = certificate(
            self,
            name,
            hosts=list(hosts.values()),
            project=args.project,
            region=args.region,
            zone=args.zone,
            labels=args.labels,
        )
        policy = compute.RegionSslPolicy(
            f"{name}-tls",
            project=args.project,
            region=args.region,
            profile="RESTRICTED",
            min_tls_version="TLS_1_2",
            post_quantum_key_exchange="ENABLED",
            opts=self.child,
        )
        secure = compute.RegionTargetHttpsProxy(
            f"{name}-https",
            project=args.project,
            region=args.region,
            url_map=routes(self, name, args.project, args.region, hosts, services).id,
            certificate_manager_certificates=[valid.id],
            ssl_policy=policy.id,
            http_keep_alive_timeout_sec=args.plan.client_keep_alive_seconds,
            opts=self.child,
        )
        plain = compute.RegionTargetHttpProxy(
            f"{name}-http",
            project=args.project,
            region=args.region,
            url_map=redirect(self, name, args.project, args.region).id,
            opts=self.child,
        )
        self._rule("https-in", address, HTTPS, secure.id)
        self._rule("http-in", address, HTTP, plain.id)

    def _rule(
        self, role: str, address: compute.Address, port: str, target: pulumi.Output[str]
    ) -> None:
        args, internal = self._args, self._args.plan.internal
        # without a subnet for proxies no rule of the region is taken
        at = pulumi.Output.all(address.self_link, args.proxy_subnet).apply(_first)
        compute.ForwardingRule(
            f"{self._name}-{role}",
            project=args.project,
            region=args.region,
            load_balancing_scheme=scheme(args.plan),
            network=args.network,
            subnetwork=args.nodes_subnet if internal else None,
            network_tier=None if internal else "PREMIUM",
            # who is connected to the network may call from another region
            allow_global_access=True if internal else None,
            ip_protocol="TCP",
            ip_address=at,
            port_range=port,
            target=target,
            labels=self.tags(args.labels),
            # an address has one rule a port
            opts=self.child_with(protect=args.protect, delete_before_replace=True),
        )

    def _record(self, target: str, host: str, address: compute.Address) -> None:
        dns.RecordSet(
            f"{self._name}-{target}-name",
            project=self._args.project,
            managed_zone=self._args.zone,
            name=f"{host}.",
            type="A",
            ttl=TTL_SECONDS,
            rrdatas=[address.address],
            opts=self.child,
        )


def _first(known: Sequence[str]) -> str:
    return known[0]
