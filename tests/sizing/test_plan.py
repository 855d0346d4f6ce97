"""What the planner decides: the documented floor, the readings, the overrides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.plans import (
    Overrides,
    PoolOverride,
)
from sizing.units import GIB
from sizing.words import (
    CapacityType,
    Cloud,
    Direction,
    EndpointKind,
    Environment,
    Mode,
    SubnetKind,
    Tier,
    Verdict,
)
from sizing.workload import ServedModel, reference
from tests.both_clouds import here
from tests.sizing.requests import (
    ENGINE,
    PRESETS,
    SOLD_IN_ONE_ZONE,
    base,
    machine,
    planned,
    pool,
    request,
    rules,
    service,
)

ODDITIES = {
    "postgres-form",
    "postgres-storage-twice",
    "hpa-maximum",
    "hpa-targets",
    "keda-threshold",
    "vault-single-server",
    "redis-aof",
    "redis-snapshot-interval",
    "redis-disk",
    "managed-control-plane",
}
# ElastiCache has shards and gp3 a floor; Memorystore knows no password in shards, and a disk gives
# by its size.
ODDITIES_HERE = {
    Cloud.AWS: {"redis-six-nodes", "redis-shard-survival", "rds-gp3-floor"},
    Cloud.GCP: {"memorystore-sign-in", "cloud-sql-disk", "gcp-machine"},
}
# What drivers of GPUs come with.
GPU_IMAGES = {Cloud.AWS: "AL2023_x86_64_NVIDIA", Cloud.GCP: "COS_CONTAINERD"}


# Table 3.1.
@pytest.mark.parametrize(
    ("tier", "count", "name"),
    [
        (Tier.SMALL, 3, "m5.xlarge"),
        (Tier.MEDIUM, 5, "m5.2xlarge"),
        (Tier.LARGE, 10, "m5.4xlarge"),
        (Tier.ENTERPRISE, 20, "m5.8xlarge"),
    ],
)
def test_the_general_pool_of_prod_is_table_3_1_or_more(tier: Tier, count: int, name: str) -> None:
    general = pool(planned(tier=tier), "general")
    documented = pool(planned(tier=tier, mode=Mode.DOCUMENTED), "general")
    types = (machine(name),)

    assert (documented.scale.planned, documented.instance_types) == (count, types)
    assert (general.scale.planned >= count, general.instance_types) == (True, types)
    assert general.capacity_type is CapacityType.ON_DEMAND


def test_the_proxies_carry_streams_at_what_a_chunk_costs_their_library() -> None:
    for tier in Tier:
        made = planned(tier=tier)
        chunks = next(one for one in check(made) if one.id == "services.litellm.chunks")

        assert chunks.demand is not None
        assert chunks.capacity is not None
        assert chunks.demand <= chunks.capacity
        assert chunks.verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("tier", "mode", "count", "name"),
    [
        (Tier.SMALL, Mode.DOCUMENTED, 1, "g4dn.xlarge"),
        (Tier.MEDIUM, Mode.DOCUMENTED, 2, "g4dn.2xlarge"),
        (Tier.LARGE, Mode.DOCUMENTED, 4, "g5.4xlarge"),
        (Tier.ENTERPRISE, Mode.DOCUMENTED, 8, "p4d.24xlarge"),
    ],
)
def test_the_gpu_pool_of_documented_mode_is_table_3_1(
    tier: Tier, mode: Mode, count: int, name: str
) -> None:
    gpu = pool(planned(tier=tier, mode=mode), "gpu")

    assert (gpu.scale.planned, gpu.instance_types) == (count, (machine(name),))


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.MEDIUM, Tier.LARGE])
def test_a_gpu_that_is_not_sure_to_serve_gives_way_to_the_cheapest_that_is(tier: Tier) -> None:
    found, documented = planned(tier=tier), planned(tier=tier, mode=Mode.DOCUMENTED)

    assert pool(found, "gpu").instance_types != pool(documented, "gpu").instance_types
    assert rules(found)["gpu-holds-engine"].direction is Direction.RAISED
    assert service(found, ENGINE).cpu_request_millis == 8000
    assert service(found, ENGINE).memory_request_bytes == 32 * GIB
    assert {one.verdict for one in check(found) if one.component == f"services.{ENGINE}"} == {
        Verdict.HOLDS
    }


def test_a_gpu_that_serves_is_only_raised_in_number() -> None:
    found = planned(tier=Tier.ENTERPRISE)

    assert pool(found, "gpu").instance_types == (machine("p4d.24xlarge"),)
    assert pool(found, "gpu").scale.planned > 8


@pytest.mark.parametrize(
    ("tier", "mode", "maximum"),
    [
        (Tier.SMALL, Mode.PROVEN, 8),
        (Tier.SMALL, Mode.DOCUMENTED, 20),
    ],
)
def test_litellm_scales_to_four_times_its_minimum(tier: Tier, mode: Mode, maximum: int) -> None:
    assert service(planned(tier=tier, mode=mode), "litellm").scale.maximum == maximum


@pytest.mark.parametrize("tier", list(Tier))
def test_a_rollout_fits_below_the_maximum(tier: Tier) -> None:
    for one in planned(tier=tier).services:
        if one.autoscaled and not one.gpus:
            assert one.scale.maximum >= one.scale.planned * 1.25


@pytest.mark.parametrize("tier", list(Tier))
def test_every_gpu_serves_from_the_start(tier: Tier) -> None:
    found = planned(tier=tier)
    scale, gpus = service(found, ENGINE).scale, pool(found, "gpu")

    assert scale.minimum == scale.planned == gpus.scale.planned * gpus.gpus_per_node
    assert scale.maximum >= 4


def test_every_oddity_of_the_document_is_named() -> None:
    found = {rule for tier in Tier for rule in rules(planned(tier=tier))}

    assert found >= ODDITIES | ODDITIES_HERE[here()]


def test_documented_mode_changes_only_what_cannot_be_had() -> None:
    kept = {
        "hpa-maximum",
        "gpu-holds-engine",
        "redis-shard-survival",
        "cache-engine",
        "hpa-targets",
    }

    for tier in Tier:
        assert not kept & set(rules(planned(tier=tier, mode=Mode.DOCUMENTED)))
    assert planned(tier=Tier.MEDIUM, mode=Mode.DOCUMENTED).postgres.storage_gib == 200
    assert {one.engine for one in planned(mode=Mode.DOCUMENTED).caches} == {"redis"}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_an_adjustment_says_what_changed_and_why(environment: Environment, tier: Tier) -> None:
    for one in planned(environment, tier).adjustments:
        assert one.documented != one.planned
        assert one.reason
        assert one.rule


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_pools_have_unique_names_and_ordered_scales(environment: Environment, tier: Tier) -> None:
    found = planned(environment, tier)

    assert len({one.name for one in found.node_pools}) == len(found.node_pools)
    pools, services = found.node_pools, found.services
    for scale in (*(one.scale for one in pools), *(one.scale for one in services)):
        assert 0 < scale.minimum <= scale.planned <= scale.maximum


def test_data_pods_have_a_group_in_each_zone_and_dev_has_one() -> None:
    prod = [one for one in planned().node_pools if one.role == "data"]
    dev = [one for one in planned(Environment.DEV).node_pools if one.role == "data"]

    assert [one.zone_ids for one in prod] == [(zone,) for zone in base().zone_ids]
    assert [one.name for one in dev] == [f"data-{base().zone_ids[0]}"]


def test_gpu_pools_roll_without_surge_and_are_marked() -> None:
    gpu = pool(planned(), "gpu")

    assert (gpu.rolling, gpu.max_unavailable, gpu.ami_type) == (
        "MINIMAL",
        1,
        GPU_IMAGES[here()],
    )
    assert [one.key for one in gpu.taints] == ["nvidia.com/gpu"]
    assert gpu.root_disk_gib > pool(planned(), "general").root_disk_gib


def test_gpu_pools_stand_only_where_the_type_is_sold() -> None:
    region, zones = SOLD_IN_ONE_ZONE[here()]
    there = replace(request(tier=Tier.ENTERPRISE), region=region, zone_ids=zones)

    assert pool(plan(there), "gpu").zone_ids == zones[1:2]


def test_spot_stands_outside_prod_with_types_of_the_same_shape() -> None:
    general, system = (pool(planned(Environment.STAGING), role) for role in ("general", "system"))

    assert general.capacity_type is CapacityType.SPOT
    # a pool of GKE has one type
    more = ("m7i.4xlarge",) if here() is Cloud.AWS else ()
    assert general.instance_types == (machine("m5.4xlarge"), *more)
    assert system.capacity_type is CapacityType.ON_DEMAND


def test_each_place_has_its_subnets_and_pods_their_reservation() -> None:
    found = planned().network
    private = [one for one in found.subnets if one.kind is SubnetKind.PRIVATE]
    places = {Cloud.AWS: len(base().zone_ids), Cloud.GCP: 1}[here()]  # a subnet is of a region

    assert len(found.subnets) == len(SubnetKind) * places
    assert all(one.pod_reservation_cidr for one in private)
    assert found.pod_addresses_needed <= found.pod_addresses_reserved


def test_subnets_do_not_move_when_pools_grow() -> None:
    small, large = planned(tier=Tier.SMALL).network, planned(tier=Tier.ENTERPRISE).network

    assert small.subnets == large.subnets
    assert small.pod_addresses_needed < large.pod_addresses_needed


def test_prod_has_a_nat_gateway_per_zone_and_others_one() -> None:
    every = base().zone_ids
    # Cloud NAT is of a region
    one = {Cloud.AWS: every[:1], Cloud.GCP: every}[here()]
    assert planned().network.nat_zone_ids == every
    assert planned(Environment.STAGING).network.nat_zone_ids == one


@pytest.mark.one_cloud("aws", "a network of Google Cloud reaches its APIs without endpoints")
@pytest.mark.parametrize(
    ("tier", "interfaces"), [(Tier.SMALL, 0), (Tier.MEDIUM, 2), (Tier.LARGE, 10)]
)
def test_endpoints_follow_table_3_2(tier: Tier, interfaces: int) -> None:
    found = planned(tier=tier).network.endpoints

    assert [one.service for one in found if one.kind is EndpointKind.GATEWAY] == ["s3"]
    assert sum(one.kind is EndpointKind.INTERFACE for one in found) == interfaces


def test_a_vpc_that_is_too_small_is_refused_with_the_smallest_that_works() -> None:
    with pytest.raises(ValueError, match=r"smallest range that works is a /(\d+)") as raised:
        plan(replace(request(tier=Tier.ENTERPRISE), vpc_cidr="10.0.0.0/24"))

    prefix = str(raised.value).rpartition("/")[2]
    fitting = plan(replace(request(tier=Tier.ENTERPRISE), vpc_cidr=f"10.0.0.0/{prefix}")).network
    assert fitting.pod_addresses_needed <= fitting.pod_addresses_reserved
    with pytest.raises(ValueError, match="too small"):
        plan(replace(request(tier=Tier.ENTERPRISE), vpc_cidr=f"10.0.0.0/{int(prefix) + 1}"))


def test_overrides_win_and_are_noted() -> None:
    gpus = machine("g5.12xlarge")
    server = {Cloud.AWS: "db.r6gd.4xlarge", Cloud.GCP: "db-custom-16-106496"}[here()]
    by_hand = Overrides(
        pools=(
            PoolOverride(role="general", planned=12, desired=11),
            PoolOverride(role="gpu", instance_type=gpus, capacity_reservation_id="cr-1"),
        ),
        postgres_instance_class=server,
        postgres_storage_gib=2000,
        search_volume_gib=300,
        backup_retention_days=14,
    )

    found = plan(request(overrides=by_hand))

    assert (pool(found, "general").scale.planned, pool(found, "general").desired) == (12, 11)
    assert pool(found, "gpu").instance_types == (gpus,)
    assert pool(found, "gpu").capacity_reservation_id == "cr-1"
    assert found.postgres.instance_class == server
    assert (found.postgres.storage_gib, found.search.volume_gib) == (2000, 300)
    assert found.postgres.backup_retention_days == found.backups.retention_days == 14
    assert "stack-override" in rules(found)


def test_machines_that_one_zone_alone_sells_are_taken_only_where_no_others_serve() -> None:
    large = ServedModel(
        name="llama-3.1-70b",
        repository="meta-llama/Llama-3.1-70B-Instruct",
        precision="bf16",
        tensor_parallel=8,
        context_tokens=32_768,
        share=1,
    )
    given = replace(request(), workload=replace(reference(Tier.LARGE), models=(large,)))
    found = next(one for one in plan(given).node_pools if one.role == "gpu")

    assert len(found.zone_ids) > 1
    loss = next(one for one in check(plan(given)) if one.id == f"node_pools.{found.name}.zone-loss")
    assert loss.verdict is Verdict.HOLDS


def test_a_count_by_hand_is_refused_where_several_gpu_pools_would_take_it() -> None:
    small = reference(Tier.LARGE).models[0]
    large = replace(
        small,
        name="llama-3.1-70b",
        repository="meta-llama/Llama-3.1-70B-Instruct",
        tensor_parallel=8,
    )
    models = (replace(small, share=0.5), replace(large, share=0.5))
    given = replace(request(), workload=replace(reference(Tier.LARGE), models=models))
    assert len([one for one in plan(given).node_pools if one.role == "gpu"]) > 1

    counted = Overrides(pools=(PoolOverride(role="gpu", planned=9),))
    with pytest.raises(ValueError, match="counts one pool"):
        plan(replace(given, overrides=counted))
