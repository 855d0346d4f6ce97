"""The secret store by table 2.6, and what a stack may say of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import PlatformPlan, ServicePlan
from sizing.plans.request import Switches
from sizing.tiers import TIERS
from sizing.units import GIB, MIB
from sizing.words import Cloud, Environment, Tier, Verdict
from tests.both_clouds import here
from tests.sizing.requests import planned, request

VAULT = "vault"
HELPERS = ("vault-care", "vault-certificates", "vault-setup", "vault-snapshots")
SEALS = {Cloud.AWS: "awskms", Cloud.GCP: "gcpckms"}
ELSEWHERE = {
    Cloud.AWS: ("us-west-2", "S3 standard"),
    Cloud.GCP: ("us-east4", "Cloud Storage standard"),
}
ROWS = (
    (Tier.SMALL, 1, 500, 512 * MIB, 1),
    (Tier.MEDIUM, 3, 1000, GIB, 10),
    (Tier.LARGE, 5, 2000, 2 * GIB, 50),
    (Tier.ENTERPRISE, 5, 4000, 4 * GIB, 100),
)


def store(given: PlatformPlan) -> ServicePlan:
    return next(one for one in given.services if one.name == VAULT)


def switched(tier: Tier, switches: Switches) -> PlatformPlan:
    return plan(replace(request(tier=tier), switches=switches))


@pytest.mark.parametrize(("tier", "members", "millis", "memory", "volume"), ROWS)
def test_members_and_sizes_are_the_table_s(
    tier: Tier, members: int, millis: int, memory: int, volume: int
) -> None:
    given = planned(tier=tier)
    found, beside = store(given), given.vault
    assert (found.scale.planned, found.cpu_request_millis) == (members, millis)
    assert (found.memory_limit_bytes, found.volume_gib) == (memory, volume)
    assert beside is not None
    assert (beside.members, beside.volume_gib, beside.seal) == (members, volume, SEALS[here()])


def test_the_row_that_gives_no_count_has_as_many_as_the_one_above() -> None:
    assert TIERS[Tier.ENTERPRISE].vault.nodes is None
    assert store(planned(tier=Tier.ENTERPRISE)).scale == store(planned()).scale


def test_members_stay_odd_where_an_environment_has_fewer() -> None:
    found = store(planned(Environment.STAGING, Tier.MEDIUM)).scale
    assert found.planned % 2 == 1


def test_the_record_has_a_volume_beside_the_data_which_is_counted_everywhere() -> None:
    given = planned()
    found = store(given)
    (home,) = (one for one in given.namespaces if one.role == VAULT)
    assert given.vault is not None
    assert found.volumes == 2
    assert found.volumes_gib == given.vault.volume_gib + given.vault.audit_gib
    assert home.volumes == found.scale.maximum * 2
    assert home.volume_gib == found.scale.maximum * found.volumes_gib
    assert home.pod_security == "restricted"


def test_its_helpers_live_beside_it_and_each_member_is_cared_for() -> None:
    given = planned()
    helpers = {one.name: one for one in given.helpers if one.name in HELPERS}
    assert sorted(helpers) == sorted(HELPERS)
    assert {one.namespace for one in helpers.values()} == {store(given).namespace}
    assert helpers["vault-care"].pods == store(given).scale.planned


def test_switched_off_nothing_of_it_is_left_and_the_plan_says_so() -> None:
    given = switched(Tier.LARGE, Switches(vault=False))
    assert given.vault is None
    names = {one.name for one in given.services} | {one.name for one in given.helpers}
    assert not names & {VAULT, *HELPERS}
    assert VAULT not in {one.role for one in given.namespaces}
    assert VAULT not in {one.name for one in given.keys}
    assert "vault-off" in {one.rule for one in given.adjustments}
    assert not [one for one in check(given) if one.component == f"services.{VAULT}"]


def test_a_key_of_its_own_opens_it() -> None:
    found = [one.services for one in planned().keys if one.name == VAULT]
    assert found == [(VAULT,)]


@pytest.mark.parametrize(
    ("elsewhere", "verdict"), [(False, Verdict.UNPROVEN), (True, Verdict.HOLDS)]
)
def test_recovery_from_a_disaster_needs_another_region(elsewhere: bool, verdict: Verdict) -> None:
    region, storage = ELSEWHERE[here()] if elsewhere else ("", "")
    given = switched(Tier.ENTERPRISE, Switches(vault_recovery_region=region))
    (found,) = (one for one in check(given) if one.id == "services.vault.recovery")
    (said,) = (one for one in given.adjustments if one.rule == "vault-recovery-by-snapshot")
    assert found.verdict is verdict
    assert region in said.planned
    assert given.vault is not None
    assert given.vault.recovery_region == region
    billed = [one.item for one in cost(given).items if "recovery" in one.item]
    assert billed == ([f"{storage}, recovery in {region}"] if region else [])
