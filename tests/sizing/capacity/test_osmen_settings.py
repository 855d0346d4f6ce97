"""Document 003's settings, load test, GPUs and costs, recomputed."""

from __future__ import annotations

import pytest

from sizing.capacity import osmen_settings
from sizing.capacity.osmen_settings import POSTGRES, REDIS, container
from sizing.documents import osmen_cost, osmen_resources
from sizing.units import GIB
from sizing.words import Verdict

pytestmark = pytest.mark.cloud_free("document 003's arithmetic")

POSTGRES_LIMIT = container(POSTGRES).memory_limit.value
REDIS_LIMIT = container(REDIS).memory_limit.value


@pytest.mark.parametrize(
    ("memory", "verdict"),
    [(POSTGRES_LIMIT, Verdict.REFUTED), (8 * GIB - 1, Verdict.REFUTED), (8 * GIB, Verdict.HOLDS)],
)
def test_eight_gigabytes_of_buffers_need_a_server_that_has_them(
    memory: float, verdict: Verdict
) -> None:
    assert osmen_settings.shared_buffers(memory).verdict is verdict


def test_work_memory_of_every_connection_comes_on_top_of_the_buffers() -> None:
    # 8 GiB + 100 x 64 MiB = 14.25 GiB
    assert osmen_settings.work_memory(14.25 * GIB).verdict is Verdict.HOLDS
    assert osmen_settings.work_memory(14 * GIB).verdict is Verdict.UNPROVEN
    assert osmen_settings.work_memory(14 * GIB, connections=96).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("memory", "verdict"), [(REDIS_LIMIT, Verdict.REFUTED), (4 * GIB, Verdict.HOLDS)]
)
def test_redis_may_not_grow_beyond_its_container(memory: float, verdict: Verdict) -> None:
    assert osmen_settings.redis_memory(memory).verdict is verdict


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [(1000, Verdict.HOLDS), (2000, Verdict.HOLDS), (5000, Verdict.UNPROVEN)],
)
def test_twenty_connections_of_ten_milliseconds_carry_two_thousand_queries(
    rate: float, verdict: Verdict
) -> None:
    assert osmen_settings.pool(rate).verdict is verdict


def test_five_thousand_queries_need_four_milliseconds() -> None:
    assert osmen_settings.pool(5000, seconds=0.004).verdict is Verdict.HOLDS


def test_a_thousand_requests_in_five_minutes_are_not_fifteen_a_second() -> None:
    found = osmen_settings.load_test()

    assert found.conservative == pytest.approx(3.33, abs=0.01)
    assert found.verdict is Verdict.REFUTED
    assert osmen_settings.load_test(seconds=66).verdict is Verdict.HOLDS


def test_fifteen_a_second_need_36_clients() -> None:
    found = osmen_settings.load_test_clients()

    assert found.demand == pytest.approx(36)
    assert found.verdict is Verdict.REFUTED
    assert osmen_settings.load_test_clients(users=36).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("place", "verdict"),
    [(0, Verdict.UNPROVEN), (1, Verdict.UNPROVEN), (2, Verdict.REFUTED)],
)
def test_seventy_billion_parameters_do_not_fit_24_gb_even_at_four_bits(
    place: int, verdict: Verdict
) -> None:
    assert osmen_settings.model_on_gpu(osmen_resources.GPUS[place]).verdict is verdict


def test_a_gpu_carries_what_fits() -> None:
    large = osmen_resources.GPUS[2]

    assert osmen_settings.model_on_gpu(large, 48e9).verdict is Verdict.UNPROVEN
    assert osmen_settings.model_on_gpu(large, 48.1e9).verdict is Verdict.REFUTED
    with pytest.raises(ValueError, match="is no figure"):
        osmen_settings.model_on_gpu(osmen_resources.GPUS[3])


@pytest.mark.parametrize(
    ("row", "usd"),
    [  # 30,000 requests x (1,500 in and 500 out), by hand
        (osmen_cost.GPT4_COST, 2250),
        (osmen_cost.GPT35_COST, 75),
    ],
)
def test_a_month_of_the_planning_mix_costs_more_than_stated(
    row: osmen_cost.LlmCostRow, usd: float
) -> None:
    found = osmen_settings.llm_cost(row, input_tokens=1500, output_tokens=500)

    assert found.demand == pytest.approx(usd)
    assert found.verdict is Verdict.REFUTED


def test_short_requests_cost_what_is_stated() -> None:
    found = osmen_settings.llm_cost(osmen_cost.GPT4_COST, input_tokens=200, output_tokens=60)

    assert found.verdict is Verdict.HOLDS


def test_an_unknown_service_has_no_container() -> None:
    with pytest.raises(KeyError):
        container("Vault")
