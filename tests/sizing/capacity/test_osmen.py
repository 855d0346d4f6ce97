"""Document 003's configurations, agents, containers and growth, recomputed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.capacity import osmen
from sizing.capacity.ends import highest, lowest, totals
from sizing.documents import osmen_performance, osmen_resources
from sizing.documents.amounts import amount, words
from sizing.documents.machines import machines
from sizing.units import GIGA
from sizing.words import Verdict

pytestmark = pytest.mark.cloud_free("document 003's arithmetic")

MINIMUM, RECOMMENDED, PRODUCTION, ENTERPRISE = osmen_performance.THROUGHPUT


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [(20, Verdict.HOLDS), (21, Verdict.UNPROVEN), (50, Verdict.UNPROVEN), (51, Verdict.REFUTED)],
)
def test_a_configuration_holds_its_lower_end(rate: float, verdict: Verdict) -> None:
    assert osmen.throughput(rate, PRODUCTION).verdict is verdict


def test_an_open_end_refutes_nothing() -> None:
    assert osmen.throughput(100, ENTERPRISE).verdict is Verdict.HOLDS
    assert osmen.throughput(1e6, ENTERPRISE).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("rate", "row"),
    [(0.5, MINIMUM), (1, MINIMUM), (1.1, RECOMMENDED), (6, PRODUCTION), (100, ENTERPRISE)],
)
def test_the_smallest_configuration_that_surely_carries_a_rate(
    rate: float, row: osmen_performance.ThroughputRow
) -> None:
    assert osmen.configuration_for(rate) == row


def test_no_configuration_surely_carries_more_than_the_last() -> None:
    assert osmen.configuration_for(100.1) is None


@pytest.mark.parametrize(
    ("cores", "bursting", "verdict"),
    [  # active 0.95 to 1.55 cores, burst 2.80: sums of the five agents, by hand
        (1.56, False, Verdict.UNPROVEN),  # "a percentage is of one core" is assumed
        (0.94, False, Verdict.REFUTED),
        (2.79, True, Verdict.REFUTED),
        (2.81, True, Verdict.UNPROVEN),
    ],
)
def test_agents_share_their_cores(cores: float, bursting: bool, verdict: Verdict) -> None:
    assert osmen.agents_cpu(cores, bursting=bursting).verdict is verdict


def test_agents_cpu_is_summed() -> None:
    assert osmen.agents_cpu(1).demand == pytest.approx(1.55)
    assert osmen.agents_cpu(1, bursting=True).demand == pytest.approx(2.80)


@pytest.mark.parametrize(
    ("gigabytes", "peak", "verdict"),
    [  # working sets 1.55 to 3.0 GB, peaks 5.4 GB
        (5.4, True, Verdict.HOLDS),
        (5.3, True, Verdict.REFUTED),
        (3.0, False, Verdict.HOLDS),
        (2.0, False, Verdict.UNPROVEN),  # the gateway's container, if the agents run in it
        (1.5, False, Verdict.REFUTED),
    ],
)
def test_agents_share_their_memory(gigabytes: float, peak: bool, verdict: Verdict) -> None:
    assert osmen.agents_memory(gigabytes * GIGA, peak=peak).verdict is verdict


@pytest.mark.parametrize(
    ("optional", "sums", "verdicts"),
    [  # limits are 11 cores, 18 GB, 43 GB; with Ollama 15, 26, 63. The minimum is 8, 16, 50
        (False, (11, 18, 43), (Verdict.UNPROVEN, Verdict.REFUTED, Verdict.HOLDS)),
        (True, (15, 26, 63), (Verdict.UNPROVEN, Verdict.REFUTED, Verdict.REFUTED)),
    ],
)
def test_the_documents_minimum_is_below_its_own_limits(
    optional: bool, sums: tuple[float, ...], verdicts: tuple[Verdict, ...]
) -> None:
    found = osmen.container_totals(osmen.containers(optional=optional))

    assert tuple(one.demand for one in found) == (sums[0], sums[1] * GIGA, sums[2] * GIGA)
    assert tuple(one.verdict for one in found) == verdicts


@pytest.mark.parametrize("optional", [False, True])
def test_the_documents_recommendation_holds_all_limits(optional: bool) -> None:
    rows = osmen.containers(optional=optional)

    found = osmen.container_totals(rows, osmen_resources.TOTAL_RECOMMENDED)

    assert {one.verdict for one in found} == {Verdict.HOLDS}


def test_a_host_needs_a_disk() -> None:
    with pytest.raises(ValueError, match="has no disk"):
        osmen.container_totals(osmen.containers(), machines("8 core, 32GB RAM"))


def test_the_last_row_of_growth_is_a_hundred_requests_a_user_and_few_a_second() -> None:
    found = osmen.rates(osmen_resources.GROWTH[-1], peak_factor=3)

    assert found.requests_per_user == 100
    assert found.average == pytest.approx(1.157, abs=0.001)
    assert found.peak == pytest.approx(3.47, abs=0.01)
    assert found.peak_per_core == pytest.approx(0.0543, abs=0.0001)


@pytest.mark.parametrize(
    ("users", "cores"), [(1, 8), (10, 8), (11, 16), (200, 32), (201, 64), (1000, 64)]
)
def test_growth_is_read_by_users(users: float, cores: float) -> None:
    row = osmen.growth_for(users)
    assert row is not None

    assert lowest(row.cpu_cores) == cores


def test_growth_ends_at_a_thousand_users() -> None:
    assert osmen.growth_for(1001) is None


@pytest.mark.parametrize("row", osmen_resources.GROWTH)
def test_the_cores_of_growth_carry_far_more_than_its_requests(
    row: osmen_resources.GrowthRow,
) -> None:
    found = osmen.growth_throughput(row, peak_factor=3)

    assert found.verdict is Verdict.REFUTED
    assert found.demand is not None
    assert found.conservative is not None
    assert found.demand > 28 * found.conservative


def test_growth_and_throughput_agree_where_requests_are_many() -> None:
    row = replace(osmen_resources.GROWTH[-1], daily_requests=amount("1,000,000-3,000,000"))

    assert osmen.growth_throughput(row, peak_factor=3).verdict is Verdict.HOLDS


def test_ends_of_ranges() -> None:
    assert (lowest(amount("<5%")), highest(amount("<5%"))) == (0, 0.05)
    assert (lowest(amount("100+")), highest(amount("100+"))) == (100, 100)
    assert totals((amount("1-2 GB"), words("Variable"))) == (GIGA, 2 * GIGA)
    with pytest.raises(ValueError, match="is no figure"):
        highest(words("Unified"))
