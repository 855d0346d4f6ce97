"""Archestra and the OsMEN services: off by default, sized by their documents, counted in stores."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.capacity.archestra import processes_needed
from sizing.check import check
from sizing.cost import cost
from sizing.plan import plan
from sizing.planning import archestra, direct, osmen
from sizing.planning.connections import direct_connections
from sizing.plans import Finding, PlatformPlan, Scale, ServicePlan
from sizing.plans.request import Switches
from sizing.plans.tools import (
    NO_OSMEN,
    ArchestraRequest,
    Configuration,
    OllamaRequest,
    OsmenRequest,
)
from sizing.units import GIB
from sizing.words import Environment, Mode, Tier, Verdict
from tests.sizing.requests import PRESETS, planned, request, rules, service

TOOLS = {
    archestra.WEB,
    archestra.WORKER,
    osmen.LANGFLOW,
    osmen.N8N,
    osmen.N8N_WORKER,
    osmen.OLLAMA,
    osmen.GATEWAY,
}
EVERY = OsmenRequest(
    configuration=Configuration.PRODUCTION,
    langflow=True,
    n8n=True,
    ollama=OllamaRequest(models=("llama3.2:3b",)),
    gateway=True,
)


def switched(
    *,
    of_archestra: ArchestraRequest | None = None,
    of_osmen: OsmenRequest = NO_OSMEN,
    environment: Environment = Environment.PROD,
    tier: Tier = Tier.LARGE,
    mode: Mode = Mode.PROVEN,
) -> PlatformPlan:
    switches = Switches(archestra=of_archestra, osmen=of_osmen)
    return plan(replace(request(environment, tier, mode), switches=switches))


def tools(found: PlatformPlan) -> set[str]:
    return {one.name for one in found.services} & TOOLS


def findings(found: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(found)}


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_a_stack_that_switches_nothing_on_has_none_of_them(
    environment: Environment, tier: Tier
) -> None:
    found = planned(environment, tier)
    assert not tools(found)
    assert not set(found.postgres.databases) & set(direct.DATABASES)
    assert not [one for one in found.helpers if one.name == archestra.MIGRATIONS]
    assert not [name for name in findings(found) if "osmen" in name or "archestra" in name]


@pytest.mark.parametrize(
    ("asked", "brings"),
    [
        (OsmenRequest(langflow=True), {osmen.LANGFLOW}),
        (OsmenRequest(n8n=True), {osmen.N8N, osmen.N8N_WORKER}),
        (OsmenRequest(ollama=OllamaRequest()), {osmen.OLLAMA}),
        (OsmenRequest(gateway=True), {osmen.GATEWAY}),
    ],
)
def test_each_service_is_switched_on_alone(asked: OsmenRequest, brings: set[str]) -> None:
    assert tools(switched(of_osmen=asked)) == brings


@pytest.mark.parametrize(
    ("tier", "least", "most", "limit_millis", "memory_gib"),
    [
        (Tier.SMALL, 1, 1, 2000, 4),
        (Tier.MEDIUM, 2, 4, 4000, 8),
        (Tier.LARGE, 4, 8, 4000, 16),
        (Tier.ENTERPRISE, 8, 8, 8000, 16),
    ],
)
def test_archestra_has_its_own_tables_figures(
    tier: Tier, least: int, most: int, limit_millis: int, memory_gib: int
) -> None:
    written = switched(of_archestra=ArchestraRequest(tier=tier), mode=Mode.DOCUMENTED)
    web = service(written, archestra.WEB)
    assert (web.scale.minimum, web.scale.maximum) == (least, max(most, least))
    assert (web.cpu_request_millis, web.cpu_limit_millis) == (limit_millis, limit_millis)
    assert web.memory_limit_bytes == memory_gib * GIB


@pytest.mark.parametrize(
    ("day", "tier"),
    [
        (50_000, Tier.SMALL),
        (100_001, Tier.MEDIUM),
        (5_000_000, Tier.LARGE),
        (10_000_001, Tier.ENTERPRISE),
    ],
)
def test_a_days_requests_choose_the_size(day: int, tier: Tier) -> None:
    assert archestra.row(ArchestraRequest(requests_per_day=day)).tier.lower() == tier


def test_a_process_requests_the_thread_that_it_is_and_is_scaled_by_cpu_and_memory() -> None:
    found = switched(of_archestra=ArchestraRequest(tier=Tier.LARGE))
    web = service(found, archestra.WEB)
    assert (web.cpu_request_millis, web.cpu_limit_millis) == (1000, 4000)
    assert web.scaling is not None
    assert (web.scaling.cpu_percent, web.scaling.memory_percent) == (70, 80)
    told = rules(found)["archestra-thread"]
    assert (told.documented, told.planned) == ("4000m", "1000m")


@given(day=st.integers(min_value=1, max_value=60_000_000))
def test_more_requests_never_ask_for_fewer_processes(day: int) -> None:
    rate = day / 86_400
    assert processes_needed(rate, zones=3) <= processes_needed(rate * 2, zones=3)


@pytest.mark.parametrize("environment", Environment)
def test_what_stands_carries_the_peak_with_a_zone_lost(environment: Environment) -> None:
    found = switched(
        of_archestra=ArchestraRequest(requests_per_day=40_000_000), environment=environment
    )
    assert findings(found)["services.archestra.requests"].verdict is Verdict.HOLDS


def test_connections_past_the_poolers_are_counted_at_the_most_with_a_rollout() -> None:
    found = switched(of_archestra=ArchestraRequest(tier=Tier.LARGE), of_osmen=EVERY)
    switches = found.request.switches
    without = direct_connections((s for s in found.services if s.name not in TOOLS), switches)
    own = direct_connections(found.services, switches) - without
    at_most = {one.name: one.scale.maximum for one in found.services}
    assert own >= sum(each * at_most[name] for name, each in direct.CONNECTIONS.items())
    assert set(direct.DATABASES) <= set(found.postgres.databases)
    assert not set(direct.DATABASES) & set(found.pooler.databases)
    assert findings(found)["postgres.server-connections"].verdict is Verdict.HOLDS
    assert findings(found)["services.archestra.connections"].verdict is Verdict.HOLDS


def test_a_server_that_is_too_small_for_them_is_raised() -> None:
    small = switched(tier=Tier.SMALL)
    loaded = switched(
        tier=Tier.SMALL, of_archestra=ArchestraRequest(tier=Tier.SMALL), of_osmen=EVERY
    )
    assert loaded.postgres.max_connections > small.postgres.max_connections


def test_a_pod_of_archestra_has_more_connections_than_its_vendor_asks_for() -> None:
    one = findings(switched(of_archestra=ArchestraRequest(tier=Tier.SMALL)))
    assert one["services.archestra.connection-budget"].demand == 13
    assert one["services.archestra.connection-budget"].verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("name", "cpu_limit", "memory_gib"),
    [
        (osmen.LANGFLOW, 2000, 4),
        (osmen.N8N, 2000, 2),
        (osmen.N8N_WORKER, 2000, 2),
        (osmen.OLLAMA, 4000, 8),
    ],
)
def test_containers_have_the_allocation_tables_limits(
    name: str, cpu_limit: int, memory_gib: int
) -> None:
    one = service(switched(of_osmen=EVERY), name)
    assert (one.cpu_limit_millis, one.memory_limit_bytes) == (cpu_limit, memory_gib * GIB)


def test_the_gateway_has_three_to_ten_replicas_at_seventy_per_cent() -> None:
    one = service(switched(of_osmen=EVERY), osmen.GATEWAY)
    assert one.scale == Scale(minimum=3, planned=3, maximum=10)
    assert one.scaling is not None
    assert (one.scaling.cpu_percent, one.scaling.memory_percent) == (70, 0)


def test_one_main_process_of_n8n_and_workers_that_are_scaled() -> None:
    found = switched(of_osmen=EVERY)
    main, workers = service(found, osmen.N8N), service(found, osmen.N8N_WORKER)
    assert main.scale == Scale(minimum=1, planned=1, maximum=1)
    assert workers.scale.minimum < workers.scale.maximum


@pytest.mark.parametrize(
    ("size", "sets"),
    [
        (Configuration.MINIMUM, 1),
        (Configuration.RECOMMENDED, 1),
        (Configuration.PRODUCTION, 2),
        (Configuration.ENTERPRISE, 4),
    ],
)
def test_a_size_holds_a_set_of_containers_for_every_eight_cores(
    size: Configuration, sets: int
) -> None:
    assert osmen.container_sets(OsmenRequest(configuration=size)) == sets


@pytest.mark.parametrize(("users", "cores"), [(5, 4), (6, 8), (100, 16), (101, 32), (9999, 32)])
def test_concurrent_users_choose_the_smallest_size_for_them(users: int, cores: int) -> None:
    row = osmen.configuration(OsmenRequest(concurrent_users=users))
    assert row.configuration.vcpu.low == cores


def test_more_users_than_a_stated_size_carries_are_refused() -> None:
    asked = replace(EVERY, configuration=Configuration.MINIMUM, concurrent_users=50)
    one = findings(switched(of_osmen=asked))["services.osmen.users"]
    assert one.verdict is Verdict.REFUTED
    assert "services.osmen.configuration" in one.fix


def test_what_document_003_keeps_in_containers_of_its_own_is_told() -> None:
    found = switched(of_osmen=EVERY)
    told = {one.field for one in found.adjustments if one.rule == "osmen-stores"}
    assert told == {f"services.osmen.{store}" for store in ("postgresql", "qdrant", "redis")}


def named(found: PlatformPlan, name: str) -> ServicePlan | None:
    return next((one for one in found.services if one.name == name), None)


def test_they_cost_what_their_nodes_and_volumes_cost() -> None:
    without, everything = (
        switched(),
        switched(of_archestra=ArchestraRequest(tier=Tier.LARGE), of_osmen=EVERY),
    )
    assert cost(everything).monthly_usd > cost(without).monthly_usd
    ollama = named(everything, osmen.OLLAMA)
    assert ollama is not None
    assert ollama.volume_gib == 20


def test_a_server_that_others_use_as_well_is_no_proof_of_a_dedicated_one() -> None:
    shared = findings(switched(of_archestra=ArchestraRequest(tier=Tier.SMALL), tier=Tier.SMALL))
    assert shared["services.archestra.database-vcpu"].verdict is Verdict.HOLDS
    dedicated = findings(switched(of_archestra=ArchestraRequest(tier=Tier.LARGE)))
    assert dedicated["services.archestra.database-vcpu"].verdict is Verdict.UNPROVEN


def test_ollama_on_gpus_is_said_to_be_left_to_the_engines() -> None:
    assert rules(switched(of_osmen=EVERY))["ollama-gpu"].planned == "CPU"
    assert "ollama-gpu" not in rules(switched(of_osmen=OsmenRequest(langflow=True)))
