"""A stack in another's cluster: what is its own, what the host then carries, who pays for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sizing.catalog.google import cloud_sql
from sizing.check import check, recheck
from sizing.cost import cost
from sizing.plan import guests, plan
from sizing.planning.guest import aboard
from sizing.plans import Overrides, PlanRequest, PlatformPlan
from sizing.plans.request import Neighbour
from sizing.quotas import quotas
from sizing.words import Cloud, Environment, Severity, Tier, Verdict
from tests.both_clouds import here
from tests.sizing.requests import request

HOST, GUEST = "staging-medium", "dev-medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cloud on which a host stands with its guest.

    Attributes:
        roomy: what a host of the medium tier says to have room for a guest.
        small: a class of its server that has too few connections for two.
        quotas: services of which a guest of a cluster takes something.
        keys: of a guest.
        machines: a quota that counts nodes, and how a finding calls it.
    """

    cloud: Cloud
    roomy: Overrides
    small: str
    quotas: frozenset[str]
    keys: frozenset[str]
    machines: tuple[str, str]

    def pair(
        self,
        overrides: Overrides | None = None,
        quotas: tuple[tuple[str, float], ...] = (),
        tier: Tier = Tier.MEDIUM,
    ) -> tuple[PlanRequest, PlanRequest]:
        """Return the requests of a host and of its guest, each knowing the other."""
        alone = request(Environment.DEV, tier)
        host = replace(
            request(Environment.STAGING, Tier.MEDIUM),
            overrides=self.roomy if overrides is None else overrides,
            quotas=quotas,
            guests=(Neighbour(stack=GUEST, request=alone),),
        )
        return host, replace(alone, host=Neighbour(stack=HOST, request=host))

    def refused(
        self, overrides: Overrides | None = None, granted: tuple[tuple[str, float], ...] = ()
    ) -> set[str]:
        """Return the ids of the errors of a guest."""
        _, asked = self.pair(overrides, granted)
        return {one.id for one in check(plan(asked)) if one.severity is Severity.ERROR}


AWS = Place(
    cloud=Cloud.AWS,
    roomy=Overrides(postgres_instance_class="db.t4g.large", postgres_storage_gib=400),
    small="db.t4g.medium",
    quotas=frozenset({"elasticache", "elasticfilesystem", "kms", "s3"}),
    keys=frozenset({"data", "logs", "objects"}),
    machines=(
        "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
        "host.quotas.all-standard",
    ),
)
GCP = Place(
    cloud=Cloud.GCP,
    roomy=Overrides(postgres_instance_class="db-custom-2-5120", postgres_storage_gib=200),
    small="db-custom-2-4096",
    quotas=frozenset({"file.googleapis.com", "redis.googleapis.com"}),
    keys=frozenset({"data", "objects"}),
    machines=("PREEMPTIBLE_CPUS", "host.quotas.preemptible-cpus"),
)


@pytest.fixture(scope="module")
def place(_cloud: None) -> Place:
    return next(one for one in (AWS, GCP) if one.cloud is here())


@pytest.fixture(scope="module")
def host(place: Place) -> PlatformPlan:
    return plan(place.pair()[0])


@pytest.fixture(scope="module")
def guest(place: Place) -> PlatformPlan:
    return plan(place.pair()[1])


def test_a_guest_has_namespaces_with_quotas_for_its_own_services_alone(guest: PlatformPlan) -> None:
    assert [one.name for one in guest.namespaces] == ["dev-data", "dev-gateway"]
    assert {one.name for one in guest.services} == {
        *{"agent-gateway", "litellm", "pgbouncer", "qdrant"},
    }
    assert all(one.pods > 0 for one in guest.namespaces)


def test_a_guest_uses_its_hosts_network_cluster_server_and_engines(
    host: PlatformPlan, guest: PlatformPlan
) -> None:
    assert (guest.network, guest.cluster, guest.search) == (host.network, host.cluster, host.search)
    assert guest.models == host.models
    assert replace(guest.postgres, databases=()) == replace(host.postgres, databases=())


def test_no_database_of_a_guest_has_a_name_of_its_hosts(
    host: PlatformPlan, guest: PlatformPlan
) -> None:
    assert {"dev_collections", "dev_litellm", "dev_permissions", "dev_users"} == set(
        guest.postgres.databases
    )
    assert guest.pooler.databases == guest.postgres.databases
    assert not set(guest.postgres.databases) & set(host.postgres.databases)


def test_a_guest_has_keys_buckets_and_caches_of_its_own(place: Place, guest: PlatformPlan) -> None:
    assert {one.name for one in guest.keys} == place.keys
    assert {one.name for one in guest.buckets} == {"backups", "data"}
    assert {one.name for one in guest.files.access_points} == {"shared"}
    assert guest.caches


def test_a_host_is_sized_without_its_guests_but_for_what_its_autoscaler_may_add(
    host: PlatformPlan,
) -> None:
    alone = plan(replace(host.request, guests=()))
    assert (host.postgres, host.search, host.services) == (
        alone.postgres,
        alone.search,
        alone.services,
    )
    for with_it, without in zip(host.node_pools, alone.node_pools, strict=True):
        assert with_it.scale.planned == without.scale.planned
        assert with_it.scale.maximum >= without.scale.maximum


