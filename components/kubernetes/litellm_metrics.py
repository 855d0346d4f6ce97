"""Which metrics LiteLLM exports, and by which labels: an allow-list.

Pure. No label follows a caller's own words: an end user, an address, a client, and the name of a
model as it was asked for, which need not exist. The names are those of the pinned LiteLLM, which
refuses to start with a label that a metric does not have.
"""

from __future__ import annotations

_MODEL = ("model", "api_provider")
_DEPLOYMENT = ("litellm_model_name", "api_provider")

# metric -> its labels of bounded number; `teams` and `keys` are added where a metric has them
METRICS: dict[str, tuple[str, ...]] = {
    "litellm_proxy_total_requests_metric": ("status_code", "api_provider"),
    "litellm_proxy_failed_requests_metric": ("exception_status", "api_provider"),
    "litellm_request_total_latency_metric": _MODEL,
    "litellm_llm_api_latency_metric": _MODEL,
    "litellm_llm_api_time_to_first_token_metric": _MODEL,
    "litellm_request_queue_time_seconds": ("model",),
    "litellm_overhead_latency_metric": ("model_group", "api_provider"),
    "litellm_spend_metric": _MODEL,
    "litellm_input_tokens_metric": _MODEL,
    "litellm_output_tokens_metric": _MODEL,
    "litellm_total_tokens_metric": _MODEL,
    "litellm_cache_hits_metric": ("model",),
    "litellm_cache_misses_metric": ("model",),
    "litellm_cached_tokens_metric": ("model",),
    "litellm_deployment_state": _DEPLOYMENT,
    "litellm_deployment_total_requests": _DEPLOYMENT,
    "litellm_deployment_success_responses": _DEPLOYMENT,
    "litellm_deployment_failure_responses": (*_DEPLOYMENT, "exception_status"),
    "litellm_deployment_cooled_down": (*_DEPLOYMENT, "exception_status"),
    "litellm_deployment_successful_fallbacks": ("fallback_model", "exception_status"),
    "litellm_deployment_failed_fallbacks": ("fallback_model", "exception_status"),
    "litellm_in_flight_requests": (),
    "litellm_pod_lock_manager_size": (),
    "litellm_in_memory_spend_update_queue_size": (),
    "litellm_redis_spend_update_queue_size": (),
    "litellm_in_memory_daily_spend_update_queue_size": (),
    "litellm_redis_daily_spend_update_queue_size": (),
}

TEAM_LABEL = "team_alias"
KEY_LABEL = "api_key_alias"
# metrics whose series multiply by teams and keys, where that is asked for
_OF_CALLERS = frozenset(
    {
        "litellm_proxy_total_requests_metric",
        "litellm_proxy_failed_requests_metric",
        "litellm_spend_metric",
        "litellm_input_tokens_metric",
        "litellm_output_tokens_metric",
        "litellm_total_tokens_metric",
    }
)
# What a label must never be: one series for each user, address or wish.
UNBOUNDED = frozenset(
    {"end_user", "user", "user_email", "client_ip", "user_agent", "hashed_api_key"}
    | {"requested_model"}
)


def labels(metric: str, *, teams: bool, keys: bool) -> tuple[str, ...]:
    """Return the labels of a metric, with those of its callers where they are asked for."""
    callers = ((TEAM_LABEL,) if teams else ()) + ((KEY_LABEL,) if keys else ())
    return METRICS[metric] + (callers if metric in _OF_CALLERS else ())


def metrics_config(*, teams: bool, keys: bool) -> list[dict[str, object]]:
    """Return `prometheus_metrics_config`: one group for all metrics of the same labels.

    A group without labels of its own names none, for LiteLLM knows none of those metrics.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for metric in METRICS:
        groups.setdefault(labels(metric, teams=teams, keys=keys), []).append(metric)
    return [_group(names, metrics) for names, metrics in groups.items()]


def _group(names: tuple[str, ...], metrics: list[str]) -> dict[str, object]:
    group: dict[str, object] = {"group": "-".join(names) or "plain", "metrics": metrics}
    return {**group, "include_labels": list(names)} if names else group
