"""The list of models says where each is answered, with which key, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.litellm_models import (
    SELF_HOSTED_KEY,
    ExternalModel,
    Models,
    Provider,
    usable,
)
from tests.components.kubernetes.litellm_samples import (
    BEDROCK,
    ENGINE,
    OPENAI,
    bought,
    models,
    ours,
)

pytestmark = pytest.mark.cloud_free("text of the proxy's models, which no cloud changes")


def entry(listed: Models, name: str) -> dict[str, Any]:
    (found,) = [one for one in listed.entries() if one["model_name"] == name]
    return found


def params(provider: Provider, granted: int | None = None) -> dict[str, Any]:
    model = replace(
        bought(provider=provider.name), requests_per_minute=granted, tokens_per_minute=granted
    )
    found: dict[str, Any] = entry(models(model, providers=(provider,)), "gpt")["litellm_params"]
    return found


def test_a_model_of_ours_is_asked_at_its_engines_and_knows_its_context() -> None:
    found = entry(models(), "llama")
    assert found["litellm_params"] == {
        "model": "hosted_vllm/llama",
        "api_base": f"{ENGINE}/v1",
        "api_key": f"os.environ/{SELF_HOSTED_KEY}",
    }
    assert found["model_info"]["max_input_tokens"] == 32_768


def test_engines_that_ask_for_no_key_are_given_none() -> None:
    listed = replace(models(), engines_keyed=False)
    assert "api_key" not in entry(listed, "llama")["litellm_params"]
    assert SELF_HOSTED_KEY not in listed.secrets()


def test_a_provider_s_key_is_read_from_a_variable_of_its_own() -> None:
    sweden = Provider(
        name="azure-sweden",
        prefix="azure",
        endpoint="https://here.openai.azure.com",
        api_version="2024-10-21",
    )
    assert params(sweden) == {
        "model": "azure/gpt-4o-mini",
        "api_base": "https://here.openai.azure.com",
        "api_version": "2024-10-21",
        "api_key": "os.environ/PROVIDER_AZURE_SWEDEN_API_KEY",
    }


def test_a_provider_of_the_cloud_is_opened_by_identity_in_its_region() -> None:
    assert params(BEDROCK) == {"model": "bedrock/gpt-4o-mini", "aws_region_name": "us-east-1"}
    assert models(bought(provider="bedrock"), providers=(BEDROCK,)).secrets() == (SELF_HOSTED_KEY,)


def test_vertex_ai_is_opened_by_identity_in_its_project_and_location() -> None:
    google = Provider(
        name="vertex_ai", prefix="vertex_ai", by_identity=True, region="us-central1", project="p"
    )
    assert params(google) == {
        "model": "vertex_ai/gpt-4o-mini",
        "vertex_location": "us-central1",
        "vertex_project": "p",
    }
    asked = models(bought(provider="vertex_ai"), providers=(google,))
    assert asked.secrets() == (SELF_HOSTED_KEY,)


def test_google_s_key_file_is_no_api_key() -> None:
    google = Provider(name="google", prefix="vertex_ai", region="europe-west3", project="p")
    assert params(google) == {
        "model": "vertex_ai/gpt-4o-mini",
        "vertex_location": "europe-west3",
        "vertex_project": "p",
        "vertex_credentials": "os.environ/PROVIDER_GOOGLE_API_KEY",
    }


def test_a_part_of_what_a_provider_grants_is_kept_for_fallbacks() -> None:
    found = params(OPENAI, granted=501)
    assert (found["rpm"], found["tpm"]) == (400, 400)
    assert usable(501) == 400


def test_what_nobody_has_said_is_no_limit() -> None:
    assert not {"rpm", "tpm"} & set(params(OPENAI))


def test_providers_of_no_model_need_no_key() -> None:
    listed = models(bought(), providers=(OPENAI, Provider(name="mistral", prefix="mistral")))
    assert listed.secrets() == (SELF_HOSTED_KEY, "PROVIDER_OPENAI_API_KEY")


def test_two_providers_may_share_the_callers_of_one_name() -> None:
    second = Provider(name="openai-2", prefix="openai")
    both = models(bought(), bought(provider="openai-2"), providers=(OPENAI, second))
    assert both.names() == ("llama", "gpt")
    ids = [one["model_info"] for one in both.entries()]
    assert len({str(one) for one in ids}) == 3


@pytest.mark.parametrize(
    ("build", "complaint"),
    [
        (Models, "answers nobody"),
        (lambda: models(bought(provider="nobody")), "no provider 'nobody'"),
        (lambda: models(bought(), bought()), "serves each name once"),
        (lambda: models(bought("llama")), "a name of its own"),
        (lambda: Models(self_hosted=(ours(), ours())), "a name of its own"),
        (
            lambda: models(providers=(OPENAI, Provider(name="OPENAI", prefix="openai"))),
            "names that give one variable",
        ),
        (lambda: Provider(name="o", prefix="openai", region="eu"), "has no region"),
        (lambda: Provider(name="o", prefix="openai", project="p"), "has no project"),
        (
            lambda: ExternalModel(name="m", provider="o", model_id="m", requests_per_minute=1),
            "1 a minute is no request",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(build: Callable[[], object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        build()
