"""An own scheduler: pods to nodes by first fit, with nothing of the planner's packing in it.

Reserves are the vendors' formulas written out once more; DaemonSets are pods that every node runs
before any other. A replica goes to the zone that has fewest of its service, of those with room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sizing.catalog import InstanceType, instance
from sizing.plans import NodePoolPlan, PlatformPlan, ServicePlan
from sizing.words import Cloud

MIB, GIB = 1 << 20, 1 << 30
ROLE, ACCELERATOR = "aigw.io/role", "aigw.io/accelerator"
# What each role's pods tolerate.
TOLERATED = {
    "system": {"CriticalAddonsOnly"},
    "data": {ROLE},
    "search": {ROLE},
    "gpu": {"nvidia.com/gpu"},
}


@dataclass(frozen=True, slots=True)
class Allocatable:
    """CPU and memory of a node that planned pods may take."""

    millis: int
    memory: int


@dataclass(slots=True)
class Node:
    """One node with what is left on it."""

    pool: NodePoolPlan
    zone: str
    millis: int
    memory: int
    pods: int
    gpus: int

    def takes(self, pod: ServicePlan) -> bool:
        """Say whether a replica fits into what is left."""
        return (
            pod.cpu_request_millis <= self.millis
            and pod.memory_request_bytes <= self.memory
            and self.pods >= 1
            and pod.gpus <= self.gpus
        )

    def take(self, pod: ServicePlan) -> None:
        """Put a replica onto the node."""
        self.millis -= pod.cpu_request_millis
        self.memory -= pod.memory_request_bytes
        self.pods -= 1
        self.gpus -= pod.gpus


@dataclass(slots=True)
class Cluster:
    """Nodes, and the replicas that run on them by service and zone.

    Attributes:
        unbound: replicas that no node takes, by service.
        where: replicas by service, then by the place of their node.
    """

    nodes: list[Node]
    unbound: Counter[str] = field(default_factory=Counter)
    where: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def running(self, service: str, *, without: Callable[[Node], bool]) -> int:
        """Return the replicas of a service that no lost node held."""
        return sum(
            count for place, count in self.where[service].items() if not without(self.nodes[place])
        )


def cluster(
    plan: PlatformPlan,
    nodes_of: Callable[[NodePoolPlan], int],
    replicas_of: Callable[[ServicePlan], int],
    *,
    lost: str = "",
    spread: bool = True,
) -> Cluster:
    """Bind so many replicas of every service to so many nodes of every pool.

    Args:
        plan: whose pools and services they are.
        nodes_of: nodes of a pool while all its zones stand.
        replicas_of: replicas of a service.
        lost: a zone that is not there, with its nodes; "" where all are.
        spread: a replica goes to the zone with fewest of its service, else to the first node.
    """
    found = Cluster(nodes=[])
    for pool in plan.node_pools:
        machine = instance(plan.request.cloud, pool.instance_types[0])
        for number in range(nodes_of(pool)):
            zone = pool.zone_ids[number % len(pool.zone_ids)]
            if zone != lost:
                found.nodes.append(_empty(pool, zone, machine))
    for service in sorted(plan.services, key=lambda one: (-_size(one, found.nodes), one.name)):
        _bind(found, service, replicas_of(service), spread=spread)
    return found


def may_run(service: ServicePlan, pool: NodePoolPlan) -> bool:
    """Say whether a pool's labels are those that a service asks for, and its taints tolerated."""
    labels = dict(pool.labels)
    if labels[ROLE] != service.pool_role:
        return False
    if service.gpus and labels.get(ACCELERATOR) != service.pool.removeprefix("gpu-"):
        return False
    return {one.key for one in pool.taints} <= TOLERATED.get(service.pool_role, set())


