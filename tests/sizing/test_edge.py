"""The way in and the document database follow tier and environment, and say where they differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.checks.edge import check_edge
from sizing.checks.verdicts import Subject
from sizing.cost import cost
from sizing.plan import plan
from sizing.planning.edge import DRAIN, IDLE_LIMITS, REQUEST_TIMEOUT, document_database, ingress
from sizing.planning.environment import Setting, setting
from sizing.plans import Finding
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan
from sizing.plans.request import Switches
from sizing.pricing.edge import WAF_RULES, firewall
from sizing.pricing.edge import document_database as document_costs
from sizing.pricing.ledger import Ledger
from sizing.sources import source
from sizing.words import Environment, Tier, Verdict
from tests.sizing.requests import PRESETS, request
from tests.sizing.sample_plan import PLAN


def of(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> Setting:
    return setting(request(environment, tier))


def way_in(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> IngressPlan:
    return ingress(of(environment, tier))[0]


def documents(environment: Environment = Environment.PROD) -> DocumentDatabasePlan:
    plan, _ = document_database(of(environment), asked=True)
    assert plan is not None
    return plan


def findings(way: IngressPlan, store: DocumentDatabasePlan | None) -> dict[str, Finding]:
    at = of()
    subject = Subject(plan=replace(PLAN, request=at.request), setting=at)
    return {one.id: one for one in check_edge(subject, way, store)}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_no_request_is_silent_for_longer_than_the_balancer_waits(
    environment: Environment, tier: Tier
) -> None:
    plan = way_in(environment, tier)
    least, most = IDLE_LIMITS
    assert max(least, int(REQUEST_TIMEOUT)) < plan.idle_timeout_seconds <= most
    assert plan.deregistration_delay_seconds >= int(DRAIN)
    assert plan.health_timeout_seconds < plan.health_interval_seconds
    assert plan.algorithm == "least_outstanding_requests"
    assert plan.slow_start_seconds == 0


@pytest.mark.parametrize(
    ("tier", "walled"),
    [(Tier.SMALL, False), (Tier.MEDIUM, False), (Tier.LARGE, True), (Tier.ENTERPRISE, True)],
)
def test_a_firewall_stands_from_large_on(tier: Tier, walled: bool) -> None:
    assert way_in(tier=tier).waf is walled


def test_bandwidth_is_table_3_2_s_share() -> None:
    row = of().tables.network
    assert way_in().bandwidth_mbps == row.ingress_mbps
    staging = way_in(Environment.STAGING)
    assert 0 < staging.bandwidth_mbps < row.ingress_mbps


def test_each_target_has_a_host_a_name_and_a_priority_of_its_own() -> None:
    targets = way_in().targets
    for part in ("name", "host", "priority"):
        assert len({getattr(one, part) for one in targets}) == len(targets)
    assert all(len(one.name) <= 5 for one in targets)


def test_only_prod_is_guarded_and_internal_is_what_was_asked() -> None:
    assert way_in().deletion_protection
    assert not way_in(Environment.STAGING).deletion_protection
    assert ingress(of(), internal=True)[0].internal
    assert not way_in().internal


def test_documents_are_postgresql_s_unless_asked() -> None:
    assert document_database(of(), asked=False) == (None, ())


def test_the_document_s_three_databases_are_kept_and_no_other() -> None:
    assert documents().databases == ("collections", "permissions", "users")


def test_three_nodes_but_in_dev_and_burstable_ones_outside_prod() -> None:
    assert [documents(e).instances for e in Environment] == [1, 3, 3]
    assert documents(Environment.STAGING).instance_class == "db.t3.medium"
    assert documents().instance_class == "db.r5.large"


def test_a_region_without_the_steady_class_gets_the_other() -> None:
    away = setting(replace(request(), region="mx-central-1"))
    plan, notes = document_database(away, asked=True)
    assert plan is not None
    assert plan.instance_class == "db.t3.medium"
    assert notes[0].monthly_usd is None


def test_the_document_s_node_is_noted_with_what_replaces_it_and_its_price() -> None:
    _, (note,) = document_database(of(), asked=True)
    assert (note.documented, note.planned) == ("3 x 2 vCPU, 2 GB", "3 x db.r5.large")
    assert note.monthly_usd == pytest.approx(3 * 0.277 * 730)


def test_where_documentdb_differs_is_a_finding() -> None:
    found = findings(way_in(), documents())
    assert {i: f.verdict for i, f in found.items() if i.startswith("document_database.")} == {
        "document_database.memory": Verdict.HOLDS,
        "document_database.iops": Verdict.UNPROVEN,
        "document_database.storage": Verdict.NOT_APPLICABLE,
        "document_database.version": Verdict.UNPROVEN,
        "document_database.zone-loss": Verdict.HOLDS,
        "document_database.price": Verdict.HOLDS,
    }
    assert found["document_database.iops"].demand == 1000
    assert "518 USD a month" in found["document_database.iops"].message
    for one in found.values():
        assert source(one.source).where


def test_without_documentdb_or_firewall_nothing_is_said_of_them() -> None:
    assert set(findings(way_in(tier=Tier.SMALL), None)) == {"ingress.silence", "ingress.drain"}


@pytest.mark.parametrize(
    ("cut", "broken"),
    [
        (replace(way_in(), idle_timeout_seconds=60), "ingress.silence"),
        (replace(way_in(), deregistration_delay_seconds=30), "ingress.drain"),
        (replace(way_in(), waf_rate_limit=10), "ingress.address-rate"),
    ],
)
def test_a_plan_that_cuts_streams_or_users_off_is_refuted(cut: IngressPlan, broken: str) -> None:
    good, bad = findings(way_in(), None), findings(cut, None)
    assert good[broken].verdict is Verdict.HOLDS
    assert bad[broken].verdict is Verdict.REFUTED
    assert bad[broken].fix


def test_a_lost_node_of_one_is_refuted_outside_dev() -> None:
    alone = replace(documents(), instances=1)
    assert findings(way_in(), alone)["document_database.zone-loss"].verdict is Verdict.REFUTED


def test_the_firewall_s_bill_has_the_list_s_fixed_part() -> None:
    ledger = Ledger("us-east-1")
    firewall(way_in(), of().load, ledger)
    fixed, rules, inspected = ledger.items
    assert (fixed.planned_usd, rules.planned_usd) == (5.0, float(WAF_RULES))
    assert inspected.planned_usd is not None
    none = Ledger("us-east-1")
    firewall(way_in(tier=Tier.SMALL), of().load, none)
    assert none.items == []


def test_what_no_source_prices_of_documentdb_stays_open() -> None:
    priced = Ledger("us-east-1")
    document_costs(documents(), priced)
    assert [one.item for one in priced.items if one.planned_usd is None] == [
        "I/O requests, however many"
    ]
    for store, region in (
        (replace(documents(), storage_type="iopt1"), "us-east-1"),
        (replace(documents(), instance_class="db.r8g.large"), "us-east-1"),
        (documents(), "eu-west-1"),
    ):
        ledger = Ledger(region)
        document_costs(store, ledger)
        assert any("nodes" in one.item and one.planned_usd is None for one in ledger.items)


def network_bill(switches: Switches) -> dict[str, float]:
    found = cost(plan(replace(request(tier=Tier.LARGE), switches=switches)))
    return {
        one.item: one.quantity for one in found.items if one.component in {"network", "firewall"}
    }


def test_only_a_load_balancer_that_is_built_is_billed() -> None:
    public, none = network_bill(Switches()), network_bill(Switches(ingress=False))
    assert set(public) - set(none) == {
        "Application load balancer",
        "Load balancer capacity units",
        "Requests inspected",
        "Web ACL",
        "Web ACL rules and rule groups",
    }
    addresses = "Public IPv4 addresses, NAT and load balancer"
    assert public[addresses] - none[addresses] == 3
    # nobody outside reaches an internal one, which has no public address
    internal = network_bill(Switches(internal=True))
    assert (set(internal), internal[addresses]) == (set(public), none[addresses])
