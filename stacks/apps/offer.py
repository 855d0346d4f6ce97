"""What a stack's config says of outside models, agents and their keys, in the components' words."""

from __future__ import annotations

from components.kubernetes import agent_gateway
from components.kubernetes.agent_gateway_settings import (
    Agent,
    AgentGatewayConfig,
    CallerKeys,
    CallerTokens,
    McpServer,
    Traces,
    Transport,
)
from components.kubernetes.agent_router_config import (
    ProviderQuota,
    RouterConfig,
    Telemetry,
    active_keys,
)
from components.kubernetes.litellm_models import ExternalModel, Provider
from components.kubernetes.litellm_plan import Offer
from components.kubernetes.litellm_settings import Fallback, Limits
from sizing.plans import ServicePlan
from sizing.units import SECONDS_PER_MINUTE
from sizing.workload import Workload
from stacks.config_apps import ExternalModelConfig, ProviderConfig
from stacks.config_model import StackConfig
from stacks.config_providers import Provider as KnownProvider
from stacks.config_providers import needs_key

APPLICATION = "application"
_OF_THE_REGION = KnownProvider.BEDROCK
"""Answers in the stack's own region where nobody names another."""


def offer(config: StackConfig) -> Offer:
    """Return what the model gateway offers besides the plan's own models."""
    used = sorted({one.provider for one in config.models.external})
    chains = {**config.models.fallbacks}
    chains |= {one.name: one.fallbacks for one in config.models.external if one.fallbacks}
    return Offer(
        external=tuple(_external(one) for one in config.models.external),
        providers=tuple(_provider(config, one) for one in used),
        fallbacks=tuple(Fallback(model=name, to=to) for name, to in sorted(chains.items()) if to),
        keys=_limits(config),
        platform_budget=config.gateway.budget_usd,
    )


def keyed_providers(config: StackConfig) -> tuple[KnownProvider, ...]:
    """Return the providers that the gateway reaches with a key, sorted."""
    used = {one.provider for one in config.models.external}
    return tuple(sorted(one for one in used if needs_key(one, config.cloud)))


def models_by_identity(config: StackConfig) -> tuple[str, ...]:
    """Return the models that the gateway asks by its own identity, by their cloud's names."""
    asked = (one for one in config.models.external if not needs_key(one.provider, config.cloud))
    return tuple(sorted({one.model for one in asked}))


def vertex_project(config: StackConfig) -> str:
    """Return the project of Google Cloud that answers for Vertex AI, "" where none is asked."""
    stated = config.models.providers.get(KnownProvider.VERTEX_AI, ProviderConfig())
    return stated.project or ""


def agents(
    config: StackConfig, plan: ServicePlan, host: str, *, traces: str = ""
) -> AgentGatewayConfig:
    """Return what the agent gateway serves, and whom.

    Args:
        config: the stack's.
        plan: of the gateway.
        host: name that callers use.
        traces: "host:port" that takes them, "" for nowhere.
    """
    stated = config.agents
    tokens = stated.tokens
    return AgentGatewayConfig(
        host=host,
        servers=tuple(
            McpServer(
                name=name,
                url=one.url,
                transport=Transport(one.transport),
                credential=one.existing_secret is not None,
            )
            for name, one in sorted(stated.servers.items())
        ),
        agents=tuple(
            Agent(name=name, url=one.url, credential=one.existing_secret is not None)
            for name, one in sorted(stated.agents.items())
        ),
        callers=CallerKeys(names=callers(config))
        if tokens is None
        else CallerTokens(
            issuer=tokens.issuer, audiences=tokens.audiences, keys_url=tokens.keys_url
        ),
        tools=stated.tools,
        threads=agent_gateway.threads(plan),
        # every one is begun: which are kept is decided when all of one is there
        traces=Traces(endpoint=traces, share=1) if traces else None,
    )


def callers(config: StackConfig) -> tuple[str, ...]:
    """Return the callers of the agent gateway that get a key, the stack's application with them."""
    if config.agents.tokens:
        return ()
    own = (APPLICATION,) if config.services.application else ()
    return tuple(dict.fromkeys((*config.agents.callers, *own)))


def router(config: StackConfig, load: Workload, *, traces: str = "") -> RouterConfig:
    """Return what the vendor's router may let through.

    Args:
        config: the stack's, which asks for a router.
        load: what this environment carries.
        traces: where they go by OTLP over gRPC, "" for nowhere.
    """
    stated = config.services.agent_router
    return RouterConfig(
        active_keys=active_keys(load.keys, load.requests_per_second_peak * SECONDS_PER_MINUTE),
        key_requests_per_minute=config.gateway.requests_per_minute_per_key,
        providers=tuple(
            ProviderQuota(
                name=provider,
                requests_per_minute=_sum([one.requests_per_minute for one in models]),
                tokens_per_minute=_sum([one.tokens_per_minute for one in models]),
            )
            for provider, models in sorted(_by_provider(config).items())
        ),
        telemetry=Telemetry(
            endpoint=traces,
            deployment=str(config.environment),
            trace_share=1,
            key_labels=stated is not None and stated.key_labels,
        ),
    )


def _by_provider(config: StackConfig) -> dict[str, list[ExternalModelConfig]]:
    found: dict[str, list[ExternalModelConfig]] = {}
    for one in config.models.external:
        found.setdefault(one.provider, []).append(one)
    return found


def _sum(granted: list[int | None]) -> int | None:
    """Return what is granted in all, None where a part of it is unknown."""
    known = [one for one in granted if one is not None]
    return sum(known) if len(known) == len(granted) else None


def _external(stated: ExternalModelConfig) -> ExternalModel:
    return ExternalModel(
        name=stated.name,
        provider=stated.provider,
        model_id=stated.model,
        requests_per_minute=stated.requests_per_minute,
        tokens_per_minute=stated.tokens_per_minute,
    )


def _provider(config: StackConfig, name: KnownProvider) -> Provider:
    stated = config.models.providers.get(name, ProviderConfig())
    own = config.region if name is _OF_THE_REGION else ""
    return Provider(
        name=name,
        prefix=name,
        by_identity=not needs_key(name, config.cloud),
        region=stated.location or own,
        project=stated.project or "",
        endpoint=stated.endpoint or "",
        api_version=stated.api_version or "",
    )


def _limits(config: StackConfig) -> Limits | None:
    stated = config.gateway
    limits = Limits(
        budget=stated.budget_usd_per_key,
        requests_per_minute=stated.requests_per_minute_per_key,
        tokens_per_minute=stated.tokens_per_minute_per_key,
    )
    return None if limits == Limits() else limits
