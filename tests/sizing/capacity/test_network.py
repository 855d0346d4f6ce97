"""Bandwidth, connections, NAT gateways and load balancer units at peak."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import network
from sizing.pricing.traffic import DAYS_PER_MONTH, traffic
from sizing.tiers import TIERS
from sizing.units import GIB, SECONDS_PER_DAY
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("rates and connections of the load; limits are parameters")

LARGE = reference(Tier.LARGE)
RATES = st.floats(0.01, 5000)


def at(rate: float) -> Workload:
    return replace(LARGE, requests_per_second_peak=rate)


def test_a_message_is_its_tokens_and_its_envelope() -> None:
    one = network.message(LARGE)

    assert one.prompt_bytes == 1500 * 4 + 4096
    assert one.answer_bytes == pytest.approx(500 * (0.7 * 300 + 0.3 * 4) + 4096)


def test_answers_are_the_busier_direction_where_they_are_streamed() -> None:
    streamed = network.peak(replace(LARGE, streaming_share=1))
    whole = network.peak(replace(LARGE, streaming_share=0))

    assert streamed.larger == streamed.answers_gbps == pytest.approx(0.616, abs=1e-3)
    assert whole.larger == whole.prompts_gbps


@given(rate=RATES)
def test_a_day_at_the_average_moves_what_the_bill_counts(rate: float) -> None:
    load = at(rate)
    load = replace(load, tokens_per_day=load.tokens_per_day_by_requests)
    daily = network.at_rate(network.message(load), load.requests_per_second_average).both
    gib = daily * 1e9 / 8 * SECONDS_PER_DAY * DAYS_PER_MONTH / GIB

    assert gib == pytest.approx(traffic(load, zones=3).balanced_gib)


@pytest.mark.parametrize("tier", Tier)
def test_table_3_2_leaves_the_headroom_that_a_rate_needs(tier: Tier) -> None:
    load, row = reference(tier), TIERS[tier].network
    outer = network.ingress(load, row.ingress_mbps)
    inner = network.internal(load, row.internal_mbps)

    assert outer.held is not None
    assert outer.demand is not None
    assert outer.demand <= outer.held
    assert inner.held is not None
    assert inner.demand is not None
    assert inner.demand <= inner.held
    assert outer.verdict is Verdict.UNPROVEN  # bytes of a token and of an event are assumed


def test_a_link_too_narrow_for_the_bare_text_is_refuted() -> None:
    # 500 x 8 x 6,000 bytes of prompts are 24 Mbit/s
    assert network.ingress(LARGE, 24.1).verdict is Verdict.UNPROVEN
    assert network.ingress(LARGE, 23.9).verdict is Verdict.REFUTED


@given(rate=st.floats(0.01, 2500), factor=st.floats(1, 10))
def test_more_load_moves_more_and_needs_no_fewer_gateways(rate: float, factor: float) -> None:
    less, more = at(rate), at(rate * factor)

    assert network.peak(less).larger <= network.peak(more).larger
    assert network.connections(less) <= network.connections(more)
    assert network.nat_gateways_needed(less) <= network.nat_gateways_needed(more)
    assert network.capacity_units(less).units <= network.capacity_units(more).units


def test_nothing_outside_leaves_nat_idle() -> None:
    inside = replace(LARGE, self_hosted_share=1)

    assert network.nat_bandwidth(inside, 3).demand == 0
    assert network.nat_connections(inside, 3).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("rate", "gateways", "verdict"),
    [  # 25.5 % outside x 27 s are 6.885 connections for each request/s
        (7988, 2, Verdict.HOLDS),
        (7989, 2, Verdict.REFUTED),
        (7989, 3, Verdict.HOLDS),
        (7988, 1, Verdict.HOLDS),
    ],
)
def test_connections_to_one_destination_end_at_55_000_an_address(
    rate: float, gateways: int, verdict: Verdict
) -> None:
    assert network.nat_connections(at(rate), gateways).verdict is verdict


@given(rate=st.floats(0.01, 50_000), addresses=st.integers(1, 8), lost=st.integers(0, 2))
def test_the_gateways_needed_carry_connections_and_bandwidth(
    rate: float, addresses: int, lost: int
) -> None:
    load = at(rate)
    needed = network.nat_gateways_needed(load, addresses=addresses, lost=lost)
    wide = network.nat_bandwidth(load, needed, lost=lost)

    found = network.nat_connections(load, needed, addresses=addresses, lost=lost)
    assert found.verdict is Verdict.HOLDS
    assert wide.held is not None
    assert wide.demand is not None
    assert wide.demand <= wide.held * (1 + 1e-9)


@given(rate=RATES, nodes=st.integers(1, 100))
def test_the_ports_needed_are_the_least_power_of_two_that_holds(rate: float, nodes: int) -> None:
    ports = network.nat_ports_needed(at(rate), nodes)
    each = network.outside_connections(at(rate)) / nodes

    assert ports.bit_count() == 1
    assert each <= ports
    assert ports == 32 or each > ports // 2


def test_capacity_units_are_those_of_the_busiest_measure() -> None:
    found = network.capacity_units(LARGE)

    assert found.new_connections == pytest.approx(20)  # 500 / 25
    assert found.active_connections == pytest.approx(3.825)  # 11,475 / 3,000
    assert found.traffic == pytest.approx(200.8, abs=0.1)  # 500 x 119,792 bytes an hour
    assert found.units == found.traffic
