"""How the proxy and its migrations are run: workers, draining, and nothing fetched at the start."""

from __future__ import annotations

import pytest

from components.kubernetes.litellm_plan import Offer, proxy_config, runtime
from components.kubernetes.litellm_runtime import (
    DRAIN_SECONDS,
    GRACE_SECONDS,
    LEAVE_SECONDS,
    VERSION,
    Runtime,
    arguments,
    environment,
    migration_environment,
)
from components.kubernetes.litellm_secrets import STORED_AS, generated
from components.kubernetes.litellm_settings import ProxyConfig
from sizing.versions import IMAGES
from sizing.words import Tier
from sizing.workload import reference
from tests.components.kubernetes.litellm_samples import CACHE, ENGINE, MODEL, POOLER, STATE, plan

pytestmark = pytest.mark.cloud_free("variables of the proxy, worked out of the plan's pods")


def words(workers: int) -> dict[str, str]:
    found = arguments(runtime(plan(workers=workers)))
    return dict(zip(found[::2], found[1::2], strict=True))


def from_plan(tier: Tier = Tier.SMALL) -> ProxyConfig:
    return proxy_config(
        Offer(),
        plan=plan(),
        models=(MODEL,),
        addresses={"llama": ENGINE},
        engines_keyed=False,
        pooler=POOLER,
        load=reference(tier),
        state=STATE,
        cache=CACHE,
    )


def test_the_version_is_the_image_s() -> None:
    assert IMAGES["litellm"].tag == f"v{VERSION}"


def test_workers_are_the_plan_s_and_one_where_it_counts_none() -> None:
    assert (words(2)["--num_workers"], words(0)["--num_workers"]) == ("2", "1")


def test_only_a_worker_that_another_stands_in_for_is_recycled() -> None:
    assert words(2)["--max_requests_before_restart"] == "10000"
    assert "--max_requests_before_restart" not in words(1)
    with pytest.raises(ValueError, match="would restart its container"):
        Runtime(workers=1, recycle_after_requests=1, prepared_statements=False)


def test_a_worker_has_time_to_import_before_it_is_given_up() -> None:
    assert int(words(2)["--timeout_worker_healthcheck"]) >= 60


def test_a_stopping_pod_is_let_go_and_drained_before_it_is_killed() -> None:
    assert LEAVE_SECONDS + DRAIN_SECONDS < GRACE_SECONDS
    assert environment(runtime(plan()))["GRACEFUL_SHUTDOWN_TIMEOUT"] == str(DRAIN_SECONDS)


def test_pods_leave_the_schema_alone_and_migrations_fail_loudly() -> None:
    assert environment(runtime(plan()))["DISABLE_SCHEMA_UPDATE"] == "true"
    assert migration_environment()["DISABLE_SCHEMA_UPDATE"] == "false"
    assert migration_environment()["ENFORCE_PRISMA_MIGRATION_CHECK"] == "true"


def test_behind_the_pooler_nothing_is_prepared() -> None:
    assert environment(runtime(plan()))["DATABASE_DISABLE_PREPARED_STATEMENTS"] == "true"


def test_traces_go_nowhere_until_there_is_an_endpoint() -> None:
    assert not [name for name in environment(runtime(plan())) if name.startswith("OTEL_")]
    traced = Runtime(
        workers=1, prepared_statements=False, trace_endpoint="http://otel:4318", trace_share=0.1
    )
    assert environment(traced)["OTEL_TRACES_SAMPLER_ARG"] == "0.1"


@pytest.mark.parametrize(
    ("changes", "complaint"), [((0, 1.0), "has a worker"), ((1, 1.5), "from 0 to 1")]
)
def test_a_pod_that_cannot_run_is_refused(changes: tuple[int, float], complaint: str) -> None:
    workers, share = changes
    with pytest.raises(ValueError, match=complaint):
        Runtime(workers=workers, prepared_statements=False, trace_share=share)


def test_the_plan_s_load_sets_retention_cache_and_pool() -> None:
    load, found = reference(Tier.SMALL), from_plan()
    assert found.retention_days == load.retention_days
    assert found.cache_ttl_seconds == load.cache_ttl_seconds
    assert found.client_pool == POOLER.client_pool
    assert (found.buffer_spend, found.prompts_stored) == (False, False)
    assert from_plan(Tier.ENTERPRISE).buffer_spend


def test_the_salt_stays_for_ever_and_the_master_key_begins_as_it_must() -> None:
    (secret,) = generated(protect=True)
    keys = {key.name: key for key in secret.keys}
    assert set(STORED_AS.values()) == set(keys)
    assert {name for name, key in keys.items() if key.permanent} == {"salt_key"}
    assert {key.prefix for key in keys.values()} == {"sk-"}
    assert secret.protect


def test_a_stack_that_keeps_nothing_lets_its_salt_go() -> None:
    (secret,) = generated(protect=False)
    assert not secret.protect
    assert not [key for key in secret.keys if key.permanent]
