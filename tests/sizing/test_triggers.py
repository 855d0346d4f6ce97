"""Scaling triggers: both documents' figures, whose rule, and what autoscalers aim at."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sizing.documents import osmen_performance
from sizing.sources import sources
from sizing.tiers import SCALING_TRIGGERS
from sizing.tiers.vocabulary import Unit
from sizing.triggers import (
    OSMEN,
    TABLE,
    TRIGGERS,
    Trigger,
    differences,
    documented_targets,
    litellm_target,
    ruling,
    stated_latency,
    steering,
    trigger,
    whole_answers,
)
from sizing.words import Tier, Verdict
from sizing.workload import reference

pytestmark = pytest.mark.cloud_free("documents' figures, and queries")

# What the exporters that the platform runs are documented to export.
EXPORTED = {
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "kube_pod_container_resource_requests",
    "kube_pod_container_resource_limits",
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
    "litellm_llm_api_time_to_first_token_metric_bucket",
    "litellm_proxy_failed_requests_metric_total",
    "litellm_proxy_total_requests_metric_total",
    "vllm:num_requests_waiting",
    "DCGM_FI_DEV_GPU_UTIL",
    "pgbouncer_pools_client_waiting_connections",
    "redis_memory_used_bytes",
    "redis_memory_max_bytes",
    "osmen_request_duration_seconds",
}
METRIC = re.compile(r"[a-zA-Z]+:[a-z_]+|[A-Za-z]+(?:_[A-Za-z]+){2,}")


def test_every_row_of_table_52_is_a_trigger_with_its_own_lines() -> None:
    typed = [(row.metric, row.warning, row.critical, row.action) for row in SCALING_TRIGGERS]

    assert [(one.metric, one.warning, one.critical, one.action) for one in TABLE] == typed


def test_document_003_scales_on_four_things_and_states_two_figures() -> None:
    assert [one.warning for one in OSMEN] == [0.70, 0.80, None, None]
    assert {one.critical for one in OSMEN} == {None}


def test_ids_are_unique_and_sources_exist() -> None:
    assert len({one.id for one in TRIGGERS}) == len(TRIGGERS)
    assert {each for one in TRIGGERS for each in (one.source, one.exporter)} <= set(sources())


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.id)
def test_queries_ask_only_for_metrics_that_are_exported(one: Trigger) -> None:
    asked = set(METRIC.findall(one.query))

    assert asked <= EXPORTED
    assert bool(asked) == bool(one.query)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.id)
def test_queries_are_balanced(one: Trigger) -> None:
    for left, right in ("()", "[]", "{}"):
        assert one.query.count(left) == one.query.count(right)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.id)
def test_a_critical_line_is_above_its_warning_and_a_share_below_one(one: Trigger) -> None:
    lines = [line for line in (one.warning, one.critical) if line is not None]

    assert lines == sorted(lines)
    if one.unit is Unit.PERCENT:
        assert all(0 < line < 1 for line in lines)


def test_memory_differs_by_five_points_and_table_52_is_the_earlier() -> None:
    found = next(one for one in differences() if one.subject == "memory")

    assert found.document_001 == "above 75% and 90%: Scale vertically first"
    assert found.document_003 == "above 80%: Scale up"
    assert found.ruling == "001-memory"


def test_every_subject_of_the_two_documents_differs_in_something() -> None:
    found = {one.subject: one for one in differences()}

    assert list(found) == ["cpu", "memory", "latency", "errors", "queue", "gpu"]
    assert found["errors"].document_003 == found["gpu"].document_003 == "says nothing"
    assert found["queue"].document_001 == "above 100 and 500: Add capacity"
    assert found["queue"].document_003 == "Queue depths increasing: Scale up"


@pytest.mark.parametrize("other", OSMEN, ids=lambda one: one.id)
def test_what_rules_warns_no_later_than_document_003(other: Trigger) -> None:
    rules = ruling(other.subject)

    assert rules.source == "document-001"
    assert rules.warning is not None
    assert other.warning is None or rules.warning <= other.warning


def test_a_gpu_is_watched_and_does_not_scale() -> None:
    assert not ruling("gpu").scales
    assert ruling("queue").scales


def test_the_plans_autoscaler_stays_below_the_warning_line() -> None:
    target = litellm_target()
    found = steering(target.cpu_percent, ruling("cpu"))

    assert (target.cpu_percent, target.memory_percent) == (60, None)
    assert found.demand == pytest.approx(0.66)
    assert found.verdict is Verdict.HOLDS


def test_the_documents_autoscalers_hold_their_metrics_in_the_alert() -> None:
    first, second = documented_targets()

    assert (first.cpu_percent, first.memory_percent, second.cpu_percent) == (70, 80, 70)
    assert first.memory_percent is not None
    for percent, subject in (
        (first.cpu_percent, "cpu"),
        (first.memory_percent, "memory"),
        (second.cpu_percent, "cpu"),
    ):
        assert steering(percent, ruling(subject)).verdict is Verdict.REFUTED


@pytest.mark.parametrize(("percent", "verdict"), [(63, Verdict.HOLDS), (64, Verdict.REFUTED)])
def test_an_autoscaler_lets_its_metric_rise_by_a_tenth(percent: float, verdict: Verdict) -> None:
    assert steering(percent, ruling("cpu")).verdict is verdict


def test_a_line_without_a_figure_proves_nothing() -> None:
    assert steering(60, trigger("003-latency")).verdict is Verdict.UNPROVEN


def test_whole_answers_take_longer_than_both_latency_lines() -> None:
    # 2 s + 500 tokens x 50 ms = 27 s: the lines can only mean the first token
    found = whole_answers(reference(Tier.LARGE))

    assert found.demand == pytest.approx(27)
    assert found.verdict is Verdict.REFUTED
    short = replace(reference(Tier.LARGE), output_tokens=40)
    assert whole_answers(short).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("place", "verdict"),
    [(0, Verdict.REFUTED), (1, Verdict.REFUTED), (2, Verdict.HOLDS), (4, Verdict.HOLDS)],
)
def test_document_003s_typical_agent_query_is_critical_by_table_52(
    place: int, verdict: Verdict
) -> None:
    assert stated_latency(osmen_performance.RESPONSE_TIMES[place]).verdict is verdict


def test_the_first_token_objective_is_the_warning_line() -> None:
    goal = reference(Tier.LARGE).objectives.first_token_p95_ms.value

    assert goal / 1000 == ruling("latency").warning


@pytest.mark.parametrize("call", [trigger, ruling])
def test_an_unknown_trigger_is_named(call: object) -> None:
    assert callable(call)
    with pytest.raises(KeyError, match="moon"):
        call("moon")
