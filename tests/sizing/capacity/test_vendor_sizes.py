"""LiteLLM's own tables as a second opinion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.capacity import vendor_sizes
from sizing.units import GIGA
from sizing.words import Tier, Verdict
from sizing.workload import reference

pytestmark = pytest.mark.cloud_free("LiteLLM's own tables")


@pytest.mark.parametrize(
    ("rate", "database_vcpu", "cache_vcpu"),
    [(0.01, 4, 2), (1000, 4, 2), (1001, 8, 4), (5000, 8, 4), (5001, 16, 8), (10**6, 16, 8)],
)
def test_a_rate_falls_into_one_row(rate: float, database_vcpu: int, cache_vcpu: int) -> None:
    load = replace(reference(Tier.SMALL), requests_per_second_peak=rate)

    assert vendor_sizes.postgres_size(load).vcpu == database_vcpu
    assert vendor_sizes.redis_size(load).vcpu == cache_vcpu


def test_a_store_as_large_as_the_row_holds() -> None:
    found = vendor_sizes.postgres(
        reference(Tier.LARGE),
        vcpu=4,
        memory_bytes=16 * GIGA,
        storage_bytes=200 * GIGA,
        iops=3000,
    )

    assert {one.verdict for one in found} == {Verdict.HOLDS}


def test_a_smaller_store_is_unproven_where_it_is_smaller_and_never_refuted() -> None:
    found = vendor_sizes.postgres(
        reference(Tier.SMALL), vcpu=2, memory_bytes=4 * GIGA, storage_bytes=50 * GIGA, iops=3000
    )
    cache = vendor_sizes.redis(reference(Tier.SMALL), vcpu=2, memory_bytes=GIGA)

    assert [one.verdict for one in found] == [Verdict.UNPROVEN] * 3 + [Verdict.HOLDS]
    assert [one.verdict for one in cache] == [Verdict.HOLDS, Verdict.UNPROVEN]
