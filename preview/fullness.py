"""How full a node pool is at its planned size, resource by resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sizing.plans import NodePoolPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Fullness:
    """How much of a pool's planned nodes its pods ask for, as shares; None without GPUs."""

    cpu: float
    memory: float
    pods: float
    gpus: float | None


def fullness(pool: NodePoolPlan) -> Fullness:
    """Return how full a pool is at its planned size."""
    nodes = pool.scale.planned
    return Fullness(
        cpu=share(pool.requested_millis, nodes * pool.allocatable_millis),
        memory=share(pool.requested_bytes, nodes * pool.allocatable_bytes),
        pods=share(pool.requested_pods, nodes * pool.max_pods),
        gpus=share(pool.requested_gpus, nodes * pool.gpus_per_node) if pool.gpus_per_node else None,
    )


def share(part: float, whole: float) -> float:
    """Return part / whole to a hundredth of a percent; an empty whole is empty."""
    return round(part / whole, 4) if whole else 0.0
