"""The workload in the cluster that keeps what no cloud sells: vectors.

The documented replicas and sizes are the floor. A volume is raised to what the load fills; memory
is raised before the number of members, since more members only vote longer.
"""

from __future__ import annotations

from dataclasses import replace

from sizing.capacity import qdrant
from sizing.catalog import instance, instances
from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.machines import documented_machine
from sizing.planning.needs import whole_gib
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.volumes import volume_note
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment
from sizing.reserve import room
from sizing.units import GIB, format_memory
from sizing.words import Direction

QDRANT = "qdrant"


def data(setting: Setting) -> tuple[Wanted, ...]:
    """Return the vector database."""
    return (_qdrant(setting),)


def vector_copies(members: int, zones: int) -> int:
    """Return the members that hold each shard: one more than the fullest zone has."""
    return min(members, -(-members // max(1, min(members, zones))) + 1)


def _qdrant(setting: Setting) -> Wanted:
    asked = Wanted(
        name=QDRANT,
        pool_role="data",
        minimum=sizes.QDRANT_REPLICAS,
        size=sizes.QDRANT,
        volume_gib=sizes.QDRANT_VOLUME_GIB,
        quorum=True,
        reason="vector database of documents 000 and 003; three members vote",
    )
    if not setting.proven:
        return asked
    members = asked.floor(setting)
    copies = vector_copies(members, len(setting.store_zone_ids))
    each = qdrant.stored_bytes(setting.load) * copies / members
    gib = whole_gib(each)
    size = _grown(sizes.QDRANT, min(gib * GIB, _largest_pod_bytes(setting)))
    return replace(
        asked,
        size=size,
        volume_needed_gib=gib,
        notes=(
            *_memory_note(QDRANT, sizes.QDRANT, size, f"{setting.load.vectors:,.0f} vectors"),
            *volume_note(setting, asked, gib, "vectors-stored", "copies of vectors"),
        ),
    )


def _largest_pod_bytes(setting: Setting) -> int:
    """Return the memory of the largest pod that a node of the data pools can hold."""
    cloud, by_hand = setting.request.cloud, setting.override("data").instance_type
    if by_hand is not None:
        return room(instance(cloud, by_hand)).memory_bytes
    family = documented_machine(setting, "general").family
    return max(room(one).memory_bytes for one in instances(cloud) if one.family == family)


def _grown(size: Size, memory_bytes: int) -> Size:
    """Return a size with at least so much memory, in request and limit alike."""
    return replace(
        size,
        memory_bytes=max(size.memory_bytes, memory_bytes),
        memory_limit_bytes=max(size.memory_limit_bytes, memory_bytes),
    )


def _memory_note(name: str, asked: Size, size: Size, why: str) -> tuple[Adjustment, ...]:
    if size == asked:
        return ()
    return (
        note(
            f"services.{name}.memory_request_bytes",
            format_memory(asked.memory_bytes),
            format_memory(size.memory_bytes),
            direction=Direction.RAISED,
            rule="vectors-in-memory",
            reason=f"{why} stay in memory; the nodes' price is in their pool",
        ),
    )
