"""What the load raises above the document's tables, by how much, and never the other way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.check import check
from sizing.plan import plan
from sizing.planning.environment import setting
from sizing.planning.gcp.postgres import postgres as cloud_sql
from sizing.planning.postgres import postgres
from sizing.plans import CachePlan, Finding, Overrides, PlanRequest, PlatformPlan, Scale
from sizing.words import CacheRole, Cloud, Direction, Environment, Mode, PostgresForm, Tier, Verdict
from sizing.workload import Provider, Workload, reference
from tests.both_clouds import here
from tests.sizing.requests import WIDEST, base, planned, rules, service

PEAKS = st.floats(-2, 3.7).map(lambda power: 10.0**power)  # 0.01 to 5,000 requests/s
# Hard limits of stores that a raise can always meet at these loads, by the finding's name.
RAISED = {
    "postgres.retention",
    "postgres.row-writes",
    "postgres.client-connections",
    "postgres.server-connections",
    "caches.cache.cache-memory",
    "caches.cache.operations",
    "caches.state.state-memory",
    "services.qdrant.memory",
    "services.qdrant.disk",
    "services.qdrant.survival",
    "services.prometheus.disk",
    "services.otel-collector.spans",
    "search.storage",
    "search.shards",
    "search.cpu",
    "buckets.models.model-cache",
}
# The most that a relational store's disk has. Cloud SQL's grows by itself up to it.
DISK_MOST = {Cloud.AWS: (65_536, None), Cloud.GCP: (30_720, 30_720)}
# By what rule a disk grows for the log of spends and for its writes; a disk of Cloud SQL gives by
# its size, so that both are one.
KEPT = {Cloud.AWS: "spend-log-kept", Cloud.GCP: "cloud-sql-disk"}
WRITTEN = {Cloud.AWS: "spend-log-writes", Cloud.GCP: "cloud-sql-disk"}
# An instance of Memorystore for state is planned whole, with its price.
STATE = {Cloud.AWS: "state-holds-limits", Cloud.GCP: "cache-roles"}
SMALLEST_CLASS = {Cloud.AWS: "db.t4g.medium", Cloud.GCP: "db-custom-2-3840"}


def asked(
    tier: Tier,
    environment: Environment = Environment.PROD,
    mode: Mode = Mode.PROVEN,
    load: Workload | None = None,
) -> PlanRequest:
    return replace(
        base(),
        tier=tier,
        environment=environment,
        mode=mode,
        vpc_cidr=WIDEST[here()],
        workload=load,
    )


def loaded(tier: Tier, **changed: object) -> PlatformPlan:
    """Return the plan of a changed load; nothing streams, so that the proxies' nodes stay few."""
    load = replace(reference(tier), **{"streaming_share": 0, **changed})  # type: ignore[arg-type]
    return plan(asked(tier, load=load))


def cache(found: PlatformPlan, role: CacheRole = CacheRole.CACHE) -> CachePlan:
    return next(one for one in found.caches if one.role is role)


def finding(found: PlatformPlan, name: str) -> Finding:
    return next(one for one in check(found) if one.id == name)


def capacities(found: PlatformPlan) -> dict[str, float]:
    """Every size of a store that more load may raise and never lower."""
    sizes: dict[str, float] = {
        "postgres.storage": found.postgres.storage_gib,
        "postgres.iops": found.postgres.iops_delivered,
        "postgres.memory": found.postgres.memory_bytes,
        "postgres.vcpu": found.postgres.vcpu,
        "postgres.connections": found.postgres.max_connections,
        "search.members": found.search.instance_count,
        "search.volumes": found.search.instance_count * found.search.volume_gib,
    }
    for one in found.caches:
        sizes[f"{one.role}.shards"] = one.shards
        sizes[f"{one.role}.replicas"] = one.replicas_per_shard
        # of all shards: cutting an instance into them makes each smaller
        sizes[f"{one.role}.memory"] = one.shards * one.memory_bytes_per_shard
    for bucket in found.buckets:
        sizes[f"bucket.{bucket.name}"] = bucket.planning_gib
    for name in ("qdrant", "prometheus", "otel-collector", "vault"):
        pod = service(found, name)
        sizes[f"{name}.replicas"] = pod.scale.planned
        sizes[f"{name}.memory"] = pod.memory_request_bytes
        sizes[f"{name}.volume"] = pod.volume_gib
    return sizes


@st.composite
def workloads(draw: st.DrawFn, tier: Tier) -> Workload:
    """Return a load that stores which are sold can hold."""
    return replace(
        reference(tier),
        requests_per_second_peak=draw(PEAKS),
        retention_days=draw(st.sampled_from([1, 30, 90])),
        cache_ttl_seconds=draw(st.sampled_from([60, 3600, 86_400])),
        trace_share=draw(st.sampled_from([0, 0.1, 1])),
        keys=draw(st.integers(1, 100_000)),
        model_names=draw(st.integers(1, 50)),
        vectors=draw(st.floats(0, 7).map(lambda power: 10.0**power)),
        vector_dimensions=draw(st.sampled_from([None, 384, 1536])),
    )


