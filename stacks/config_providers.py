"""The outside providers of models that a stack can name, and what each of them asks for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sizing.words import Cloud


class Provider(StrEnum):
    """LiteLLM's prefixes of providers (litellm, litellm/types/utils.py, LlmProviders)."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    AZURE = "azure"
    AZURE_AI = "azure_ai"
    BEDROCK = "bedrock"
    VERTEX_AI = "vertex_ai"
    GEMINI = "gemini"
    MISTRAL = "mistral"
    COHERE = "cohere"
    GROQ = "groq"
    DEEPSEEK = "deepseek"
    XAI = "xai"
    TOGETHER_AI = "together_ai"
    FIREWORKS_AI = "fireworks_ai"
    OPENROUTER = "openrouter"
    PERPLEXITY = "perplexity"
    CEREBRAS = "cerebras"
    SAMBANOVA = "sambanova"
    DEEPINFRA = "deepinfra"
    NVIDIA_NIM = "nvidia_nim"
    DATABRICKS = "databricks"
    VOYAGE = "voyage"
    JINA_AI = "jina_ai"


NEEDS_ENDPOINT: Final = frozenset({Provider.AZURE, Provider.AZURE_AI, Provider.DATABRICKS})
"""Each customer has an address of its own there."""

NEEDS_PROJECT: Final = frozenset({Provider.VERTEX_AI})
"""Calls name the Google Cloud project and the location that answer them."""

BY_IDENTITY: Final[Mapping[Provider, Cloud]] = MappingProxyType(
    {Provider.BEDROCK: Cloud.AWS, Provider.VERTEX_AI: Cloud.GCP}
)
"""Providers that are part of a cloud: there the gateway's own identity opens them, no key."""

KEYED: Final = tuple(one for one in Provider if one is not Provider.BEDROCK)
"""Providers that a key can be stored for; Bedrock is opened by identity alone."""


def needs_key(provider: Provider, cloud: Cloud) -> bool:
    """Say whether a gateway on this cloud reaches the provider with a key alone."""
    return BY_IDENTITY.get(provider) is not cloud