def test_a_host_with_its_guest_on_board_holds_all_pods_of_both(
    place: Place, host: PlatformPlan
) -> None:
    full = aboard(host, guests(host.request))
    assert {one.name for one in full.services} >= {f"{GUEST}:litellm", f"{GUEST}:qdrant"}
    assert {one.name for one in full.namespaces} >= {"dev-gateway", "staging-gateway"}
    assert place.refused() == set()


def test_the_bill_of_a_guest_is_what_it_adds(host: PlatformPlan, guest: PlatformPlan) -> None:
    full = aboard(host, guests(host.request))
    before = {one.name: one.scale.planned for one in host.node_pools}
    after = {one.name: one.scale.planned for one in full.node_pools}
    for pool in guest.node_pools:
        assert pool.scale.planned <= after[pool.name] - before[pool.name]
    bill = cost(guest)
    assert {one.component for one in bill.items} & {"cluster", "postgres", "search"} == set()
    own_cluster = cost(plan(replace(guest.request, host=None)))
    assert bill.monthly_usd < own_cluster.monthly_usd


def test_a_guest_asks_for_no_quota_of_nodes_and_servers(place: Place, guest: PlatformPlan) -> None:
    assert {one.service for one in quotas(guest)} == place.quotas


@pytest.mark.parametrize(
    ("small", "ids"),
    [
        ({"postgres_storage_gib"}, {"host.postgres.iops", "host.postgres.storage"}),
        ({"postgres_instance_class"}, {"host.postgres.server-connections"}),
    ],
)
def test_a_host_with_no_room_left_on_its_server_is_refused_with_its_figures(
    place: Place, small: set[str], ids: set[str]
) -> None:
    too_little: dict[str, Any] = {
        "postgres_storage_gib": None,
        "postgres_instance_class": place.small,
    }
    overrides = replace(place.roomy, **{one: too_little[one] for one in small})
    assert place.refused(overrides) == ids
    found = {one.id: one for one in check(plan(place.pair(overrides)[1]))}
    for one in ids:
        assert found[one].message.startswith(f"{HOST} has no room left: ")
        assert found[one].message.endswith(f"with {GUEST} on board")
        assert found[one].fix.startswith(f"in {HOST}: set sizing.overrides.postgres.")
        assert f"leave {GUEST}'s shares out" in found[one].fix
        assert (found[one].demand or 0) > 0


def test_a_host_whose_disk_is_slow_is_told_the_size_of_its_cloud_that_is_not(place: Place) -> None:
    found = {one.id: one for one in check(plan(place.pair(Overrides())[1]))}["host.postgres.iops"]
    per_gib = cloud_sql().iops_per_gib
    gib, why, source = {
        Cloud.AWS: (400, "gp3 then gives 12,000 IOPS", "cdk-preflight"),
        Cloud.GCP: (
            -(-int(found.demand or 0) // per_gib),
            f"an SSD gives {per_gib} IOPS a GiB",
            cloud_sql().sources["iops"],
        ),
    }[here()]
    assert f"storage_gib to {gib} or more: {why}" in found.fix
    assert found.source == source
    assert found.id in place.refused(Overrides())
    assert found.id not in place.refused(Overrides(postgres_storage_gib=gib))


def test_a_host_whose_owner_grants_no_more_nodes_is_refused(place: Place) -> None:
    name, said = place.machines
    alone = plan(replace(place.pair()[0], guests=()))
    granted = next(one.needed for one in quotas(alone) if one.name == name)
    (found,) = place.refused(granted=((name, granted),))
    assert found.startswith(said)


def test_a_host_is_checked_with_its_guests_on_board_too(place: Place) -> None:
    host, _ = place.pair(Overrides())
    with_it = {one.id: one for one in check(plan(host))}
    without = {one.id: one for one in check(plan(replace(host, guests=())))}
    assert set(with_it) == set(without)
    assert without["postgres.storage"].verdict is Verdict.HOLDS
    assert with_it["postgres.storage"].verdict is Verdict.REFUTED
    assert f"with {GUEST} on board" in with_it["postgres.storage"].message


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.LARGE])
def test_a_guest_of_another_tier_is_planned_like_any_other(place: Place, tier: Tier) -> None:
    _, asked = place.pair(tier=tier)
    made = plan(asked)
    assert made.request.tier is tier
    assert check(made)


def test_a_model_that_the_host_does_not_serve_is_refused(place: Place) -> None:
    _, asked = place.pair()
    load = asked.whole_load
    strange = replace(load.models[0], name="llama-3.1-70b")
    other = replace(asked, workload=replace(load, models=(strange,)))
    found = {one.id: one for one in check(plan(other))}["models.served"]
    assert found.severity is Severity.ERROR
    assert found.message == f"{HOST} serves no llama-3.1-70b, which the load asks for"


def test_a_forecast_of_a_guest_looks_at_what_is_its_own(guest: PlatformPlan) -> None:
    heavy = replace(guest.request, workload=guest.request.whole_load.scaled(100))
    found = recheck(replace(guest, request=heavy))
    assert {one.component.partition(".")[0] for one in found} >= {"caches", "services"}
    assert any(one.verdict is Verdict.REFUTED for one in found)
