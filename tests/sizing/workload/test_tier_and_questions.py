"""Requests name the tier; what nobody has answered is asked, with the figure taken instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sizing.documents.questions import QUESTIONS
from sizing.words import Severity, Tier, Verdict
from sizing.workload import reference
from sizing.workload.axes import resolve
from sizing.workload.findings import findings, measured_replicas
from sizing.workload.questions import unanswered, unanswered_of_reference
from sizing.workload.statement import parse
from sizing.workload.tier import tier_for

pytestmark = pytest.mark.cloud_free("what users do, wherever it is served")

BASE: dict[str, Any] = {"requests": {"per_month": 1_900_000}}
IDS = tuple(question.id for question in QUESTIONS)
ANSWERS: dict[str, dict[str, Any]] = {
    "peaking-factor": {"peak": {"window": "2h/22d"}},
    "streaming-and-tokens": {
        "shares": {"streaming": 0.7},
        "tokens": {"input": 1500, "output": 500, "input_spread": 1, "output_spread": 1},
    },
    "providers-and-quotas": {"providers": [{"name": "a", "requests_per_minute": 600}]},
    "regions": {"regions": 1},
    "infrastructure": {"replica_per_second": 25},
    "cardinality-and-sampling": {"shares": {"traced": 0.05}, "metrics_series": 1_000_000},
    "headroom": {"headroom": "30 %"},
}


def open_ids(stated: dict[str, Any]) -> tuple[str, ...]:
    return tuple(one.id for one in unanswered(resolve(parse(stated))))


@pytest.mark.parametrize(
    ("peak", "tier"),
    [
        (0.0001, Tier.SMALL),
        (10, Tier.SMALL),
        (10.001, Tier.MEDIUM),
        (100, Tier.MEDIUM),
        (500, Tier.LARGE),
        (1000, Tier.ENTERPRISE),
        (5000, Tier.ENTERPRISE),
    ],
)
def test_the_smallest_tier_whose_reference_carries_the_peak(peak: float, tier: Tier) -> None:
    choice = tier_for(replace(reference(Tier.SMALL), requests_per_second_peak=peak))
    assert choice.tier is tier
    assert choice.beyond == (5 if peak == 5000 else None)


@pytest.mark.parametrize("tier", Tier)
def test_a_reference_load_names_its_own_tier(tier: Tier) -> None:
    choice = tier_for(reference(tier))
    assert choice.tier is tier
    # table 1.1 begins Enterprise where Large ends: at 2,000 users
    assert choice.disagreeing == ({"users": Tier.LARGE} if tier is Tier.ENTERPRISE else {})


def test_document_004s_workload_is_of_three_tiers() -> None:
    found = resolve(parse({**BASE, "users": 60_000, "peak": {"window": "24h/30d"}}))
    choice = tier_for(found.workload)
    assert choice.tier is Tier.SMALL
    assert dict(choice.others) == {"tokens": Tier.LARGE, "users": Tier.ENTERPRISE}
    said = next(one for one in findings(found) if one.id == "workload.tier")
    assert said.verdict is Verdict.UNPROVEN
    assert "tokens would name large" in said.message
    assert "users would name enterprise" in said.message


def test_a_forced_tier_says_what_requests_would_name() -> None:
    load = resolve(parse(BASE)).workload
    choice = tier_for(load, Tier.LARGE)
    assert choice.tier is Tier.LARGE
    assert choice.others["requests"] is Tier.SMALL
    assert tier_for(replace(load, requests_per_second_peak=20), Tier.SMALL).beyond == 2


@pytest.mark.parametrize("tier", Tier)
def test_a_tiers_reference_answers_no_question(tier: Tier) -> None:
    asked = unanswered_of_reference(tier)
    assert tuple(one.id for one in asked) == IDS
    assert all(any(letter.isdigit() for letter in one.assumption) for one in asked)
    assert f"{reference(tier).requests_per_second_peak:,.0f} requests/s" in asked[0].assumption


@pytest.mark.parametrize("question", IDS)
def test_each_question_is_answered_by_its_fields_alone(question: str) -> None:
    assert open_ids(BASE) == IDS
    left = open_ids({**BASE, **ANSWERS[question]})
    assert left == tuple(one for one in IDS if one != question)


def test_a_question_answered_in_part_asks_for_the_rest() -> None:
    stated = parse({**BASE, "shares": {"streaming": 0.5}, "tokens": {"input": 9000}})
    asked = next(one for one in unanswered(resolve(stated)) if one.id == "streaming-and-tokens")
    assert asked.state == ("tokens.output", "tokens.input_spread", "tokens.output_spread")
    assert "streaming" not in asked.assumption
    assert "500 out" in asked.assumption


def test_a_provider_without_a_quota_is_named() -> None:
    stated = parse(
        {**BASE, "providers": [{"name": "a", "tokens_per_minute": 1e6}, {"name": "beta"}]}
    )
    asked = next(one for one in unanswered(resolve(stated)) if one.id == "providers-and-quotas")
    assert asked.state == ("providers[1].requests_per_minute",)
    assert asked.assumption.startswith("beta grant")


def test_peak_and_average_together_answer_the_first_question() -> None:
    stated = {"requests": {"per_second_peak": 12, "per_month": 1_900_000}}
    assert "peaking-factor" not in open_ids(stated)


def test_every_open_question_is_a_warning() -> None:
    said = [one for one in findings(resolve(parse(BASE))) if ".questions." in one.id]
    assert [one.constraint for one in said] == list(IDS)
    assert {one.severity for one in said} == {Severity.WARNING}
    assert all(one.fix.startswith("state ") for one in said)


def test_label_pairs_stand_beside_the_series_that_the_store_bears() -> None:
    stated = {**BASE, "keys": 5000, "model_names": 25, "metrics_series": 100_000}
    said = next(one for one in findings(resolve(parse(stated))) if one.constraint == "label-pairs")
    assert (said.demand, said.capacity) == (125_000, 100_000)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [(30, Verdict.HOLDS), (25, Verdict.HOLDS), (24, Verdict.UNPROVEN), (19, Verdict.REFUTED)],
)
def test_a_measured_replica_is_held_against_the_peak(measured: float, verdict: Verdict) -> None:
    found = resolve(parse({"requests": {"per_second_peak": 100}, "replica_per_second": measured}))
    said = measured_replicas(found, found.workload, 5)
    assert said is not None
    assert said.verdict is verdict
    assert measured_replicas(resolve(parse(BASE)), found.workload, 5) is None
