"""What the planner decides on Google Cloud."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from sizing.catalog import UnknownNameError
from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import Overrides
from sizing.quotas import quotas
from sizing.words import (
    CacheRole,
    CapacityType,
    Environment,
    Mode,
    PostgresForm,
    SubnetKind,
    Tier,
    Verdict,
)
from tests.sizing.gcp.requests import REGIONS, planned, pool, request

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("mode", Mode)
def test_every_stack_is_planned_checked_priced_and_counted(
    tier: Tier, environment: Environment, region: str, mode: Mode
) -> None:
    found = planned(tier, environment, region, mode)
    ids = [one.id for one in check(found)]
    bill = cost(found)

    assert len(ids) == len(set(ids))
    assert bill.floor_usd <= bill.monthly_usd <= bill.ceiling_usd
    assert bill.monthly_usd > 0
    assert all(one.needed > 0 for one in quotas(found))


@pytest.mark.parametrize(
    ("tier", "documented", "name"),
    [
        (Tier.SMALL, "g4dn.xlarge", "n1-standard-4+t4"),
        (Tier.MEDIUM, "g4dn.2xlarge", "n1-standard-8+t4"),
        (Tier.LARGE, "g5.4xlarge", "g2-standard-16"),
        (Tier.ENTERPRISE, "p4d.24xlarge", "a2-highgpu-8g"),
    ],
)
def test_the_gpu_pool_taken_as_documented_is_its_twin(
    tier: Tier, documented: str, name: str
) -> None:
    found = planned(tier, mode=Mode.DOCUMENTED)
    said = {one.field: one for one in found.adjustments if one.rule == "gcp-machine"}

    assert {one.instance_types for one in found.node_pools if one.role == "gpu"} == {(name,)}
    assert (said["node_pools.gpu.machine"].documented, said["node_pools.gpu.machine"].planned) == (
        documented,
        name,
    )


def test_a_region_without_the_a100_takes_the_h100_and_says_why() -> None:
    found = planned(Tier.ENTERPRISE, region="us-east4")
    said = next(one for one in found.adjustments if one.field == "node_pools.gpu.machine")

    assert pool(found, "gpu-h100").instance_types == ("a3-highgpu-8g",)
    assert "us-east4 does not sell a2-highgpu-8g" in said.reason


@pytest.mark.parametrize("environment", Environment)
def test_search_runs_on_a_pool_of_its_own_that_its_members_fill(environment: Environment) -> None:
    found = planned(environment=environment)
    own = pool(found, "search")
    members = next(one for one in found.services if one.name == "opensearch")

    assert own.role == members.pool_role == "search"
    assert own.instance_types == (found.search.instance_type,)
    assert own.scale.planned == found.search.instance_count == members.scale.planned
    assert own.scale.planned == (1 if environment is Environment.DEV else 3)
    assert own.capacity_type is CapacityType.ON_DEMAND
    assert members.memory_request_bytes <= own.allocatable_bytes
    assert members.memory_request_bytes % (2 << 20) == 0  # a heap of half of it, in whole MiB
    assert [taint.value for taint in own.taints] == ["search"]


@pytest.mark.parametrize("environment", Environment)
def test_members_have_jobs_for_their_certificate_in_their_namespace_and_an_exporter(
    environment: Environment,
) -> None:
    found = planned(environment=environment)
    jobs = {(one.name, one.namespace, one.pods) for one in found.helpers}
    assert ("opensearch-certificates", f"{environment}-data", 2) in jobs
    assert "opensearch-exporter" in {one.name for one in found.services}


@pytest.mark.parametrize("tier", Tier)
def test_a_pool_has_one_type_googles_image_and_disks_that_give_by_their_size(tier: Tier) -> None:
    for own in planned(tier, Environment.DEV).node_pools:
        assert len(own.instance_types) == 1
        assert (own.ami_type, own.ami_release) == ("COS_CONTAINERD", "")
        assert own.root_disk_iops == 6 * own.root_disk_gib
        assert own.max_pods == 110


@pytest.mark.parametrize(
    ("tier", "form", "nodes", "tier_name", "gib"),
    [
        (Tier.SMALL, PostgresForm.SINGLE, 1, "db-custom-2-3840", 100),  # 3,000 IOPS at 30 a GiB
        (Tier.MEDIUM, PostgresForm.MULTI_AZ_INSTANCE, 2, "db-custom-4-7680", 200),
        (Tier.LARGE, PostgresForm.MULTI_AZ_INSTANCE, 3, "db-custom-8-15360", 1000),
        (Tier.ENTERPRISE, PostgresForm.MULTI_AZ_INSTANCE, 3, "db-custom-16-30720", 5000),
    ],
)
def test_the_relational_store_of_prod(
    tier: Tier, form: PostgresForm, nodes: int, tier_name: str, gib: int
) -> None:
    store = planned(tier).postgres
    flags = {one.name: one for one in store.parameters}

    assert (store.form, store.nodes, store.instance_class) == (form, nodes, tier_name)
    assert store.storage_gib == gib
    assert store.iops_delivered == min(100_000, 30 * gib)
    assert flags["max_connections"].value == str(store.max_connections)
    assert flags["autovacuum"].value == "on"
    assert not any(name.startswith("rds.") for name in flags)


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
def test_a_server_says_as_large_a_cache_as_its_flag_takes(
    tier: Tier, environment: Environment
) -> None:
    found = planned(tier, environment)
    flags = {one.name: int(one.value) for one in found.postgres.parameters if one.value.isdigit()}
    said = {one.field: one for one in found.adjustments}["postgres.parameters.effective_cache_size"]

    # 10 to 70 % of the memory, in pages of 8 KiB; all that may be said, for document 003 says more
    assert flags["effective_cache_size"] == found.postgres.memory_bytes // 8192 * 7 // 10
    assert flags["shared_buffers"] == found.postgres.memory_bytes // 8192 // 4
    assert (said.documented, said.planned) == ("75% of memory", "70% of memory")


@pytest.mark.parametrize(
    ("tier", "node_type"),
    [
        (Tier.SMALL, "redis-basic-2gib"),
        (Tier.MEDIUM, "redis-standard-5gib"),
        (Tier.LARGE, "redis-standard-28gib"),  # 3 shards of 8 GB, 80 % for data
        (Tier.ENTERPRISE, "redis-standard-56gib"),
    ],
)
def test_the_cache_of_prod(tier: Tier, node_type: str) -> None:
    stores = {one.role: one for one in planned(tier).caches}
    cache = stores[CacheRole.CACHE]

    assert cache.node_type == node_type
    assert not cache.cluster_mode
    assert cache.shards == 1
    for role in (CacheRole.STATE, CacheRole.CRAWLER):
        assert stores[role].node_type.startswith("redis-standard-")
        assert stores[role].replicas_per_shard == 1
        assert stores[role].eviction == "noeviction"


@pytest.mark.parametrize("tier", [Tier.LARGE, Tier.ENTERPRISE])
@pytest.mark.parametrize("environment", [Environment.STAGING, Environment.PROD])
def test_documented_shards_become_an_instance_that_holds_them_all(
    tier: Tier, environment: Environment
) -> None:
    as_asked = planned(tier, environment, mode=Mode.DOCUMENTED)
    shards = next(one for one in as_asked.caches if one.role is CacheRole.CACHE)
    found = planned(tier, environment)
    cache = next(one for one in found.caches if one.role is CacheRole.CACHE)
    said = {one.field: one for one in found.adjustments}["caches.cache.form"]

    assert shards.cluster_mode
    assert (cache.shards, cache.replicas_per_shard, cache.cluster_mode) == (1, 1, False)
    assert said.rule == "memorystore-sign-in"
    assert "no password" in said.reason
    assert said.planned == f"{cache.node_type} with a replica"


def test_a_rate_that_no_core_carries_stays_in_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sizing.planning.gcp.caches.cache_shards", lambda _: 4)
    cache = next(one for one in plan(request()).caches if one.role is CacheRole.CACHE)

    assert (cache.shards, cache.cluster_mode) == (4, True)


def test_files_survive_a_zone_outside_dev() -> None:
    files = {one: planned(environment=one).files for one in Environment}

    assert files[Environment.DEV].throughput_mode == "BASIC_HDD"
    assert files[Environment.PROD].throughput_mode == "REGIONAL"
    assert all(one.planning_gib == 1024 for one in files.values())


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
def test_ranges_lie_in_the_network_without_overlap(tier: Tier, environment: Environment) -> None:
    network = planned(tier, environment).network
    whole = IPv4Network(network.vpc_cidr)
    ranges = [IPv4Network(one.cidr) for one in network.subnets]
    ranges += [
        IPv4Network(one.pod_reservation_cidr) for one in network.subnets if one.pod_reservation_cidr
    ]
    nodes = sum(one.scale.maximum for one in planned(tier, environment).node_pools)

    assert len(ranges) == 4
    assert all(one.subnet_of(whole) for one in ranges)
    assert not any(one.overlaps(other) for one, other in combinations(ranges, 2))
    assert network.pod_addresses_needed == 256 * nodes <= network.pod_addresses_reserved
    assert {one.kind for one in network.subnets} == set(SubnetKind)


@pytest.mark.parametrize("tier", Tier)
def test_nat_sets_aside_the_ports_that_the_peak_takes(tier: Tier) -> None:
    found = planned(tier)
    ports = found.network.nat_ports
    said = next(one for one in check(found) if one.id == "network.nat-ports")

    assert ports is not None
    assert ports.bit_count() == 1  # a power of two, from 32
    assert ports >= 32
    assert said.verdict is Verdict.HOLDS
    assert said.demand == said.capacity == ports


def test_a_class_of_another_cloud_is_refused_with_tiers() -> None:
    with pytest.raises(UnknownNameError, match="db-custom"):
        plan(request(overrides=Overrides(postgres_instance_class="db.m6g.large")))
