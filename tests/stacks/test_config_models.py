"""Models, fallbacks, revisions and providers: what a stack file may say, and what it may not."""

from __future__ import annotations

import pytest

from sizing.words import Cloud
from stacks.config_facts import Facts
from stacks.config_model_checks import check_models
from stacks.config_providers import KEYED, Provider, needs_key
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import MODEL, OWN_PROVIDER, assert_one_line, good, refused, stack

COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
HAIKU = "{name: haiku, provider: anthropic, model: claude-haiku-4-5}"
SONNET = "{name: sonnet, provider: anthropic, model: claude-sonnet-4-5, fallbacks: [haiku]}"


def external(*rows: str) -> str:
    return f"external: [{', '.join(rows or (HAIKU,))}]"


def models(*parts: str) -> str:
    return f"models: {{{', '.join(parts)}}}"


def test_models_without_a_word_are_the_self_hosted_ones_alone() -> None:
    said = good().models
    assert (said.external, dict(said.fallbacks), dict(said.providers)) == ((), {}, {})
    assert said.huggingface.existing_secret is None


def test_a_pinned_revision_reaches_the_plan() -> None:
    request = good(models(f"revisions: {{{MODEL}: '{COMMIT}'}}")).request()
    assert request.switches.revisions == ((MODEL, COMMIT),)


@pytest.mark.parametrize(
    "text",
    [
        models(external()),
        models(external(HAIKU, SONNET), f"fallbacks: {{{MODEL}: [sonnet, haiku]}}"),
        models(external("{name: a/b:c, provider: openai, model: gpt, requests_per_minute: 1}")),
        models("huggingface: {existing_secret: aigw/huggingface}", "cache: files"),
        models(
            external("{name: gpt, provider: azure, model: gpt-5}"),
            "providers: {azure: {endpoint: 'https://own.openai.azure.com', api_version: preview}}",
        ),
        models(
            external("{name: pro, provider: vertex_ai, model: gemini}"),
            "providers: {vertex_ai: {project: own, location: europe-west4}}",
        ),
        models("providers: {bedrock: {location: eu-west-1}}"),
        models("providers: {openai: {existing_secret: aigw/openai}}"),
    ],
)
def test_what_a_stack_may_say(text: str) -> None:
    assert good(text).stack == stack()


