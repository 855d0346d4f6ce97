"""Addresses, ranges and zones on Google Cloud."""

from __future__ import annotations

from sizing.capacity.network import CLOUD_NAT_ADDRESS_PORTS, nat_nodes
from sizing.checks.network import known_zones, ranges, zone_count
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.plans import Finding
from sizing.words import PostgresForm

STANDBY_ZONES = 2  # a regional Cloud SQL server's. Source: pulumi-gcp.


def check_network(subject: Subject) -> list[Finding]:
    """Return the findings of the network."""
    return [
        _pod_addresses(subject),
        *_nat_addresses(subject),
        ranges(subject, called="network", source="pulumi-gcp"),
        _zone_count(subject),
        known_zones(subject, source="cyclenerd-zones-2023"),
    ]


def _pod_addresses(subject: Subject) -> Finding:
    network = subject.plan.network
    need, have = network.pod_addresses_needed, network.pod_addresses_reserved
    return finding(
        subject,
        "network",
        "pod-addresses",
        limit(need, have),
        f"nodes take {need} of {have} addresses for pods at pool maximum, a block each",
        amount=Amount(demand=need, capacity=have, unit="addresses"),
        fix="set network.vpc_cidr to a larger range",
        source="gke-pod-cidr",
        blocking=True,
    )


def _nat_addresses(subject: Subject) -> list[Finding]:
    """Say whether the addresses of Cloud NAT have the ports of every node: it takes no others."""
    plan = subject.plan.network
    addresses, ports = len(plan.nat_zone_ids), plan.nat_ports
    if not addresses or ports is None:
        return []
    nodes, served = (
        sum(p.scale.maximum for p in subject.plan.node_pools),
        nat_nodes(addresses, ports),
    )
    return [
        finding(
            subject,
            "network",
            "nat-addresses",
            limit(nodes, served),
            f"{addresses} addresses of Cloud NAT serve {served} nodes with {ports} ports each; "
            f"{nodes} stand at pool maximum",
            amount=Amount(demand=nodes, capacity=served, unit="nodes"),
            fix="let fewer requests go to one outside model, or smaller pools grow",
            source=CLOUD_NAT_ADDRESS_PORTS.source,
        )
    ]


def _zone_count(subject: Subject) -> Finding:
    if subject.plan.postgres.form is PostgresForm.SINGLE:
        return zone_count(subject, 1, by="the nodes", source="pulumi-gcp")
    return zone_count(subject, STANDBY_ZONES, by="primary and standby", source="pulumi-gcp")
