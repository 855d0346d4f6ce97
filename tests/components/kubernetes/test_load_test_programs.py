"""What the load test's generator draws and counts, without Locust and without a clock."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.kubernetes import load_test_config
from components.kubernetes.scripts import load_draws, load_record
from components.kubernetes.scripts.load_draws import Asker, arrivals, words
from components.kubernetes.scripts.load_record import Answer, Record
from sizing.loadtest import Run, Scenario, document, profile, read, result
from sizing.loadtest.profile import Profile
from sizing.words import Tier
from sizing.workload import reference

pytestmark = pytest.mark.cloud_free("programs and draws, which run anywhere")
LARGE = reference(Tier.LARGE)
DRAWN = 20_000


def made(scenario: Scenario = Scenario.TOKENS) -> Profile:
    return profile(LARGE, Run(stack="prod-large", scenario=scenario, outside=("gpt",)))


def asker(scenario: Scenario = Scenario.TOKENS, run: int = 1) -> Asker:
    read_back: dict[str, Any] = json.loads(json.dumps(document(made(scenario))))
    return Asker(read_back, random.Random(1), random.Random(run))


@pytest.mark.parametrize("scenario", [Scenario.TOKENS, Scenario.REQUESTS])
def test_drawn_requests_have_the_profile_s_mean_lengths(scenario: Scenario) -> None:
    one = asker(scenario)
    drawn = [one.next() for _ in range(DRAWN)]
    lengths = made(scenario).lengths
    assert mean(ask.input_tokens for ask in drawn) == pytest.approx(lengths.input_tokens, rel=0.02)
    assert mean(ask.output_tokens for ask in drawn) == pytest.approx(
        lengths.output_tokens, rel=0.02
    )


def test_drawn_requests_are_streamed_and_spread_over_models_as_the_workload_says() -> None:
    one = asker()
    drawn = [one.next() for _ in range(DRAWN)]
    assert mean(ask.stream for ask in drawn) == pytest.approx(LARGE.streaming_share, abs=0.02)
    models = Counter(ask.model for ask in drawn)
    assert models["gpt"] / DRAWN == pytest.approx(1 - LARGE.self_hosted_share, abs=0.02)


def test_requests_are_repeated_as_often_as_the_cache_is_to_answer() -> None:
    one, seen, repeated = asker(), set(), 0
    for _ in range(DRAWN):
        ask = one.next()
        repeated += ask in seen
        seen.add(ask)
        one.remember(ask)
    assert repeated / DRAWN == pytest.approx(LARGE.cache_hit_share, abs=0.02)


def test_nothing_is_repeated_before_it_was_answered() -> None:
    one = asker()
    drawn = [one.next() for _ in range(1000)]
    assert len(set(drawn)) == len(drawn)


@given(st.floats(0.5, 200), st.floats(0, 30), st.integers(0, 1000))
def test_users_come_in_order_at_the_rate_and_not_after_the_end(
    rate: float, warm_up: float, seed: int
) -> None:
    duration = 2000 / rate
    times = list(arrivals(rate, warm_up, duration, random.Random(seed)))
    assert times == sorted(times)
    assert all(0 <= one < warm_up + duration for one in times)
    counted = sum(one >= warm_up for one in times)
    # five deviations of a Poisson count of 2,000
    assert abs(counted - 2000) < 5 * 2000**0.5
    climbing = len(times) - counted
    expected = rate * warm_up / 2
    assert abs(climbing - expected) <= 5 * expected**0.5 + 5


def test_the_parts_of_a_generator_make_different_loads_of_the_same_sum() -> None:
    parts = [list(arrivals(5, 0, 400, random.Random(f"1-{part}"))) for part in range(4)]
    assert len({tuple(one) for one in parts}) == 4
    assert sum(map(len, parts)) == pytest.approx(8000, rel=0.06)


def test_prompts_are_as_long_as_asked_and_begin_unlike_one_another() -> None:
    assert len(words(1, 500).split()) == 500
    assert words(1, 500) == words(1, 500)
    beginnings = {words(seed, 8) for seed in range(1000)}
    assert len(beginnings) == 1000


def test_a_second_run_makes_the_same_load_in_other_words() -> None:
    one, other = asker(run=1), asker(run=2)
    for first, second in ((one.next(), other.next()) for _ in range(1000)):
        assert first.text != second.text
        assert first == replace(second, text=first.text)


def test_our_engines_write_as_much_as_is_asked_and_outside_models_know_no_such_word() -> None:
    one = asker()
    bodies = {ask.answerer: json.loads(ask.body()) for ask in (one.next() for _ in range(100))}
    assert bodies["self-hosted"]["ignore_eos"] is True
    assert "ignore_eos" not in bodies["external"]
    assert bodies["external"]["max_tokens"] >= 1


def test_what_is_asked_fits_the_model_s_context() -> None:
    stated = json.loads(json.dumps(document(made())))
    for model in stated["models"]:
        model["context_tokens"] = 1024
    one = Asker(stated, random.Random(1), random.Random(1))
    for ask in (one.next() for _ in range(1000)):
        assert ask.input_tokens + ask.output_tokens <= 1024 - load_draws.LEFT_OF_CONTEXT
        assert min(ask.input_tokens, ask.output_tokens) >= 1


def test_what_a_part_writes_is_what_the_comparison_reads() -> None:
    record = Record(began=5.0, seconds=60.0)
    for _ in range(3):
        record.send(0.001)
    record.answer(
        Answer(answerer="self-hosted", first=0.5, last=2.5, whole=3.0, tokens_in=7, tokens_out=5)
    )
    record.answer(Answer(answerer="cached", whole=0.01, tokens_in=7, tokens_out=5))
    record.fail("429")
    found = read([record.line(document(made()), 0, 1)])
    assert (found.sent, found.answered, found.failed) == (3, 2, {"429": 1})
    assert found.between_total == (2.0, 4)
    assert found.tokens_out == {"self-hosted": 5, "cached": 5}
    first = found.first_token["self-hosted"].percentile(0.95)
    assert first == pytest.approx(0.5, rel=load_record.BASE - 1)
    assert found.first_token["cached"].total == 0
    assert found.late.total == 3


def test_both_sides_spell_the_mark_and_the_cache_alike() -> None:
    assert (load_record.MARK, load_record.CACHED) == (result.MARK, result.CACHED)
    assert load_record.OURS == load_draws.OURS == "self-hosted"


def test_the_programs_that_pods_get_are_all_that_the_generator_imports() -> None:
    texts = load_test_config.programs()
    assert load_test_config.GENERATOR in texts
    imported = {
        line.split()[1].rpartition(".")[2]
        for text in texts.values()
        for line in text.splitlines()
        if line.startswith(f"from {load_test_config.PACKAGE}.")
    }
    assert {f"{one}.py" for one in imported} == set(texts) - {load_test_config.GENERATOR}
