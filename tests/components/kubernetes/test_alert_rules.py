"""What the rules of every stack ask for, say and compare, whoever evaluates them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from components.kubernetes import alert_rules, metric_catalog
from components.kubernetes.alert_rules import AlertRule, Group, RecordingRule
from components.kubernetes.alertmanager_config import SAME_THING
from components.kubernetes.alerts import Alerts, AlertsArgs
from sizing import review_queries
from sizing.alerts import AlertPlan, Facts, Severity, Told, alert_plans, recordings
from sizing.review_queries import Language, Query
from sizing.sources import sources
from sizing.triggers import STORES, TABLE, Trigger
from tests.components.kubernetes.plans import kept, planned
from tests.components.kubernetes.samples import cluster
from tests.components.support import record
from tests.kubernetes.promql import gathered, selectors
from tests.kubernetes.schemas import violations
from tests.sizing.requests import PRESETS

FACTS = Facts(budget_usd=5000)
LABEL = re.compile(r"\$labels\.(\w+)")
# the documents name a metric of their own, which nothing of the platform exports
DOCUMENTED = frozenset({"osmen_request_duration_seconds"})


@kept
def plans(preset: int = 4) -> tuple[AlertPlan, ...]:
    return alert_plans(planned(*PRESETS[preset]), FACTS)


@kept
def groups(preset: int = 4) -> tuple[Group, ...]:
    return alert_rules.groups(plans(preset), recordings(planned(*PRESETS[preset])))


def rules(preset: int = 4) -> list[AlertRule | RecordingRule]:
    return [rule for group in groups(preset) for rule in group.rules]


def wrong(expression: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Return what an expression asks for that nobody exports."""
    found: list[str] = []
    had: set[str] = set()
    for one in selectors(expression):
        if one.metric in known:
            continue
        if one.metric not in metric_catalog.names():
            found.append(one.metric)
            continue
        labels = metric_catalog.labels(one.metric)
        had |= labels
        found += [f"{one.metric}{{{label}}}" for label in sorted(one.labels - labels)]
    return found + [f"by {label}" for label in sorted(gathered(expression) - had)]


@pytest.mark.parametrize("preset", range(len(PRESETS)), ids=str)
def test_rules_ask_only_for_what_a_component_exports(preset: int) -> None:
    recorded = frozenset(one.name for one in rules(preset) if isinstance(one, RecordingRule))

    assert [
        (one.name, found) for one in rules(preset) if (found := wrong(one.expression, recorded))
    ] == []


def test_a_misspelt_name_and_a_label_of_nobody_are_found() -> None:
    assert wrong("vllm:gpu_cache_usage_perc") == ["vllm:gpu_cache_usage_perc"]
    assert wrong('pg_up{server="a"}') == ["pg_up{server}"]
    assert wrong("sum by (colour) (pg_up)") == ["by colour"]


QUERIES = [
    one
    for one in (*vars(review_queries).values(), *review_queries.bottlenecks())
    if isinstance(one, Query) and one.language is Language.PROMQL
]


@pytest.mark.parametrize("one", QUERIES, ids=lambda one: one.asks)
def test_the_review_asks_only_for_what_a_component_exports(one: Query) -> None:
    assert wrong(one.text, DOCUMENTED) == []


@pytest.mark.parametrize("one", [*TABLE, *STORES], ids=lambda one: one.id)
def test_triggers_ask_only_for_what_a_component_exports(one: Trigger) -> None:
    assert wrong(one.query) == []


def test_what_an_alert_says_of_its_labels_it_has() -> None:
    odd = []
    for alert in plans():
        said = set(LABEL.findall(alert.summary))
        for line in alert.lines:
            expression = alert.expression(line)
            own = {name for name, _ in (*alert.labels, *line.labels)}
            of_series = (
                {
                    label
                    for one in selectors(expression)
                    for label in metric_catalog.labels(one.metric)
                }
                if said
                else set()
            )
            odd += [(alert.name, label) for label in said - own - of_series]

    assert odd == []


@pytest.mark.parametrize("preset", range(len(PRESETS)), ids=str)
def test_every_alert_says_what_is_planned_and_where_to_read_on(preset: int) -> None:
    for rule in rules(preset):
        if isinstance(rule, AlertRule):
            assert set(rule.annotations) == {"summary", "description", "runbook_url"}
            assert " The plan: " in rule.annotations["description"]
            assert rule.labels["severity"] in set(Severity)


def test_a_critical_line_is_further_than_its_warning() -> None:
    for alert in plans():
        if alert.lines[0].query and alert.lines[-1].query:
            continue  # burns of several windows: a critical one is faster, and stands first
        lines = {line.severity: line.at for line in alert.lines if not isinstance(line.at, Told)}
        if len(lines) == len(Severity):
            warning, critical = lines[Severity.WARNING], lines[Severity.CRITICAL]
            assert critical < warning if alert.sign == "<" else critical > warning, alert.name


def test_a_critical_alert_silences_the_warning_of_the_same_thing_and_no_other() -> None:
    for alert in plans():
        severities = {line.severity for line in alert.lines}
        if len(severities) > 1:
            told_apart = {name for name, _ in alert.labels} | gathered(alert.query)
            # buckets are gathered to one quantile
            assert told_apart - {"le"} <= set(SAME_THING), alert.name


def test_lines_follow_the_plan() -> None:
    small, large = ({one.name: one.planned for one in plans(preset)} for preset in (2, 4))
    differ = {name for name, planned in large.items() if small.get(name) != planned}

    assert differ >= {
        "GatewayRequestsAbovePlan",
        "PoolSaturation",
        "PostgresConnections",
        "PrometheusSeriesAbovePlan",
        "VolumeFull",
    }


@pytest.mark.parametrize("preset", range(len(PRESETS)), ids=str)
def test_a_replica_more_of_any_service_changes_no_rule(preset: int) -> None:
    plan = planned(*PRESETS[preset])
    bounds = ("minimum", "planned", "maximum")
    more = tuple(
        replace(
            one,
            scale=replace(one.scale, **{name: getattr(one.scale, name) + 1 for name in bounds}),
        )
        for one in plan.services
    )

    assert alert_plans(replace(plan, services=more), FACTS) == plans(preset)


def test_sources_exist() -> None:
    assert {one.source for one in plans()} <= set(sources())


def test_a_promise_and_a_cap_of_the_stack_move_the_lines() -> None:
    plan = planned()
    strict = {one.name: one for one in alert_plans(plan, Facts(availability=0.999))}

    assert "> 0.0144 " in strict["AvailabilityBudgetBurn"].expression(
        strict["AvailabilityBudgetBurn"].lines[0]
    )
    assert "SpendBudgetBurn" not in strict


def test_pages_may_be_published_elsewhere() -> None:
    made = alert_rules.groups(plans(), (), runbooks="https://docs.example.org/runbooks/")
    found = {
        rule.annotations["runbook_url"]
        for group in made
        for rule in group.rules
        if isinstance(rule, AlertRule) and rule.name == "PostgresDown"
    }
    assert found == {"https://docs.example.org/runbooks/databases.md#postgresdown"}


def test_every_object_is_one_that_the_api_server_takes() -> None:
    made = record(
        lambda: Alerts(
            "alerts",
            AlertsArgs(
                alerts=plans(),
                recordings=recordings(planned()),
                runbooks=alert_rules.RUNBOOKS,
                cluster=cluster(),
                namespace="prod-observability",
            ),
        )
    )
    objects = made.all("PrometheusRule")

    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    assert {one.inputs["metadata"]["namespace"] for one in objects} == {"prod-observability"}
    assert len(objects) == len(groups())
