"""The proxy of these tests, with the stores and models around it, started once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from components.kubernetes.litellm_models import ExternalModel, Models, Provider, SelfHostedModel
from components.kubernetes.litellm_runtime import Runtime
from components.kubernetes.litellm_settings import Fallback, Limits, ProxyConfig, Redis
from tests.services.litellm.model_server import ModelServer, model_server
from tests.services.litellm.proxy import MASTER, PROVIDER_KEY, Proxy, start
from tests.services.litellm.stores import Store, certificates, store
from tests.services.programs import LOOPBACK, Programs

CACHE_TTL = 300
GRANTED = 5
"""Requests a minute of the outside model; a part of them is kept."""
ENGINE_KEY = "key-of-our-engines"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the proxy."""

    models: ModelServer
    state: Store
    cache: Store

    def config(self) -> ProxyConfig:
        """Return the config of a stack whose engines and providers all stand on loopback."""
        authority = str(self.state.trusted.authority)
        return ProxyConfig(
            models=_models(self.models.address),
            state=Redis(role="STATE", port=self.state.port, ca_file=authority),
            cache=Redis(role="CACHE", port=self.cache.port, clustered=True, ca_file=authority),
            cache_ttl_seconds=CACHE_TTL,
            fallbacks=(Fallback(model="fragile", to=("llama",)),),
            context_fallbacks=(Fallback(model="short", to=("llama",)),),
            client_pool=10,
            buffer_spend=True,
            prompts_stored=False,
            retention_days=30,
            keys=Limits(budget=10.0, requests_per_minute=60, tokens_per_minute=100_000),
            key_ceiling=Limits(budget=100.0),
            teams=Limits(budget=1000.0),
            team_labels=True,
        )

    def values(self) -> dict[str, str]:
        """Return what deployment alone would know."""
        return {
            "LITELLM_MASTER_KEY": MASTER,
            "LITELLM_SALT_KEY": "salt-of-the-tests",
            "SELF_HOSTED_API_KEY": ENGINE_KEY,
            "PROVIDER_AZURE_HERE_API_KEY": PROVIDER_KEY,
            "STATE_REDIS_HOST": LOOPBACK,
            "STATE_REDIS_PASSWORD": self.state.password,
            "CACHE_REDIS_HOST": LOOPBACK,
            "CACHE_REDIS_PASSWORD": self.cache.password,
        }


def _models(address: str) -> Models:
    def ours(name: str, context: int = 8192) -> SelfHostedModel:
        return SelfHostedModel(
            name=name,
            served=f"served/{name}",
            address=address,
            context_tokens=context,
        )

    return Models(
        self_hosted=(ours("llama"), ours("fragile"), ours("short", context=16)),
        external=(
            ExternalModel(
                name="bought",
                provider="azure-here",
                model_id="gpt-4o-mini",
                requests_per_minute=GRANTED,
            ),
        ),
        providers=(
            Provider(name="azure-here", prefix="azure", endpoint=address, api_version="2024-10-21"),
        ),
    )


@pytest.fixture(scope="module")
def surroundings(programs: Programs) -> Iterator[Surroundings]:
    trusted = certificates(programs.folder)
    with model_server() as models:
        yield Surroundings(
            models=models,
            state=store(programs, trusted, password="password-of-state", clustered=False),
            cache=store(programs, trusted, password="password-of-cache", clustered=True),
        )


@pytest.fixture(scope="module")
def models(surroundings: Surroundings) -> ModelServer:
    return surroundings.models


@pytest.fixture(scope="module")
def proxy(programs: Programs, surroundings: Surroundings) -> Proxy:
    runtime = Runtime(workers=1, prepared_statements=False)
    return start(programs, surroundings.config(), runtime, surroundings.values())
