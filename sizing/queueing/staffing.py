"""Replicas of a stateless tier: enough for the percentile, the rate, the scaler, a zone lost."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite

from sizing.capacity.constraint import RATE_HEADROOM
from sizing.capacity.litellm import CPU_TARGET_PERCENT
from sizing.model import Figure
from sizing.queueing.erlang import Crew, servers_for
from sizing.words import Kind

WAIT_PERCENTILE = Figure(
    value=0.99,
    unit="share of requests that must wait no longer than the objective",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
# A whole number that a float missed by its last digits is still that number.
FLOAT_SLACK = 1e-9
PERCENT = 100

WAIT = "wait"
RATE = "rate"
CPU = "cpu"
ZONE_SPREAD = "zone-spread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """How many replicas a stateless tier takes, and why.

    Attributes:
        replicas: to plan for the peak.
        binding: the rule that asks for most: "wait", "rate", "cpu" or "zone-spread".
        needed: the fewest that keep the percentile at the peak, nothing lost and nothing spare.
        survivors: those left of `replicas` when a zone is lost.
        by_wait: replicas for the percentile with a zone lost.
        by_rate: replicas for the rate with a zone lost.
        by_cpu: replicas that keep the autoscaler at rest while all are up.
    """

    replicas: int
    binding: str
    needed: int
    survivors: int
    by_wait: int
    by_rate: int
    by_cpu: int


def survivors(replicas: int, zones: int) -> int:
    """Return the replicas left when the fullest of the zones is lost; all of them in one zone."""
    if zones < 1 or replicas < 0:
        raise ValueError(f"{replicas} replicas in {zones} zones cannot be")
    return replicas if zones == 1 else replicas - ceil(replicas / zones)


def with_zone_lost(needed: int, zones: int) -> int:
    """Return the fewest replicas of which `needed` survive the loss of a zone."""
    if zones < 1 or needed < 0:
        raise ValueError(f"{needed} replicas in {zones} zones cannot be")
    return needed if zones == 1 else needed + ceil(needed / (zones - 1))


def at_most(demand: float, capacity: float) -> int:
    """Return how many of `capacity` carry `demand`, rounded up."""
    return ceil(demand / capacity - FLOAT_SLACK)


def workers(
    arrivals_per_second: float,
    crew: Crew,
    wait_ms: float,
    *,
    zones: int = 1,
    workers_per_replica: int = 1,
    percentile: float = WAIT_PERCENTILE.value,
) -> Staffing:
    """Return the replicas of a stateless tier.

    Args:
        arrivals_per_second: the planned peak.
        crew: one worker's conservative rate, and what stands behind a queue.
        wait_ms: the longest wait in the queue that `percentile` of requests may see.
        zones: over how many the replicas are spread, one of which may be lost; 1 plans for none.
        workers_per_replica: workers of one pod.
        percentile: the share of requests that the objective speaks of.

    Raises:
        ValueError: arrivals, wait, percentile or counts that cannot be.
    """
    if workers_per_replica < 1 or not isfinite(arrivals_per_second):
        raise ValueError(f"{arrivals_per_second}/s on replicas of {workers_per_replica} workers")
    capacity = crew.service_rate_per_second * workers_per_replica
    waiting = servers_for(arrivals_per_second, crew, wait_ms, percentile)
    needed = max(1, ceil(waiting / workers_per_replica))
    rate = at_most(arrivals_per_second, capacity * RATE_HEADROOM.value)
    asked = {
        WAIT: with_zone_lost(needed, zones),
        RATE: with_zone_lost(rate, zones),
        CPU: at_most(arrivals_per_second, capacity * CPU_TARGET_PERCENT.value / PERCENT),
        ZONE_SPREAD: zones,
    }
    binding = max(asked, key=lambda rule: asked[rule])  # the first of equals
    return Staffing(
        replicas=asked[binding],
        binding=binding,
        needed=needed,
        survivors=survivors(asked[binding], zones),
        by_wait=asked[WAIT],
        by_rate=asked[RATE],
        by_cpu=asked[CPU],
    )
