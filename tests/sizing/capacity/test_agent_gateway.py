"""What the agent gateway's cores carry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity import agent_gateway
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference

pytestmark = pytest.mark.cloud_free("what a core carries, wherever it stands")


def at(rate: float) -> Workload:
    return replace(reference(Tier.LARGE), requests_per_second_peak=rate)


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (4000, Verdict.HOLDS),
        (4001, Verdict.UNPROVEN),
        (35_174, Verdict.UNPROVEN),
        (35_175, Verdict.REFUTED),
    ],
)
def test_a_core_holds_four_fifths_of_a_third_of_what_was_measured(
    rate: float, verdict: Verdict
) -> None:
    assert agent_gateway.requests(at(rate), 1000).verdict is verdict


def test_the_sure_rate_is_below_a_third_of_the_measured_one() -> None:
    sure, measured = agent_gateway.REQUESTS_PER_CORE, agent_gateway.MEASURED_PER_CORE

    assert sure.value <= measured.value / 3


@given(rate=st.floats(0.01, 50_000), millis=st.integers(100, 4000))
def test_as_many_replicas_as_needed_hold_and_one_fewer_does_not(rate: float, millis: int) -> None:
    needed = agent_gateway.replicas_needed(at(rate), millis)

    assert agent_gateway.requests(at(rate), needed * millis).verdict is Verdict.HOLDS
    if needed > 1:
        fewer = agent_gateway.requests(at(rate), (needed - 1) * millis)
        assert fewer.verdict is not Verdict.HOLDS


@given(rate=st.floats(0.01, 5000), factor=st.floats(1, 10))
def test_more_load_never_needs_less_cpu(rate: float, factor: float) -> None:
    assert agent_gateway.millis_needed(at(rate)) <= agent_gateway.millis_needed(at(rate * factor))


@pytest.mark.parametrize("millis", [0, -1])
def test_a_replica_without_cpu_is_refused(millis: int) -> None:
    with pytest.raises(ValueError, match="thousandths of a vCPU"):
        agent_gateway.replicas_needed(at(1), millis)
