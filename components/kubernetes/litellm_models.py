"""The models that callers of the proxy name: ours in the cluster, and those of outside providers.

Pure. Of what a provider grants, a part stays free for requests sent over from a failed model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from sizing.capacity.constraint import RATE_HEADROOM

SELF_HOSTED_PREFIX = "hosted_vllm"
"""LiteLLM's word for vLLM's OpenAI protocol: it keeps the parameters that OpenAI does not know."""
SELF_HOSTED_KEY = "SELF_HOSTED_API_KEY"
"""Variable with the key that our engines ask for."""
ENVIRONMENT = "os.environ/"
"""What LiteLLM reads as: the value stands in the variable named behind it."""

Entry = dict[str, object]

_WORD = re.compile(r"[^A-Z0-9]+")
# What LiteLLM calls the place where a cloud's service answers.
_REGION_FIELDS = {
    "bedrock": "aws_region_name",
    "sagemaker": "aws_region_name",
    "vertex_ai": "vertex_location",
}
# A service account's key file is no API key.
_KEY_FIELDS = {"vertex_ai": "vertex_credentials"}


def from_environment(name: str) -> str:
    """Return the text that LiteLLM replaces with the variable's value."""
    return f"{ENVIRONMENT}{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfHostedModel:
    """A model of our own engines, behind their Kubernetes Service or the router's.

    Attributes:
        name: what callers name.
        served: what the engines serve it as.
        address: scheme, host and port of the Service.
        context_tokens: longest prompt and answer together.
    """

    name: str
    served: str
    address: str
    context_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An outside provider.

    Attributes:
        name: ours, part of its variable's name; one prefix can have several ("azure-sweden").
        prefix: LiteLLM's word for its protocol ("openai", "anthropic", "azure", "bedrock").
        by_identity: the pod's own identity opens it, and no key.
        region: of the cloud whose service it is, "" elsewhere.
        project: of Google Cloud, "" elsewhere.
        endpoint: where a customer has an address of its own, "" elsewhere.
        api_version: of Azure's interface, "" for LiteLLM's own.

    Raises:
        ValueError: a region or project where the protocol has none.
    """

    name: str
    prefix: str
    by_identity: bool = False
    region: str = ""
    project: str = ""
    endpoint: str = ""
    api_version: str = ""

    def __post_init__(self) -> None:
        if self.region and self.prefix not in _REGION_FIELDS:
            raise ValueError(f"provider {self.name}: {self.prefix} has no region")
        if self.project and self.prefix != "vertex_ai":
            raise ValueError(f"provider {self.name}: {self.prefix} has no project")

    @property
    def key(self) -> str:
        """Variable of its key ("PROVIDER_AZURE_SWEDEN_API_KEY"), "" where none is asked for."""
        if self.by_identity:
            return ""
        return f"PROVIDER_{_WORD.sub('_', self.name.upper()).strip('_')}_API_KEY"

    def entry(self) -> Entry:
        """Return how it is reached."""
        secret = {_KEY_FIELDS.get(self.prefix, "api_key"): from_environment(self.key)}
        places = {
            _REGION_FIELDS.get(self.prefix, "region"): self.region,
            "vertex_project": self.project,
            "api_base": self.endpoint,
            "api_version": self.api_version,
        }
        return {**_stated(places), **(secret if self.key else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalModel:
    """A model of an outside provider; several of one name share its callers.

    Attributes:
        name: what callers name.
        provider: name of the `Provider`.
        model_id: what the provider calls it; at Azure its deployment.
        requests_per_minute: what the provider grants of it, None where nobody has said.
        tokens_per_minute: likewise.
        input_tokens: longest prompt, None for what LiteLLM knows of the model.
        output_tokens: longest answer, likewise.

    Raises:
        ValueError: a grant of which nothing is left for callers.
    """

    name: str
    provider: str
    model_id: str
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __post_init__(self) -> None:
        for granted in (self.requests_per_minute, self.tokens_per_minute):
            if granted is not None and usable(granted) < 1:
                raise ValueError(f"model {self.name}: {granted} a minute is no request")

    def limits(self) -> Entry:
        """Return what the proxy lets through in a minute."""
        stated = {"rpm": self.requests_per_minute, "tpm": self.tokens_per_minute}
        return {name: usable(granted) for name, granted in stated.items() if granted is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All models of one proxy.

    Attributes:
        engines_keyed: our engines ask for a key.

    Raises:
        ValueError: no model, a provider named twice or nowhere, two providers of one variable, a
            model that one provider serves twice, or a model of ours that has another's name.
    """

    self_hosted: tuple[SelfHostedModel, ...] = ()
    external: tuple[ExternalModel, ...] = ()
    providers: tuple[Provider, ...] = ()
    engines_keyed: bool = True
    _by_name: Mapping[str, Provider] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {provider.name: provider for provider in self.providers}
        object.__setattr__(self, "_by_name", by_name)
        keys = [provider.key for provider in self.providers if provider.key]
        if len(by_name) < len(self.providers) or len(set(keys)) < len(keys):
            raise ValueError("two providers of one name, or of names that give one variable")
        if not self.self_hosted and not self.external:
            raise ValueError("a proxy without a model answers nobody")
        for model in self.external:
            if model.provider not in by_name:
                raise ValueError(f"model {model.name}: no provider {model.provider!r}")
        served = [(model.provider, model.name) for model in self.external]
        if len(set(served)) < len(served):
            raise ValueError("a provider serves each name once")
        ours = [model.name for model in self.self_hosted]
        if len(set(ours)) < len(ours) or set(ours) & {model.name for model in self.external}:
            raise ValueError("a model of ours needs a name of its own")

    def names(self) -> tuple[str, ...]:
        """Return what callers can name, each once, in the order of the list."""
        ours = [model.name for model in self.self_hosted]
        return tuple(dict.fromkeys([*ours, *(model.name for model in self.external)]))

    def used(self) -> tuple[Provider, ...]:
        """Return the providers that serve a model, in the order of their statement."""
        asked = {model.provider for model in self.external}
        return tuple(provider for provider in self.providers if provider.name in asked)

    def secrets(self) -> tuple[str, ...]:
        """Return the variables of the keys that the list reads."""
        own = (SELF_HOSTED_KEY,) if self.self_hosted and self.engines_keyed else ()
        return (*own, *(provider.key for provider in self.used() if provider.key))

    def entries(self) -> list[Entry]:
        """Return LiteLLM's `model_list`."""
        return [
            *(_self_hosted(model, keyed=self.engines_keyed) for model in self.self_hosted),
            *(_external(model, self._by_name[model.provider]) for model in self.external),
        ]