def _bind(found: Cluster, service: ServicePlan, replicas: int, *, spread: bool) -> None:
    by_zone: dict[str, list[int]] = defaultdict(list)
    for place, node in enumerate(found.nodes):
        if may_run(service, node.pool):
            by_zone[node.zone if spread else ""].append(place)
    tried = dict.fromkeys(by_zone, 0)  # where a replica did not fit, its likes do not either
    counts = dict.fromkeys(by_zone, 0)
    left = {zone: _left(found, service, places) for zone, places in by_zone.items()}
    for bound in range(replicas):
        open_zones = [zone for zone in by_zone if _advance(found, service, by_zone, tried, zone)]
        if not open_zones:
            found.unbound[service.name] = replicas - bound
            return
        zone = min(open_zones, key=lambda one: (counts[one], -left[one], one))
        place = by_zone[zone][tried[zone]]
        found.nodes[place].take(service)
        found.where[service.name][place] += 1
        counts[zone] += 1
        left[zone] -= service.gpus or service.cpu_request_millis


def _advance(
    found: Cluster,
    service: ServicePlan,
    by_zone: dict[str, list[int]],
    tried: dict[str, int],
    zone: str,
) -> bool:
    places = by_zone[zone]
    while tried[zone] < len(places) and not found.nodes[places[tried[zone]]].takes(service):
        tried[zone] += 1
    return tried[zone] < len(places)


def _left(found: Cluster, service: ServicePlan, places: Iterable[int]) -> int:
    """Return what a zone has left: of GPUs where they are asked for, else of CPU."""
    nodes = [found.nodes[place] for place in places]
    return sum(node.gpus if service.gpus else node.millis for node in nodes)


def _size(service: ServicePlan, nodes: Iterable[Node]) -> float:
    """Return the largest share of an empty node that a replica takes."""
    node = next((one for one in nodes if may_run(service, one.pool)), None)
    if node is None:
        return 0
    return max(
        service.cpu_request_millis / max(1, node.millis),
        service.memory_request_bytes / max(1, node.memory),
        service.gpus / max(1, node.gpus),
    )


def _empty(pool: NodePoolPlan, zone: str, machine: InstanceType) -> Node:
    room = allocatable(machine, pool.max_pods)
    daemons = 10 if machine.gpus else 8
    return Node(
        pool=pool,
        zone=zone,
        millis=room.millis,
        memory=room.memory,
        pods=pool.max_pods - daemons,
        gpus=machine.gpus,
    )


def allocatable(machine: InstanceType, max_pods: int = 0) -> Allocatable:
    """Return what a node offers beside its DaemonSets; `max_pods` 0 for the cloud's usual cap."""
    large = machine.cloud is Cloud.AWS and machine.vcpu >= 30
    cpu, gpu = machine.vcpu * 1000, machine.gpus > 0
    return Allocatable(
        millis=cpu - _cpu_kept(cpu) - (500 if gpu else 350),
        memory=_memory(machine, max_pods or (250 if large else 110)) - (1000 if gpu else 600) * MIB,
    )


def _cpu_kept(millis: int) -> int:
    """6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest."""
    return _kept(millis, (0, 1000, 2000, 4000, millis), (600, 100, 50, 25))


def _memory(machine: InstanceType, pods: int) -> int:
    memory = machine.memory_bytes
    if machine.cloud is Cloud.AWS:  # what the hypervisor takes, then 11 MiB a pod, then eviction
        return int(memory * 0.925) - (11 * pods + 255 + 100) * MIB
    ends = (0, 4 * GIB, 8 * GIB, 16 * GIB, 128 * GIB, memory)
    return memory - _kept(memory, ends, (2500, 2000, 1000, 600, 200)) - 100 * MIB


def _kept(amount: int, ends: tuple[int, ...], shares: tuple[int, ...]) -> int:
    """Return ten-thousandths of the ranges between the ends, rounded up."""
    kept = sum(
        max(0, min(amount, high) - low) * share
        for low, high, share in zip(ends, ends[1:], shares, strict=False)
    )
    return -(-kept // 10_000)
