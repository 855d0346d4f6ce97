"""What a review of the whole found wrong, each as it was seen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlanRequest
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference
from tests.sizing.requests import BASE, ENGINE

LOAD = reference(Tier.LARGE)


def asked(load: Workload) -> PlanRequest:
    return replace(BASE, workload=load)


@cache
def findings(load: Workload) -> dict[str, Finding]:
    return {one.id: one for one in check(plan(asked(load)))}


def with_objective(name: str, milliseconds: float) -> Workload:
    goals = LOAD.objectives
    return replace(
        LOAD, objectives=replace(goals, **{name: replace(getattr(goals, name), value=milliseconds)})
    )


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, Verdict.HOLDS),
        ({"input_spread": 15.0}, Verdict.UNPROVEN),
        ({"output_spread": 40.0}, Verdict.UNPROVEN),
        ({"input_tokens": 32_000.0, "output_tokens": 1000.0}, Verdict.REFUTED),
    ],
)
def test_requests_that_do_not_fit_the_context_are_no_load_that_is_carried(
    changed: dict[str, float], verdict: Verdict
) -> None:
    found = findings(replace(LOAD, **changed))[f"services.{ENGINE}.context"]  # type: ignore[arg-type]

    assert found.verdict is verdict
    assert found.capacity == LOAD.models[0].context_tokens


def test_slots_do_not_hold_where_no_engine_surely_keeps_its_objectives() -> None:
    """The prompt alone takes longer than a first token may: in-flight requests were taken as 0."""
    model = replace(LOAD.models[0], context_tokens=131_072)
    found = findings(replace(LOAD, input_tokens=50_000.0, models=(model,)))

    slots = found[f"services.{ENGINE}.slots"]

    assert slots.verdict is Verdict.UNPROVEN
    assert slots.demand


@pytest.mark.parametrize(
    ("objective", "constraint"),
    [("first_token_p95_ms", "first-token"), ("inter_token_latency_ms", "inter-token")],
)
def test_an_objective_that_no_datasheet_allows_is_refuted(objective: str, constraint: str) -> None:
    found = findings(with_objective(objective, 1.0))

    assert found[f"services.{ENGINE}.{constraint}"].verdict is Verdict.REFUTED
