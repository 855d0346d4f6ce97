"""What the planner decides for the stores, the add-ons and what guards them."""

from __future__ import annotations

import json

import pytest

from sizing.catalog import cache_node
from sizing.sources import sources
from sizing.versions import VERSIONS
from sizing.words import (
    CacheRole,
    Cloud,
    Environment,
    Eviction,
    Mode,
    PostgresForm,
    Tier,
)
from tests.both_clouds import here
from tests.sizing.requests import planned, rules

# RDS gives a volume of gp3 from 400 GiB on four times its least, and more for money; a disk of
# Cloud SQL gives 30 operations a GiB up to 100,000, and has a standby with replicas beside it.
FORMS = {
    Cloud.AWS: {
        Tier.SMALL: (PostgresForm.SINGLE, 50, 3000),
        Tier.MEDIUM: (PostgresForm.MULTI_AZ_INSTANCE, 400, 12_000),
        Tier.LARGE: (PostgresForm.MULTI_AZ_CLUSTER, 1000, 12_000),
        Tier.ENTERPRISE: (PostgresForm.MULTI_AZ_CLUSTER, 5000, 20_000),
    },
    Cloud.GCP: {
        Tier.SMALL: (PostgresForm.SINGLE, 100, 3000),
        Tier.MEDIUM: (PostgresForm.MULTI_AZ_INSTANCE, 200, 6000),
        Tier.LARGE: (PostgresForm.MULTI_AZ_INSTANCE, 1000, 30_000),
        Tier.ENTERPRISE: (PostgresForm.MULTI_AZ_INSTANCE, 5000, 100_000),
    },
}


@pytest.mark.parametrize("tier", Tier)
def test_postgres_takes_a_form_that_is_sold_and_the_larger_storage(tier: Tier) -> None:
    found = planned(tier=tier).postgres

    assert (found.form, found.storage_gib, found.iops_delivered) == FORMS[here()][tier]


def test_both_storage_figures_stand_in_the_adjustment() -> None:
    said = rules(planned(tier=Tier.ENTERPRISE))["postgres-storage-twice"]

    assert "1000 GB" in said.documented
    assert "5000 GB" in said.documented


@pytest.mark.one_cloud("aws", "Cloud SQL takes no count of operations")
def test_a_cluster_is_told_its_iops_and_grows_by_hand() -> None:
    found = planned(tier=Tier.LARGE).postgres

    assert found.iops == 12_000
    assert found.max_allocated_gib is None


def test_a_small_volume_is_given_no_iops() -> None:
    found = planned(tier=Tier.SMALL).postgres

    assert found.iops is None
    assert found.max_allocated_gib is not None
    assert found.max_allocated_gib > found.storage_gib


