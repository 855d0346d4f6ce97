"""Vault: table 2.6 beside HashiCorp's validated design, and votes that survive a zone.

The validated design is advice: below it nothing is refuted, only unproven.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from sizing.capacity.constraint import Constraint
from sizing.capacity.votes import tolerated
from sizing.tiers.schema import VaultRow
from sizing.tiers.vocabulary import VaultTopology
from sizing.units import GIGA, MILLIS_PER_CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What the validated design asks of one node, as ranges, and how many of them there are."""

    cores: tuple[int, int]
    memory_gb: tuple[int, int]
    disk_gb: int
    iops: int


# Source: vault, 2026-11-21.
SMALL = Design(cores=(2, 4), memory_gb=(8, 16), disk_gb=100, iops=3000)
LARGE = Design(cores=(4, 8), memory_gb=(32, 64), disk_gb=200, iops=10_000)
NODES = 5
ZONES = 3
ADVICE = "below the validated design: measure under the load of secrets and leases expected"


def zone_loss(nodes: int, *, zones: int) -> Constraint:
    """Compare the nodes of the fullest zone with those that the votes can lose."""
    most = tolerated(nodes)
    return Constraint(
        name="zone-loss",
        unit="nodes lost",
        demand=ceil(nodes / zones),
        conservative=most,
        physical=most,
        hard=True,
        formula="nodes of the fullest zone; nodes - (nodes // 2 + 1)",
        source="vault",
    )


def processor(row: VaultRow, design: Design = SMALL) -> Constraint:
    """Compare the design's fewest cores with a row of table 2.6."""
    return _advised("cpu", "vCPU", design.cores[0], row.cpu_millis / MILLIS_PER_CPU)


def memory(row: VaultRow, design: Design = SMALL) -> Constraint:
    """Compare the design's least memory with a row of table 2.6."""
    return _advised("memory", "GB", design.memory_gb[0], row.memory_bytes / GIGA)


def disk(row: VaultRow, design: Design = SMALL) -> Constraint:
    """Compare the design's disk with a row of table 2.6."""
    return _advised("disk", "GB", design.disk_gb, row.storage_gb)


def nodes(count: int) -> Constraint:
    """Compare the design's five nodes with a cluster."""
    return _advised("nodes", "nodes", NODES, count)


def keeps(row: VaultRow) -> Constraint:
    """Compare the storage of a row with what its form keeps: a dev server keeps nothing."""
    kept = 0 if row.topology is VaultTopology.SINGLE_DEV else row.storage_gb
    return Constraint(
        name="kept",
        unit="GB",
        demand=row.storage_gb,
        conservative=kept,
        physical=kept,
        hard=True,
        formula="storage of the row; none where the server keeps everything in memory",
        source="vault",
    )


def _advised(name: str, unit: str, asked: float, there: float) -> Constraint:
    return Constraint(
        name=name,
        unit=unit,
        demand=asked,
        conservative=there,
        physical=None,
        hard=True,
        formula="the least of the validated design; the row of table 2.6",
        source="vault",
        measure=ADVICE,
    )
