"""One failing case for every constraint of stores, metrics, network and providers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.plans import CachePlan, Finding, PlatformPlan, Scale, ServicePlan
from sizing.words import CacheRole, Cloud, Environment, Mode, Tier, Verdict
from sizing.workload import Workload, reference
from tests.both_clouds import here
from tests.sizing.requests import WIDEST, planned, request

Change = Callable[[PlatformPlan], PlatformPlan]
GIB = 1 << 30


def found(given: PlatformPlan, name: str) -> Finding:
    return next(one for one in check(given) if one.id == name)


def serviced(name: str, change: Callable[[ServicePlan], ServicePlan]) -> Change:
    def cut(given: PlatformPlan) -> PlatformPlan:
        services = tuple(change(one) if one.name == name else one for one in given.services)
        return replace(given, services=services)

    return cut


def volume(name: str, gib: int) -> Change:
    return serviced(name, lambda one: replace(one, volume_gib=gib))


def memory(name: str, size: int) -> Change:
    return serviced(
        name, lambda one: replace(one, memory_limit_bytes=size, memory_request_bytes=size)
    )


def cpu(name: str, millis: int) -> Change:
    return serviced(name, lambda one: replace(one, cpu_request_millis=millis))


def replicas(name: str, count: int) -> Change:
    scale = Scale(minimum=count, planned=count, maximum=count)
    return serviced(name, lambda one: replace(one, scale=scale))


def cached(role: CacheRole, change: Callable[[CachePlan], CachePlan]) -> Change:
    def cut(given: PlatformPlan) -> PlatformPlan:
        caches = tuple(change(one) if one.role is role else one for one in given.caches)
        return replace(given, caches=caches)

    return cut


def shard_memory(role: CacheRole, size: int) -> Change:
    return cached(role, lambda one: replace(one, memory_bytes_per_shard=size))


def database(**changed: int) -> Change:
    return lambda given: replace(
        given,
        postgres=replace(given.postgres, **changed),  # type: ignore[arg-type]
    )


def search(**changed: int) -> Change:
    return lambda given: replace(
        given,
        search=replace(given.search, **changed),  # type: ignore[arg-type]
    )


def bucket(name: str, gib: int) -> Change:
    return lambda given: replace(
        given,
        buckets=tuple(
            replace(one, planning_gib=gib) if one.name == name else one for one in given.buckets
        ),
    )


def nodes(count: int) -> Change:
    scale = Scale(minimum=count, planned=count, maximum=count)
    return lambda given: replace(
        given,
        node_pools=tuple(
            replace(one, scale=scale) if one.role == "general" else one for one in given.node_pools
        ),
    )


# What is cut, the finding, what it comes to: every one of them holds the demand before.
@pytest.mark.parametrize(
    ("change", "name", "verdict"),
    [
        (database(storage_gib=100), "postgres.retention", Verdict.REFUTED),
        (database(storage_gib=600), "postgres.retention", Verdict.UNPROVEN),
        (database(iops_delivered=3000), "postgres.row-writes", Verdict.UNPROVEN),
        (database(iops_delivered=1), "postgres.row-writes", Verdict.REFUTED),
        (database(vcpu=2), "postgres.vendor-vcpu", Verdict.UNPROVEN),
        (database(memory_bytes=GIB), "postgres.vendor-memory", Verdict.UNPROVEN),
        # 5 of 4 poolers in a rollout open 1,100: 1,090 are left of 1,110, 1,107 at most; poolers
        # share the pool, but not the reserve
        (database(max_connections=1110), "postgres.server-connections", Verdict.UNPROVEN),
        (replicas("pgbouncer", 200), "postgres.server-connections", Verdict.REFUTED),
        (
            shard_memory(CacheRole.STATE, 1 << 20),
            "caches.state.state-memory",
            Verdict.UNPROVEN,
        ),
        (shard_memory(CacheRole.CACHE, 1 << 20), "caches.cache.cache-memory", Verdict.REFUTED),
        (volume("qdrant", 1), "services.qdrant.disk", Verdict.UNPROVEN),
        (memory("qdrant", GIB), "services.qdrant.memory", Verdict.UNPROVEN),
        (replicas("qdrant", 1), "services.qdrant.survival", Verdict.REFUTED),
        (replicas("vault", 2), "services.vault.zone-loss", Verdict.REFUTED),
        (replicas("vault", 3), "services.vault.nodes", Verdict.UNPROVEN),
        (cpu("vault", 500), "services.vault.cpu", Verdict.UNPROVEN),
        (bucket("models", 20), "buckets.models.model-cache", Verdict.REFUTED),
        (search(volume_gib=1), "search.storage", Verdict.REFUTED),
        (nodes(3), "network.internal", Verdict.UNPROVEN),
    ],
)
def test_a_store_cut_below_its_need_is_found(change: Change, name: str, verdict: Verdict) -> None:
    whole = planned()
    before, after = found(whole, name), found(change(whole), name)

    assert after.verdict is verdict
    assert after.fix
    assert before.verdict is not verdict or after.utilisation != before.utilisation
    if after.demand is not None and name != "network.internal":
        assert after.demand > (after.capacity or 0)


# A rate that rests on an assumption is unproven in any case: the use says that it is too much.
@pytest.mark.parametrize(
    ("change", "name"),
    [
        (volume("prometheus", 1), "services.prometheus.disk"),
        (cpu("otel-collector", 1), "services.otel-collector.spans"),
        (
            cached(CacheRole.CACHE, lambda one: replace(one, shards=0)),
            "caches.cache.operations",
        ),
    ],
)
def test_a_rate_cut_below_its_need_is_above_its_capacity(change: Change, name: str) -> None:
    whole, cut = found(planned(), name), found(change(planned()), name)

    assert whole.demand is not None
    assert whole.demand <= (whole.capacity or 0)
    assert cut.demand is not None
    assert cut.demand > (cut.capacity or 0)
    assert cut.verdict is not Verdict.HOLDS


def heavy(tier: Tier = Tier.LARGE, **changed: object) -> PlatformPlan:
    load: Workload = replace(reference(tier), **changed)  # type: ignore[arg-type]
    return plan(replace(request(tier=tier), vpc_cidr=WIDEST[here()], workload=load))


def test_one_state_store_carries_the_limits_of_fifteen_hundred_requests() -> None:
    few = found(planned(), "caches.state.operations")
    many = found(heavy(requests_per_second_peak=2000), "caches.state.operations")

    assert (few.utilisation or 0) < 1 < (many.utilisation or 0)
    assert many.verdict is Verdict.UNPROVEN


def test_the_crawlers_pages_are_nobodys_figure() -> None:
    assert found(planned(), "caches.crawler.crawler-memory").demand is None
    assert found(planned(), "files.shared-files").demand is None


def test_shards_and_cores_of_search_are_judged() -> None:
    whole = heavy(requests_per_second_peak=5000, retention_days=365, trace_share=1)
    cut = search(instance_count=2)(whole)
    node = {Cloud.AWS: "c6g.large.search", Cloud.GCP: "n2-standard-2"}[here()]
    small = replace(cut, search=replace(cut.search, instance_type=node))

    for name in ("search.shards", "search.cpu"):
        assert found(whole, name).verdict is Verdict.HOLDS
        assert found(small, name).verdict is Verdict.UNPROVEN


# 4,500 requests/s x 0.85 x 27 s are 103,275 in flight to outside models; two gateways stand.
@pytest.mark.one_cloud("aws", "Cloud NAT is of a region, and counted by its ports")
def test_connections_through_nat_are_a_hard_limit() -> None:
    whole = heavy(requests_per_second_peak=4500, self_hosted_share=0)
    zones = whole.network.nat_zone_ids
    cut = replace(whole, network=replace(whole.network, nat_zone_ids=zones[:2]))

    assert found(whole, "network.nat-connections").verdict is Verdict.HOLDS
    assert found(cut, "network.nat-connections").verdict is Verdict.REFUTED
    # two for 1.9 times 55,000, and one that may be lost
    assert found(cut, "network.nat-connections").fix.startswith("3 NAT gateways")


def test_collectors_say_how_many_spans_each_request_may_leave() -> None:
    # one of two is lost: half a core x 15,000 spans/s x 80 % of 1,000 requests/s, by two collectors
    cut = cpu("otel-collector", 500)(replicas("otel-collector", 2)(planned()))
    load = replace(reference(Tier.LARGE), requests_per_second_peak=1_000)
    busy = replace(cut, request=replace(cut.request, workload=load))

    said = found(busy, "services.otel-collector.spans").message
    assert "room for 3 spans of each request" in said


def test_too_many_proxies_are_told_how_many_their_poolers_take() -> None:
    # 1,000 clients of a pooler, one of two away, ten connections a worker
    crowd = replicas("pgbouncer", 2)(planned())
    workers = next(one.workers for one in crowd.services if one.name == "litellm")

    assert f": {100 // workers} pods" in found(crowd, "postgres.client-connections").fix


def test_a_proxy_too_small_is_told_how_many_workers_carry_the_peak() -> None:
    # 500 requests/s / (3,000 / 132 x 80 %) = 27.5
    one = found(replicas("litellm", 1)(planned()), "services.litellm.requests")

    assert one.verdict is Verdict.REFUTED
    assert "28 workers" in one.fix


@pytest.mark.one_cloud("aws", "Cloud NAT is of a region, and counted by its ports")
def test_bandwidth_through_nat_is_counted_without_the_gateway_that_is_lost() -> None:
    whole, one = found(planned(), "network.nat-bandwidth"), planned(Environment.STAGING)

    assert whole.capacity == 2 * 5 * 0.8
    assert found(one, "network.nat-bandwidth").capacity == 1 * 5 * 0.8


def test_table_3_2_is_beside_the_ingress_and_refuses_nothing() -> None:
    one = found(heavy(Tier.SMALL, requests_per_second_peak=1000), "network.ingress")

    assert (one.utilisation or 0) > 1
    assert one.verdict is Verdict.UNPROVEN


@pytest.mark.one_cloud("aws", "Google bills rules and bytes, no units")
def test_a_load_balancer_says_its_units_and_nothing_is_short() -> None:
    one = found(planned(), "network.load-balancer-units")

    assert "20.0 by new connections" in one.message  # 500 a second, 25 a unit
    assert one.demand is not None
    assert one.demand >= 20.0
    assert one.verdict is Verdict.NOT_APPLICABLE


def test_a_single_vault_is_the_documents_choice_and_not_proven() -> None:
    assert found(planned(tier=Tier.SMALL), "services.vault.zone-loss").verdict is Verdict.UNPROVEN
    assert found(planned(), "services.vault.zone-loss").verdict is Verdict.HOLDS
    dev = planned(Environment.DEV)
    for name in ("services.vault.zone-loss", "services.qdrant.survival"):
        assert found(dev, name).verdict is Verdict.NOT_APPLICABLE


def test_objects_of_thanos_are_counted_beside_the_bill() -> None:
    one = found(planned(tier=Tier.ENTERPRISE), "buckets.metrics.objects")

    assert one.demand is not None
    assert one.demand <= (one.capacity or 0)
    assert "buckets.metrics.objects" not in {other.id for other in check(planned())}


@pytest.mark.parametrize("tier", Tier)
def test_documented_mode_judges_the_tables_by_the_same_models(tier: Tier) -> None:
    proven = {one.id for one in check(planned(tier=tier)) if one.component.startswith("postgres")}
    tabled = {
        one.id
        for one in check(planned(tier=tier, mode=Mode.DOCUMENTED))
        if one.component.startswith("postgres")
    }

    assert proven == tabled