def test_memory_parameters_are_document_003s_shares_in_its_units() -> None:
    found = planned(tier=Tier.LARGE).postgres
    values = {one.name: one for one in found.parameters}
    pages = found.memory_bytes // 8192

    assert values["shared_buffers"].value == str(pages // 4)
    assert values["shared_buffers"].static
    # Cloud SQL takes 70 % at most, and has no default for connections that a plan could rest on
    cached, stated = {Cloud.AWS: (75, False), Cloud.GCP: (70, True)}[here()]
    assert values["effective_cache_size"].value == str(pages * cached // 100)
    assert values["random_page_cost"].value == "1.1"
    assert ("max_connections" in values) is stated


@pytest.mark.parametrize(
    ("tier", "mode", "shards", "replicas", "clustered"),
    [
        (Tier.SMALL, Mode.PROVEN, 1, 0, False),
        (Tier.MEDIUM, Mode.PROVEN, 1, 1, False),
        (Tier.LARGE, Mode.PROVEN, 3, 1, True),
        (Tier.LARGE, Mode.DOCUMENTED, 3, 0, True),
        (Tier.ENTERPRISE, Mode.PROVEN, 3, 1, True),
    ],
)
def test_the_cache_follows_table_2_5_and_survives_a_shard(
    tier: Tier, mode: Mode, shards: int, replicas: int, clustered: bool
) -> None:
    found = next(one for one in planned(tier=tier, mode=mode).caches if one.role is CacheRole.CACHE)

    cut = (shards, replicas, clustered)
    if here() is Cloud.GCP and clustered and mode is Mode.PROVEN:
        cut = (1, 1, False)  # Memorystore knows no password in shards: one instance holds them all
    assert (found.shards, found.replicas_per_shard, found.cluster_mode) == cut


def test_state_never_evicts_and_never_speaks_cluster_mode() -> None:
    found = {one.role: one for one in planned(tier=Tier.ENTERPRISE).caches}

    for role in (CacheRole.STATE, CacheRole.CRAWLER):
        assert found[role].eviction is Eviction.NOEVICTION
        assert not found[role].cluster_mode
        assert found[role].replicas_per_shard == 1
    assert found[CacheRole.CACHE].eviction is Eviction.ALLKEYS_LRU


@pytest.mark.one_cloud("aws", "GKE brings its add-ons itself")
def test_the_cni_is_told_to_hand_out_prefixes_before_any_node() -> None:
    addons = {one.name: one for one in planned().cluster.addons}

    assert json.loads(addons["vpc-cni"].configuration)["env"] == {
        "ENABLE_PREFIX_DELEGATION": "true",
        "WARM_PREFIX_TARGET": "1",
    }
    assert {name for name, one in addons.items() if one.before_nodes} == {
        "vpc-cni",
        "kube-proxy",
        "eks-pod-identity-agent",
    }


@pytest.mark.one_cloud("aws", "GKE brings its add-ons itself")
def test_an_addon_without_a_source_is_left_unpinned() -> None:
    addons = {one.name: one.version for one in planned().cluster.addons}

    assert addons["aws-efs-csi-driver"] == ""
    assert addons["coredns"] == VERSIONS.addons["coredns"].value


def test_every_pin_names_a_known_source() -> None:
    pins = [
        VERSIONS.kubernetes,
        VERSIONS.ami_release,
        VERSIONS.opensearch,
        *VERSIONS.addons.values(),
        *(engine.version for engine in (VERSIONS.postgres, VERSIONS.valkey, VERSIONS.redis)),
    ]

    assert {pin.source for pin in pins} <= set(sources())


def test_prod_guards_its_data_and_dev_can_be_thrown_away() -> None:
    prod, dev = planned(), planned(Environment.DEV)

    assert prod.protect
    assert prod.postgres.deletion_protection
    assert prod.postgres.final_snapshot
    assert not dev.protect
    assert not dev.postgres.final_snapshot
    assert all(one.force_destroy for one in dev.buckets)
    assert not any(one.force_destroy for one in prod.buckets)


# ElastiCache's advice: 25 % by default, 30 % on small and 50 % on micro burstable nodes.
@pytest.mark.one_cloud("aws", "Memorystore states what a size holds for data")
@pytest.mark.parametrize(
    ("tier", "role", "node", "percent"),
    [
        (Tier.SMALL, CacheRole.STATE, "cache.t4g.micro", "50"),
        (Tier.SMALL, CacheRole.CACHE, "cache.t4g.small", "30"),
        (Tier.LARGE, CacheRole.CACHE, "cache.r6g.large", "25"),
    ],
)
def test_a_small_cache_node_keeps_more_memory_back(
    tier: Tier, role: CacheRole, node: str, percent: str
) -> None:
    found = next(one for one in planned(tier=tier).caches if one.role is role)
    reserved = next(one for one in found.parameters if one.name == "reserved-memory-percent")

    assert (found.node_type, reserved.value) == (node, percent)
    assert found.memory_bytes_per_shard == (
        cache_node(node).memory_bytes * (100 - int(percent)) // 100
    )
