"""What check says: verdicts, severities, and one broken plan per constraint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from sizing.catalog import instance
from sizing.check import check
from sizing.checks.verdicts import limit
from sizing.plan import plan
from sizing.planning.names import slug
from sizing.plans import Finding, Overrides, PlatformPlan, PoolOverride, Scale
from sizing.quotas import quotas
from sizing.serving.memory import fit
from sizing.sources import sources
from sizing.versions import GOOGLE_VERSIONS, VERSIONS
from sizing.words import (
    CacheRole,
    Cloud,
    Environment,
    Mode,
    PostgresForm,
    Severity,
    Tier,
    Verdict,
)
from sizing.workload import SELF_HOSTED_MODEL
from tests.both_clouds import here
from tests.sizing.requests import ENGINE, PRESETS, SOLD_IN_ONE_ZONE, machine, planned, pool, request

# Regions, their zones and machines that are not sold there.
NOT_SOLD = {
    Cloud.AWS: ("eu-west-1", ("euw1-az1", "euw1-az2", "euw1-az3"), "p5.48xlarge"),
    Cloud.GCP: ("us-east4", ("us-east4-a", "us-east4-b", "us-east4-c"), "a2-highgpu-1g"),
}


def found(given: PlatformPlan, finding_id: str) -> Finding:
    return next(one for one in check(given) if one.id == finding_id)


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_no_preset_has_an_error(environment: Environment, tier: Tier) -> None:
    assert not [one for one in check(planned(environment, tier)) if one.severity is Severity.ERROR]


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_every_finding_is_complete(environment: Environment, tier: Tier) -> None:
    findings = check(planned(environment, tier))
    severities = {
        Verdict.HOLDS: Severity.INFORMATION,
        Verdict.NOT_APPLICABLE: Severity.INFORMATION,
        Verdict.UNPROVEN: Severity.WARNING,
        Verdict.REFUTED: Severity.ERROR,
    }

    assert len({one.id for one in findings}) == len(findings)
    for one in findings:
        assert one.id == f"{one.component}.{one.constraint}"
        assert one.message
        assert one.source in sources()
        assert one.severity is severities[one.verdict]
        assert bool(one.fix) == (one.severity is not Severity.INFORMATION)
        assert (one.demand is None and one.capacity is None) or one.unit


@pytest.mark.cloud_free("arithmetic of a limit")
@pytest.mark.parametrize(
    ("demand", "capacity", "cautious", "verdict"),
    [
        (100, 100, None, Verdict.HOLDS),
        (101, 100, None, Verdict.REFUTED),
        (90, 100, 80, Verdict.UNPROVEN),
        (80, 100, 80, Verdict.HOLDS),
    ],
)
def test_a_hard_limit_holds_up_to_all_of_it(
    demand: float, capacity: float, cautious: float | None, verdict: Verdict
) -> None:
    assert limit(demand, capacity, cautious) is verdict


def broken_zones(given: PlatformPlan) -> PlatformPlan:
    zones = ("use1-az1", "use1-az2", "use1-az3")
    return plan(replace(given.request, zone_ids=zones))


def overlapping(given: PlatformPlan) -> PlatformPlan:
    inside = given.request.vpc_cidr.replace(".0.0/16", ".64.0/18")
    return replace(given, cluster=replace(given.cluster, service_cidr=inside))


def crowded(given: PlatformPlan) -> PlatformPlan:
    by_hand = Overrides(pools=(PoolOverride(role="general", planned=1),))
    return plan(replace(given.request, overrides=by_hand))


def outside_scale(given: PlatformPlan) -> PlatformPlan:
    by_hand = Overrides(pools=(PoolOverride(role="general", desired=1),))
    return plan(replace(given.request, overrides=by_hand))


def few_connections(given: PlatformPlan) -> PlatformPlan:
    return replace(given, postgres=replace(given.postgres, max_connections=100))


def slow_disk(given: PlatformPlan) -> PlatformPlan:
    return replace(given, postgres=replace(given.postgres, iops_delivered=3000))


def small_disk(given: PlatformPlan) -> PlatformPlan:
    return replace(given, postgres=replace(given.postgres, storage_gib=500))


def wrong_form(given: PlatformPlan) -> PlatformPlan:
    return replace(given, postgres=replace(given.postgres, form=PostgresForm.SINGLE))


def lonely_shards(given: PlatformPlan) -> PlatformPlan:
    caches = tuple(replace(one, replicas_per_shard=0) for one in given.caches)
    return replace(given, caches=caches)


def small_cache(given: PlatformPlan) -> PlatformPlan:
    caches = tuple(replace(one, memory_bytes_per_shard=1) for one in given.caches)
    return replace(given, caches=caches)


def even_masters(given: PlatformPlan) -> PlatformPlan:
    return replace(given, search=replace(given.search, master_count=4))


def pod_flood(given: PlatformPlan) -> PlatformPlan:
    return replace(given, network=replace(given.network, pod_addresses_needed=10**6))


def many_proxies(given: PlatformPlan) -> PlatformPlan:
    services = tuple(
        replace(one, scale=Scale(minimum=5, planned=5, maximum=500))
        if one.name == "litellm"
        else one
        for one in given.services
    )
    return replace(given, services=services)


def old_kubernetes(given: PlatformPlan) -> PlatformPlan:
    return replace(given, cluster=replace(given.cluster, kubernetes_version="1.32"))


def large_engine(given: PlatformPlan) -> PlatformPlan:
    services = tuple(
        replace(one, cpu_request_millis=32_000) if one.name == ENGINE else one
        for one in given.services
    )
    return replace(given, services=services)


def on_aws(why: str, values: tuple[object, ...]) -> ParameterSet:
    """Return a case of AWS alone."""
    return pytest.param(*values, marks=pytest.mark.one_cloud(Cloud.AWS, why))


@pytest.mark.parametrize(
    ("change", "finding_id", "verdict"),
    [
        on_aws(
            "control planes of GKE are a region's",
            (broken_zones, "network.control-plane-zones", Verdict.REFUTED),
        ),
        (overlapping, "network.service-range", Verdict.REFUTED),
        (pod_flood, "network.pod-addresses", Verdict.REFUTED),
        (crowded, "node_pools.general.fill", Verdict.REFUTED),
        (crowded, "node_pools.general.zone-loss", Verdict.REFUTED),
        (outside_scale, "node_pools.general.desired", Verdict.REFUTED),
        (large_engine, "node_pools.{gpu}.schedulable", Verdict.REFUTED),
        (many_proxies, "node_pools.general.autoscaler-maxima", Verdict.REFUTED),
        (many_proxies, "postgres.client-connections", Verdict.REFUTED),
        (few_connections, "postgres.server-connections", Verdict.REFUTED),
        (slow_disk, "postgres.iops", Verdict.REFUTED),
        (small_disk, "postgres.storage", Verdict.REFUTED),
        on_aws(
            "any tier of Cloud SQL is sold in any form",
            (wrong_form, "postgres.offered", Verdict.REFUTED),
        ),
        on_aws(
            "the cache is no shards there, and an instance that may be lost",
            (lonely_shards, "caches.cache.zone-loss", Verdict.REFUTED),
        ),
        (lonely_shards, "caches.state.zone-loss", Verdict.REFUTED),
        (small_cache, "caches.cache.memory", Verdict.REFUTED),
        on_aws(
            "each member in the cluster may be elected",
            (even_masters, "search.accepted.opensearch.masters", Verdict.REFUTED),
        ),
        (old_kubernetes, "cluster.support", Verdict.UNPROVEN),
    ],
)
def test_a_broken_plan_is_found_with_a_fix(
    change: Callable[[PlatformPlan], PlatformPlan], finding_id: str, verdict: Verdict
) -> None:
    whole = planned()
    finding_id = finding_id.format(gpu=pool(whole, "gpu").name)
    whole_ids = {one.id for one in check(whole) if one.verdict is verdict}
    assert finding_id not in whole_ids

    one = found(change(whole), finding_id)

    assert one.verdict is verdict
    assert one.fix


def test_documented_mode_warns_of_capacity_and_stops_at_what_cannot_run() -> None:
    given = planned(tier=Tier.MEDIUM, mode=Mode.DOCUMENTED)

    slow = found(given, "postgres.iops")
    stuck = found(given, "node_pools.gpu-t4.schedulable")

    # a disk of Cloud SQL gives what is asked, if the vCPU let it through
    short = {Cloud.AWS: Verdict.REFUTED, Cloud.GCP: Verdict.UNPROVEN}[here()]
    assert (slow.verdict, slow.severity) == (short, Severity.WARNING)
    assert (stuck.verdict, stuck.severity) == (Verdict.REFUTED, Severity.ERROR)


def test_what_the_peak_takes_holds_in_every_preset() -> None:
    for environment, tier in PRESETS:
        for one in check(planned(environment, tier)):
            if one.constraint in ("requests", "tokens", "slots", "first-token", "gpu-memory"):
                assert one.verdict is Verdict.HOLDS, one


def test_the_documents_own_rate_proves_nothing() -> None:
    one = found(planned(), "services.litellm.documented-rate")

    assert one.verdict is Verdict.NOT_APPLICABLE


def test_the_two_axes_of_the_load_are_compared() -> None:
    one = found(planned(tier=Tier.MEDIUM), "workload.axes")

    assert one.utilisation == pytest.approx(57.6)


def test_dev_is_not_asked_to_survive() -> None:
    survival = [one for one in check(planned(Environment.DEV)) if one.constraint == "zone-loss"]

    assert survival
    assert {one.verdict for one in survival} == {Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("g4dn.xlarge", Verdict.REFUTED),
        ("g5.4xlarge", Verdict.UNPROVEN),
        ("p4d.24xlarge", Verdict.HOLDS),
    ],
)
def test_the_model_is_held_against_the_gpus_memory(name: str, verdict: Verdict) -> None:
    assert fit(SELF_HOSTED_MODEL, instance(here(), machine(name))).verdict is verdict


def test_a_pool_in_one_zone_says_so() -> None:
    region, zones = SOLD_IN_ONE_ZONE[here()]
    given = plan(replace(request(tier=Tier.ENTERPRISE), region=region, zone_ids=zones))

    one = found(given, "node_pools.gpu-a100.zone-loss")

    assert one.verdict is Verdict.UNPROVEN
    assert "1 zones" in one.message


def test_a_region_without_the_gpu_is_an_error() -> None:
    region, zones, machine = NOT_SOLD[here()]
    by_hand = Overrides(pools=(PoolOverride(role="gpu", instance_type=machine),))
    made = plan(replace(request(overrides=by_hand), region=region, zone_ids=zones))

    offered = found(made, f"node_pools.{pool(made, 'gpu').name}.offered")
    assert offered.severity is Severity.ERROR


def test_the_state_store_of_a_single_cache_tier_still_survives() -> None:
    given = planned(tier=Tier.SMALL)
    roles = {one.role: one for one in given.caches}

    assert roles[CacheRole.STATE].replicas_per_shard == 1
    assert found(given, "caches.state.zone-loss").verdict is Verdict.HOLDS
    assert found(given, "caches.cache.zone-loss").verdict is Verdict.UNPROVEN


def test_the_end_of_support_is_named() -> None:
    one = found(planned(), "cluster.support")

    support = {Cloud.AWS: VERSIONS.support, Cloud.GCP: GOOGLE_VERSIONS.support}[here()]
    minor = planned().cluster.kubernetes_version
    assert support[minor].standard_ends in one.message
    assert one.verdict is Verdict.HOLDS


def test_a_quota_is_open_until_it_is_stated_and_refuses_what_is_above_it() -> None:
    given = planned(tier=Tier.ENTERPRISE)
    name = {Cloud.AWS: "Running On-Demand P instances", Cloud.GCP: "A2_CPUS"}[here()]
    own = f"quotas.{slug(name)}"
    asked = next(one for one in quotas(given) if one.name == name)

    def judged(granted: float) -> Finding:
        stated = replace(given, request=replace(given.request, quotas=((name, granted),)))
        return found(stated, own)

    assert found(given, own).verdict is Verdict.UNPROVEN
    assert judged(asked.needed).verdict is Verdict.HOLDS
    assert judged(asked.needed - 1).severity is Severity.ERROR