@given(data=st.data(), tier=st.sampled_from(list(Tier)), environment=st.sampled_from(Environment))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_what_is_asked_of_a_store_is_planned(
    data: st.DataObject, tier: Tier, environment: Environment
) -> None:
    found = plan(asked(tier, environment, load=data.draw(workloads(tier))))
    judged = {one.id: one for one in check(found)}

    for name in RAISED & judged.keys():
        one = judged[name]
        if one.demand is None:  # not applicable in dev
            continue
        assert one.capacity is not None
        assert one.demand <= one.capacity * (1 + 1e-9), one
        assert one.verdict is not Verdict.REFUTED, one


@given(
    data=st.data(),
    tier=st.sampled_from(list(Tier)),
    environment=st.sampled_from(Environment),
    times=st.floats(1, 100),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_more_requests_never_lower_a_capacity(
    data: st.DataObject, tier: Tier, environment: Environment, times: float
) -> None:
    less = data.draw(workloads(tier))
    peak = min(5000.0, less.requests_per_second_peak * times)
    more = replace(less, requests_per_second_peak=max(peak, less.requests_per_second_peak))
    small, large = (capacities(plan(asked(tier, environment, load=load))) for load in (less, more))

    assert {name: (small[name], large[name]) for name in small if small[name] > large[name]} == {}


@given(
    peak=PEAKS,
    days=st.sampled_from([1.0, 365.0, 36_500.0]),
    vectors=st.sampled_from([1.0, 1e9, 1e12]),
    keys=st.sampled_from([1, 10**6]),
    lifetime=st.sampled_from([1.0, 31_536_000.0]),
    tier=st.sampled_from(list(Tier)),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_load_that_no_store_holds_is_a_finding_and_no_crash(
    peak: float, days: float, vectors: float, keys: int, lifetime: float, tier: Tier
) -> None:
    found = loaded(
        tier,
        requests_per_second_peak=peak,
        retention_days=days,
        vectors=vectors,
        keys=keys,
        cache_ttl_seconds=lifetime,
    )
    ids = [one.id for one in check(found)]

    assert len(ids) == len(set(ids))
    assert found.postgres.storage_gib <= 65_536
    assert (found.postgres.max_allocated_gib or 65_536) <= 65_536


@pytest.mark.parametrize("tier", Tier)
def test_the_reference_is_held_by_the_documents_stores_in_prod(tier: Tier) -> None:
    found = planned(tier=tier)
    raised = {one.rule for one in found.adjustments if one.direction is Direction.RAISED}

    assert not raised & {
        "spend-log-kept",
        "spend-log-writes",
        "pooled-connections",
        "cache-holds-answers",
        "state-holds-limits",
        "search-holds-traces",
        "vectors-in-memory",
        "series-kept",
        "model-releases",
    }
    assert [one.id for one in check(found) if one.verdict is Verdict.REFUTED] == []


@pytest.mark.parametrize("tier", Tier)
def test_documented_mode_keeps_the_tables_whatever_the_load(tier: Tier) -> None:
    heavy = replace(
        reference(tier),
        requests_per_second_peak=5000,
        retention_days=365,
        keys=10**6,
        vectors=1e8,
    )
    tabled = plan(asked(tier, mode=Mode.DOCUMENTED))
    found = plan(asked(tier, mode=Mode.DOCUMENTED, load=heavy))
    small, large = capacities(tabled), capacities(found)

    assert small == large
    assert finding(found, "postgres.retention").verdict is Verdict.REFUTED


# 1,000 / 3 requests/s x 86,400 s x 2,000 bytes x 90 days are 4,828 GiB.
def test_the_spend_log_is_kept_for_its_retention() -> None:
    found = loaded(Tier.LARGE, requests_per_second_peak=1000, retention_days=90)

    assert found.postgres.storage_gib == 4828
    assert rules(found)[KEPT[here()]].monthly_usd
    assert finding(found, "postgres.retention").verdict is Verdict.HOLDS


def test_a_row_takes_seven_operations_of_which_four_fifths_are_used() -> None:
    found = loaded(Tier.MEDIUM, requests_per_second_peak=4000).postgres

    stated = {Cloud.AWS: 35_000, Cloud.GCP: None}[here()]
    assert found.iops == stated
    # a disk of Cloud SQL that keeps so much gives the most that there is
    assert found.iops_delivered == (stated or 100_000)


def test_a_small_disk_grows_where_its_baseline_is_too_slow() -> None:
    found = loaded(Tier.SMALL, requests_per_second_peak=400, retention_days=1).postgres

    # 400 x 7 / 80 % are 3,500: gp3's next step, or 30 a GiB
    grown = {Cloud.AWS: (400, 12_000), Cloud.GCP: (117, 3510)}[here()]
    assert found.iops is None
    assert (found.storage_gib, found.iops_delivered) == grown


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.LARGE])
def test_beyond_the_largest_disk_the_retention_is_refuted_by_name(tier: Tier) -> None:
    found = loaded(tier, requests_per_second_peak=5000, retention_days=3650)
    one = finding(found, "postgres.retention")

    assert (found.postgres.storage_gib, found.postgres.max_allocated_gib) == DISK_MOST[here()]
    assert one.verdict is Verdict.REFUTED
    assert "GiB" in one.fix
    # a cluster's IOPS are at least half of its GiB
    clustered = found.postgres.form is PostgresForm.MULTI_AZ_CLUSTER
    assert (found.postgres.iops or 0) >= (32_768 if clustered else 0)


