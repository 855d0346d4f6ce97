"""Bandwidth, connections and load balancer units at peak, in prod with a zone lost."""

from __future__ import annotations

from dataclasses import replace

from sizing.capacity import network
from sizing.catalog import instance
from sizing.checks.constraints import constrained
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.planning.serving import lost_zone_nodes
from sizing.plans import Finding, NodePoolPlan
from sizing.words import Cloud, Verdict

COMPONENT = "network"
REQUEST_PATH = "general"


def check_traffic(subject: Subject) -> list[Finding]:
    """Return the findings of what crosses the network at peak."""
    load = subject.setting.load
    ingress = subject.setting.tables.network.ingress_mbps
    pool = next(one for one in subject.plan.node_pools if one.role == REQUEST_PATH)
    return [
        constrained(
            subject,
            COMPONENT,
            # table 3.2 asks, it does not limit: a load balancer grows by itself
            replace(network.ingress(load, subject.setting.quantity(ingress)), physical=None),
            said="beside table 3.2, which no load balancer enforces",
            fix="lower the tokens of a request, or state a measured bandwidth",
        ),
        constrained(
            subject,
            COMPONENT,
            network.internal(load, _gbps(subject, pool)),
            said=f"nodes of the pool {pool.name}"
            + ("" if subject.setting.is_dev else ", with a zone lost"),
            fix="raise sizing.overrides.pools.general.planned",
        ),
        *_outside(subject),
    ]


def _gbps(subject: Subject, pool: NodePoolPlan) -> float:
    """Return the bandwidth of the nodes that stand at peak."""
    machine = instance(subject.plan.request.cloud, pool.instance_types[0])
    return _standing(subject, pool) * machine.network_gbps


def _standing(subject: Subject, pool: NodePoolPlan) -> int:
    """Return the nodes that stand with a zone lost; in dev none is lost."""
    nodes, zones = pool.scale.planned, min(pool.scale.planned, len(pool.zone_ids))
    return nodes if subject.setting.is_dev or zones == 1 else lost_zone_nodes(nodes, zones)


def _outside(subject: Subject) -> list[Finding]:
    """Return what the ways out carry, and what the way in bills by units."""
    if subject.plan.request.cloud is Cloud.GCP:
        return [_ports(subject)]
    load, gateways = subject.setting.load, len(subject.plan.network.nat_zone_ids)
    lost = 1 if subject.setting.is_prod and gateways > 1 else 0
    needed = network.nat_gateways_needed(load, lost=lost)
    said = f"{gateways} NAT gateways" + (", one lost" if lost else "")
    carried = [
        constrained(
            subject,
            COMPONENT,
            one,
            said=said,
            fix=f"{needed} NAT gateways would carry the peak; or give them further addresses, call "
            "providers by several host names, or reach them without NAT",
        )
        for one in (
            network.nat_bandwidth(load, gateways, lost=lost),
            network.nat_connections(load, gateways, lost=lost),
        )
    ]
    return [*carried, _balancer(subject)]


def _ports(subject: Subject) -> Finding:
    """Say whether a node has the ports of Cloud NAT that the peak takes."""
    pool = next(one for one in subject.plan.node_pools if one.role == REQUEST_PATH)
    ports = network.nat_ports_needed(subject.setting.load, max(1, _standing(subject, pool)))
    have = subject.plan.network.nat_ports or int(network.CLOUD_NAT_LEAST_PORTS)
    return finding(
        subject,
        COMPONENT,
        "nat-ports",
        limit(ports, have),
        f"{ports} ports a node carry the peak to one destination; {have} are set aside for each, "
        "and a node takes more as it needs them",
        amount=Amount(demand=ports, capacity=have, unit="ports a node"),
        fix=f"set Cloud NAT's min_ports_per_vm to {ports}",
        source="cloud-nat-ports",
    )


def _balancer(subject: Subject) -> Finding:
    """Say what AWS' balancer bills at peak: it grows by itself, so that nothing is short."""
    units = network.capacity_units(subject.setting.load)
    return finding(
        subject,
        COMPONENT,
        "load-balancer-units",
        Verdict.NOT_APPLICABLE,
        f"{units.units:.1f} capacity units at peak: {units.new_connections:.1f} by new "
        f"connections, {units.active_connections:.1f} by active ones, {units.traffic:.1f} by "
        "traffic; the balancer grows by itself and bills them",
        amount=Amount(demand=round(units.units, 1), capacity=None, unit="capacity units"),
        source=network.LCU_ACTIVE.source,
    )
