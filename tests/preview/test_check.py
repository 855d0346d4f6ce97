"""`aigw check`: every constraint with demand, capacity, use, verdict and fix."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from preview.cli import main
from sizing.plans import Finding, PlatformPlan
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.preview.findings import REFUTED
from tests.twins import twin


def document(capsys: pytest.CaptureFixture[str], code: int = 0) -> dict[str, Any]:
    assert main(["check", twin("dev-small"), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stack's plan have one finding, an error."""

    def check(_: PlatformPlan) -> tuple[Finding, ...]:
        return (REFUTED,)

    monkeypatch.setattr("stacks.decision.check", check)


@pytest.mark.usefixtures("refuted")
def test_a_refuted_constraint_exits_1_with_its_figures_and_fix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = document(capsys, 1)
    assert found["summary"]["refuted"] == 1
    assert main(["check", twin("dev-small")]) == 1
    shown = capsys.readouterr().out
    row = next(one for one in shown.splitlines() if one.startswith("error"))
    assert re.search(r"postgres\.connections +refuted +900 +800 +connections +112 %", row)
    assert row.endswith("900 connections do not fit; raise postgres.instance_class")


def test_the_summary_counts_every_finding_once(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys)
    verdicts = [one["verdict"] for one in found["findings"]]
    assert found["summary"] == {name: verdicts.count(name) for name in found["summary"]}
    assert sum(found["summary"].values()) == len(verdicts)


def test_use_is_demand_over_capacity(capsys: pytest.CaptureFixture[str]) -> None:
    used = [one for one in document(capsys)["findings"] if one["utilisation"] is not None]
    assert len(used) > 20
    for one in used:
        assert one["utilisation"] == pytest.approx(one["demand"] / one["capacity"], abs=1e-3)


def test_what_is_not_proven_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    open_ones = [one for one in document(capsys)["findings"] if one["verdict"] == "unproven"]
    assert open_ones
    assert [one["id"] for one in open_ones if not one["fix"]] == []


def test_what_holds_is_counted_until_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    holding = next(one for one in document(capsys)["findings"] if one["verdict"] == "holds")
    assert main(["check", twin("dev-small")]) == 0
    short = capsys.readouterr().out
    assert main(["check", twin("dev-small"), "--verbose"]) == 0
    long = capsys.readouterr().out
    assert f" {holding['id']} " not in short
    assert f" {holding['id']} " in long
    assert "(--verbose lists them)" in short


def test_open_questions_name_what_is_taken_and_what_to_state(
    capsys: pytest.CaptureFixture[str],
) -> None:
    questions = document(capsys)["questions"]
    assert main(["check", twin("dev-small")]) == 0
    shown = capsys.readouterr().out
    assert len(questions) == 7  # nothing is stated for this stack
    for one in questions:
        assert one["text"] in shown
        assert f"Taken instead: {one['assumption']}" in shown
        assert f"State {', '.join(one['state'])}." in shown
