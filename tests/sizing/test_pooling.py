"""Connections: what the poolers may open fits the server, whatever is asked of the platform."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.planning.connections import RESERVED_CONNECTIONS, direct_connections
from sizing.planning.pooling import SNAPSHOT_SCHEDULE
from sizing.plans import Finding, PlatformPlan
from sizing.plans.request import ApplicationRequest, Switches
from sizing.tiers import PGBOUNCER
from sizing.units import GIB
from sizing.words import Environment, Mode, Tier, Verdict
from tests.sizing.proof.samples import plans
from tests.sizing.requests import PRESETS, planned, request, service

SAMPLE = 50
DOCUMENTED = ("collections", "litellm", "permissions", "users")
EVERYTHING = Switches(
    agent_router=True, application=ApplicationRequest(cpu_millis=500, memory_bytes=GIB)
)


def opened(found: PlatformPlan) -> int:
    """Server connections while a quarter more poolers stand than are planned, counted anew."""
    pooler = found.pooler
    at_once = pooler.poolers + ceil(pooler.poolers / 4)
    return at_once * (pooler.pool_size + pooler.reserve) * len(pooler.databases)


def server_finding(found: PlatformPlan) -> Finding:
    return next(one for one in check(found) if one.id == "postgres.server-connections")


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_what_poolers_open_fits_the_server_beside_its_own(
    environment: Environment, tier: Tier
) -> None:
    found = planned(environment, tier)
    assert opened(found) == found.pooler.max_server_connections
    assert opened(found) + int(RESERVED_CONNECTIONS) <= found.postgres.max_connections


def test_so_it_is_for_any_workload_on_any_cloud() -> None:
    for found in plans(SAMPLE):
        assert opened(found) == found.pooler.max_server_connections
        assert opened(found) + int(RESERVED_CONNECTIONS) <= found.postgres.max_connections
        assert server_finding(found).demand == opened(found)


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_so_it_is_with_a_database_for_each_part_that_is_switched_on(
    environment: Environment, tier: Tier
) -> None:
    found = plan(replace(request(environment, tier), switches=EVERYTHING))
    assert found.pooler.databases == tuple(sorted((*DOCUMENTED, "application")))
    assert opened(found) + int(RESERVED_CONNECTIONS) <= found.postgres.max_connections
    assert server_finding(found).verdict is Verdict.HOLDS


def test_poolers_pool_the_databases_that_there_are() -> None:
    found = planned()
    assert found.pooler.databases == DOCUMENTED
    assert found.postgres.databases == tuple(sorted((*DOCUMENTED, "grafana")))


def test_what_goes_past_the_poolers_is_counted_with_a_rollout() -> None:
    found = planned(Environment.PROD, Tier.ENTERPRISE)
    # three replicas and one that a rollout adds, two pools of five connections each
    assert direct_connections(found.services, found.request.switches) == (3 + 1) * 2 * 5 + 4
    without = plan(replace(found.request, switches=Switches(grafana=False)))
    assert direct_connections(without.services, without.request.switches) == 4
    assert "grafana" not in without.postgres.databases
    assert all(one.name != "grafana" for one in without.services)


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_both_roads_together_fit_the_server(environment: Environment, tier: Tier) -> None:
    found = planned(environment, tier)
    together = opened(found) + direct_connections(found.services, found.request.switches)
    assert together + int(RESERVED_CONNECTIONS) <= found.postgres.max_connections


@pytest.mark.parametrize(
    ("tier", "pool_size"), [(Tier.SMALL, 20), (Tier.MEDIUM, 50), (Tier.LARGE, 100)]
)
def test_the_guides_pools_are_those_of_two_poolers(tier: Tier, pool_size: int) -> None:
    pooler = planned(tier=tier, mode=Mode.DOCUMENTED).pooler
    assert (pooler.poolers, pooler.pool_size) == (2, pool_size)
    assert (pooler.reserve, pooler.max_clients) == (5, 1000)


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_further_poolers_are_for_clients_and_share_the_pool(
    environment: Environment, tier: Tier
) -> None:
    proven = planned(environment, tier).pooler
    written = planned(environment, tier, Mode.DOCUMENTED).pooler
    assert proven.poolers >= written.poolers
    whole = max(2, written.poolers) * written.pool_size
    assert whole <= max(2, proven.poolers) * proven.pool_size < whole + proven.poolers


def test_every_process_of_the_proxy_finds_a_place_with_a_pooler_lost() -> None:
    for found in plans(SAMPLE, surviving=True):
        proxy, pooler = service(found, "litellm"), found.pooler
        pods = proxy.scale.maximum + ceil(proxy.scale.maximum / 4)
        clients = pods * proxy.workers * pooler.client_pool
        assert clients <= (pooler.poolers - 1) * pooler.max_clients
        assert pooler.max_clients == PGBOUNCER.max_client_connections


@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("tier", Tier)
def test_two_poolers_stand_wherever_one_may_be_lost(environment: Environment, tier: Tier) -> None:
    poolers = planned(environment, tier).pooler.poolers
    assert poolers >= (1 if environment is Environment.DEV else 2)


def test_a_collection_outlives_the_fullest_zone() -> None:
    for found in plans(SAMPLE):
        kept, members = found.vectors, service(found, "qdrant").scale.planned
        assert kept.members == members
        assert 1 <= kept.replication_factor <= members
        if found.request.environment is not Environment.DEV:
            fullest = ceil(members / len(found.request.zone_ids))
            assert kept.replication_factor > fullest


def test_snapshots_stay_as_long_as_backups() -> None:
    for environment in Environment:
        found = planned(environment)
        assert found.vectors.snapshot_days == found.backups.retention_days
        assert found.vectors.snapshot_schedule == SNAPSHOT_SCHEDULE
    minute, hour, *rest = SNAPSHOT_SCHEDULE.split()
    assert (int(minute), int(hour), rest) == (0, 1, ["*", "*", "*"])


def with_logins(*logins: tuple[str, int], vault: bool = True) -> PlatformPlan:
    switches = Switches(
        vault=vault,
        vault_logins=logins,
        application=ApplicationRequest(replicas=3, maximum=6, cpu_millis=500, memory_bytes=GIB),
    )
    return plan(replace(request(), switches=switches))


def test_vaults_issuer_and_each_pods_short_lived_logins_are_counted() -> None:
    plain = with_logins()
    base = direct_connections(plain.services, plain.request.switches)
    for logins, more in (
        ((("application", 2),), (6 + 2) * 2 * 5),  # at its maximum, and a rollout's surge
        ((("batch", 3),), 3 * 5),  # no service of the plan: one pod
        ((("application", 1), ("batch", 1)), (6 + 2) * 5 + 5),
    ):
        found = with_logins(*logins)
        counted = direct_connections(found.services, found.request.switches)
        assert counted - base == more
        before, after = (
            next(one for one in check(made) if one.id == "postgres.server-connections")
            for made in (plain, found)
        )
        assert (before.capacity or 0) - (after.capacity or 0) + (after.demand or 0) - (
            before.demand or 0
        ) == pytest.approx(more)
    without = with_logins(("application", 2), vault=False)
    assert base - direct_connections(without.services, without.request.switches) == 4


def test_a_server_is_large_enough_for_the_logins_that_are_issued() -> None:
    many = with_logins(("application", 3), *((f"batch-{index}", 3) for index in range(200)))
    told = next(one for one in check(many) if one.id == "postgres.server-connections")
    assert told.verdict is Verdict.HOLDS
