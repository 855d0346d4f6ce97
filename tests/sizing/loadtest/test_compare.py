"""What a test proves of a plan, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from sizing.loadtest import Line, Profile, Scenario, compare
from sizing.words import Verdict
from tests.sizing.loadtest.results import LOAD, asked, bucket, measured

pytestmark = pytest.mark.cloud_free("measurements beside a plan of given figures")

HOLDS, UNPROVEN, REFUTED = Verdict.HOLDS, Verdict.UNPROVEN, Verdict.REFUTED


def judged(made: Profile, **changes: Any) -> dict[str, Line]:  # noqa: ANN401  # any figure
    found = measured(made, **changes)
    return {one.id: one for one in compare(found, made, LOAD.objectives)}


def test_a_good_run_holds_on_every_line() -> None:
    lines = judged(asked())
    assert {one.verdict for one in lines.values()} == {HOLDS}
    assert set(lines) == {
        "generator",
        "requests",
        "errors",
        "first-token-p50",
        "first-token-p95",
        "between-tokens",
        "whole-p95",
        "output-tokens",
        "cache-hits",
    }
    assert lines["requests"].wanted == lines["requests"].measured == 10
    assert lines["between-tokens"].measured == pytest.approx(20)
    assert all(not one.fix for one in lines.values())


@pytest.mark.parametrize(
    ("failed", "verdict"), [(0, HOLDS), (10, HOLDS), (11, UNPROVEN), (50, UNPROVEN), (51, REFUTED)]
)
def test_errors_are_judged_by_table_5_2(failed: int, verdict: Verdict) -> None:
    lines = judged(asked(), answered=1000 - failed, failed={"500": failed} if failed else {})
    assert lines["errors"].verdict is verdict
    assert lines["errors"].wanted == 1


@pytest.mark.parametrize(
    ("slow", "verdict"),
    [(0, HOLDS), (25, HOLDS), (35, UNPROVEN), (60, REFUTED), (595, REFUTED)],
)
def test_chance_does_not_refute_a_p95(slow: int, verdict: Verdict) -> None:
    spread = {bucket(0.2): 595 - slow, bucket(3): slow}
    lines = judged(asked(), first_token={"self-hosted": spread})
    assert lines["first-token-p95"].verdict is verdict


def test_few_answers_prove_nothing() -> None:
    spread = {bucket(0.2): 99}
    line = judged(asked(), first_token={"self-hosted": spread})["first-token-p95"]
    assert (line.verdict, line.fix) == (UNPROVEN, "run it longer")
    line = judged(asked(), first_token={})["first-token-p95"]
    assert (line.verdict, line.measured) == (UNPROVEN, None)


@pytest.mark.parametrize(
    ("mean", "slowest", "verdict"),
    [(0.02, 0.04, HOLDS), (0.04, 0.06, UNPROVEN), (0.06, 0.06, REFUTED)],
)
def test_time_between_tokens_is_of_all_tokens_and_of_slow_answers(
    mean: float, slowest: float, verdict: Verdict
) -> None:
    lines = judged(
        asked(),
        between_seconds=1000 * mean,
        between_tokens={"self-hosted": {bucket(slowest): 595}},
    )
    assert lines["between-tokens"].verdict is verdict


def test_a_whole_answer_may_take_as_long_as_its_tokens() -> None:
    whole = {"self-hosted": {bucket(20): 1000}}
    short = judged(asked(), whole=whole, output_tokens={"self-hosted": {bucket(50): 1000}})
    long = judged(asked(), whole=whole, output_tokens={"self-hosted": {bucket(500): 1000}})
    assert short["whole-p95"].verdict is REFUTED
    assert long["whole-p95"].verdict is HOLDS


def test_a_part_of_the_peak_proves_nothing_of_the_rest() -> None:
    made = asked(scale=0.1, duration_seconds=1000)
    lines = judged(made, seconds=1000.0)
    assert lines["requests"].verdict is HOLDS
    assert lines["peak"].verdict is UNPROVEN
    assert lines["peak"].wanted == pytest.approx(10)
    assert lines["peak"].fix == "run it with --scale 1"


def test_an_answer_that_did_not_come_is_missed_by_the_rate() -> None:
    lines = judged(asked(), answered=600, failed={"timeout": 400})
    assert lines["requests"].verdict is REFUTED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"late": {bucket(0.3): 1000}}, "it was late itself"),
        ({"parts": 2}, "1 of 2 parts have a result"),
        ({"sent": 500, "answered": 500}, "it sent 500 requests of 1,000"),
    ],
)
def test_nothing_holds_where_the_load_was_not_made(wrong: dict[str, Any], said: str) -> None:
    lines = judged(asked(), **wrong)
    assert lines["generator"].said == said
    assert HOLDS not in {one.verdict for one in lines.values()}
    assert said in lines["first-token-p95"].said


def test_the_generator_s_own_delay_refutes_nothing() -> None:
    late, slow = {bucket(3): 1000}, {"self-hosted": {bucket(4): 595}}
    assert judged(asked(), late=late, first_token=slow)["first-token-p95"].verdict is UNPROVEN
    assert judged(asked(), first_token=slow)["first-token-p95"].verdict is REFUTED


def test_outside_models_have_the_objective_of_document_000() -> None:
    made = asked(outside=("gpt",))
    spread = {"self-hosted": {bucket(0.6): 400}, "external": {bucket(0.6): 195}}
    lines = judged(made, first_token=spread)
    assert lines["first-token-p95"].verdict is HOLDS
    outside = lines["first-token-p95-external"]
    assert (outside.verdict, outside.wanted) == (REFUTED, 0.478)
    assert outside.source == "document-000"


def test_answers_that_are_shorter_than_asked_prove_no_tokens() -> None:
    lines = judged(asked(), tokens_out={"self-hosted": 1000})
    assert lines["output-tokens"].verdict is UNPROVEN


def test_a_cache_that_answers_less_than_planned_is_said() -> None:
    whole = {"self-hosted": {bucket(0.8): 950}, "cached": {bucket(0.01): 50}}
    assert judged(asked(), whole=whole)["cache-hits"].verdict is UNPROVEN


def test_document_003_is_judged_by_its_own_figures() -> None:
    made = asked(scenario=Scenario.CLIENTS)
    lines = judged(made, seconds=290.0)
    assert lines["requests"].wanted == pytest.approx(1000 / 300)
    assert lines["errors"].wanted == pytest.approx(0.8)
    assert lines["whole-p50"].wanted == 2.4
    assert lines["whole-p95"].wanted == 6.8
    assert "peak" not in lines
    slow = {"self-hosted": {bucket(8): 1000}}
    assert judged(made, seconds=290.0, whole=slow)["whole-p95"].verdict is REFUTED
