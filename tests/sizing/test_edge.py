"""The way in follows tier and environment, and a plan that cuts streams off is refuted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.planning.edge import DRAIN, REQUEST_TIMEOUT
from sizing.planning.environment import setting
from sizing.plans import Finding, PlatformPlan
from sizing.plans.edge import IngressPlan
from sizing.words import Environment, Tier, Verdict
from tests.sizing.requests import PRESETS, planned, request


def way_in(environment: Environment = Environment.PROD, tier: Tier = Tier.LARGE) -> IngressPlan:
    return planned(environment, tier).ingress


def findings(made: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(made)}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_no_request_is_silent_for_longer_than_the_balancer_waits(
    environment: Environment, tier: Tier
) -> None:
    found = way_in(environment, tier)
    assert int(REQUEST_TIMEOUT) < found.idle_timeout_seconds
    assert found.deregistration_delay_seconds >= int(DRAIN)
    assert found.health_timeout_seconds < found.health_interval_seconds
    assert found.algorithm.lower().startswith("least_")
    assert found.slow_start_seconds == 0


@pytest.mark.parametrize(
    ("tier", "walled"),
    [(Tier.SMALL, False), (Tier.MEDIUM, False), (Tier.LARGE, True), (Tier.ENTERPRISE, True)],
)
def test_a_firewall_stands_from_large_on(tier: Tier, walled: bool) -> None:
    found = way_in(tier=tier)
    assert found.waf is walled
    assert found.waf_rate_limit > 0


def test_bandwidth_is_table_3_2_s_share() -> None:
    row = setting(request()).tables.network
    assert way_in().bandwidth_mbps == row.ingress_mbps
    assert 0 < way_in(Environment.STAGING).bandwidth_mbps < row.ingress_mbps


def test_each_target_has_a_host_a_name_and_a_priority_of_its_own() -> None:
    targets = way_in().targets
    for part in ("name", "host", "priority"):
        assert len({getattr(one, part) for one in targets}) == len(targets)
    assert all(len(one.name) <= 5 for one in targets)


def test_only_prod_is_guarded_and_internal_is_what_was_asked() -> None:
    assert way_in().deletion_protection
    assert not way_in(Environment.STAGING).deletion_protection
    asked = request()
    inside = replace(asked, switches=replace(asked.switches, internal=True))
    assert plan(inside).ingress.internal
    assert not way_in().internal


def test_documents_are_postgresql_s_unless_asked() -> None:
    assert planned().document_database is None


@pytest.mark.parametrize(
    ("cut", "broken"),
    [
        ({"idle_timeout_seconds": 60}, "ingress.silence"),
        ({"deregistration_delay_seconds": 30}, "ingress.drain"),
        ({"waf_rate_limit": 10}, "ingress.address-rate"),
    ],
)
def test_a_plan_that_cuts_streams_or_users_off_is_refuted(cut: dict[str, int], broken: str) -> None:
    whole = planned()
    short = replace(whole, ingress=replace(whole.ingress, **cut))  # type: ignore[arg-type]
    good, bad = findings(whole)[broken], findings(short)[broken]
    assert good.verdict is Verdict.HOLDS
    assert bad.verdict is Verdict.REFUTED
    assert bad.fix
