"""What a LiteLLM proxy is to do, from a finished plan and what the stack offers beside it.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.kubernetes.litellm_config import buffers_spend
from components.kubernetes.litellm_models import ExternalModel, Models, Provider, SelfHostedModel
from components.kubernetes.litellm_runtime import Runtime
from components.kubernetes.litellm_settings import Fallback, Limits, ProxyConfig, Redis
from sizing.plans import ModelPlan, PoolerPlan, ServicePlan
from sizing.workload import Workload

# A worker that has grown gives its memory back when it starts anew. Source: LiteLLM's production
# page (https://docs.litellm.ai/docs/proxy/prod), --max_requests_before_restart.
RECYCLE_AFTER_REQUESTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What callers can name beside our own models, and what each of them may use.

    Attributes:
        fallbacks: where a request goes when its model fails; of our own and of outside models.
        context_fallbacks: where it goes when its prompt is too long.
        keys: what a new key may use that says nothing else, None for no limit.
        platform_budget: US dollars of all keys together in 30 days, None for no limit.
        team_labels: whether metrics tell teams apart, likewise `key_labels`.
    """

    external: tuple[ExternalModel, ...] = ()
    providers: tuple[Provider, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    context_fallbacks: tuple[Fallback, ...] = ()
    keys: Limits | None = None
    platform_budget: float | None = None
    team_labels: bool = False
    key_labels: bool = False


def proxy_config(
    offer: Offer,
    *,
    plan: ServicePlan,
    models: Sequence[ModelPlan],
    addresses: Mapping[str, str],
    engines_keyed: bool,
    traces: bool = False,
    pooler: PoolerPlan,
    load: Workload,
    state: Redis,
    cache: Redis | None,
) -> ProxyConfig:
    """Return what the proxy's file says.

    Args:
        offer: what the stack adds.
        plan: of the proxy.
        models: our own.
        addresses: where each of them answers, by name.
        engines_keyed: our engines ask for a key.
        traces: every request is traced.
        pooler: the way to the database.
        load: what this environment carries.
        state: the store that evicts nothing.
        cache: the store of answers, None for none.

    Raises:
        ValueError: what `Models` and `ProxyConfig` refuse.
    """
    return ProxyConfig(
        models=Models(
            self_hosted=tuple(_self_hosted(model, addresses[model.name]) for model in models),
            external=offer.external,
            providers=offer.providers,
            engines_keyed=engines_keyed,
        ),
        state=state,
        cache=cache,
        cache_ttl_seconds=int(load.cache_ttl_seconds),
        fallbacks=offer.fallbacks,
        context_fallbacks=offer.context_fallbacks,
        client_pool=pooler.client_pool,
        buffer_spend=buffers_spend(
            requests_per_second=load.requests_per_second_peak, pods=plan.scale.maximum
        ),
        prompts_stored=False,
        retention_days=int(load.retention_days),
        keys=offer.keys,
        platform_budget=offer.platform_budget,
        team_labels=offer.team_labels,
        key_labels=offer.key_labels,
        traces=traces,
    )


def runtime(plan: ServicePlan, trace_endpoint: str = "") -> Runtime:
    """Return how one pod of the plan runs; a plan that counts no workers has one a pod.

    Args:
        trace_endpoint: where traces go by OTLP over HTTP, "" for nowhere.
    """
    workers = max(1, plan.workers)
    return Runtime(
        workers=workers,
        recycle_after_requests=RECYCLE_AFTER_REQUESTS if workers > 1 else None,
        prepared_statements=False,
        trace_endpoint=trace_endpoint,
    )


def _self_hosted(model: ModelPlan, address: str) -> SelfHostedModel:
    return SelfHostedModel(
        name=model.name,
        served=model.name,
        address=address,
        context_tokens=model.context_tokens,
    )
