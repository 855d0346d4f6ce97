"""The network on Google Cloud: regional subnets, secondary ranges, one NAT for the region.

`NetworkPlan` in its words: a subnet's `zone_id` is its region; `pod_reservation_cidr` is the
secondary range of pods, that of services being the cluster's `service_cidr`; the public subnet is
for load balancers' proxies, the isolated range for managed stores (private services access). NAT
serves every zone of `nat_zone_ids`; Google's own services need no endpoint. Pod addresses are
those of the region, not of a zone.
"""

from __future__ import annotations

from sizing.capacity.network import nat_ports_needed
from sizing.planning.environment import Setting
from sizing.planning.gcp.addresses import cut, pod_addresses
from sizing.planning.notes import note
from sizing.planning.serving import lost_zone_nodes
from sizing.plans import Adjustment, NetworkPlan, NodePoolPlan, SubnetPlan
from sizing.tiers.vocabulary import EndpointNeed
from sizing.words import Direction, SubnetKind

REQUEST_PATH = "general"  # the pool that calls outside models


def network(
    setting: Setting, pools: tuple[NodePoolPlan, ...]
) -> tuple[NetworkPlan, tuple[Adjustment, ...]]:
    """Return the network, sized so that every node has its pods' addresses at pool maximum.

    Raises:
        ValueError: the range is too small; the message names the smallest that works.
    """
    request = setting.request
    nodes = sum(pool.scale.maximum for pool in pools)
    ranges = cut(request.vpc_cidr, nodes)
    rows = (
        ("nodes", SubnetKind.PRIVATE, ranges.nodes, ranges.pods),
        ("proxies", SubnetKind.PUBLIC, ranges.proxies, None),
        ("services", SubnetKind.ISOLATED, ranges.services, None),
    )
    plan = NetworkPlan(
        vpc_cidr=request.vpc_cidr,
        zone_ids=request.zone_ids,
        subnets=tuple(
            SubnetPlan(
                name=f"{name}-{request.region}",
                kind=kind,
                zone_id=request.region,
                cidr=cidr,
                pod_reservation_cidr=pods,
            )
            for name, kind, cidr, pods in rows
        ),
        nat_zone_ids=request.zone_ids,
        endpoints=(),
        flow_log_retention_days=setting.log_days,
        pod_addresses_needed=pod_addresses(nodes),
        pod_addresses_reserved=ranges.pod_addresses,
        nat_ports=_nat_ports(setting, pools),
    )
    return plan, _notes(setting)


def _nat_ports(setting: Setting, pools: tuple[NodePoolPlan, ...]) -> int:
    """Return the ports with which the nodes that stand carry the peak to one destination."""
    pool = next(one for one in pools if one.role == REQUEST_PATH)
    nodes, zones = pool.scale.planned, min(pool.scale.planned, len(pool.zone_ids))
    stand = nodes if setting.is_dev or zones <= 1 else lost_zone_nodes(nodes, zones)
    return nat_ports_needed(setting.load, max(1, stand))


def _notes(setting: Setting) -> tuple[Adjustment, ...]:
    need = setting.tables.network.vpc_endpoints
    if need is EndpointNeed.OPTIONAL:
        return ()
    return (
        note(
            "network.endpoints",
            need,
            "Private Google Access",
            direction=Direction.REPLACED,
            rule="private-google-access",
            reason="Google's services answer inside the network without an endpoint for each",
        ),
    )
