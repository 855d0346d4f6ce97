"""A stack on another's stores: what is its own, what its host then carries, who pays for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.alerts import alert_plans
from sizing.check import check, recheck
from sizing.cost import cost
from sizing.plan import guests, plan
from sizing.planning.attached import search_prefix
from sizing.planning.guest import aboard
from sizing.plans import Overrides, PlanRequest, PlatformPlan
from sizing.plans.request import Neighbour, Switches
from sizing.quotas import quotas
from sizing.words import Environment, Severity, Tier
from tests.sizing.aws.requests import request

pytestmark = pytest.mark.one_cloud("aws", "Google peers its stores with one network")

ROOMY = Overrides(
    postgres_instance_class="db.m6g.large", postgres_storage_gib=500, search_volume_gib=500
)
HOST, GUEST, LODGER = "staging-medium", "staging-large", "dev-medium"
OF_HOST = ("postgres", "search")


def pair(
    overrides: Overrides = ROOMY,
    tier: Tier = Tier.SMALL,
    switches: Switches | None = None,
    lodger: bool = False,
) -> tuple[PlanRequest, PlanRequest]:
    """Return the requests of a host and of its guest, each knowing the other."""
    alone = replace(request(Environment.STAGING, tier), vpc_cidr="10.112.0.0/16")
    if switches is not None:
        alone = replace(alone, switches=switches)
    lodging = Neighbour(stack=LODGER, request=request(Environment.DEV, Tier.MEDIUM))
    host = replace(
        request(Environment.STAGING, Tier.MEDIUM),
        overrides=overrides,
        guests=(*((lodging,) if lodger else ()), Neighbour(stack=GUEST, request=alone)),
    )
    return host, replace(alone, host=Neighbour(stack=HOST, request=host))


@pytest.fixture(scope="module")
def host() -> PlatformPlan:
    return plan(pair()[0])


@pytest.fixture(scope="module")
def guest() -> PlatformPlan:
    return plan(pair()[1])


@pytest.fixture(scope="module")
def alone() -> PlatformPlan:
    """Return the same stack with stores of its own."""
    return plan(replace(pair()[1], host=None))


def errors(overrides: Overrides = ROOMY, *, lodger: bool = False) -> set[str]:
    """Return the ids of the errors that the host's stores give a guest."""
    _, asked = pair(overrides, lodger=lodger)
    found = (one for one in check(plan(asked)) if one.severity is Severity.ERROR)
    return {one.id for one in found if one.id.startswith("host.")}


def test_a_guest_has_a_network_a_cluster_and_nodes_of_its_own(
    host: PlatformPlan, guest: PlatformPlan, alone: PlatformPlan
) -> None:
    assert guest.network.vpc_cidr == alone.network.vpc_cidr != host.network.vpc_cidr
    assert guest.network.subnets == alone.network.subnets
    assert guest.cluster == alone.cluster
    assert {one.name for one in guest.node_pools} == {one.name for one in alone.node_pools}
    assert (guest.caches, guest.files, guest.buckets) == (alone.caches, alone.files, alone.buckets)


def test_a_guests_server_and_domain_are_its_hosts_with_databases_of_its_own(
    host: PlatformPlan, guest: PlatformPlan, alone: PlatformPlan
) -> None:
    assert replace(guest.postgres, databases=()) == replace(host.postgres, databases=())
    assert guest.search == host.search
    assert guest.postgres.databases == tuple(f"staging_{one}" for one in alone.postgres.databases)
    assert set(guest.pooler.databases) <= set(guest.postgres.databases)
    assert not set(guest.postgres.databases) & set(host.postgres.databases)


def test_a_guest_neither_administers_nor_measures_what_is_its_hosts(
    guest: PlatformPlan, alone: PlatformPlan
) -> None:
    gone = {one.name for one in alone.services} - {one.name for one in guest.services}
    assert gone == {"opensearch-exporter", "postgres-exporter"} | (
        {"vault"} if alone.vault is not None else set()
    )
    assert "search-setup" not in {one.name for one in guest.helpers}
    assert guest.vault is None
    watched = {one.name for one in alert_plans(alone)} - {one.name for one in alert_plans(guest)}
    assert {"PostgresConnections", "SearchRed"} <= watched
    assert "PoolWaiting" not in watched


def test_names_in_the_search_domain_are_no_beginning_of_each_other(
    host: PlatformPlan, guest: PlatformPlan
) -> None:
    own, theirs = search_prefix(guest.request), search_prefix(host.request)
    assert not own.startswith(theirs)
    assert not theirs.startswith(own)


