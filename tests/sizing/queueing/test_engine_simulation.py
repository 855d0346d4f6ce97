"""The engines that the rules plan, simulated: they keep their objectives, and one fewer does not.

Prompts and answers are lognormal with the logarithm spread by one; memory limits who is admitted.
Figures are means over five seeds, the warm-up left out.
"""

from __future__ import annotations

from statistics import mean

import pytest

from sizing.queueing.engine import engine
from sizing.queueing.serving import engines, fleet
from tests.sizing.queueing.engine_simulation import Latencies, simulate_engines
from tests.sizing.queueing.samples import A100, H100, LENGTHS, VARIABILITY, Sample, sample_engine
from tests.sizing.queueing.simulation import Run, token_lengths

pytestmark = pytest.mark.cloud_free("engines by their rates")

FIRST_TOKEN_MS = 2000.0
INTER_TOKEN_MS = 50.0
WITHIN = 1.15
SEEDS = range(1, 6)
# Self-hosted requests/s: Small's peak on A100-40, and a share of Medium's on H100.
CASES = [(A100, 5.95), (H100, 14.0)]
IDS = [sample.name for sample, _ in CASES]


def simulated(
    sample: Sample,
    count: int,
    arrivals: float,
    *,
    kv_tokens: float | None = None,
    seconds: float = 275,  # eleven times as long as a request at full slots
) -> list[Latencies]:
    """Return what users of `count` engines saw, by seed."""
    requests = round(arrivals * seconds)
    return [
        simulate_engines(
            engines=count,
            slots=sample_engine(sample).slots,
            kv_tokens=sample.kv_tokens if kv_tokens is None else kv_tokens,
            step=sample.step,
            arrivals_per_second=arrivals,
            lengths=token_lengths(
                LENGTHS.input_tokens, LENGTHS.output_tokens, LENGTHS.output_variability
            ),
            run=Run(requests=requests, warm_up=requests // 4, seed=seed),
        )
        for seed in SEEDS
    ]


def first_token_ms(runs: list[Latencies]) -> float:
    return mean(run.first_token_percentile_ms(0.95) for run in runs)


@pytest.mark.parametrize(("sample", "arrivals"), CASES, ids=IDS)
def test_planned_and_needed_engines_keep_both_objectives(sample: Sample, arrivals: float) -> None:
    plan = engines(arrivals, sample_engine(sample), FIRST_TOKEN_MS, spare=1)

    for count in (plan.engines, plan.needed):
        runs = simulated(sample, count, arrivals)
        assert first_token_ms(runs) <= FIRST_TOKEN_MS * WITHIN
        assert mean(run.inter_token_percentile_ms(0.95) for run in runs) <= INTER_TOKEN_MS * WITHIN


@pytest.mark.parametrize(("sample", "arrivals"), CASES, ids=IDS)
def test_one_engine_fewer_and_half_as_much_again_miss_the_first_token(
    sample: Sample, arrivals: float
) -> None:
    needed = engines(arrivals, sample_engine(sample), FIRST_TOKEN_MS).needed

    assert first_token_ms(simulated(sample, needed - 1, arrivals)) > FIRST_TOKEN_MS
    assert first_token_ms(simulated(sample, needed, arrivals * 1.5)) > FIRST_TOKEN_MS


def test_the_boundary_lies_within_a_tenth_of_the_load_that_the_rule_names() -> None:
    one, count = sample_engine(A100), 3
    low, high = 0.0, count * one.requests_per_second
    for _ in range(20):
        middle = (low + high) / 2
        enough = engines(middle, one, FIRST_TOKEN_MS).needed <= count
        low, high = (middle, high) if enough else (low, middle)

    below = simulated(A100, count, low * 0.95, seconds=600)
    above = simulated(A100, count, low * 1.10, seconds=600)
    assert first_token_ms(below) <= FIRST_TOKEN_MS * WITHIN
    assert first_token_ms(above) > FIRST_TOKEN_MS


@pytest.mark.parametrize(("sample", "count", "use"), [(A100, 3, 0.8), (H100, 2, 0.7)], ids=IDS)
def test_the_chain_predicts_the_time_between_tokens_within_15_percent(
    sample: Sample, count: int, use: float
) -> None:
    one = sample_engine(sample)
    arrivals = use * count * one.requests_per_second
    runs = simulated(sample, count, arrivals)
    predicted = fleet(count, one, arrivals).inter_token_ms

    assert mean(run.mean_inter_token_ms for run in runs) == pytest.approx(predicted, rel=0.15)


def test_memory_limits_who_is_admitted_and_the_rule_knows() -> None:
    """A third of the cache: slots by memory carry the load, slots by time alone would not."""
    kv_tokens = A100.kv_tokens / 3
    narrow = engine(A100.step, LENGTHS, kv_tokens=kv_tokens, inter_token_ms=INTER_TOKEN_MS)
    roomy = sample_engine(A100)
    arrivals = 2.2 * roomy.requests_per_second
    plan = engines(arrivals, narrow, FIRST_TOKEN_MS)
    blind = engines(arrivals, roomy, FIRST_TOKEN_MS).needed

    assert blind == plan.needed - 1
    short = simulated(A100, blind, arrivals, kv_tokens=kv_tokens)
    assert first_token_ms(short) > FIRST_TOKEN_MS
    # Slots by memory count mean contexts: the headroom of the rate takes the long ones.
    enough = simulated(A100, plan.engines, arrivals, kv_tokens=kv_tokens)
    assert first_token_ms(enough) <= FIRST_TOKEN_MS * WITHIN


def test_a_request_larger_than_the_cache_is_served_alone_and_full_ones_begin_anew() -> None:
    runs = [
        simulate_engines(
            engines=1,
            slots=64,
            kv_tokens=6000,
            step=A100.step,
            arrivals_per_second=0.5,
            lengths=token_lengths(1500, 500, VARIABILITY),
            run=Run(requests=300, warm_up=0, seed=seed),
        )
        for seed in SEEDS
    ]

    assert all(len(run.end_to_end_ms) == 300 for run in runs)  # nobody is lost
    assert all(run.preemptions for run in runs)
