"""The models that callers of the proxy name: ours in the cluster, and those of outside providers.

Pure. What a provider grants is divided over its models here, with the part that is kept for
requests sent over from a failed provider taken off first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

ENGINE_PORT = 8000
SELF_HOSTED_PREFIX = "hosted_vllm"
"""LiteLLM's word for vLLM's OpenAI protocol: it keeps the parameters that OpenAI does not know."""
SELF_HOSTED_KEY = "SELF_HOSTED_API_KEY"
"""Variable with the key that our engines ask for."""
ENVIRONMENT = "os.environ/"
"""What LiteLLM reads as: the value stands in the variable named behind it."""

Entry = dict[str, object]

_WORD = re.compile(r"[^A-Z0-9]+")
_LABEL = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
# Providers reached with the identity of the pod: LiteLLM asks AWS and Google for their tokens.
_KEYLESS = frozenset({"bedrock", "sagemaker", "vertex_ai"})
_REGION_FIELDS = {
    "bedrock": "aws_region_name",
    "sagemaker": "aws_region_name",
    "vertex_ai": "vertex_location",
}


def from_environment(name: str) -> str:
    """Return the text that LiteLLM replaces with the variable's value."""
    return f"{ENVIRONMENT}{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfHostedModel:
    """A model of our own engines, behind their Kubernetes Service.

    Attributes:
        name: what callers name.
        served: what the engines serve it as.
        service: name of their Service, likewise `namespace`.
        context_tokens: longest prompt and answer together.
        address: scheme, host and port where a Service's do not reach; "" is the Service's.

    Raises:
        ValueError: the service or namespace is no DNS label.
    """

    name: str
    served: str
    service: str
    namespace: str
    context_tokens: int
    address: str = ""

    def __post_init__(self) -> None:
        for label in (self.service, self.namespace):
            if not _LABEL.fullmatch(label):
                raise ValueError(f"{label!r} is no name of a Service or namespace")

    @property
    def base(self) -> str:
        """Where the engines answer."""
        address = self.address or f"http://{self.service}.{self.namespace}.svc:{ENGINE_PORT}"
        return f"{address}/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An outside provider and what it grants to this environment.

    Attributes:
        name: ours, part of its variables' names; one prefix can have several ("azure-sweden").
        prefix: LiteLLM's word for its protocol ("openai", "anthropic", "azure", "bedrock").
        region: of the cloud whose service it is, "" elsewhere.
        api_version: of Azure's interface, "" elsewhere.
        requests_per_minute: quota over all its models, None where nobody has said.
        tokens_per_minute: likewise.
        kept_share: part of the quota that no model takes, for what falls back to this provider
            and for what others send there.

    Raises:
        ValueError: a share outside 0 to 1, a quota that is not above zero, or a region where the
            protocol has none.
    """

    name: str
    prefix: str
    region: str = ""
    api_version: str = ""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    kept_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.kept_share < 1:
            raise ValueError(f"provider {self.name}: kept_share must be from 0 to below 1")
        for quota in (self.requests_per_minute, self.tokens_per_minute):
            if quota is not None and quota <= 0:
                raise ValueError(f"provider {self.name}: a quota must be above zero")
        if self.region and self.prefix not in _REGION_FIELDS:
            raise ValueError(f"provider {self.name}: {self.prefix} has no region")

    @property
    def keyless(self) -> bool:
        """Whether the pod's own identity opens it."""
        return self.prefix in _KEYLESS

    def variable(self, last: str) -> str:
        """Return the name of one of its variables ("PROVIDER_AZURE_SWEDEN_API_KEY")."""
        return f"PROVIDER_{_WORD.sub('_', self.name.upper()).strip('_')}_{last}"

    def secrets(self) -> tuple[str, ...]:
        """Return the variables whose values are secret."""
        return () if self.keyless else (self.variable("API_KEY"),)

    def places(self) -> tuple[str, ...]:
        """Return the variables whose values are known at deployment and no secret."""
        if self.prefix == "azure":
            return (self.variable("API_BASE"),)
        return (self.variable("PROJECT"),) if self.prefix == "vertex_ai" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalModel:
    """A model of an outside provider; several of one name share its callers.

    Attributes:
        name: what callers name.
        provider: name of the `Provider`.
        model_id: what the provider calls it; at Azure its deployment.
        weight: its part of the provider's quota beside the provider's other models.
        input_tokens: longest prompt, None for what LiteLLM knows of the model.
        output_tokens: longest answer, likewise.

    Raises:
        ValueError: a weight that is not above zero.
    """

    name: str
    provider: str
    model_id: str
    weight: float = 1.0
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"model {self.name}: weight must be above zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All models of one proxy.

    Raises:
        ValueError: no model, a provider named twice or nowhere, two providers of one variable, a
            model that one provider serves twice, or a model of ours that has another's name.
    """

    self_hosted: tuple[SelfHostedModel, ...] = ()
    external: tuple[ExternalModel, ...] = ()
    providers: tuple[Provider, ...] = ()
    _by_name: Mapping[str, Provider] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {provider.name: provider for provider in self.providers}
        object.__setattr__(self, "_by_name", by_name)
        prefixes = {provider.variable("") for provider in self.providers}
        if len(by_name) < len(self.providers) or len(prefixes) < len(self.providers):
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
        own = (SELF_HOSTED_KEY,) if self.self_hosted else ()
        return (*own, *(name for provider in self.used() for name in provider.secrets()))

    def places(self) -> tuple[str, ...]:
        """Return the variables of the addresses and projects that the list reads."""
        return tuple(name for provider in self.used() for name in provider.places())

    def entries(self) -> list[Entry]:
        """Return LiteLLM's `model_list`."""
        return [
            *(_self_hosted(model) for model in self.self_hosted),
            *(_external(model, self._by_name[model.provider], self) for model in self.external),
        ]

    def part(self, model: ExternalModel) -> float:
        """Return the model's part of its provider's quota, what is kept taken off."""
        provider = self._by_name[model.provider]
        weights = [other.weight for other in self.external if other.provider == provider.name]
        return (1 - provider.kept_share) * model.weight / sum(weights)