def test_poolers_of_many_proxies_share_the_servers_connections() -> None:
    found = loaded(Tier.SMALL, requests_per_second_peak=2000)

    assert service(found, "pgbouncer").scale.planned > 2
    assert finding(found, "postgres.server-connections").verdict is Verdict.HOLDS
    assert found.postgres.max_connections == planned(tier=Tier.SMALL).postgres.max_connections


def test_more_poolers_than_a_class_takes_connections_of_need_a_larger_one() -> None:
    small = planned(tier=Tier.SMALL)
    many = tuple(
        replace(one, scale=Scale(minimum=60, planned=60, maximum=60))
        if one.name == "pgbouncer"
        else one
        for one in small.services
    )
    store = {Cloud.AWS: postgres, Cloud.GCP: cloud_sql}[here()]
    rule = {Cloud.AWS: "pooled-connections", Cloud.GCP: "cloud-sql-steps"}[here()]
    made, notes = store(setting(small.request), many)

    assert made.max_connections > small.postgres.max_connections
    assert next(one for one in notes if one.rule == rule).direction is Direction.RAISED


def test_an_override_of_class_and_storage_wins_over_the_load() -> None:
    heavy = replace(reference(Tier.SMALL), requests_per_second_peak=5000, streaming_share=0)
    by_hand = Overrides(postgres_instance_class=SMALLEST_CLASS[here()], postgres_storage_gib=100)
    made = plan(replace(asked(Tier.SMALL, load=heavy), overrides=by_hand))
    found = replace(
        made,
        services=tuple(
            replace(one, scale=Scale(minimum=60, planned=60, maximum=60))
            if one.name == "pgbouncer"
            else one
            for one in made.services
        ),
    )

    assert found.postgres.instance_class == SMALLEST_CLASS[here()]
    assert found.postgres.storage_gib == 100
    assert finding(found, "postgres.retention").verdict is Verdict.REFUTED
    assert finding(found, "postgres.server-connections").verdict is Verdict.REFUTED


@pytest.mark.one_cloud("aws", "shards of Memorystore know no password: its one instance grows")
def test_a_clustered_cache_takes_more_shards_of_the_same_node() -> None:
    before, after = planned(tier=Tier.LARGE), loaded(Tier.LARGE, requests_per_second_peak=2500)

    assert cache(after).node_type == cache(before).node_type
    assert cache(after).shards > cache(before).shards == 3
    assert rules(after)["cache-holds-answers"].monthly_usd


def test_a_single_cache_takes_a_larger_node_and_then_shards_that_survive() -> None:
    larger = cache(loaded(Tier.SMALL, requests_per_second_peak=100))
    long = {"output_tokens": 2000.0, "cache_ttl_seconds": 86_400.0, "cache_hit_share": 0.2}
    cut = cache(loaded(Tier.SMALL, requests_per_second_peak=5000, **long))

    assert (larger.shards, larger.replicas_per_shard, larger.cluster_mode) == (1, 0, False)
    assert larger.memory_bytes_per_shard > cache(planned(tier=Tier.SMALL)).memory_bytes_per_shard
    assert cut.shards > 1
    assert cut.replicas_per_shard == 1
    assert cut.cluster_mode
    assert cut.memory_bytes_per_shard > larger.memory_bytes_per_shard


def test_state_is_never_cut_into_shards() -> None:
    found = loaded(Tier.MEDIUM, keys=10**6, model_names=50)
    state = cache(found, CacheRole.STATE)

    assert (state.shards, state.cluster_mode) == (1, False)
    # 44 GB: no node of ElastiCache in the catalogue has so much, an instance of Memorystore has
    enough = {Cloud.AWS: Verdict.UNPROVEN, Cloud.GCP: Verdict.HOLDS}[here()]
    assert finding(found, "caches.state.state-memory").verdict is enough