def test_the_host_lets_a_guest_into_its_domain_even_where_it_keeps_nothing_there_itself() -> None:
    asked, _ = pair()
    silent = replace(asked, switches=replace(asked.switches, tracing=False, logs=False))
    assert "search-setup" in {one.name for one in plan(silent).helpers}
    assert "search-setup" not in {one.name for one in plan(replace(silent, guests=())).helpers}


def test_a_guest_of_stores_puts_no_pod_and_no_node_into_its_host(host: PlatformPlan) -> None:
    without = plan(replace(host.request, guests=()))
    assert host.node_pools == without.node_pools
    assert aboard(host, guests(host.request)).services == host.services


def test_the_bill_of_a_guest_has_no_stores_and_is_at_least(
    guest: PlatformPlan, alone: PlatformPlan
) -> None:
    bill, whole = cost(guest), cost(alone)
    assert {one.component for one in whole.items} >= set(OF_HOST)
    assert not {one.component for one in bill.items} & set(OF_HOST)
    assert bill.monthly_usd < whole.monthly_usd
    assert any("peering" in one for one in bill.unpriced)
    assert {"cache", "cluster", "network"} <= {one.component for one in bill.items}


def test_a_guest_asks_for_a_peering_and_no_quota_of_servers_and_domains(
    guest: PlatformPlan, alone: PlatformPlan
) -> None:
    services = {one.service for one in quotas(guest)}
    assert {one.service for one in quotas(alone)} - services == {"es", "rds"}
    names = {one.name for one in quotas(guest)} - {one.name for one in quotas(alone)}
    assert names == {"Active VPC peering connections per VPC"}


def test_findings_of_nodes_and_network_are_the_guests_and_of_stores_the_hosts(
    guest: PlatformPlan,
) -> None:
    found = check(guest)
    own = {one.component.partition(".")[0] for one in found if not one.id.startswith("host.")}
    theirs = {one.component.split(".")[1] for one in found if one.id.startswith("host.")}
    assert {"node_pools", "network", "services", "caches"} <= own
    assert not own & set(OF_HOST)
    assert theirs == set(OF_HOST)


def test_a_host_with_room_takes_a_guest() -> None:
    assert errors() == set()


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        (replace(ROOMY, postgres_storage_gib=None), "host.postgres.storage"),
        (
            replace(ROOMY, postgres_instance_class="db.t4g.medium"),
            "host.postgres.server-connections",
        ),
    ],
)
def test_a_host_with_no_room_left_is_refused_with_its_figures(
    overrides: Overrides, found: str
) -> None:
    assert found in errors(overrides)
    said = {one.id: one for one in check(plan(pair(overrides)[1]))}[found]
    assert said.message.startswith(f"{HOST} has no room left: ")
    assert said.message.endswith(f"with {GUEST} on board")
    assert f"leave {GUEST}'s shares out" in said.fix


def test_guests_of_both_kinds_add_up_on_the_server() -> None:
    def demand(*, lodger: bool) -> float:
        _, asked = pair(lodger=lodger)
        found = {one.id: one for one in check(plan(asked))}
        return found["host.postgres.server-connections"].demand or 0

    assert demand(lodger=True) > demand(lodger=False)


def test_a_guest_fills_its_hosts_search_domain(host: PlatformPlan) -> None:
    def asked(request: PlanRequest) -> dict[str, float]:
        found = check(plan(request))
        return {one.id: one.demand or 0 for one in found if one.component == "search"}

    without = asked(replace(host.request, guests=()))
    with_it = asked(host.request)
    assert set(with_it) == set(without)
    assert any(with_it[one] > without[one] for one in without)
    assert all(with_it[one] >= without[one] for one in without)


def test_a_forecast_of_a_guest_leaves_its_hosts_stores_out(guest: PlatformPlan) -> None:
    heavy = replace(guest.request, workload=guest.request.whole_load.scaled(100))
    found = {one.component.partition(".")[0] for one in recheck(replace(guest, request=heavy))}
    assert "services" in found
    assert not found & set(OF_HOST)


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.MEDIUM, Tier.LARGE, Tier.ENTERPRISE])
def test_a_guest_of_any_tier_is_planned_and_checked(tier: Tier) -> None:
    made = plan(pair(tier=tier)[1])
    assert made.request.tier is tier
    assert check(made)
