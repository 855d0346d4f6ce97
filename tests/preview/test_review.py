"""The quarterly review: figures of the plan at each point, and queries that can be run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.alerts import alert_plans
from sizing.review import fullest, load_bound, requests_of_month, review
from sizing.review_queries import Language
from sizing.sources import sources
from sizing.tiers import REVIEW_CHECKLIST
from sizing.words import Tier, Verdict
from sizing.workload import reference
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.preview.reviews import (
    CACHE,
    CHANGES,
    COST,
    HOTSPOTS,
    PROJECTIONS,
    USAGE,
    answers,
    fact,
    finding,
    sized,
)


def test_every_point_of_the_checklist_is_answered_in_its_order() -> None:
    assert tuple(one.point for one in answers()) == REVIEW_CHECKLIST.items


@pytest.mark.parametrize("tier", Tier)
def test_every_point_has_figures_and_something_to_ask(tier: Tier) -> None:
    for one in answers(tier):
        assert one.facts
        assert one.queries
        assert {query.source for query in one.queries} <= set(sources())


def test_usage_is_what_the_plan_was_made_for() -> None:
    usage = answers()[USAGE]
    scales = {one.name: one.scale.planned for one in sized().plan.services}

    assert fact(usage, "requests at peak") == 500
    assert fact(usage, "tokens") == 1e9
    assert fact(usage, "litellm planned") == scales["litellm"]


def test_a_quarter_is_longer_than_what_is_kept() -> None:
    assert answers()[USAGE].said == (
        "the spend log keeps 30 days of a quarter's 90",
        "Prometheus, unless told otherwise, keeps 15 days of a quarter's 90",
    )


def test_a_spend_log_of_a_quarter_is_not_complained_of() -> None:
    found = sized()
    load = replace(reference(Tier.LARGE), retention_days=90)
    plan = replace(found.plan, request=replace(found.plan.request, workload=load))

    said = review(plan, found.findings, found.bill)[USAGE].said

    assert [one.partition(" ")[0] for one in said] == ["Prometheus,"]


def test_requests_of_a_month_by_both_axes() -> None:
    # 1 B tokens / 2,000 x 30.4 days; 500 / 3 requests/s x 730 h x 3,600 s
    by_tokens, by_requests = requests_of_month(reference(Tier.LARGE))

    assert by_tokens == pytest.approx(15.208e6, rel=1e-3)
    assert by_requests == pytest.approx(438e6)


def test_cost_of_a_request_is_the_bill_over_the_months_requests() -> None:
    found = answers()[COST]
    monthly = sized().bill.monthly_usd

    assert fact(found, "infrastructure") == monthly
    assert fact(found, "infrastructure, by tokens a day") == pytest.approx(
        monthly / 15_208.333, rel=1e-3
    )
    assert fact(found, "infrastructure, by requests a second") == pytest.approx(
        monthly / 438_000, rel=1e-3
    )


def test_a_bill_without_some_prices_is_said_to_be_a_lower_bound() -> None:
    found = sized()
    open_bill = replace(found.bill, unpriced=("a", "b"))
    priced = replace(found.bill, unpriced=())

    lower = review(found.plan, found.findings, open_bill)[COST].said
    exact = review(found.plan, found.findings, priced)[COST].said

    assert lower[-1] == "at least: lines of the bill without a price: 2"
    assert not any(one.startswith("at least") for one in exact)


def test_cache_hits_save_their_share_of_outside_models() -> None:
    cost_before = fact(answers()[COST], "outside models") / 0.85

    assert fact(answers()[CACHE], "cache hits planned") == 0.15
    assert fact(answers()[CACHE], "saved at outside models") == pytest.approx(
        cost_before * 0.15, abs=0.01
    )


def test_hotspots_count_all_verdicts_and_name_the_fullest() -> None:
    found = answers()[HOTSPOTS]
    holding = sum(one.verdict is Verdict.HOLDS for one in sized().findings)

    assert fact(found, "constraints holds") == holding
    assert [one.name for one in found.facts[3:]] == [
        one.id for one in fullest(sized().findings, load_bound(sized().plan))
    ]


def test_the_fullest_come_first_and_what_no_load_fills_is_left_out() -> None:
    given = [
        finding("requests", 0.5),
        finding("memory", 0.9),
        finding("iops", 0.9),
        finding("zones", 1.0),
        finding("support", None),
        finding("documented-rate", 8.4, Verdict.NOT_APPLICABLE),
    ]
    bound = frozenset(one.id for one in given if one.constraint != "zones")

    found = fullest(given, bound)

    assert [one.constraint for one in found] == ["iops", "memory", "requests"]


@pytest.mark.parametrize("tier", Tier)
def test_requests_are_bound_by_load_and_zones_are_not(tier: Tier) -> None:
    bound = load_bound(sized(tier).plan)

    assert "services.litellm.requests" in bound
    assert not any(one.endswith((".zones", ".fill", ".pods-per-node")) for one in bound)


def test_hotspots_of_a_tier_are_what_its_load_fills() -> None:
    named = {one.name for one in answers()[HOTSPOTS].facts[3:]}

    assert named
    assert named <= load_bound(sized().plan)


def test_hotspots_are_asked_for_by_the_triggers_queries() -> None:
    texts = [one.text for one in answers()[HOTSPOTS].queries]

    assert 'sum(vllm:num_requests_waiting{model_name!=""})' in texts
    assert not any("osmen" in one for one in texts)


def test_hotspots_name_the_lines_that_alert_and_where_the_documents_draw_others() -> None:
    said = answers()[HOTSPOTS].said

    waiting = 'sum(vllm:num_requests_waiting{model_name!=""})'
    assert f"EngineQueueDepth (warning) alerts at ({waiting}) > 100" in said
    assert (
        "memory: document 001: above 75% and 90%: Scale vertically first; "
        "document 003: above 80%: Scale up; 001-memory rules"
    ) in said


def test_the_lines_of_the_review_are_those_that_are_deployed() -> None:
    deployed = {
        f"{alert.name} ({line.severity}) alerts at {alert.expression(line)}"
        for alert in alert_plans(sized().plan)
        for line in alert.lines
    }
    said = {one for one in answers()[HOTSPOTS].said if " alerts at " in one}

    assert said <= deployed
    assert {one.partition(" ")[0] for one in said} >= {"PodCpu", "PoolWaiting", "VolumeFull"}


def test_projections_say_how_far_the_nearest_constraint_is() -> None:
    found = sized()
    near = (finding("litellm.requests", 0.8), finding("agent-gateway.requests", 0.5))

    projections = review(found.plan, near, found.bill)[PROJECTIONS]

    assert fact(projections, "growth until services.litellm.requests is full") == 1.25
    assert fact(projections, "safety margin, least") == 1.2


def test_without_findings_no_constraint_is_near() -> None:
    found = sized()

    projections = review(found.plan, (), found.bill)[PROJECTIONS]

    assert not any(one.name.startswith("growth") for one in projections.facts)


def test_changes_are_the_fixes_of_all_findings() -> None:
    fixes = [f"{one.id}: {one.fix}" for one in sized().findings if one.fix]

    assert list(answers()[CHANGES].said) == fixes


@pytest.mark.parametrize("tier", Tier)
def test_sql_asks_quoted_tables_and_one_statement(tier: Tier) -> None:
    asked = [query for one in answers(tier) for query in one.queries]

    assert {one.language for one in asked} == set(Language)
    for one in asked:
        assert one.text.count("(") == one.text.count(")")
        if one.language is Language.SQL:
            assert '"LiteLLM_DailyUserSpend"' in one.text
            assert ";" not in one.text