def granted(quota: float | None, part: float) -> int | None:
    """Return the limit of a model that may take this part of a quota, rounded down.

    Raises:
        ValueError: nothing is left, and LiteLLM would refuse every call.
    """
    if quota is None:
        return None
    limit = floor(quota * part)
    if limit < 1:
        raise ValueError(f"a part of {part:.2g} of a quota of {quota:g} a minute is no request")
    return limit


def _stated(pairs: Mapping[str, object]) -> Entry:
    """Return the pairs that say something."""
    return {name: value for name, value in pairs.items() if value not in (None, "")}


def _self_hosted(model: SelfHostedModel) -> Entry:
    return {
        "model_name": model.name,
        "litellm_params": {
            "model": f"{SELF_HOSTED_PREFIX}/{model.served}",
            "api_base": model.base,
            "api_key": from_environment(SELF_HOSTED_KEY),
        },
        # Prompt and answer share the context, so that either alone may be as long.
        "model_info": {
            "id": f"self-hosted/{model.name}",
            "mode": "chat",
            "max_tokens": model.context_tokens,
            "max_input_tokens": model.context_tokens,
        },
    }


def _external(model: ExternalModel, provider: Provider, models: Models) -> Entry:
    part = models.part(model)
    secret = None if provider.keyless else from_environment(provider.variable("API_KEY"))
    places = {
        "azure": {"api_base": from_environment(provider.variable("API_BASE"))},
        "vertex_ai": {"vertex_project": from_environment(provider.variable("PROJECT"))},
    }
    return {
        "model_name": model.name,
        "litellm_params": {
            "model": f"{provider.prefix}/{model.model_id}",
            **places.get(provider.prefix, {}),
            **_stated({_REGION_FIELDS.get(provider.prefix, ""): provider.region}),
            **_stated({"api_version": provider.api_version, "api_key": secret}),
            **_stated({"rpm": granted(provider.requests_per_minute, part)}),
            **_stated({"tpm": granted(provider.tokens_per_minute, part)}),
        },
        "model_info": {
            "id": f"{provider.name}/{model.name}",
            "mode": "chat",
            **_stated({"max_input_tokens": model.input_tokens}),
            **_stated({"max_output_tokens": model.output_tokens}),
        },
    }


def unknown(names: Sequence[str], models: Models) -> tuple[str, ...]:
    """Return the names that no model of the list has."""
    known = set(models.names())
    return tuple(name for name in names if name not in known)
