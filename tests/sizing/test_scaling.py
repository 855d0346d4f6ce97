"""Autoscalers: the guide's behaviour, CPU for what starts fast, requests for engines."""

from __future__ import annotations

import pytest

from sizing.planning.scaling import LONGEST_WINDOW_SECONDS
from sizing.plans import PlatformPlan, ScalingPlan, ServicePlan
from sizing.words import Cloud, Environment, Mode, Tier
from tests.both_clouds import here
from tests.sizing.proof.samples import plans
from tests.sizing.requests import ENGINE, PRESETS, planned, service

SAMPLE = 30


def scaling(found: PlatformPlan, name: str) -> ScalingPlan:
    plan = service(found, name).scaling
    assert plan is not None
    return plan


def scaled(found: PlatformPlan) -> list[tuple[ServicePlan, ScalingPlan]]:
    return [(one, one.scaling) for one in found.services if one.scaling is not None]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_replicas_come_and_go_as_the_guide_says(
    environment: Environment, tier: Tier, mode: Mode
) -> None:
    found = scaled(planned(environment, tier, mode))
    assert found
    for _, plan in found:
        assert (plan.up_percent, plan.up_seconds, plan.up_window_seconds) == (100, 15, 0)
        assert (plan.down_percent, plan.down_seconds) == (25, 60)


@pytest.mark.parametrize(
    ("mode", "cpu", "memory"), [(Mode.PROVEN, 60, 0), (Mode.DOCUMENTED, 70, 80)]
)
def test_a_proxy_follows_its_cpu(mode: Mode, cpu: int, memory: int) -> None:
    plan = scaling(planned(mode=mode), "litellm")
    assert (plan.cpu_percent, plan.memory_percent) == (cpu, memory)
    assert (plan.running_requests, plan.waiting_requests) == (0, 0)
    assert plan.down_window_seconds == 300


def test_an_engine_is_asked_for_by_the_slots_that_were_planned() -> None:
    found = planned(tier=Tier.MEDIUM)
    engine, plan = service(found, ENGINE), scaling(found, ENGINE)
    slots = {Cloud.AWS: 27, Cloud.GCP: 51}[here()]  # by the memory of the machine that serves
    assert plan.running_requests == engine.slots == slots
    assert plan.waiting_requests == 1
    assert (plan.cpu_percent, plan.memory_percent) == (0, 0)


def test_an_engine_follows_the_guides_ten_requests_where_the_tables_stand_as_written() -> None:
    plan = scaling(planned(tier=Tier.MEDIUM, mode=Mode.DOCUMENTED), ENGINE)
    assert (plan.running_requests, plan.waiting_requests) == (10, 0)
    assert plan.down_window_seconds == 300


def test_an_engine_stays_for_longer_than_the_next_would_take_to_start() -> None:
    found = planned(tier=Tier.MEDIUM)
    engine, plan = service(found, ENGINE), scaling(found, ENGINE)
    assert plan.cooldown_seconds == engine.cold_start_seconds + 300
    assert plan.down_window_seconds == plan.cooldown_seconds <= LONGEST_WINDOW_SECONDS


def test_what_the_peak_takes_stands_while_nobody_can_count_requests() -> None:
    found = planned(tier=Tier.MEDIUM)
    assert scaling(found, ENGINE).fallback_replicas == service(found, ENGINE).scale.planned > 1


def test_exactly_what_may_change_is_scaled_and_by_one_measure() -> None:
    for found in plans(SAMPLE):
        for one in found.services:
            moves = one.scale.minimum < one.scale.maximum
            assert (one.scaling is not None) == one.autoscaled == moves, one.name
        for one, plan in scaled(found):
            by_load, by_queue = plan.cpu_percent > 0, plan.running_requests > 0
            assert (by_load, by_queue) == (not one.gpus, bool(one.gpus)), one.name


def test_an_autoscaler_asks_for_nothing_that_kubernetes_refuses() -> None:
    for found in plans(SAMPLE):
        for one, plan in scaled(found):
            assert 0 <= plan.up_window_seconds <= LONGEST_WINDOW_SECONDS, one.name
            assert 300 <= plan.down_window_seconds <= LONGEST_WINDOW_SECONDS, one.name
            assert one.scale.minimum <= (plan.fallback_replicas or one.scale.planned)
            assert plan.fallback_replicas <= one.scale.maximum
