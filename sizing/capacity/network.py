"""The network at peak: bandwidth, connections, NAT gateways and load balancer capacity units.

Bytes follow from tokens by the figures that price traffic, of which three are assumed. Bandwidth is
therefore unproven at best, and refuted where the bare text of prompts and answers is too much.
Every link here is full duplex: prompts and answers are judged by the larger of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sizing.capacity.constraint import RATE_HEADROOM, Constraint
from sizing.model import Figure
from sizing.pricing.traffic import (
    BYTES_PER_TOKEN,
    LCU_CONNECTIONS,
    LCU_GIB_PER_HOUR,
    REQUEST_OVERHEAD_BYTES,
    STREAM_EVENT_BYTES,
    ZONE_HOPS,
)
from sizing.units import GIB, GIGA, MBPS_PER_GBPS, SECONDS_PER_HOUR
from sizing.words import Kind
from sizing.workload import Workload

BITS_PER_BYTE = 8
NAT_GBPS = Figure(
    value=5,
    unit="Gbit/s that a NAT gateway gives at once",
    source="nat-gateway",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
NAT_MOST_GBPS = Figure(
    value=100,
    unit="Gbit/s to which a NAT gateway scales by itself",
    source="nat-gateway",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
NAT_CONNECTIONS = Figure(
    value=55_000,
    unit="connections to one destination for each address of a NAT gateway",
    source="nat-gateway",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
CLOUD_NAT_LEAST_PORTS = Figure(
    value=32,
    unit="ports a node that Cloud NAT sets aside at the least",
    source="cloud-nat-ports",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
CLOUD_NAT_ADDRESS_PORTS = Figure(
    value=64_512,
    unit="source ports of an address of Cloud NAT, for TCP as for UDP",
    source="cloud-nat-addresses",
    date="2026-11-22",
    kind=Kind.VENDOR,
)
LCU_ACTIVE = Figure(
    value=3000,
    unit="active connections per LCU",
    source="elb-lcu",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
ASSUMPTION = (
    f"a token is {BYTES_PER_TOKEN.value:g} bytes of text, a streamed one "
    f"{STREAM_EVENT_BYTES.value:g}, headers and JSON {REQUEST_OVERHEAD_BYTES.value:g} each way"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Bytes of an average request and of its answer."""

    prompt_bytes: float
    answer_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandwidth:
    """Gbit/s of prompts and of answers, which travel in opposite directions."""

    prompts_gbps: float
    answers_gbps: float

    @property
    def larger(self) -> float:
        """Return what the busier direction takes."""
        return max(self.prompts_gbps, self.answers_gbps)

    @property
    def both(self) -> float:
        """Return both directions together."""
        return self.prompts_gbps + self.answers_gbps


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityUnits:
    """What an application load balancer bills at peak, by each of its measures."""

    new_connections: float
    active_connections: float
    traffic: float

    @property
    def units(self) -> float:
        """Return the billed units: the largest measure."""
        return max(self.new_connections, self.active_connections, self.traffic)


def message(load: Workload) -> Message:
    """Return what a request and its answer take on the wire."""
    text, overhead = BYTES_PER_TOKEN.value, REQUEST_OVERHEAD_BYTES.value
    token = load.streaming_share * STREAM_EVENT_BYTES.value + (1 - load.streaming_share) * text
    return Message(
        prompt_bytes=load.input_tokens * text + overhead,
        answer_bytes=load.output_tokens * token + overhead,
    )


def bare_text(load: Workload) -> Message:
    """Return the least that a request and its answer take: their text."""
    text = BYTES_PER_TOKEN.value
    return Message(prompt_bytes=load.input_tokens * text, answer_bytes=load.output_tokens * text)


def at_rate(one: Message, requests_per_second: float) -> Bandwidth:
    """Return the bandwidth of messages at a rate."""
    gigabits = requests_per_second * BITS_PER_BYTE / GIGA
    return Bandwidth(
        prompts_gbps=one.prompt_bytes * gigabits, answers_gbps=one.answer_bytes * gigabits
    )


def peak(load: Workload) -> Bandwidth:
    """Return what crosses the load balancer at peak, cached answers included."""
    return at_rate(message(load), load.requests_per_second_peak)


def connections(load: Workload) -> float:
    """Return the connections open at peak, one for each request in flight."""
    return load.concurrent_requests_at_peak


def ingress(load: Workload, mbps: float) -> Constraint:
    """Judge the busier direction at the load balancer against a bandwidth, as of table 3.2."""
    least = at_rate(bare_text(load), load.requests_per_second_peak)
    return _bandwidth(
        "ingress",
        peak(load).larger,
        least.larger,
        mbps / MBPS_PER_GBPS,
        "peak requests/s x 8 x bytes of the larger of prompt and answer <= bandwidth",
    )


