"""Traces and log lines of every stack: what is configured is used, and whoever writes may."""

from __future__ import annotations

import json
from fnmatch import fnmatch

import pytest

from components.kubernetes import jaeger_config, otel_config
from components.kubernetes.jaeger_config import Role
from components.kubernetes.search_access import Signed
from components.kubernetes.search_rules import Rules
from sizing.plan import plan
from sizing.plans import PlatformPlan
from sizing.units import MIB
from stacks.apps import tracing_rules
from stacks.config import load, stack_files

SIGNED = Signed(region="us-east-1")
each_stack = pytest.mark.parametrize("stack", sorted(stack_files()))


def planned(stack: str) -> PlatformPlan:
    return plan(load(stack_files()[stack]).request())


def traced(found: PlatformPlan) -> bool:
    """Say whether a stack has collectors of its own; a guest has its host's."""
    return any(one.name == "otel-collector" for one in found.services)


def rules(stack: str) -> Rules:
    return tracing_rules.rules(planned(stack))


@each_stack
def test_no_part_of_a_collectors_config_is_unused_or_undefined(stack: str) -> None:
    found = planned(stack)
    if traced(found):
        gateway = tracing_rules.gateway_config(found, SIGNED)
        agent = tracing_rules.agent_config(found, cluster="aigw")
        assert otel_config.unused(otel_config.gateway(gateway)) == []
        assert otel_config.unused(otel_config.agent(agent)) == []


@each_stack
def test_no_part_of_jaegers_config_is_unused_or_undefined(stack: str) -> None:
    found = planned(stack)
    store = tracing_rules.trace_store(found, SIGNED)
    for role in Role:
        if any(one.name == role for one in found.services):
            assert otel_config.unused(jaeger_config.config(role, store)) == []


@each_stack
def test_collectors_refuse_before_their_pod_is_full(stack: str) -> None:
    found = planned(stack)
    for one in found.services:
        if one.name == "otel-collector":
            memory = tracing_rules.gateway_config(found, SIGNED).memory
            assert memory.limit_mib * MIB < one.memory_limit_bytes


@each_stack
def test_several_collectors_hand_each_other_spans_and_one_keeps_its_own(stack: str) -> None:
    found = planned(stack)
    for one in found.services:
        if one.name == "otel-collector":
            config = tracing_rules.gateway_config(found, SIGNED)
            assert bool(config.members) is (one.scale.maximum > 1)


@each_stack
def test_a_stack_writes_to_indices_that_its_roles_open_and_its_rules_delete(stack: str) -> None:
    found, said = planned(stack), rules(stack)
    if not traced(found):
        return
    environment = found.request.environment
    written = {
        f"{tracing_rules.logs_index(found)}-2026.11.21": "ROLE_OTEL_COLLECTOR",
        f"{environment}-jaeger-span-2026-11-21": "ROLE_JAEGER",
        f"{environment}-jaeger-service-2026-11-21": "ROLE_JAEGER",
    }
    for index, holder in written.items():
        opened = [
            one
            for one in said.rights
            if "write" in one.actions and any(fnmatch(index, p) for p in one.indices)
        ]
        assert len(opened) == 1, index
        assert all(name.startswith(holder) for name in opened[0].holders)
        (life,) = [one for one in said.lifetimes if any(fnmatch(index, p) for p in one.indices)]
        assert life.days >= 1


@each_stack
def test_nobody_is_let_to_the_indices_of_another_environment(stack: str) -> None:
    prefix = f"{planned(stack).request.environment}-"
    for one in rules(stack).rights:
        assert one.name.startswith(prefix)
        # what watches the domain counts all of it, and reads none
        counts = all("monitor" in action for action in one.actions)
        assert counts or all(pattern.startswith(prefix) for pattern in one.indices), one.name


@each_stack
def test_whoever_only_shows_may_not_write(stack: str) -> None:
    for one in rules(stack).rights:
        if "ROLE_JAEGER_QUERY" in one.holders:
            assert not {"write", "create_index", "indices_all"} & {*one.actions}


@each_stack
def test_no_secret_and_no_prompt_is_configured_away_from_redaction(stack: str) -> None:
    found = planned(stack)
    if traced(found):
        made = otel_config.gateway(tracing_rules.gateway_config(found, SIGNED))
        kept = [p for name, p in made["service"]["pipelines"].items() if name != "traces/spread"]
        assert kept
        assert all("redaction" in one["processors"] for one in kept)
        assert json.loads(json.dumps(made)) == made  # plain data: a chart's values
