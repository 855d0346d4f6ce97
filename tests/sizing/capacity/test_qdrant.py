"""Vectors in memory and on disk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.capacity import qdrant
from sizing.units import GIGA
from sizing.words import Verdict
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("vectors and their bytes")

FOUR_GB = 4 * GIGA


@pytest.mark.parametrize(
    ("dimensions", "gigabytes"),
    [  # a million vectors x dimensions x 4 bytes x 1.5, by hand
        (384, 2.304),
        (768, 4.608),
        (1024, 6.144),
        (1536, 9.216),
    ],
)
def test_the_vendors_formula_gives_its_own_figures(dimensions: int, gigabytes: float) -> None:
    stored = qdrant.stored_bytes(load(vectors=1e6, vector_dimensions=dimensions))

    assert stored == pytest.approx(gigabytes * GIGA)


def test_document_003s_four_gigabytes_are_667_dimensions() -> None:
    assert qdrant.BYTES_OF_MEMORY_A_VECTOR.value == 4000
    assert qdrant.BYTES_OF_INDEX_A_VECTOR.value == 2000
    assert qdrant.dimensions_at(4000) == pytest.approx(666.7, abs=0.1)


@pytest.mark.parametrize(
    ("dimensions", "verdict"),
    [(666, Verdict.HOLDS), (667, Verdict.REFUTED), (1536, Verdict.REFUTED)],
)
def test_a_four_gigabyte_member_ends_between_666_and_667_dimensions(
    dimensions: int, verdict: Verdict
) -> None:
    found = qdrant.memory(
        load(vectors=1e6, vector_dimensions=dimensions), member_bytes=FOUR_GB, members=3, copies=3
    )

    assert found.verdict is verdict


@pytest.mark.parametrize("member_bytes", [GIGA, FOUR_GB, 1000 * FOUR_GB])
def test_without_dimensions_nothing_is_proven_or_refuted(member_bytes: float) -> None:
    found = qdrant.memory(load(vectors=1e6), member_bytes=member_bytes, members=3, copies=3)

    assert (found.verdict, found.demand) == (Verdict.UNPROVEN, FOUR_GB)
    assert found.measure == "state vector_dimensions of the workload"


def test_without_dimensions_vectors_of_one_must_fit_at_least() -> None:
    least = 1e6 * qdrant.vector_bytes(1)

    found = [
        qdrant.memory(load(vectors=1e6), member_bytes=size, members=3, copies=3).verdict
        for size in (least * 1.01, least * 0.99)
    ]

    assert found == [Verdict.UNPROVEN, Verdict.REFUTED]


def test_fewer_copies_share_the_vectors_over_the_members() -> None:
    million = load(vectors=1e6, vector_dimensions=1536)
    demands = [
        qdrant.memory(million, member_bytes=FOUR_GB, members=3, copies=copies).demand
        for copies in (1, 2, 3)
    ]

    assert demands == pytest.approx([3.072 * GIGA, 6.144 * GIGA, 9.216 * GIGA])


@pytest.mark.parametrize(
    ("members", "copies", "lost", "verdict"),
    [
        (3, 2, 1, Verdict.HOLDS),
        (3, 3, 1, Verdict.HOLDS),
        (3, 3, 2, Verdict.REFUTED),  # two of three lost leave no majority
        (3, 1, 1, Verdict.REFUTED),  # the only copy of some shards is lost
        (2, 2, 1, Verdict.REFUTED),
        (5, 3, 2, Verdict.HOLDS),
    ],
)
def test_members_lost_must_leave_a_copy_and_a_majority(
    members: int, copies: int, lost: int, verdict: Verdict
) -> None:
    assert qdrant.survival(members=members, copies=copies, lost=lost).verdict is verdict


@pytest.mark.parametrize(
    ("payload", "volume", "verdict"),
    [
        (None, 100, Verdict.UNPROVEN),  # what nobody stated can only add
        (None, 6, Verdict.REFUTED),
        (1000, 7.144, Verdict.HOLDS),
        (1000, 7.143, Verdict.REFUTED),
    ],
)
def test_disk_holds_vectors_and_payload(
    payload: float | None, volume: float, verdict: Verdict
) -> None:
    found = qdrant.disk(
        load(vectors=1e6, vector_dimensions=1024),
        volume_bytes=volume * GIGA,
        members=3,
        copies=3,
        payload_bytes=payload,
    )

    assert found.verdict is verdict


@pytest.mark.parametrize(("members", "copies"), [(3, 0), (3, 4)])
def test_copies_need_a_member_each(members: int, copies: int) -> None:
    with pytest.raises(ValueError, match="do not stand on"):
        qdrant.memory(load(), member_bytes=1, members=members, copies=copies)


def test_a_vector_has_dimensions() -> None:
    with pytest.raises(ValueError, match="holds nothing"):
        qdrant.vector_bytes(0)


@given(vectors=st.floats(1, 1e10), dimensions=st.integers(1, 4096), more=st.floats(1, 10))
@settings(max_examples=50)
def test_more_vectors_never_take_less(vectors: float, dimensions: int, more: float) -> None:
    few = load(vectors=vectors, vector_dimensions=dimensions)
    many = load(vectors=vectors * more, vector_dimensions=dimensions)

    assert qdrant.stored_bytes(many) >= qdrant.stored_bytes(few)
