"""Parts that a stack may have or not: routers, an application, and what each brings with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.capacity import agent_router
from sizing.check import check
from sizing.plan import plan
from sizing.plans import Finding, PlatformPlan, Scale
from sizing.plans.request import ApplicationRequest, Switches
from sizing.units import GIB
from sizing.words import Cloud, Environment, Mode, Tier, Verdict
from tests.both_clouds import here
from tests.sizing.requests import PRESETS, planned, request, rules, service

APPLICATION = ApplicationRequest(cpu_millis=500, memory_bytes=GIB)


def switched(
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
    *,
    agent_router: bool = False,
    vllm_router: bool = False,
    document_db: bool = False,
    application: ApplicationRequest | None = None,
) -> PlatformPlan:
    switches = Switches(
        agent_router=agent_router,
        vllm_router=vllm_router,
        document_db=document_db,
        application=application,
    )
    return plan(replace(request(environment, tier, mode), switches=switches))


def names(found: PlatformPlan) -> set[str]:
    return {one.name for one in found.services}


def findings(found: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(found)}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_a_stack_that_switches_nothing_on_has_none_of_them(
    environment: Environment, tier: Tier
) -> None:
    found = planned(environment, tier)
    assert not names(found) & {
        "agent-router",
        "agent-router-controller",
        "application",
        "vllm-router",
    }
    assert found.document_database is None
    assert not [one for one in found.namespaces if one.role == "apps"]
    assert not [one for one in findings(found) if "router" in one]


def test_the_guides_engine_router_is_left_out_with_its_reason() -> None:
    note = rules(planned())["router-replaced"]
    assert (note.documented, note.planned) == ("2 routers", "none")
    assert "router-replaced" not in rules(switched(vllm_router=True))
    assert "router-replaced" not in rules(planned(mode=Mode.DOCUMENTED))


@pytest.mark.parametrize("mode", Mode)
def test_two_engine_routers_stand_where_they_are_asked_for_or_documented(mode: Mode) -> None:
    found = switched(mode=mode, vllm_router=True)
    assert service(found, "vllm-router").scale == Scale(minimum=2, planned=2, maximum=2)
    assert ("vllm-router" in names(planned(mode=mode))) == (mode is Mode.DOCUMENTED)


def test_no_engine_router_is_noted_or_stands_where_no_engine_does() -> None:
    asked = replace(request(), workload=replace(request().load, self_hosted_share=0))
    assert "router-replaced" not in rules(plan(asked))
    assert "vllm-router" not in names(plan(replace(asked, switches=Switches(vllm_router=True))))


@pytest.mark.parametrize("tier", Tier)
def test_agent_routers_hold_the_peak_with_a_zone_lost(tier: Tier) -> None:
    found = switched(tier=tier, agent_router=True)
    router = service(found, "agent-router")
    needed = agent_router.replicas_needed(found.request.load, lost=0)
    zones = len(found.request.zone_ids)
    left = router.scale.planned - -(-router.scale.planned // zones)
    assert router.needed == needed
    assert left >= needed
    assert router.scale.minimum <= router.scale.planned <= router.scale.maximum
    assert router.autoscaled == (router.scaling is not None)


def test_the_agent_routers_controller_elects_a_leader() -> None:
    assert service(switched(agent_router=True), "agent-router-controller").scale.planned == 2
    in_dev = switched(Environment.DEV, Tier.SMALL, agent_router=True)
    assert service(in_dev, "agent-router-controller").scale.planned == 1


def test_an_agent_router_is_judged_and_its_providers_are_asked_for() -> None:
    found = findings(switched(agent_router=True))
    slots = found["services.agent-router.in-flight"]
    # Envoy's limit stands in for what a replica was measured to hold
    assert slots.verdict is Verdict.UNPROVEN
    assert slots.demand is not None
    assert slots.capacity is not None
    assert slots.demand <= slots.capacity
    assert set(found) - set(findings(planned())) == {
        "providers.provider-quota",
        "services.agent-router-controller.controller",
        "services.agent-router.in-flight",
    }


def test_an_agent_router_that_is_too_few_is_told_so() -> None:
    found = switched(agent_router=True)
    one_left = tuple(
        replace(one, scale=Scale(minimum=1, planned=1, maximum=1))
        if one.name == "agent-router"
        else one
        for one in found.services
    )
    slots = findings(replace(found, services=one_left))["services.agent-router.in-flight"]
    assert slots.capacity is not None
    assert slots.demand is not None
    assert slots.capacity < slots.demand
    assert slots.verdict is Verdict.UNPROVEN
    assert "state how many it holds" in slots.fix


def test_an_application_gets_what_the_stack_says_a_namespace_and_a_database() -> None:
    found = switched(application=APPLICATION)
    own = service(found, "application")
    assert own.scale == Scale(minimum=2, planned=2, maximum=8)
    assert (own.cpu_request_millis, own.memory_request_bytes) == (500, GIB)
    assert (own.cpu_limit_millis, own.memory_limit_bytes) == (500, GIB)
    assert own.namespace == "prod-apps"
    assert "application" in found.postgres.databases
    assert own.scaling is not None
    assert own.scaling.cpu_percent > 0


def test_an_application_of_one_size_is_not_scaled() -> None:
    fixed = replace(APPLICATION, replicas=3, maximum=3)
    own = service(switched(application=fixed), "application")
    assert (own.scale.planned, own.scaling) == (3, None)


def test_an_application_takes_room_of_nodes() -> None:
    large = replace(APPLICATION, replicas=20, maximum=20, cpu_millis=8000, memory_bytes=8 * GIB)
    more = switched(Environment.PROD, Tier.SMALL, application=large)
    asked = {one.name: one.requested_millis for one in more.node_pools}
    bare = {one.name: one for one in planned(tier=Tier.SMALL).node_pools}
    assert asked["general"] == bare["general"].requested_millis + 20 * 8000
    nodes = {one.name: one.scale.planned for one in more.node_pools}
    assert nodes["general"] > bare["general"].scale.planned


def test_documents_have_a_database_where_the_cloud_sells_one_and_the_plan_says_what() -> None:
    found = switched(document_db=True)
    sold = here() is Cloud.AWS
    assert (found.document_database is not None) is sold
    assert ("PostgreSQL" in rules(found)["document-database"].planned) is not sold