def usable(granted: int) -> int:
    """Return what callers may take of what a provider grants; the rest is kept for fallbacks."""
    return floor(granted * RATE_HEADROOM.value)


def unknown(names: Sequence[str], models: Models) -> tuple[str, ...]:
    """Return the names that no model of the list has."""
    known = set(models.names())
    return tuple(name for name in names if name not in known)


def _stated(pairs: Mapping[str, object]) -> Entry:
    """Return the pairs that say something."""
    return {name: value for name, value in pairs.items() if value not in (None, "")}


def _self_hosted(model: SelfHostedModel, *, keyed: bool) -> Entry:
    return {
        "model_name": model.name,
        "litellm_params": {
            "model": f"{SELF_HOSTED_PREFIX}/{model.served}",
            "api_base": f"{model.address}/v1",
            **({"api_key": from_environment(SELF_HOSTED_KEY)} if keyed else {}),
        },
        # Prompt and answer share the context, so that either alone may be as long.
        "model_info": {
            "id": f"self-hosted/{model.name}",
            "mode": "chat",
            "max_tokens": model.context_tokens,
            "max_input_tokens": model.context_tokens,
        },
    }


def _external(model: ExternalModel, provider: Provider) -> Entry:
    return {
        "model_name": model.name,
        "litellm_params": {
            "model": f"{provider.prefix}/{model.model_id}",
            **provider.entry(),
            **model.limits(),
        },
        "model_info": {
            "id": f"{provider.name}/{model.name}",
            "mode": "chat",
            **_stated({"max_input_tokens": model.input_tokens}),
            **_stated({"max_output_tokens": model.output_tokens}),
        },
    }
