"""Secrets beside the config: known by name, never read, and missed before anything is built."""

from __future__ import annotations

import json

import pytest
import yaml

from sizing.plans import Finding
from sizing.words import Cloud, Severity, Verdict
from stacks.config import StackConfig, parse_platform
from stacks.config_secrets import KNOWN, is_secret_key, looks_secret
from stacks.decision import decide
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import (
    BARE,
    MODEL,
    SECURE,
    assert_one_line,
    good,
    refused,
)

HELD = "huggingface: {existing_secret: aigw/huggingface}"
OUTSIDE = "external: [{name: gpt, provider: openai, model: gpt-5}]"
NAMED = "providers: {openai: {existing_secret: aigw/openai}}"
ROUTER = "image: ghcr.io/org/router:1, controller_image: ghcr.io/org/controller:1"
NOT_GATED = "workload: {shares: {self_hosted: 0}}"


def secret_findings(config: StackConfig) -> dict[str, Finding]:
    """Return the findings of keys and tokens, by what they are of."""
    prefixes = ("key-", "huggingface", "agent-router")
    return {
        one.constraint: one
        for one in decide(config).findings
        if one.component == "config" and one.constraint.startswith(prefixes)
    }


def models(*parts: str) -> str:
    return f"models: {{{', '.join(parts)}}}"


def test_a_gated_model_without_a_token_stops_the_program() -> None:
    (found,) = secret_findings(good()).values()
    assert (found.constraint, found.severity) == ("huggingface-token", Severity.ERROR)
    assert found.verdict is Verdict.REFUTED
    assert "meta-llama/" in found.message
    assert "`pulumi config set --secret aigw:huggingface-token`" in found.fix


@pytest.mark.parametrize(
    ("platform", "beside"),
    [
        (models(HELD), ""),
        ("", f"aigw:huggingface-token: {SECURE}"),
        (NOT_GATED, ""),
        ("layers: [infra]", ""),
        (models(HELD, OUTSIDE, NAMED), ""),
        (models(HELD, OUTSIDE), f"aigw:key-openai: {SECURE}"),
        pytest.param(
            models(HELD, OUTSIDE.replace("openai", "bedrock")),
            "",
            marks=pytest.mark.one_cloud(Cloud.AWS, "Vertex AI wants a project's name beside"),
        ),
        (
            f"{models(HELD)}\nservices: {{agent_router: {{{ROUTER}}}}}",
            f"aigw:agent-router-token: {SECURE}\naigw:agent-router-licence: {SECURE}",
        ),
        (
            f"{models(HELD)}\n"
            f"services: {{agent_router: {{{ROUTER}, existing_secret: aigw/router}}}}",
            "",
        ),
    ],
)
def test_what_is_stored_or_not_used_is_not_missed(platform: str, beside: str) -> None:
    assert secret_findings(good(platform, beside)) == {}


@pytest.mark.parametrize(
    ("platform", "constraint", "path"),
    [
        (models(HELD, OUTSIDE), "key-openai", "models.providers.openai"),
        (
            f"{models(HELD)}\nservices: {{agent_router: {{{ROUTER}}}}}",
            "agent-router-credentials",
            "services.agent_router",
        ),
    ],
)
def test_what_is_used_and_stored_nowhere_is_an_error_with_both_ways(
    platform: str, constraint: str, path: str
) -> None:
    (found,) = secret_findings(good(platform)).values()
    assert (found.constraint, found.severity) == (constraint, Severity.ERROR)
    assert f"{path}: found nothing" in found.message
    assert "existing_secret" in found.fix
    assert "pulumi config set --secret" in found.fix


def test_an_imported_environment_may_hold_what_is_missed() -> None:
    (found,) = secret_findings(good(models(HELD, OUTSIDE), top="environment: [shared]")).values()
    assert (found.severity, found.verdict) == (Severity.WARNING, Verdict.UNPROVEN)


