"""Traces and logs in the plan: what they take, what switching them off leaves, what nodes keep."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.planning import sizes
from sizing.plans import PlatformPlan
from sizing.plans.request import Switches
from sizing.reserve import DAEMON_MEMORY, DAEMON_MILLIS
from sizing.words import Environment, Tier
from tests.sizing.requests import request

PARTS = {"otel-collector", "jaeger", "jaeger-collector", "jaeger-query"}


def planned(tier: Tier = Tier.LARGE, **switches: object) -> PlatformPlan:
    return plan(replace(request(tier=tier), switches=Switches(**switches)))  # type: ignore[arg-type]


def names(found: PlatformPlan) -> set[str]:
    return {one.name for one in found.services}


def notes(found: PlatformPlan) -> dict[str, str]:
    return {one.field: one.planned for one in found.adjustments if one.rule == "tracing-off"}


@pytest.mark.parametrize(
    ("tier", "jaeger"),
    [
        (Tier.SMALL, {"jaeger"}),
        (Tier.MEDIUM, {"jaeger"}),
        (Tier.LARGE, {"jaeger-collector", "jaeger-query"}),
        (Tier.ENTERPRISE, {"jaeger-collector", "jaeger-query"}),
    ],
)
def test_every_tier_traces_in_the_form_of_its_table(tier: Tier, jaeger: set[str]) -> None:
    assert names(planned(tier)) & PARTS == {"otel-collector", *jaeger}
    assert not notes(planned(tier))


def test_logs_alone_keep_the_collectors_and_the_agents() -> None:
    found = planned(tracing=False)

    assert names(found) & PARTS == {"otel-collector"}
    assert "otel-agent" in {one.name for one in found.helpers}
    assert notes(found) == {"services.jaeger": "none"}
    assert not [one for one in check(found) if one.id == "services.otel-collector.spans"]


def test_traces_alone_read_no_node() -> None:
    found = planned(logs=False)

    assert PARTS & names(found) == {"otel-collector", "jaeger-collector", "jaeger-query"}
    assert "otel-agent" not in {one.name for one in found.helpers}


def test_nothing_of_it_is_planned_where_both_are_off_and_the_plan_says_so() -> None:
    found = planned(tracing=False, logs=False)

    assert not names(found) & PARTS
    assert notes(found) == {"services.jaeger": "none", "services.otel-collector": "none"}
    assert "search-setup" not in {one.name for one in found.helpers}


def test_each_node_that_there_may_be_has_its_agent() -> None:
    found = planned(Tier.ENTERPRISE)
    (agent,) = (one for one in found.helpers if one.name == "otel-agent")

    assert agent.pods == sum(one.scale.maximum for one in found.node_pools)
    assert agent.namespace == "node-system"


def test_an_agent_takes_a_part_of_what_each_node_keeps_for_daemons() -> None:
    assert sizes.OTEL_AGENT.cpu_millis < int(DAEMON_MILLIS) / 4
    assert sizes.OTEL_AGENT.memory_bytes < int(DAEMON_MEMORY) / 4


def test_a_stack_may_keep_another_share_of_its_traces_than_its_workload_says() -> None:
    asked = replace(request(), switches=Switches(trace_share=0.5))

    assert asked.load.trace_share == asked.whole_load.trace_share == 0.5
    assert replace(asked, environment=Environment.DEV).load.trace_share == 0.5
    assert request().load.trace_share != 0.5


def test_no_trace_is_kept_where_tracing_is_off() -> None:
    assert replace(request(), switches=Switches(tracing=False)).load.trace_share == 0