def internal(load: Workload, gbps: float) -> Constraint:
    """Judge what nodes pass on to each other against their bandwidth in one direction.

    Args:
        load: what users do.
        gbps: the sum over the nodes that carry the request path, or table 3.2's figure.
    """
    least = at_rate(bare_text(load), load.requests_per_second_peak)
    return _bandwidth(
        "internal",
        peak(load).both * ZONE_HOPS.value,
        least.both,
        gbps,
        "peak requests/s x 8 x bytes of prompt and answer x hops <= bandwidth of the nodes "
        "(at the least one hop)",
    )


def nat_bandwidth(load: Workload, gateways: int, *, lost: int = 1) -> Constraint:
    """Judge what goes to outside models against the NAT gateways that are left."""
    rate, left = load.outside_requests_per_second_at_peak, max(1, gateways - lost)
    return Constraint(
        name="nat-bandwidth",
        unit="Gbit/s",
        demand=at_rate(message(load), rate).larger,
        conservative=left * NAT_GBPS.value,
        physical=left * NAT_MOST_GBPS.value,
        hard=False,
        formula="outside requests/s at peak x 8 x bytes of the larger of prompt and answer <= "
        "(NAT gateways - lost) x 5 Gbit/s, 100 when scaled",
        source=NAT_GBPS.source,
        assumption=ASSUMPTION,
        measure="read BytesOutToDestination and BytesInFromDestination of the gateways at peak",
    )


def nat_connections(
    load: Workload, gateways: int, *, addresses: int = 1, lost: int = 1
) -> Constraint:
    """Judge the connections to outside models as if all went to one destination.

    Args:
        load: what users do.
        gateways: NAT gateways, one a zone.
        addresses: addresses of each.
        lost: gateways away; the only one is taken as standing.
    """
    capacity = max(1, gateways - lost) * addresses * NAT_CONNECTIONS.value
    return Constraint(
        name="nat-connections",
        unit="connections",
        demand=outside_connections(load),
        conservative=capacity,
        physical=capacity,
        hard=True,
        formula="outside requests/s at peak x seconds in flight <= (NAT gateways - lost) x "
        "addresses x 55,000; as if each request had a connection, and all one destination",
        source=NAT_CONNECTIONS.source,
    )


def nat_ports_needed(load: Workload, nodes: int) -> int:
    """Return the least ports of a node that carry the peak: a power of two, as is asked."""
    ports = ceil(outside_connections(load) / nodes)
    return max(int(CLOUD_NAT_LEAST_PORTS), 1 << max(0, ports - 1).bit_length())


def nat_nodes(addresses: int, ports: int) -> int:
    """Return the nodes for which so many addresses have the ports that are set aside for each."""
    return addresses * (int(CLOUD_NAT_ADDRESS_PORTS) // ports)


def outside_connections(load: Workload) -> float:
    """Return the requests in flight to outside models at peak."""
    return load.outside_requests_per_second_at_peak * load.request_seconds


def nat_gateways_needed(load: Workload, *, addresses: int = 1, lost: int = 1) -> int:
    """Return the NAT gateways that carry the peak with `lost` of them away."""
    rate = load.outside_requests_per_second_at_peak
    by_bandwidth = at_rate(message(load), rate).larger / (NAT_GBPS.value * RATE_HEADROOM.value)
    by_connections = outside_connections(load) / (addresses * NAT_CONNECTIONS.value)
    return max(1, ceil(by_bandwidth), ceil(by_connections)) + lost


def capacity_units(load: Workload) -> CapacityUnits:
    """Return the load balancer capacity units at peak, with a new connection for each request."""
    hourly_bytes = peak(load).both * GIGA / BITS_PER_BYTE * SECONDS_PER_HOUR
    return CapacityUnits(
        new_connections=load.requests_per_second_peak / LCU_CONNECTIONS.value,
        active_connections=connections(load) / LCU_ACTIVE.value,
        traffic=hourly_bytes / GIB / LCU_GIB_PER_HOUR.value,
    )


def _bandwidth(name: str, demand: float, least: float, gbps: float, formula: str) -> Constraint:
    return Constraint(
        name=name,
        unit="Gbit/s",
        demand=demand,
        conservative=gbps,
        # refuted where the bare text alone is more than the link
        physical=gbps * demand / least if least else gbps,
        hard=False,
        formula=formula + "; at most: the same with the bare text of the tokens",
        source="ec2-bandwidth",
        assumption=ASSUMPTION,
        measure="read the bytes of the load balancer and of the nodes at peak",
    )
