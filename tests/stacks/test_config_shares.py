"""Parts of one in a stack's file: text in quotes, since YAML's own decimals are refused there."""

from __future__ import annotations

import pytest

from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import good, refused

LOAD_TEST = "load_test: {{existing_secret: acme/key, scale: {said}}}"
TRACING = "tracing: {{sampled_share: {said}}}"


@pytest.mark.parametrize(
    ("said", "share"), [("0", 0.0), ("0.1", 0.1), ("0.0025", 0.0025), ("1", 1)]
)
def test_the_part_of_traces_that_is_kept_reaches_the_plan(said: str, share: float) -> None:
    config = good(f"services: {{{TRACING.format(said=repr(said))}}}")
    assert config.request().switches.trace_share == share


def test_without_one_the_workloads_is_kept() -> None:
    assert good().request().switches.trace_share is None


@pytest.mark.parametrize("said", ["0.25", "1", "1.0"])
def test_the_part_of_the_peak_that_a_load_test_makes_is_written_alike(said: str) -> None:
    stated = good(f"services: {{{LOAD_TEST.format(said=repr(said))}}}").services.load_test
    assert stated is not None
    assert stated.scale == said


@pytest.mark.parametrize(
    ("part", "said", "found"),
    [
        (TRACING, "0.1", "0.1 without quotes"),
        (TRACING, "'1.1'", '"1.1"'),
        (TRACING, "'-0.1'", '"-0.1"'),
        (TRACING, "'10%'", '"10%"'),
        (LOAD_TEST, "'0'", '"0"'),
        (LOAD_TEST, "'0.000'", '"0.000"'),
        (LOAD_TEST, "'1.5'", '"1.5"'),
    ],
)
def test_what_is_no_part_of_one_is_refused_with_what_is(part: str, said: str, found: str) -> None:
    (line,) = refused(f"services: {{{part.format(said=said)}}}")
    assert found in line
    assert "in quotes" in line
