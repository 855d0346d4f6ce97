"""The proxy's file says what is asked of it, and holds neither an address nor a secret."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from components.kubernetes.litellm_config import buffers_spend, document, render, variables
from components.kubernetes.litellm_metrics import METRICS, UNBOUNDED, labels, metrics_config
from components.kubernetes.litellm_settings import Fallback, Limits, ProxyConfig, Redis
from tests.components.kubernetes.litellm_samples import CACHE, STATE, config

pytestmark = pytest.mark.cloud_free("text of the proxy's file; both kinds of store are parameters")


def part(name: str, chosen: ProxyConfig | None = None) -> dict[str, Any]:
    found = yaml.safe_load(render(chosen or config()))[name]
    assert isinstance(found, dict)
    return found


def test_the_same_config_gives_the_same_text() -> None:
    assert render(config()) == render(config())
    assert yaml.safe_load(render(config())) == document(config())


def test_every_variable_that_the_file_reads_is_asked_for_and_secrets_are_marked() -> None:
    asked = {one.name: one.secret for one in variables(config())}
    text = render(config())
    read = {word.split("os.environ/")[1] for word in text.split() if "os.environ/" in word}
    assert read <= set(asked)
    # the salt and the database's address are read past the file
    assert set(asked) - read == {"LITELLM_SALT_KEY", "DATABASE_URL"}
    assert {name for name, secret in asked.items() if not secret} == {
        "CACHE_REDIS_HOST",
        "STATE_REDIS_HOST",
    }


def test_counters_and_answers_are_kept_in_two_stores() -> None:
    counters = part("general_settings")["coordination_redis"]
    answers = part("litellm_settings")["cache_params"]
    assert counters["host"] == "os.environ/STATE_REDIS_HOST"
    assert answers["redis_startup_nodes"] == [{"host": "os.environ/CACHE_REDIS_HOST", "port": 6379}]
    assert (answers["ssl"], counters["ssl"]) == (True, True)
    assert (answers["ttl"], answers["type"]) == (3600, "redis")


def test_without_a_store_of_answers_nothing_is_cached() -> None:
    found = part("litellm_settings", replace(config(), cache=None))
    assert found["cache"] is False
    assert "cache_params" not in found
    assert "CACHE_REDIS_HOST" not in {one.name for one in variables(replace(config(), cache=None))}


def test_a_private_authority_is_trusted_by_its_file() -> None:
    private = replace(STATE, ca_file="/etc/redis/ca.pem")
    found = part("general_settings", replace(config(), state=private))["coordination_redis"]
    assert found["ssl_ca_certs"] == "/etc/redis/ca.pem"
    with pytest.raises(ValueError, match="no TLS"):
        Redis(role="STATE", port=6379, tls=False, ca_file="/etc/redis/ca.pem")


def test_a_certificate_without_its_host_is_checked_by_its_authority_alone() -> None:
    unnamed = replace(STATE, ca_file="/etc/redis/ca.pem", host_named=False)
    found = part("general_settings", replace(config(), state=unnamed))["coordination_redis"]
    assert found["ssl_ca_certs"] == "/etc/redis/ca.pem"
    assert found["ssl_check_hostname"] is False
    named = part("general_settings")["coordination_redis"]
    assert "ssl_check_hostname" not in named


def test_a_store_that_lets_an_account_in_is_shown_no_password() -> None:
    cache = Redis(role="CACHE", port=6379, clustered=True, by_account=True)
    borrowed = replace(config(), cache=cache)
    found = part("litellm_settings", borrowed)["cache_params"]
    assert found["gcp_service_account"] == "os.environ/CACHE_REDIS_ACCOUNT"
    assert "password" not in found
    asked = {one.name: one.secret for one in variables(borrowed)}
    assert asked["CACHE_REDIS_ACCOUNT"] is False
    assert "CACHE_REDIS_PASSWORD" not in asked
    with pytest.raises(ValueError, match="no cluster"):
        Redis(role="STATE", port=6379, by_account=True)


def test_fallbacks_are_lists_in_their_order() -> None:
    chains = replace(
        config(),
        fallbacks=(Fallback(model="llama", to=("gpt",)),),
        context_fallbacks=(Fallback(model="gpt", to=("llama",)),),
    )
    found = part("router_settings", chains)
    assert found["fallbacks"] == [{"llama": ["gpt"]}]
    assert found["context_window_fallbacks"] == [{"gpt": ["llama"]}]
    assert found["enable_pre_call_checks"] is True
    assert part("router_settings")["enable_pre_call_checks"] is False


@pytest.mark.parametrize(
    ("chains", "complaint"),
    [
        ((Fallback(model="llama", to=("nobody",)),), "no model 'nobody'"),
        ((Fallback(model="nobody", to=("llama",)),), "no model 'nobody'"),
        ((Fallback(model="llama", to=("llama",)),), "to another model"),
        ((Fallback(model="llama", to=()),), "to another model"),
        (
            (Fallback(model="llama", to=("gpt",)), Fallback(model="llama", to=("gpt",))),
            "one list of fallbacks",
        ),
    ],
)
def test_a_fallback_that_leads_nowhere_is_refused(
    chains: tuple[Fallback, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(config(), fallbacks=chains)


def test_limits_of_models_are_enforced_and_not_only_weighed() -> None:
    assert part("router_settings")["optional_pre_call_checks"] == ["enforce_model_rate_limits"]


def test_limits_of_keys_and_teams_are_those_that_are_set() -> None:
    limited = replace(
        config(),
        keys=Limits(budget=50.0, requests_per_minute=60),
        key_ceiling=Limits(budget=500.0),
        platform_budget=10_000.0,
    )
    found = part("litellm_settings", limited)
    assert found["default_key_generate_params"] == {
        "max_budget": 50.0,
        "budget_duration": "30d",
        "rpm_limit": 60,
    }
    assert found["upperbound_key_generate_params"]["max_budget"] == 500.0
    assert (found["max_budget"], found["budget_duration"]) == (10_000.0, "30d")
    assert "default_team_params" not in found
    assert "max_budget" not in part("litellm_settings")


def test_spend_is_written_in_batches_and_its_log_goes_after_its_time() -> None:
    found = part("general_settings", replace(config(), buffer_spend=True))
    assert found["proxy_batch_write_at"] == 60
    assert found["use_redis_transaction_buffer"] is True
    assert found["maximum_spend_logs_retention_period"] == "30d"
    assert found["store_prompts_in_spend_logs"] is False
    assert found["disable_error_logs"] is True


@pytest.mark.parametrize(
    ("rate", "pods", "buffered"), [(999, 9, False), (1000, 1, True), (1, 10, True)]
)
def test_spend_is_buffered_from_a_thousand_requests_or_ten_pods_on(
    rate: float, pods: int, buffered: bool
) -> None:
    assert buffers_spend(requests_per_second=rate, pods=pods) is buffered


def test_a_key_that_cannot_be_looked_up_opens_nothing() -> None:
    assert part("general_settings")["allow_requests_on_db_unavailable"] is False


def test_an_answer_may_take_ten_minutes() -> None:
    assert part("router_settings")["timeout"] == 600
    assert part("litellm_settings")["request_timeout"] == 600


def test_traces_go_out_only_where_they_are_asked_for() -> None:
    assert part("litellm_settings")["callbacks"] == ["prometheus"]
    traced = part("litellm_settings", replace(config(), traces=True))
    assert traced["callbacks"] == ["prometheus", "otel"]


def test_prompts_stay_out_of_logs_and_callbacks() -> None:
    assert part("litellm_settings")["turn_off_message_logging"] is True


@pytest.mark.parametrize("teams", [True, False])
@pytest.mark.parametrize("keys", [True, False])
def test_no_metric_has_a_label_that_callers_choose(teams: bool, keys: bool) -> None:
    groups = metrics_config(teams=teams, keys=keys)
    named = [metric for group in groups for metric in group["metrics"]]  # type: ignore[attr-defined]
    assert sorted(named) == sorted(METRICS)
    for metric in METRICS:
        assert not set(labels(metric, teams=teams, keys=keys)) & UNBOUNDED
    assert ("team_alias" in labels("litellm_spend_metric", teams=teams, keys=keys)) is teams
    assert ("api_key_alias" in labels("litellm_spend_metric", teams=teams, keys=keys)) is keys


def test_both_stores_have_variables_of_their_own() -> None:
    assert (STATE.host, CACHE.host) == ("STATE_REDIS_HOST", "CACHE_REDIS_HOST")
    assert STATE.password != CACHE.password
