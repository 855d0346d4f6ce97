"""Archestra and the OsMEN services in a stack's file: each is there alone, and only when said."""

from __future__ import annotations

import pytest

from sizing.cost import cost
from sizing.plans.tools import (
    NO_OSMEN,
    ArchestraRequest,
    Configuration,
    OllamaRequest,
    OsmenRequest,
)
from sizing.words import Tier
from stacks.apps import tools
from stacks.apps.build import generated
from stacks.apps.secrets import existing_names
from stacks.config_findings import findings
from stacks.decision import decide
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import good, refused, there

IMAGE = "registry.example.com/acme/osmen:1.0.0"


def test_nothing_is_there_where_nothing_is_said() -> None:
    switches = good().request().switches
    assert switches.archestra is None
    assert switches.osmen == NO_OSMEN
    assert not switches.osmen.any


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("langflow: {}", OsmenRequest(langflow=True)),
        ("n8n: {concurrency: 3}", OsmenRequest(n8n=True)),
        (
            "ollama: {models: ['llama3.2:3b'], volume_gib: 40}",
            OsmenRequest(ollama=OllamaRequest(models=("llama3.2:3b",), volume_gib=40)),
        ),
        ("ollama: {gpu: l4}", OsmenRequest(ollama=OllamaRequest(gpu="l4"))),
        ("ollama: {gpu: cheapest}", OsmenRequest(ollama=OllamaRequest(gpu="cheapest"))),
        (f"osmen_gateway: {{image: '{IMAGE}'}}", OsmenRequest(gateway=True)),
        (
            "langflow: {}, osmen: {configuration: production, concurrent_users: 80, users: 300}",
            OsmenRequest(
                configuration=Configuration.PRODUCTION,
                concurrent_users=80,
                users=300,
                langflow=True,
            ),
        ),
    ],
)
def test_each_osmen_service_reaches_the_plan_alone(said: str, asked: OsmenRequest) -> None:
    assert good(f"services: {{{said}}}").request().switches.osmen == asked


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("requests_per_day: 250000", ArchestraRequest(requests_per_day=250_000)),
        ("tier: large", ArchestraRequest(tier=Tier.LARGE)),
    ],
)
def test_archestra_is_sized_by_its_own_table(said: str, asked: ArchestraRequest) -> None:
    assert good(f"services: {{archestra: {{{said}}}}}").request().switches.archestra == asked


@pytest.mark.parametrize("said", ["{}", "{requests_per_day: 1, tier: small}"])
def test_archestra_wants_a_days_requests_or_a_size(said: str) -> None:
    (line,) = refused(f"services: {{archestra: {said}}}")
    assert "requests_per_day or tier" in line


def test_a_variable_of_the_gateway_is_plain_or_secret() -> None:
    said = f"image: '{IMAGE}', environment: {{KEY: a}}, secrets: {{KEY: acme/osmen}}"
    (line,) = refused(f"services: {{osmen_gateway: {{{said}}}}}")
    assert "plain or secret, not both: KEY" in line


def test_a_gateways_image_past_the_mirror_is_told() -> None:
    registry = "210987654321.dkr.ecr.us-east-1.amazonaws.com"
    said = f"images: {{registry: {registry}}}\nservices: {{osmen_gateway: {{image: '{IMAGE}'}}}}"
    told = [one.message for one in findings(good(said)) if one.id == "config.images"]
    assert any(IMAGE in one for one in told)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("osmen: {configuration: huge}", "services.osmen.configuration"),
        ("n8n: {concurrency: 0}", "services.n8n.concurrency"),
        ("ollama: {models: ['--help']}", "services.ollama.models"),
        ("ollama: {gpu: rtx-4090}", 'services.ollama.gpu: found "rtx-4090"; allowed: cheapest'),
        ("ollama: {gpu: gtx-1660}", "services.ollama.gpu"),
        ("osmen_gateway: {port: 8080}", "services.osmen_gateway.image"),
        (f"osmen_gateway: {{image: '{IMAGE}', port: 80}}", "services.osmen_gateway.port"),
    ],
)
def test_what_no_service_can_have_is_refused_by_its_path(said: str, path: str) -> None:
    (line,) = refused(f"services: {{{said}}}")
    assert path in line


def test_secrets_are_made_for_what_is_switched_on_alone() -> None:
    config = good("services: {langflow: {}, archestra: {tier: small}}")
    made = tools.generated(config, decide(config).plan)
    assert {one.name for one in made} == {"archestra", "langflow"}
    assert not tools.generated(good(), decide(good()).plan)


def test_the_gateways_own_secrets_may_be_read() -> None:
    said = f"services: {{osmen_gateway: {{image: '{IMAGE}', secrets: {{KEY: acme/osmen}}}}}}"
    assert there("acme/osmen") in existing_names(good(said))


def test_their_secrets_are_in_the_bill() -> None:
    on = good("services: {langflow: {}, archestra: {tier: small}, n8n: {}}")
    made, billed = {}, {}
    for name, config in {"on": on, "off": good()}.items():
        plan = decide(config).plan
        made[name] = len(generated(config, plan))
        (line,) = [one for one in cost(plan).items if one.component == "secrets"]
        billed[name] = line.quantity
    assert billed["on"] - billed["off"] == made["on"] - made["off"] > 0
