"""Sizes that Google makes to measure: every one that is asked for can be had, and is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.catalog import UnknownNameError, price
from sizing.catalog.google import (
    CloudSqlTier,
    cloud_sql_tier,
    filestore_tier,
    redis_instance,
    redis_nodes,
    redis_shape,
    smallest_tier,
)
from sizing.units import GIB, GIGA, MIB

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")


@given(vcpu=st.integers(0, 96), mib=st.integers(0, 96 * 6656))
def test_any_size_has_a_tier_that_is_sold_and_large_enough(vcpu: int, mib: int) -> None:
    tier = smallest_tier(vcpu, mib * MIB)

    # pulumi_gcp, sql.DatabaseInstance: 1 or even up to 96; 256 MiB steps from 3,840; 0.9 to 6.5 GiB
    assert tier.vcpu == 1 or (tier.vcpu % 2 == 0 and 2 <= tier.vcpu <= 96)
    assert tier.memory_mib % 256 == 0
    assert tier.memory_mib >= 3840
    assert 0.9 * 1024 <= tier.memory_mib / tier.vcpu <= 6.5 * 1024
    assert tier.vcpu >= vcpu
    assert tier.memory_mib >= mib
    assert cloud_sql_tier(tier.name) == tier


@given(vcpu=st.integers(1, 96), gib=st.integers(1, 600))
def test_no_smaller_tier_would_do(vcpu: int, gib: int) -> None:
    tier = smallest_tier(vcpu, gib * GIB)
    lower = CloudSqlTier(vcpu=tier.vcpu, memory_mib=tier.memory_mib - 256)
    narrower = CloudSqlTier(vcpu=max(1, tier.vcpu - 2), memory_mib=tier.memory_mib)

    assert not lower.valid or lower.memory_mib < gib * 1024
    assert tier.vcpu < 3 or not narrower.valid or narrower.vcpu < vcpu


@pytest.mark.parametrize(
    ("vcpu", "memory_gb", "name"),
    [
        (1, 1, "db-custom-1-3840"),
        (2, 4, "db-custom-2-3840"),
        (3, 8, "db-custom-4-7680"),
        (8, 16, "db-custom-8-15360"),
        (16, 32, "db-custom-16-30720"),
        (1, 16, "db-custom-4-15360"),  # 6.5 GiB a vCPU at most
        (32, 8, "db-custom-32-29696"),  # 0.9 GiB a vCPU at least
    ],
)
def test_tiers_of_the_documents_sizes(vcpu: int, memory_gb: int, name: str) -> None:
    assert smallest_tier(vcpu, memory_gb * GIGA).name == name


@pytest.mark.parametrize(
    "name",
    ["db-custom-3-7680", "db-custom-2-3841", "db-custom-98-98304", "db-custom-8-3840", "db-n1-1"],
)
def test_a_tier_that_is_not_sold_is_refused_with_one_that_is(name: str) -> None:
    with pytest.raises(UnknownNameError, match=r"db-custom-\d+-\d+"):
        cloud_sql_tier(name)


def test_more_than_the_largest_tier_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="96 vCPU and 624 GiB"):
        smallest_tier(97, GIB)


@given(data=st.integers(1, 240 * GIB), tier=st.sampled_from(["BASIC", "STANDARD_HA"]))
def test_an_instance_holds_its_data_with_a_fifth_to_spare(data: int, tier: str) -> None:
    found = redis_instance(tier, data)

    assert found is not None
    assert found.data_bytes >= data
    assert found.data_bytes == found.capacity_gib * GIB * 80 // 100
    assert found.capacity_gib == 1 or (found.capacity_gib - 1) * GIB * 0.8 < data
    assert redis_shape(found.name) == found


def test_no_instance_holds_more_than_300_gib() -> None:
    assert redis_instance("STANDARD_HA", 241 * GIB) is None


# Infracost's bands: M1 to 4 GiB, M2 to 10, M3 to 35, M4 to 100.
@pytest.mark.parametrize(
    ("name", "usd"),
    [
        ("redis-basic-4gib", 0.049),
        ("redis-basic-5gib", 0.027),
        ("redis-standard-35gib", 0.046),
        ("redis-standard-36gib", 0.035),
        ("redis-standard-101gib", 0.03),
        ("redis-highmem-medium", 0.1923),
    ],
)
def test_a_size_is_priced_by_its_band(name: str, usd: float) -> None:
    figure = price(redis_shape(name).price, "us-central1")
    assert figure is not None
    assert figure.value == usd


def test_cluster_nodes_stand_by_the_data_that_they_hold() -> None:
    assert [node.name for node in redis_nodes()] == [
        "redis-shared-core-nano",
        "redis-standard-small",
        "redis-highmem-medium",
        "redis-highmem-xlarge",
    ]


@pytest.mark.parametrize("name", ["redis-basic-0gib", "redis-standard-301gib", "redis-tiny"])
def test_a_shape_that_is_not_sold_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="redis-highmem-medium"):
        redis_shape(name)


def test_an_unknown_file_tier_is_refused_with_the_known_ones() -> None:
    assert filestore_tier("REGIONAL").least_gib == 1024
    with pytest.raises(UnknownNameError, match="BASIC_HDD"):
        filestore_tier("BASIC")
