"""What a part adds: the difference of the stack with it and without it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from sizing.cost import cost
from sizing.part_costs import PARTS, PartCost, part_costs
from sizing.plan import plan
from sizing.plans import PlanRequest
from sizing.plans.request import ApplicationRequest, Switches
from sizing.plans.tools import OsmenRequest
from sizing.units import GIB
from sizing.words import Tier
from tests.sizing.requests import request

# no parts of their own, but how the stack or another part of it is had
DETAILS = {
    "callers",
    "grafana_host",
    "ingress",
    "internal",
    "log_days",
    "osmen",
    "own_stores",
    "revisions",
    "trace_share",
    "vault_logins",
    "vault_recovery_region",
    "weights_on_files",
}


def costs_of(asked: PlanRequest) -> tuple[PartCost, ...]:
    made = plan(asked)
    return part_costs(made, cost(made))


def found(asked: PlanRequest) -> dict[str, PartCost]:
    return {one.name: one for one in costs_of(asked)}


def with_switches(**switches: object) -> PlanRequest:
    return replace(request(), switches=Switches(**switches))  # type: ignore[arg-type]


def test_every_switch_is_a_part_or_a_detail() -> None:
    osmen = {"langflow", "n8n", "ollama", "osmen_gateway"}
    assert {one.name for one in PARTS} - osmen == {one.name for one in fields(Switches)} - DETAILS


def test_parts_stand_in_order_and_once() -> None:
    names = [one.name for one in PARTS]
    assert names == sorted(set(names))


def test_a_part_that_is_on_adds_its_pods_and_one_that_is_off_would() -> None:
    vault, n8n = found(request())["vault"], found(request())["n8n"]
    assert vault.on
    assert "vault" in vault.workloads
    assert vault.pods == {one.name: one for one in plan(request()).services}["vault"].scale.planned
    assert not n8n.on
    assert {"n8n", "n8n-worker"} <= set(n8n.workloads)
    assert n8n.pods > 0


def test_what_it_costs_is_what_the_bill_loses_without_it() -> None:
    whole, bare = cost(plan(request())), cost(plan(with_switches(vault=False)))
    assert found(request())["vault"].monthly_usd == pytest.approx(
        whole.monthly_usd - bare.monthly_usd, abs=0.01
    )


def test_on_or_off_a_part_comes_to_the_same() -> None:
    on = replace(request(), switches=Switches(osmen=OsmenRequest(n8n=True)))
    asked, offered = found(on)["n8n"], found(request())["n8n"]
    assert replace(asked, on=False) == offered


def test_what_needs_more_said_is_priced_where_it_is_said_and_not_offered() -> None:
    assert "application" not in found(request())
    stated = ApplicationRequest(replicas=40, cpu_millis=10_000, memory_bytes=20 * GIB)
    part = found(replace(request(), switches=Switches(application=stated)))["application"]
    assert part.on
    assert part.nodes > 0
    assert part.pools
    assert part.monthly_usd > 0


@pytest.mark.parametrize("tier", Tier)
def test_no_part_makes_a_stack_cheaper(tier: Tier) -> None:
    for one in costs_of(request(tier=tier)):
        assert one.monthly_usd >= 0, one
        assert one.pods >= 0, one
