"""What must hold of every plan, whatever the tier, the environment and the pods."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.addresses import Budget, budget, cut, smallest
from sizing.catalog import cache_node, instance, rds_class, search_node
from sizing.catalog.google import cloud_sql_tier, redis_shape
from sizing.catalog.shapes import InstanceType, SearchNode
from sizing.check import check
from sizing.model import plain
from sizing.plan import plan
from sizing.plans import CachePlan, PlatformPlan
from sizing.tiers import TIERS
from sizing.units import GIGA
from sizing.words import Cloud, Environment, Mode, Tier
from tests.both_clouds import here
from tests.sizing.requests import base, planned, request


def member(found: PlatformPlan) -> SearchNode | InstanceType:
    """Return what a member of search stands on: Google Cloud sells no domain."""
    name = found.search.instance_type
    return search_node(name) if here() is Cloud.AWS else instance(Cloud.GCP, name)


def sold(found: PlatformPlan) -> bool:
    """Say whether the relational store's form is sold with its class."""
    store = found.postgres
    if here() is Cloud.AWS:
        return store.form in rds_class(store.instance_class).forms
    return cloud_sql_tier(store.instance_class).vcpu == store.vcpu


def holds(cache: CachePlan) -> int:
    """Return the bytes that a node of a cache has for data, before what is kept back."""
    if here() is Cloud.AWS:
        return cache_node(cache.node_type).memory_bytes
    return redis_shape(cache.node_type).data_bytes + 1


def sizes(found: PlatformPlan) -> dict[str, float]:
    """Every size of a plan by name, in units in which more is larger."""
    numbers: dict[str, float] = {}
    for one in found.services:
        for word in ("minimum", "planned", "maximum"):
            numbers[f"{one.name}.{word}"] = getattr(one.scale, word)
        numbers[f"{one.name}.cpu"] = one.cpu_request_millis
        numbers[f"{one.name}.memory"] = one.memory_request_bytes
        numbers[f"{one.name}.volume"] = one.volume_gib
    for pool in found.node_pools:
        machine = instance(found.request.cloud, pool.instance_types[0])
        for word in ("minimum", "planned", "maximum"):
            nodes = getattr(pool.scale, word)
            for unit, size in (
                ("nodes", 1),
                ("vcpu", machine.vcpu),
                ("memory", machine.memory_bytes),
                ("gpus", machine.gpus),
            ):
                name = f"{pool.role}.{word}.{unit}"
                numbers[name] = numbers.get(name, 0) + nodes * size
    postgres = found.postgres
    numbers |= {
        "postgres.nodes": postgres.nodes,
        "postgres.vcpu": postgres.vcpu,
        "postgres.memory": postgres.memory_bytes,
        "postgres.storage": postgres.storage_gib,
        "postgres.iops": postgres.iops_delivered,
        "postgres.connections": postgres.max_connections,
        "postgres.retention": postgres.backup_retention_days,
        "postgres.logs": postgres.log_retention_days,
        "postgres.protection": postgres.deletion_protection,
        "postgres.snapshot": postgres.final_snapshot,
    }
    for cache in found.caches:
        numbers[f"{cache.role}.shards"] = cache.shards
        numbers[f"{cache.role}.replicas"] = cache.replicas_per_shard
        numbers[f"{cache.role}.memory"] = cache.memory_bytes_per_shard
        numbers[f"{cache.role}.snapshots"] = cache.snapshot_days
    numbers |= {
        "search.nodes": found.search.instance_count,
        "search.vcpu": member(found).vcpu,
        "search.memory": member(found).memory_bytes,
        "search.volume": found.search.volume_gib,
        "search.masters": found.search.master_count,
        "files": found.files.planning_gib,
        "nat": len(found.network.nat_zone_ids),
        "endpoints": len(found.network.endpoints),
        "pod addresses": found.network.pod_addresses_needed,
        "backups": found.backups.retention_days,
        "protect": found.protect,
    }
    numbers |= {f"bucket.{one.name}": one.planning_gib for one in found.buckets}
    return numbers


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("lower", "higher"),
    [(Environment.DEV, Environment.STAGING), (Environment.STAGING, Environment.PROD)],
)
@pytest.mark.parametrize("mode", Mode)
def test_an_environment_is_nowhere_larger_than_the_next(
    lower: Environment, higher: Environment, tier: Tier, mode: Mode
) -> None:
    small, large = sizes(planned(lower, tier, mode)), sizes(planned(higher, tier, mode))

    assert small.keys() == large.keys()
    assert {name: (small[name], large[name]) for name in small if small[name] > large[name]} == {}