# what stands there, where the one message points, what was found, part of what is allowed
BAD = {
    "a provider that nobody knows": (
        models(external("{name: haiku, provider: antropic, model: claude}")),
        "models.external[0].provider",
        '"antropic"',
        '"anthropic"',
    ),
    "a model without its provider's name": (
        models(external("{name: haiku, provider: anthropic}")),
        "models.external[0].model",
        "nothing",
        "own name of the model",
    ),
    "an outside model called as one's own": (
        models(external(f"{{name: {MODEL}, provider: anthropic, model: claude}}")),
        "models.external[0].name",
        f'"{MODEL}", which a self-hosted model has, too',
        "a name of its own",
    ),
    "a name twice": (
        models(external(HAIKU, HAIKU)),
        "models.external[1].name",
        '"haiku", which models.external[0] has, too',
        "a name of its own",
    ),
    "a fallback that nobody serves": (
        models(external(), f"fallbacks: {{{MODEL}: [haku]}}"),
        f"models.fallbacks.{MODEL}[0]",
        'the unknown model "haku" (did you mean "haiku"?)',
        f"{MODEL} or haiku",
    ),
    "a fallback to itself": (
        models(f"fallbacks: {{{MODEL}: [{MODEL}]}}"),
        f"models.fallbacks.{MODEL}[0]",
        "the model itself",
        "another model",
    ),
    "a fallback twice": (
        models(external(), f"fallbacks: {{{MODEL}: [haiku, haiku]}}"),
        f"models.fallbacks.{MODEL}[1]",
        '"haiku" again',
        "each model once",
    ),
    "an outside model's fallback to itself": (
        models(external(SONNET.replace("[haiku]", "[sonnet]"))),
        "models.external[0].fallbacks[0]",
        "the model itself",
        "another model",
    ),
    "fallbacks of what is not one's own": (
        models(external(HAIKU, SONNET), "fallbacks: {haiku: [sonnet]}"),
        "models.fallbacks.haiku",
        'the unknown self-hosted model "haiku"',
        MODEL,
    ),
    "half a commit": (
        models(f"revisions: {{{MODEL}: '0e9e39f'}}"),
        f"models.revisions.{MODEL}",
        '"0e9e39f"',
        "40 hexadecimal digits",
    ),
    "a branch for a commit": (
        models(f"revisions: {{{MODEL}: main}}"),
        f"models.revisions.{MODEL}",
        '"main"',
        "a whole commit hash",
    ),
    "a commit of what nobody serves": (
        models(f"revisions: {{llama: '{COMMIT}'}}"),
        "models.revisions.llama",
        'the unknown self-hosted model "llama"',
        MODEL,
    ),
    "an address for everybody": (
        models(
            external("{name: gpt, provider: azure, model: gpt-5}"),
        ),
        "models.providers.azure.endpoint",
        "nothing beside models of azure",
        "the endpoint that answers",
    ),
    "a project without its location": (
        models(
            external("{name: pro, provider: vertex_ai, model: gemini}"),
            "providers: {vertex_ai: {project: own}}",
        ),
        "models.providers.vertex_ai.location",
        "nothing beside models of vertex_ai",
        "the location",
    ),
    "a key in an address": (
        models("providers: {azure: {endpoint: 'https://own.azure.com?key=abc'}}"),
        "models.providers.azure.endpoint",
        "https://own.azure.com",
        "without user, query or key",
    ),
    "a key where an identity opens": (
        models(f"providers: {{{OWN_PROVIDER}: {{existing_secret: aigw/own}}}}"),
        f"models.providers.{OWN_PROVIDER}.existing_secret",
        f"a key of {OWN_PROVIDER} on aws",
        "own identity",
    ),
    "a provider's settings under no provider's name": (
        models("providers: {opena: {existing_secret: aigw/openai}}"),
        "models.providers.opena",
        'the unknown key "opena" (did you mean "openai"?)',
        "anthropic",
    ),
    "weights from nowhere": (
        models("cache: disk"),
        "models.cache",
        '"disk"',
        '"object-store", "files" or "node"',
    ),
    "no request a minute": (
        models(external("{name: x, provider: openai, model: gpt, requests_per_minute: 0}")),
        "models.external[0].requests_per_minute",
        "the number 0",
        "at least 1",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_mistake_gets_one_line(case: str) -> None:
    text, path, found, allowed = BAD[case]
    assert_one_line(refused(text), f"aigw:platform.{path}", found, allowed)


def test_where_everything_is_sent_outside_no_model_is_ones_own() -> None:
    outside = "workload: {shares: {self_hosted: 0}}"
    assert_one_line(
        refused(f"{outside}\n{models(external(), f'fallbacks: {{{MODEL}: [haiku]}}')}"),
        f"aigw:platform.models.fallbacks.{MODEL}",
        "the unknown self-hosted model",
        "none: this stack has no self-hosted model",
    )
    assert good(f"{outside}\n{models(external())}").request().load.self_hosted_share == 0


def test_names_are_not_judged_while_the_load_is_not_known() -> None:
    said = {"fallbacks": {"nobody": ["nothing"]}}
    facts = Facts({"tier": "large", "workload": {"users": -1}, "models": said}, frozenset())
    assert list(check_models(facts)) == []


@pytest.mark.parametrize(
    ("provider", "cloud", "asked"),
    [
        (Provider.OPENAI, Cloud.AWS, True),
        (Provider.BEDROCK, Cloud.AWS, False),
        (Provider.VERTEX_AI, Cloud.AWS, True),
        (Provider.VERTEX_AI, Cloud.GCP, False),
    ],
)
def test_a_cloud_opens_its_own_provider_by_identity(
    provider: Provider, cloud: Cloud, asked: bool
) -> None:
    assert needs_key(provider, cloud) is asked
    assert Provider.BEDROCK not in KEYED
