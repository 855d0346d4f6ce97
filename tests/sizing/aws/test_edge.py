"""What AWS alone has of the way in, and its document database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.checks.edge import check_edge
from sizing.checks.verdicts import Subject
from sizing.cost import cost
from sizing.plan import plan
from sizing.planning.edge import document_database, ingress
from sizing.planning.environment import Setting, setting
from sizing.plans import Finding
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan
from sizing.plans.request import Switches
from sizing.pricing.edge import WAF_RULES, firewall
from sizing.pricing.edge import document_database as document_costs
from sizing.pricing.ledger import Ledger
from sizing.sources import source
from sizing.words import Environment, Tier, Verdict
from tests.sizing.aws.requests import request
from tests.sizing.aws.sample_plan import PLAN

pytestmark = pytest.mark.one_cloud("aws", "DocumentDB, and AWS' bill of the way in")


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
