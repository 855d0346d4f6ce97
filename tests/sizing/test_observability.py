"""What measures a stack: servers, what tells of alerts, and what stands behind and beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.capacity import prometheus
from sizing.check import check
from sizing.plan import plan
from sizing.planning.observability import (
    ALERTMANAGER,
    BLACKBOX_EXPORTER,
    COMPACTED_COPIES,
    COMPACTED_DAYS,
    POSTGRES_EXPORTER,
    PROMETHEUS,
    REDIS_EXPORTER,
    SEARCH_EXPORTER,
    THANOS,
    THANOS_COMPACT,
)
from sizing.plans import Finding, PlatformPlan
from sizing.plans.request import Switches
from sizing.tiers import TIERS
from sizing.units import GIB
from sizing.words import Environment, Mode, Tier, Verdict
from tests.sizing.requests import PRESETS, base, planned, service

NOTHING_SIGNED = Switches(tracing=False, logs=False, grafana=False)


def names(found: PlatformPlan) -> set[str]:
    return {one.name for one in found.services}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_thanos_stands_where_the_table_has_it_and_nowhere_else(
    environment: Environment, tier: Tier
) -> None:
    found = plan(replace(base(), environment=environment, tier=tier))
    assert {*THANOS} & names(found) == ({*THANOS} if tier is Tier.ENTERPRISE else set())


@pytest.mark.parametrize("tier", Tier)
def test_one_compactor_works_however_large_the_stack(tier: Tier) -> None:
    found = [one for one in planned(tier=tier).services if one.name == THANOS_COMPACT]
    assert [one.scale.maximum for one in found] == [1] * len(found)


def test_the_compactor_has_room_for_two_copies_of_what_it_merges() -> None:
    found = planned(tier=Tier.ENTERPRISE)
    proxies = service(found, "litellm").scale.maximum
    series = prometheus.series(found.request.load, replicas=proxies, per_key=False)
    worked = prometheus.disk_bytes(series.most, retention_days=COMPACTED_DAYS) * COMPACTED_COPIES
    assert service(found, THANOS_COMPACT).volume_gib * GIB >= worked


def test_who_tells_of_alerts_may_be_lost_where_a_server_may() -> None:
    for tier in Tier:
        found = planned(tier=tier)
        servers, tellers = (service(found, n).scale.planned for n in (PROMETHEUS, ALERTMANAGER))
        assert (tellers > 1) == (servers > 1)


def test_a_stack_without_alerts_plans_nobody_who_tells() -> None:
    found = plan(replace(base(), switches=Switches(alerts=False)))
    assert not {ALERTMANAGER, BLACKBOX_EXPORTER} & names(found)
    assert {ALERTMANAGER, BLACKBOX_EXPORTER} <= names(planned())


def test_every_store_is_measured_and_search_where_somebody_gives_rights_in_it() -> None:
    assert {POSTGRES_EXPORTER, REDIS_EXPORTER, SEARCH_EXPORTER} <= names(planned())
    assert SEARCH_EXPORTER not in names(plan(replace(base(), switches=NOTHING_SIGNED)))


def test_in_documented_mode_volumes_are_the_tables() -> None:
    found = plan(replace(base(), tier=Tier.ENTERPRISE, mode=Mode.DOCUMENTED))
    assert service(found, PROMETHEUS).volume_gib == TIERS[Tier.ENTERPRISE].storage.prometheus_gb


def test_the_compactors_room_is_judged_where_there_is_one() -> None:
    def judged(tier: Tier) -> list[Finding]:
        found = check(planned(tier=tier))
        return [one for one in found if one.component == f"services.{THANOS_COMPACT}"]

    assert judged(Tier.LARGE) == []
    (room,) = (one for one in judged(Tier.ENTERPRISE) if one.constraint == "disk")
    assert room.verdict is not Verdict.REFUTED
