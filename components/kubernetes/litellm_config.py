"""The configuration file of the LiteLLM proxy, typed in and YAML out.

Pure. No address or secret that deployment alone knows is in the text: LiteLLM reads it from the
environment, and `variables` says which of them it reads. Every key was looked up in the pinned
LiteLLM (`litellm_runtime.VERSION`), which passes over one that it does not know without a word.

Two stores of Redis' protocol serve it and must never be one. `general_settings.coordination_redis`
takes rate limits, budgets, cooldowns, locks and the spend buffer: losing a row there loses money,
so that store evicts nothing. `litellm_settings.cache_params` takes answers, which may go at any
time. Without the former LiteLLM would count in the cache; variables named REDIS_* would override
either, so that none of ours is.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from components.kubernetes.litellm_metrics import metrics_config
from components.kubernetes.litellm_models import Entry, from_environment
from components.kubernetes.litellm_settings import Fallback, ProxyConfig

SPEND_WRITE_SECONDS = 60
"""Between two writes of collected spend to the database, as the same page asks for."""
BUFFER_REQUESTS_PER_SECOND = 1000
"""From here on the spend of all pods goes through Redis and one of them to the database, which
would lock against itself otherwise (LiteLLM's production page); likewise from the pods below."""
BUFFER_PODS = 10
# LiteLLM's own values, stated so that an upgrade of it changes nothing unseen.
RETRIES = 2
ALLOWED_FAILS = 3
COOLDOWN_SECONDS = 5
CACHE_NAMESPACE = "litellm.answers"

MASTER_KEY = "LITELLM_MASTER_KEY"
SALT_KEY = "LITELLM_SALT_KEY"
DATABASE_URL = "DATABASE_URL"
"""Through the pooler, and with its password: it stands in a secret as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of the environment that the proxy reads and deployment alone knows."""

    name: str
    secret: bool


def buffers_spend(*, requests_per_second: float, pods: int) -> bool:
    """Tell whether so many requests or pods need the spend buffer in Redis."""
    return requests_per_second >= BUFFER_REQUESTS_PER_SECOND or pods >= BUFFER_PODS


def variables(config: ProxyConfig) -> tuple[Variable, ...]:
    """Return what the Deployment has to set beside `litellm_runtime.environment`, by name."""
    stores = (config.state, *((config.cache,) if config.cache else ()))
    places = {store.host for store in stores} | {
        store.account for store in stores if store.by_account
    }
    secrets = {MASTER_KEY, SALT_KEY, DATABASE_URL, *config.models.secrets()}
    secrets |= {store.password for store in stores if not store.by_account}
    return tuple(
        Variable(name=name, secret=name in secrets) for name in sorted({*places, *secrets})
    )


def render(config: ProxyConfig) -> str:
    """Return the text of the file: the same for the same config, to the byte."""
    return yaml.safe_dump(document(config), sort_keys=False, allow_unicode=True, width=1000)


def document(config: ProxyConfig) -> dict[str, object]:
    """Return what the file says."""
    return {
        "model_list": config.models.entries(),
        "router_settings": _router(config),
        "litellm_settings": _library(config),
        "general_settings": _proxy(config),
    }


def _router(config: ProxyConfig) -> Entry:
    return {
        "routing_strategy": config.strategy.value,
        "num_retries": RETRIES,
        "timeout": config.request_timeout_seconds,
        "stream_timeout": config.stream_timeout_seconds,
        "allowed_fails": ALLOWED_FAILS,
        "cooldown_time": COOLDOWN_SECONDS,
        # Counts a prompt before it goes out: without it no context fallback is taken beforehand.
        "enable_pre_call_checks": bool(config.context_fallbacks),
        # Without it rpm and tpm only weigh deployments against each other, and refuse nothing.
        "optional_pre_call_checks": ["enforce_model_rate_limits"],
        "fallbacks": _chains(config.fallbacks),
        "context_window_fallbacks": _chains(config.context_fallbacks),
    }


def _chains(fallbacks: tuple[Fallback, ...]) -> list[dict[str, list[str]]]:
    return [{fallback.model: list(fallback.to)} for fallback in fallbacks]


def _library(config: ProxyConfig) -> Entry:
    """Return `litellm_settings`; it is read in this order, and metrics come before callbacks."""
    return {
        "request_timeout": config.request_timeout_seconds,
        # A fallback may be a provider that does not know a parameter of the first one.
        "drop_params": True,
        "json_logs": True,
        "turn_off_message_logging": not config.prompts_stored,
        **_cache(config),
        **_budgets(config),
        "prometheus_metrics_config": metrics_config(
            teams=config.team_labels, keys=config.key_labels
        ),
        "callbacks": ["prometheus", *(("otel",) if config.traces else ())],
    }


def _cache(config: ProxyConfig) -> Entry:
    if config.cache is None:
        return {"cache": False}
    return {
        "cache": True,
        "cache_params": {
            "type": "redis",
            **config.cache.entry(nodes="redis_startup_nodes"),
            "namespace": CACHE_NAMESPACE,
            "ttl": config.cache_ttl_seconds,
        },
    }


def _budgets(config: ProxyConfig) -> Entry:
    limits = {
        "default_key_generate_params": config.keys,
        "upperbound_key_generate_params": config.key_ceiling,
        "default_team_params": config.teams,
    }
    stated: Entry = {name: limit.entry() for name, limit in limits.items() if limit}
    if config.platform_budget is not None:
        stated |= {"max_budget": config.platform_budget, "budget_duration": config.budget_duration}
    return stated


def _proxy(config: ProxyConfig) -> Entry:
    return {
        "master_key": from_environment(MASTER_KEY),
        "coordination_redis": config.state.entry(nodes="startup_nodes"),
        "database_connection_pool_limit": config.client_pool,
        "allow_requests_on_db_unavailable": config.serve_without_database,
        "proxy_batch_write_at": SPEND_WRITE_SECONDS,
        "use_redis_transaction_buffer": config.buffer_spend,
        "disable_spend_logs": False,
        # Failed requests stay in the metrics and the container's log, not in rows of the database.
        "disable_error_logs": True,
        "store_prompts_in_spend_logs": config.prompts_stored,
        "maximum_spend_logs_retention_period": f"{config.retention_days}d",
        # They would call every model every five minutes, and pay for it.
        "background_health_checks": False,
    }
