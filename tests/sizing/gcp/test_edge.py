"""The way in on Google Cloud: what Cloud Armor is planned to do, billed, shown and left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preview.sizes import size_rows
from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.planning.gcp.firewall import PREVIEWED, RATE_MOST, has_policy, rule_count
from sizing.plans import BillItem, Finding, Overrides, PlatformPlan
from sizing.words import Environment, Tier, Verdict
from tests.sizing.gcp.requests import planned, request

pytestmark = pytest.mark.one_cloud("gcp", "what Google Cloud sells and refuses")

CALLERS = 12


def called_by(callers: int, tier: Tier = Tier.SMALL, *, ingress: bool = True) -> PlatformPlan:
    asked = request(tier)
    switches = replace(asked.switches, callers=callers, ingress=ingress)
    return plan(replace(asked, switches=switches))


def said(found: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(found)}


def firewall(found: PlatformPlan) -> list[BillItem]:
    return [one for one in cost(found).items if one.component == "firewall"]


def shown(found: PlatformPlan) -> str:
    (size,) = (size for component, _, size, _ in size_rows(found) if component == "ingress")
    return size


@pytest.mark.parametrize("tier", Tier)
def test_no_rate_is_above_the_most_that_a_throttle_counts(tier: Tier) -> None:
    assert 0 < planned(tier).ingress.waf_rate_limit <= RATE_MOST


@pytest.mark.parametrize(
    ("tier", "callers", "rules"),
    [
        (Tier.SMALL, 0, None),
        (Tier.SMALL, 1, 2),
        (Tier.SMALL, 10, 2),
        (Tier.SMALL, 11, 3),
        (Tier.LARGE, 0, len(PREVIEWED) + 3),
        (Tier.LARGE, 11, len(PREVIEWED) + 4),
    ],
)
def test_a_list_of_callers_is_a_policy_in_every_tier(
    tier: Tier, callers: int, rules: int | None
) -> None:
    found = planned(tier).ingress
    assert has_policy(found, callers) is (rules is not None)
    if rules is not None:
        assert rule_count(found, callers) == rules


def test_what_stands_before_the_balancer_is_in_the_bill_without_a_price_and_said() -> None:
    found = called_by(CALLERS)
    items = firewall(found)
    assert [(one.item, one.quantity) for one in items[:2]] == [
        ("Cloud Armor, regional policy", 1),
        ("Cloud Armor, rules", 3),
    ]
    assert {one.unit_usd for one in items} == {None}
    one = said(found)["ingress.firewall-price"]
    assert (one.verdict, "3 rules" in one.message) == (Verdict.UNPROVEN, True)


def test_nothing_is_billed_or_said_where_nothing_stands() -> None:
    for found in (called_by(0), called_by(CALLERS, Tier.LARGE, ingress=False)):
        assert firewall(found) == []
        assert "ingress.firewall-price" not in said(found)


def test_no_balancer_is_billed_where_there_is_none() -> None:
    def balancer(found: PlatformPlan) -> list[str]:
        return [one.item for one in cost(found).items if one.item.startswith("Load balancer")]

    assert len(balancer(called_by(0))) == 2
    assert balancer(called_by(0, ingress=False)) == []


def test_the_bill_names_the_bucket_and_the_key_of_another_region() -> None:
    asked = request()
    far = plan(replace(asked, switches=replace(asked.switches, vault_recovery_region="us-east4")))
    here = cost(planned()).items
    there = [one for one in cost(far).items if "us-east4" in one.item]
    assert [(one.item, one.unit_usd) for one in there] == [
        ("Cloud Storage standard, recovery in us-east4", 0.023)
    ]
    keys = {one.item: one.quantity for one in cost(far).items if one.component == "keys"}
    assert keys == {one.item: one.quantity + 1 for one in here if one.component == "keys"}
    assert far.vault is not None
    assert far.vault.recovery_key is not None
    assert far.vault.recovery_key.services == ("storage",)


def test_a_preview_says_who_may_call_and_how_often() -> None:
    assert "no firewall" in shown(called_by(0))
    assert "Cloud Armor with 3 rules: 12 ranges may call" in shown(called_by(CALLERS))
    assert "everybody may call 150,000 times in 5 minutes" in shown(planned())


def test_the_balancer_counts_the_whole_answer_and_nobody_calls_it_silence() -> None:
    assert "3600 s an answer" in shown(planned())
    assert "of silence" not in shown(planned())
    message = said(planned())["ingress.silence"].message
    assert message.startswith("the balancer ends an answer after 3600 s, silent or not")


def test_sources_of_the_firewall_are_google_s() -> None:
    found = said(planned())
    assert found["ingress.address-rate"].source == "armor-rate-limits"
    assert found["ingress.inspected-body"].source == "pulumi-gcp"
    assert found["ingress.inspected-body"].verdict is Verdict.UNPROVEN


def test_each_mechanism_of_backups_is_one_that_copies_or_is_said() -> None:
    found = planned()
    assert dict(found.backups.mechanisms) == {
        "caches": "hourly snapshots of Memorystore, the last one kept",
        "files": "Backup and DR",
        "objects": "versions kept in the bucket",
        "postgres": "automated backups of Cloud SQL with point-in-time recovery",
        "search": "Backup for GKE, the volume of each member",
        "volumes": "Backup for GKE",
    }
    left_open = {one: said(found)[one].verdict for one in said(found) if one.startswith("backups.")}
    assert left_open == {
        "backups.caches": Verdict.NOT_APPLICABLE,
        "backups.files": Verdict.UNPROVEN,
        "backups.search": Verdict.UNPROVEN,
    }


def test_dev_keeps_what_costs_nothing_and_leaves_nothing_open() -> None:
    found = planned(Tier.SMALL, Environment.DEV)
    assert {store for store, by in found.backups.mechanisms if by != "none"} == {
        "objects",
        "postgres",
    }
    assert not [one for one in said(found) if one.startswith("backups.")]


def test_copies_that_are_kept_for_no_day_are_not_made() -> None:
    none = Overrides(backup_retention_days=0)
    found = plan(request(Tier.SMALL, Environment.STAGING, overrides=none))
    assert not found.backups.enabled
    assert not found.files.backup
    assert dict(found.backups.mechanisms)["volumes"] == "none"
