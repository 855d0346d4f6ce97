"""Replicas of a stateless tier: each rule binds somewhere, and what is planned survives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.queueing.erlang import Crew, late_share
from sizing.queueing.staffing import (
    CPU,
    RATE,
    WAIT,
    ZONE_SPREAD,
    Staffing,
    at_most,
    survivors,
    with_zone_lost,
    workers,
)

pytestmark = pytest.mark.cloud_free("arithmetic of queues")

ONE_QUEUE = Crew(service_rate_per_second=25)
OWN_QUEUES = Crew(service_rate_per_second=25, per_queue=1)
crews = st.sampled_from([ONE_QUEUE, OWN_QUEUES])
arrivals = st.floats(0.01, 5000)
zones = st.integers(1, 6)


@pytest.mark.parametrize(
    ("load", "zones", "wait_ms", "binding", "replicas"),
    [
        (0.01, 3, 50, ZONE_SPREAD, 3),  # 1 needed, and 1 for a zone
        (100, 3, 50, WAIT, 11),  # 7 survive the loss of 4
        (1000, 3, 5000, RATE, 75),  # 50 of 25/s at 80 %, and 25 for a zone
        (500, 1, 50, CPU, 34),  # nothing to lose: 20 busy at 60 %
    ],
)
def test_each_rule_binds_somewhere(
    load: float, zones: int, wait_ms: float, binding: str, replicas: int
) -> None:
    found = workers(load, ONE_QUEUE, wait_ms, zones=zones)

    assert (found.binding, found.replicas) == (binding, replicas)


def test_replicas_of_more_workers_are_fewer() -> None:
    single = workers(500, ONE_QUEUE, 50, zones=3)
    quads = workers(500, ONE_QUEUE, 50, zones=3, workers_per_replica=4)

    assert (single.needed, quads.needed) == (23, 6)
    assert quads.replicas < single.replicas <= quads.replicas * 4


@given(needed=st.integers(0, 10_000), zones=st.integers(2, 9))
def test_the_planned_survive_the_fullest_zone_and_one_fewer_does_not(
    needed: int, zones: int
) -> None:
    planned = with_zone_lost(needed, zones)

    assert survivors(planned, zones) >= needed
    assert planned == 0 or survivors(planned - 1, zones) < needed


@given(load=arrivals, crew=crews, zones=zones, wait_ms=st.floats(1, 1000))
@settings(max_examples=200, deadline=None)
def test_survivors_keep_the_percentile_and_the_headroom(
    load: float, crew: Crew, zones: int, wait_ms: float
) -> None:
    found = workers(load, crew, wait_ms, zones=zones)

    assert found.survivors >= found.needed
    assert late_share(found.survivors, load, crew, wait_ms) <= 0.01 * (1 + 1e-9)
    assert load <= found.survivors * 25 * 0.8 * (1 + 1e-9)
    assert load <= found.replicas * 25 * 0.6 * (1 + 1e-9)
    assert found.replicas == max(found.by_wait, found.by_rate, found.by_cpu, zones)


@given(load=arrivals, more=st.floats(1, 3), crew=crews, zones=zones)
@settings(max_examples=200, deadline=None)
def test_more_load_or_more_to_lose_never_plans_fewer(
    load: float, more: float, crew: Crew, zones: int
) -> None:
    def counts(found: Staffing) -> tuple[int, ...]:
        return (found.replicas, found.needed, found.by_wait, found.by_rate, found.by_cpu)

    here = workers(load, crew, 50, zones=zones)
    loaded = workers(load * more, crew, 50, zones=zones)
    strict = workers(load, crew, 50, zones=zones, percentile=0.999)

    assert all(a <= b for a, b in zip(counts(here), counts(loaded), strict=True))
    assert here.needed <= strict.needed
    assert here.replicas <= strict.replicas
    assert workers(load, crew, 50, zones=1).replicas <= here.replicas


def test_a_tier_without_load_still_answers() -> None:
    assert workers(0, OWN_QUEUES, 50).replicas == 1
    assert workers(0, OWN_QUEUES, 50, zones=3).replicas == 3


def test_a_float_does_not_cost_a_replica() -> None:
    assert at_most(0.1 + 0.2, 0.1) == 3
    assert at_most(0.31, 0.1) == 4


@pytest.mark.parametrize(
    ("load", "zones", "per_replica"), [(float("inf"), 3, 1), (-1, 3, 1), (1, 0, 1), (1, 3, 0)]
)
def test_what_cannot_be_is_refused(load: float, zones: int, per_replica: int) -> None:
    with pytest.raises(ValueError, match=r"cannot be|workers"):
        workers(load, ONE_QUEUE, 50, zones=zones, workers_per_replica=per_replica)
    with pytest.raises(ValueError, match="cannot be"):
        survivors(-1, 3)