def test_vectors_grow_memory_and_volume_of_three_members() -> None:
    found = loaded(Tier.LARGE, vectors=1e7, vector_dimensions=1536)
    members = service(found, "qdrant")

    # 10 M x 1,536 x 4 bytes x 1.5, two copies on three members: 57.2 GiB each
    assert members.scale.planned == 3
    assert members.memory_limit_bytes == members.memory_request_bytes == 58 << 30
    assert members.volume_gib == 58
    assert finding(found, "services.qdrant.memory").verdict is Verdict.HOLDS


def test_vectors_beyond_the_largest_node_are_refuted_and_still_placed() -> None:
    judged = {one.id: one for one in check(loaded(Tier.LARGE, vectors=1e9, vector_dimensions=1536))}

    assert judged["services.qdrant.memory"].verdict is Verdict.REFUTED
    assert all(
        one.verdict is Verdict.HOLDS
        for name, one in judged.items()
        if name.startswith("node_pools.data") and name.endswith(".schedulable")
    )


def test_metrics_carry_keys_as_long_as_the_documented_volume_holds_them() -> None:
    few = loaded(Tier.LARGE, keys=2, model_names=2)
    many = planned(tier=Tier.LARGE)

    assert "metrics-without-keys" not in rules(few)
    assert "key and model" in finding(few, "services.prometheus.disk").message
    assert rules(many)["metrics-without-keys"].direction is Direction.REPLACED
    assert "model alone" in finding(many, "services.prometheus.disk").message
    assert service(few, "prometheus").volume_gib == service(many, "prometheus").volume_gib


def test_thanos_counts_a_year_of_series_from_both_servers() -> None:
    found = loaded(Tier.ENTERPRISE, requests_per_second_peak=5000)
    sizes = {one.name: one.planning_gib for one in found.buckets}

    assert sizes["metrics"] > 5000
    assert rules(found)["metrics-kept"].monthly_usd


def test_the_model_cache_holds_two_releases_of_every_model() -> None:
    found = plan(asked(Tier.SMALL, Environment.DEV))
    sizes = {one.name: one.planning_gib for one in found.buckets}

    assert sizes["models"] == 30  # 2 x 8.03 billion parameters x 2 bytes
    assert rules(found)["model-releases"].direction is Direction.RAISED


def test_search_takes_larger_volumes_and_then_more_members() -> None:
    larger = loaded(Tier.SMALL, requests_per_second_peak=5000).search
    # a small node of a domain takes half a TiB, a disk of Google Cloud 64 TiB
    days, most = {Cloud.AWS: (365, 512), Cloud.GCP: (36_500, 65_536)}[here()]
    wider = loaded(Tier.SMALL, requests_per_second_peak=5000, retention_days=days).search

    assert (larger.instance_count, larger.volume_gib) == (3, 195)
    assert wider.instance_count > 3
    assert wider.instance_count % 3 == 0
    assert wider.volume_gib <= most


def test_collectors_that_spans_fill_lose_one_without_losing_traces() -> None:
    found = loaded(Tier.SMALL, requests_per_second_peak=8000, trace_share=1)
    collectors = service(found, "otel-collector").scale.planned

    # half a core each, 15,000 spans/s a core, of which four fifths are used; three carry them, and
    # as many stand with a zone lost. A span passes two of several: the one that it reaches, and
    # the one that gathers its trace
    assert collectors == 5
    assert 3 * 0.5 * 15_000 * 0.8 >= 2 * 8000


def test_every_raise_is_an_adjustment_with_its_price() -> None:
    found = loaded(
        Tier.MEDIUM, requests_per_second_peak=4000, retention_days=60, vectors=1e7, keys=10**6
    )
    said = rules(found)

    for rule in (
        KEPT[here()],
        WRITTEN[here()],
        "cache-holds-answers",
        STATE[here()],
        "search-holds-traces",
        "vectors-stored",
        "series-kept",
    ):
        assert said[rule].direction is Direction.RAISED
        assert (said[rule].monthly_usd or 0) > 0, rule


def test_a_providers_quota_is_judged_with_the_largest_other_one_lost() -> None:
    two = (
        Provider(name="first", share=0.5, requests_per_minute=10_000),
        Provider(name="second", share=0.5, requests_per_minute=5_000),
    )
    judged = {one.id: one for one in check(loaded(Tier.LARGE, providers=two))}

    # 500 requests/s x 0.85 x 0.3 x 60 are 7,650 a minute, all of them on one
    assert judged["providers.requests-per-minute-first"].verdict is Verdict.HOLDS
    assert judged["providers.requests-per-minute-second"].verdict is Verdict.REFUTED
    assert judged["providers.tokens-per-minute-first"].verdict is Verdict.UNPROVEN
    assert not [one for one in check(planned()) if one.component == "providers"]
