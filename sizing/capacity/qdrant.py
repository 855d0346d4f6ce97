"""Qdrant: memory and disk for vectors, by the vendor's formula and by document 003's figures.

The formula needs the dimensions of a vector. Where nobody has said them, document 003's bytes a
vector stand in, and no result can be more than unproven.
"""

from __future__ import annotations

from sizing.capacity.constraint import Constraint
from sizing.capacity.votes import tolerated
from sizing.documents import osmen_performance
from sizing.model import Figure
from sizing.words import Kind
from sizing.workload import Workload

FLOAT_BYTES = 4  # a 32-bit float, the form that vectors are kept in. Source: qdrant, 2026-11-21.
OVERHEAD = Figure(
    value=1.5,
    unit="times the vectors: indexes, versions and segments being optimised",
    source="qdrant",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
BYTES_OF_MEMORY_A_VECTOR = Figure(
    value=osmen_performance.QDRANT_MEMORY.size.value
    / osmen_performance.QDRANT_MEMORY.vectors.value,
    unit="bytes of memory a vector",
    source="document-003",
    date="2024-11-18",
    kind=Kind.DERIVED,
)
BYTES_OF_INDEX_A_VECTOR = Figure(
    value=osmen_performance.QDRANT_INDEX.size.value / osmen_performance.QDRANT_INDEX.vectors.value,
    unit="bytes of index a vector",
    source="document-003",
    date="2024-11-18",
    kind=Kind.DERIVED,
)
NO_DIMENSIONS = "the dimensions of a vector"
NO_PAYLOAD = "the payload of a vector"


def vector_bytes(dimensions: int) -> float:
    """Return what one vector takes by the vendor's formula, indexes included.

    Raises:
        ValueError: a vector has at least one dimension.
    """
    if dimensions < 1:
        raise ValueError(f"a vector of {dimensions} dimensions holds nothing")
    return dimensions * FLOAT_BYTES * OVERHEAD.value


def dimensions_at(bytes_a_vector: float) -> float:
    """Return the dimensions at which the vendor's formula gives that many bytes a vector."""
    return bytes_a_vector / (FLOAT_BYTES * OVERHEAD.value)


def stored_bytes(load: Workload) -> float:
    """Return what one copy of all vectors takes: by the formula, else by document 003."""
    if load.vector_dimensions is None:
        return load.vectors * BYTES_OF_MEMORY_A_VECTOR.value
    return load.vectors * vector_bytes(load.vector_dimensions)


def memory(load: Workload, *, member_bytes: float, members: int, copies: int) -> Constraint:
    """Compare the vectors that a member keeps in memory with its memory.

    Args:
        load: how many vectors, and of which dimensions.
        member_bytes: memory of one member.
        members: members of the cluster.
        copies: members that hold each shard.
    """
    known = load.vector_dimensions is not None
    # a vector whose dimensions nobody stated has at least one
    fewest = BYTES_OF_MEMORY_A_VECTOR.value / vector_bytes(1)
    return Constraint(
        name="memory",
        unit="bytes a member",
        demand=stored_bytes(load) * _share(members, copies),
        conservative=member_bytes,
        physical=member_bytes if known else member_bytes * fewest,
        hard=True,
        formula="vectors x dimensions x 4 bytes x 1.5 x copies / members"
        if known
        else "vectors x 4 GB / 1 M (document 003) x copies / members",
        source="qdrant" if known else "document-003",
        assumption="" if known else NO_DIMENSIONS,
        measure="" if known else "state vector_dimensions of the workload",
    )


def disk(
    load: Workload,
    *,
    volume_bytes: float,
    members: int,
    copies: int,
    payload_bytes: float | None = None,
) -> Constraint:
    """Compare the vectors and payloads that a member stores with its volume.

    Args:
        load: how many vectors, and of which dimensions.
        volume_bytes: volume of one member.
        members: members of the cluster.
        copies: members that hold each shard.
        payload_bytes: what is stored beside a vector; None where nobody has said.
    """
    missing = [
        word
        for word, value in ((NO_DIMENSIONS, load.vector_dimensions), (NO_PAYLOAD, payload_bytes))
        if value is None
    ]
    payload = load.vectors * (payload_bytes or 0)
    # dimensions that nobody stated may be few; a payload that nobody stated only adds
    refutable = load.vector_dimensions is not None
    return Constraint(
        name="disk",
        unit="bytes a member",
        demand=(stored_bytes(load) + payload) * _share(members, copies),
        conservative=volume_bytes,
        physical=volume_bytes if refutable else None,
        hard=True,
        formula="(vectors x bytes a vector + payload) x copies / members",
        source="qdrant" if refutable else "document-003",
        assumption=" and ".join(missing),
        measure=f"state {' and '.join(missing)}" if missing else "",
    )


def survival(*, members: int, copies: int, lost: int) -> Constraint:
    """Compare the members lost at once with the copies that every shard can lose.

    The members agree by majority, so a majority must stay as well.
    """
    _share(members, copies)
    most = min(copies - 1, tolerated(members))
    return Constraint(
        name="survival",
        unit="members lost",
        demand=lost,
        conservative=most,
        physical=most,
        hard=True,
        formula="min(copies - 1, members - majority)",
        source="qdrant",
    )


def _share(members: int, copies: int) -> float:
    if not 1 <= copies <= members:
        raise ValueError(f"{copies} copies do not stand on {members} members")
    return copies / members
