"""Broken plans on Google Cloud: each is found, with what to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan
from sizing.plans.request import ApplicationRequest, Switches
from sizing.plans.tools import OsmenRequest
from sizing.sources import sources
from sizing.units import GIB
from sizing.words import CacheRole, Environment, Mode, Severity, Tier, Verdict
from tests.sizing.gcp.requests import REGIONS, planned, request

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")


def found(given: PlatformPlan, finding_id: str) -> Finding:
    return next(one for one in check(given) if one.id == finding_id)


def caches(given: PlatformPlan, **changes: object) -> PlatformPlan:
    return replace(given, caches=tuple(replace(one, **changes) for one in given.caches))  # type: ignore[arg-type]


def pools(given: PlatformPlan, **changes: object) -> PlatformPlan:
    return replace(given, node_pools=tuple(replace(one, **changes) for one in given.node_pools))  # type: ignore[arg-type]


BROKEN: dict[str, Callable[[PlatformPlan], PlatformPlan]] = {
    "postgres.offered": lambda p: replace(
        p, postgres=replace(p.postgres, instance_class="db-custom-3-7680")
    ),
    "postgres.iops": lambda p: replace(
        p, postgres=replace(p.postgres, storage_gib=20, iops_delivered=600)
    ),
    "postgres.point-in-time": lambda p: replace(
        p, postgres=replace(p.postgres, backup_retention_days=0)
    ),
    "postgres.accepted.cloud-sql-regional-backups": lambda p: replace(
        p, postgres=replace(p.postgres, backup_retention_days=0)
    ),
    "postgres.accepted.cloud-sql-disk": lambda p: replace(
        p, postgres=replace(p.postgres, storage_gib=9)
    ),
    "postgres.server-connections": lambda p: replace(
        p, postgres=replace(p.postgres, max_connections=100)
    ),
    "caches.state.accepted.memorystore-form": lambda p: caches(p, node_type="redis-standard-small"),
    "caches.state.accepted.memorystore-replicas": lambda p: caches(p, node_type="redis-basic-5gib"),
    "caches.state.memory": lambda p: caches(p, memory_bytes_per_shard=1),
    "caches.state.zone-loss": lambda p: caches(p, replicas_per_shard=0),
    "caches.cache.offered": lambda p: caches(p, node_type="redis-shared-core-nano"),
    "files.size": lambda p: replace(p, files=replace(p.files, planning_gib=100)),
    "files.accepted.filestore-least": lambda p: replace(
        p, files=replace(p.files, planning_gib=100)
    ),
    "files.accepted.filestore-copies": lambda p: replace(
        p, files=replace(p.files, throughput_mode="BASIC_SSD", planning_gib=2560)
    ),
    "files.zone-loss": lambda p: replace(p, files=replace(p.files, throughput_mode="BASIC_SSD")),
    "search.zone-loss": lambda p: replace(p, search=replace(p.search, zone_count=1)),
    "network.pod-addresses": lambda p: replace(
        p, network=replace(p.network, pod_addresses_reserved=256)
    ),
    "network.nat-addresses": lambda p: replace(p, network=replace(p.network, nat_ports=32_768)),
    "network.nat-ports": lambda p: replace(p, network=replace(p.network, nat_ports=32)),
    "network.service-range": lambda p: replace(
        p, cluster=replace(p.cluster, service_cidr="10.64.0.0/20")
    ),
    "network.zones": lambda p: replace(p, network=replace(p.network, zone_ids=("us-central1-a",))),
    "cluster.support": lambda p: replace(p, cluster=replace(p.cluster, kubernetes_version="1.34")),
    "node_pools.search.accepted.gke-pool-one-type": lambda p: pools(
        p, instance_types=("n2-standard-4", "c2-standard-4")
    ),
    "node_pools.search.accepted.gke-pool-labels": lambda p: pools(
        p, labels=(("node.kubernetes.io/role", "x"),)
    ),
    "node_pools.search.accepted.gke-pool-disk": lambda p: pools(p, root_disk_gib=9),
    "node_pools.search.fill": lambda p: pools(
        p, scale=replace(p.node_pools[0].scale, minimum=1, planned=1, maximum=1)
    ),
    "keys.data.accepted.kms-rotation": lambda p: replace(
        p, keys=tuple(replace(one, rotation_days=0) for one in p.keys)
    ),
}


@pytest.mark.parametrize("finding_id", BROKEN)
def test_a_broken_plan_is_found_with_a_fix(finding_id: str) -> None:
    whole = planned()
    assert finding_id not in {one.id for one in check(whole) if one.verdict is Verdict.REFUTED}

    one = found(BROKEN[finding_id](whole), finding_id)

    assert one.verdict is Verdict.REFUTED
    assert one.severity is Severity.ERROR
    assert one.fix


def test_an_end_of_support_that_no_source_shows_is_unproven() -> None:
    given = planned()
    new = replace(given, cluster=replace(given.cluster, kubernetes_version="1.99"))

    assert found(new, "cluster.support").verdict is Verdict.UNPROVEN


def test_prices_that_no_source_shows_are_said() -> None:
    there = planned(region="us-east4")

    for finding_id in ("postgres.price", "caches.cache.price"):
        assert found(planned(), finding_id).verdict is Verdict.HOLDS
        assert found(there, finding_id).verdict is Verdict.UNPROVEN


def test_who_gets_into_a_cluster_without_a_password_is_unproven() -> None:
    sharded = planned(mode=Mode.DOCUMENTED)
    assert [one.role for one in sharded.caches if one.cluster_mode] == [CacheRole.CACHE]
    assert found(sharded, "caches.cache.sign-in").verdict is Verdict.UNPROVEN
    assert found(sharded, "caches.state.sign-in").verdict is Verdict.HOLDS
    assert found(planned(), "caches.cache.sign-in").verdict is Verdict.HOLDS
    assert found(planned(), "caches.state.sign-in").verdict is Verdict.HOLDS
    assert found(planned(Tier.MEDIUM), "caches.cache.sign-in").verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("client", "switches"),
    [
        (
            "application",
            Switches(application=ApplicationRequest(cpu_millis=500, memory_bytes=GIB)),
        ),
        ("osmen-gateway", Switches(osmen=OsmenRequest(gateway=True, concurrent_users=10))),
    ],
)
def test_a_program_that_knows_only_a_password_is_kept_from_a_cluster(
    client: str, switches: Switches
) -> None:
    asked = replace(request(mode=Mode.DOCUMENTED), switches=switches)

    one = found(plan(asked), "caches.cache.sign-in")

    assert (one.verdict, one.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert client in one.message
    assert one.fix
    proven = found(plan(replace(asked, mode=Mode.PROVEN)), "caches.cache.sign-in")
    assert proven.verdict is Verdict.HOLDS


def test_two_zones_cannot_lose_one_and_elect() -> None:
    two = plan(replace(request(Tier.SMALL), zone_ids=("us-central1-a", "us-central1-b")))

    one = found(two, "search.zone-loss")

    assert one.verdict is Verdict.REFUTED
    assert "third zone" in one.fix


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("environment", Environment)
def test_every_finding_has_a_source_of_this_cloud(
    tier: Tier, region: str, environment: Environment
) -> None:
    foreign = {
        one
        for one in sources()
        if any(word in one for word in ("eks", "aws", "ec2", "elb", "elasticache"))
    } | {"cfn-lint", "cdk-preflight"}

    for one in check(planned(tier, environment, region)):
        assert one.source in sources()
        assert one.source not in foreign, one.id