def test_two_sources_of_one_key_are_an_error() -> None:
    config = good(models(HELD, OUTSIDE, NAMED), f"aigw:key-openai: {SECURE}")
    found = secret_findings(config)["key-openai"]
    assert found.severity is Severity.ERROR
    assert "existing_secret beside aigw:key-openai" in found.message


def test_a_key_in_clear_is_refused_and_never_shown() -> None:
    messages = refused(models(HELD, OUTSIDE), "aigw:key-openai: sk-hunter2")
    assert_one_line(messages, "config.aigw:key-openai", "a value in clear", "pulumi config set")
    assert "hunter2" not in "".join(messages)


@pytest.mark.parametrize("value", ["0123", "2026-01-01", "yes", "[a, b]", "{secure: x, more: y}"])
def test_whatever_stands_there_in_clear_is_not_shown(value: str) -> None:
    (message,) = refused("", f"aigw:huggingface-token: {value}")
    assert "a value in clear" in message
    assert value not in message


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("aigw:key-opena", "aigw:key-openai"),
        ("aigw:hugging-face-token", "aigw:huggingface-token"),
        ("aigw:key-bedrock", ""),
        ("aigw:agent-router-", ""),
    ],
)
def test_a_secret_that_nobody_reads_is_refused(key: str, near: str) -> None:
    (message,) = refused("", f"{key}: {SECURE}")
    assert f'the unknown key "{key}"' in message
    assert near in message
    assert not is_secret_key(key)


APPLICATION = (
    "services: {application: {image: 'a/b:1', port: 8080, cpu: 500m, memory: 1Gi, secrets: "
)


@pytest.mark.parametrize(
    "platform",
    [
        "models: {huggingface: hf_hunter2}",
        "models: {huggingface: {existing_secret: hf_hunter2}}",
        "models: {providers: {openai: hunter2}}",
        "models: {providers: {openai: {existing_secret: 'hunter2 '}}}",
        "agents: {servers: {a: {url: 'http://a', existing_secret: sk-hunter2}}}",
        f"{APPLICATION}{{KEY: sk-hunter2}}}}}}",
        f"{APPLICATION}hunter2}}}}",
    ],
)
def test_a_secret_where_one_is_to_be_named_is_refused_and_never_shown(platform: str) -> None:
    (message,) = refused(platform)
    assert "not shown" in message
    assert "hunter2" not in message


@pytest.mark.one_cloud(Cloud.AWS, "Google Cloud's secrets have no ARN")
def test_an_arn_where_a_name_is_asked_is_shown() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:aigw/hf-AbCdEf"
    (message,) = refused(f"models: {{huggingface: {{existing_secret: '{arn}'}}}}")
    assert arn[:40] in message


def test_a_secret_inside_the_platform_is_refused() -> None:
    messages = refused(f"models: {{huggingface: {{existing_secret: {SECURE}}}}}")
    assert any("no key here holds a secret" in one for one in messages)


def test_every_known_secret_looks_like_one() -> None:
    assert KNOWN
    assert all(is_secret_key(one) and looks_secret(one) for one in KNOWN)
    assert not looks_secret("aigw:platform")


def test_the_engine_is_judged_by_the_secrets_of_the_stacks_own_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("stacks")
    path = folder / "Pulumi.prod-large.yaml"
    platform = json.dumps(yaml.safe_load(BARE)["config"]["aigw:platform"])
    path.write_text(f"{BARE}  aigw:huggingface-token: {SECURE}\n")
    assert secret_findings(parse_platform(platform, "prod-large", folder)) == {}
    path.write_text(BARE)
    assert set(secret_findings(parse_platform(platform, "prod-large", folder))) == {
        "huggingface-token"
    }


def test_the_planned_model_is_the_one_that_is_gated() -> None:
    (model,) = decide(good()).plan.models
    assert (model.name, model.gated) == (MODEL, True)