@pytest.mark.parametrize(
    ("lower", "higher"),
    [(Tier.SMALL, Tier.MEDIUM), (Tier.MEDIUM, Tier.LARGE), (Tier.LARGE, Tier.ENTERPRISE)],
)
@pytest.mark.parametrize("environment", Environment)
def test_a_tier_is_nowhere_smaller_than_the_one_below(
    lower: Tier, higher: Tier, environment: Environment
) -> None:
    small, large = sizes(planned(environment, lower)), sizes(planned(environment, higher))
    # Nodes of another size are not comparable by number, nor what follows from their number.
    counts = {name for name in small if name.endswith(".nodes")} | {"pod addresses"}
    shared = (small.keys() & large.keys()) - counts

    assert len(shared) > len(small) // 2
    assert {name: (small[name], large[name]) for name in shared if small[name] > large[name]} == {}


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
def test_stores_have_at_least_what_the_share_asks(environment: Environment, tier: Tier) -> None:
    share = {Environment.DEV: 0.1, Environment.STAGING: 0.5, Environment.PROD: 1.0}[environment]
    row, found = TIERS[tier].postgres, planned(environment, tier)
    chosen = found.postgres

    assert sold(found)
    assert chosen.vcpu >= row.vcpu * share
    assert chosen.memory_bytes >= row.memory_gb * share * GIGA
    assert (
        found.postgres.storage_gib >= max(row.storage_gb, TIERS[tier].storage.postgres_gb) * share
    )
    assert found.postgres.iops_delivered >= row.iops.value * share
    cache = next(one for one in found.caches if one.role == "cache")
    assert cache.memory_bytes_per_shard >= TIERS[tier].redis.memory_gb * share * GIGA
    assert holds(cache) > cache.memory_bytes_per_shard


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("environment", Environment)
def test_a_proven_plan_has_no_refuted_constraint(environment: Environment, tier: Tier) -> None:
    errors = [one for one in check(planned(environment, tier)) if one.severity == "error"]

    assert errors == []


@given(
    tier=st.sampled_from(list(Tier)),
    environment=st.sampled_from(list(Environment)),
    mode=st.sampled_from(list(Mode)),
)
@settings(max_examples=10, deadline=None)
def test_the_same_request_gives_the_same_plan(
    tier: Tier, environment: Environment, mode: Mode
) -> None:
    asked = request(environment, tier, mode)
    found = plan(asked)

    assert plain(found) == plain(plan(asked))
    assert plain(found) == plain(planned(environment, tier, mode))
    assert check(found) == check(found)


@pytest.mark.cloud_free("arithmetic of AWS' subnets, from counts alone")
@given(
    pods=st.integers(0, 20_000),
    nodes=st.integers(0, 500),
    left=st.integers(1, 5),
    more=st.integers(0, 500),
)
@settings(max_examples=50, deadline=None)
def test_more_pods_never_need_fewer_addresses(pods: int, nodes: int, left: int, more: int) -> None:
    need = budget(pods=pods, nodes=nodes, zones_left=left, endpoints=0)
    larger = budget(pods=pods + more, nodes=nodes, zones_left=left, endpoints=0)

    assert need.pod_addresses <= larger.pod_addresses
    assert need.pod_addresses * left >= pods


@pytest.mark.cloud_free("arithmetic of AWS' subnets, from counts alone")
@given(zones=st.integers(1, 6), pods=st.integers(0, 4000), nodes=st.integers(0, 500))
@settings(max_examples=50, deadline=None)
def test_subnets_lie_in_the_vpc_without_overlap(zones: int, pods: int, nodes: int) -> None:
    need = Budget(pod_addresses=pods, node_addresses=nodes)
    prefix = smallest(zones, need)
    assert prefix is not None
    vpc = IPv4Network(f"10.64.0.0/{prefix}")

    blocks = cut(str(vpc), zones, need)

    networks = sorted(IPv4Network(block.cidr) for block in blocks)
    assert len(networks) == 3 * zones
    assert all(one.subnet_of(vpc) for one in networks)
    assert not any(one.overlaps(other) for one, other in pairwise(networks))
    for block in blocks:
        if block.pods is not None:
            assert IPv4Network(block.pods).subnet_of(IPv4Network(block.cidr))
            assert IPv4Network(block.pods).num_addresses >= pods
    if prefix < 28:
        with pytest.raises(ValueError, match=f"/{prefix}$"):
            cut(f"10.64.0.0/{prefix + 1}", zones, need)


@pytest.mark.parametrize("tier", Tier)
def test_the_vpcs_range_alone_decides_the_cut(tier: Tier) -> None:
    one, other = planned(tier=tier), plan(replace(request(tier=tier), vpc_cidr="10.16.0.0/16"))

    own = base().vpc_cidr.removesuffix(".0.0/16")

    assert [subnet.cidr.removeprefix(own) for subnet in one.network.subnets] == [
        subnet.cidr.removeprefix("10.16") for subnet in other.network.subnets
    ]


def test_a_plan_without_a_zone_is_refused_and_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="zone_ids is empty"):
        plan(replace(request(), zone_ids=()))
