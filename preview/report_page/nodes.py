"""Which pods stand on which node at planned size: the plan's own pools, filled as it packs them.

DaemonSets are taken off what a node offers before; they are on every node, and no box of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from preview.fullness import share
from sizing.placement.nodes import place_pods
from sizing.placement.pods import NodeKind, Placement, Pod, Unplaced
from sizing.planning.items import item
from sizing.plans import NodePoolPlan, PlatformPlan, ServicePlan
from sizing.reserve import Room

CPU, MEMORY, GPU = "CPU", "memory", "GPU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pods:
    """Replicas of one service on one node."""

    service: ServicePlan
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node with its pods, by name of the service.

    Attributes:
        number: from 1, within its pool.
    """

    pool: NodePoolPlan
    zone: str
    number: int
    pods: tuple[Pods, ...]

    @property
    def replicas(self) -> int:
        """Return how many pods it holds."""
        return sum(one.count for one in self.pods)

    def taken(self, measure: str) -> float:
        """Return the part of it that its pods ask for."""
        return sum(one.count * part(one.service, self.pool, measure) for one in self.pods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """All nodes of a plan, pool by pool, and the pods that no node takes."""

    nodes: tuple[Node, ...]
    unplaced: tuple[Unplaced, ...]

    def of(self, pool: NodePoolPlan, zone: str | None = None) -> tuple[Node, ...]:
        """Return a pool's nodes, in all zones or in one."""
        return tuple(
            one for one in self.nodes if one.pool.name == pool.name and zone in (None, one.zone)
        )


def measure(pool: NodePoolPlan) -> str:
    """Return what a pool's boxes show: the resource of which its pods take the most."""
    if pool.gpus_per_node:
        return GPU
    whole = max(1, pool.scale.planned)
    cpu = share(pool.requested_millis, whole * pool.allocatable_millis)
    memory = share(pool.requested_bytes, whole * pool.allocatable_bytes)
    return MEMORY if memory > cpu else CPU


def part(service: ServicePlan, pool: NodePoolPlan, of: str) -> float:
    """Return the part of one node that one replica asks for."""
    asked, offered = {
        CPU: (service.cpu_request_millis, pool.allocatable_millis),
        MEMORY: (service.memory_request_bytes, pool.allocatable_bytes),
        GPU: (service.gpus, pool.gpus_per_node),
    }[of]
    return asked / offered if offered else 0.0


def filled(plan: PlatformPlan) -> Filled:
    """Return every node of a plan at planned size, and which pods it holds."""
    nodes: list[Node] = []
    unplaced: list[Unplaced] = []
    for role in dict.fromkeys(pool.role for pool in plan.node_pools):
        pools = [pool for pool in plan.node_pools if pool.role == role]
        services = {one.name: one for one in plan.services if one.pool_role == role}
        placed = _placed(services.values(), pools)
        unplaced += placed.unplaced
        for pool in pools:
            nodes += _nodes(pool, services, placed)
    return Filled(nodes=tuple(nodes), unplaced=tuple(unplaced))


def zones(pool: NodePoolPlan) -> tuple[tuple[str, int], ...]:
    """Return a pool's zones with the nodes in each, evenly as its group keeps them."""
    each, rest = divmod(pool.scale.planned, len(pool.zone_ids))
    return tuple((zone, each + (place < rest)) for place, zone in enumerate(pool.zone_ids))


def _placed(services: Iterable[ServicePlan], pools: Sequence[NodePoolPlan]) -> Placement:
    """Return where pods go: evenly over zones, or wherever they fit if that leaves any over."""
    kinds = [
        NodeKind(
            name=pool.name,
            zone=zone,
            count=count,
            room=_room(pool),
            labels=frozenset({pool.name}),
        )
        for pool in pools
        for zone, count in zones(pool)
    ]
    pods = [
        Pod(
            item=item(one, one.scale.planned),
            labels=frozenset({one.pool} if one.pool else ()),
            spread=True,
        )
        for one in services
    ]
    even = place_pods(pods, kinds)
    if not even.unplaced:
        return even
    return place_pods([replace(pod, spread=False) for pod in pods], kinds)


def _room(pool: NodePoolPlan) -> Room:
    return Room(
        millis=pool.allocatable_millis,
        memory_bytes=pool.allocatable_bytes,
        pods=pool.max_pods,
        gpus=pool.gpus_per_node,
    )


def _nodes(pool: NodePoolPlan, services: dict[str, ServicePlan], placed: Placement) -> list[Node]:
    """Return a pool's nodes zone by zone, the fullest of a zone first, empty ones last."""
    found: list[Node] = []
    for zone, count in zones(pool):
        states = [one for one in placed.filled if (one.kind, one.zone) == (pool.name, zone)]
        states.sort(key=lambda one: (-sum(pods for _, pods in one.pods), one.pods))
        held = [one.pods for one in states for _ in range(one.nodes)]
        held += [()] * (count - len(held))
        for pods in held:
            found.append(
                Node(
                    pool=pool,
                    zone=zone,
                    number=len(found) + 1,
                    pods=tuple(Pods(service=services[name], count=n) for name, n in pods),
                )
            )
    return found
