"""No store is made of anything that the cloud refuses, in whatever form it is planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from sizing.rules import RULES_BY_TYPE, refusals
from sizing.words import CacheRole, PostgresForm
from tests.components.aws import (
    store_plans,
    test_backups,
    test_cache,
    test_files,
    test_objects,
    test_postgres,
    test_search,
)
from tests.components.support import Recorder


def in_form(form: PostgresForm) -> Recorder:
    return test_postgres.deploy(store_plans.postgres(form))


SINGLE = store_plans.postgres(PostgresForm.SINGLE)
BUILDS: dict[str, Callable[[], Recorder]] = {
    **{f"postgres-{form.value}": partial(in_form, form) for form in PostgresForm},
    "postgres-short-lived": lambda: test_postgres.deploy(
        replace(
            SINGLE,
            final_snapshot=False,
            deletion_protection=False,
            insights_mode="standard",
            insights_retention_days=0,
            monitoring_interval_s=0,
        ),
        protect=False,
    ),
    "cache-sharded": lambda: test_cache.deploy(test_cache.sharded()),
    "cache-with-standby": lambda: test_cache.deploy(store_plans.cache(CacheRole.STATE)),
    "cache-alone": lambda: test_cache.deploy(
        replace(store_plans.cache(replicas=0), snapshot_days=0, final_snapshot=False),
        protect=False,
    ),
    "files": lambda: test_files.deploy(store_plans.files()),
    "files-without-clients": lambda: test_files.deploy(store_plans.files(), roles={}),
    "search-in-three-zones": lambda: test_search.deploy(store_plans.search()),
    "search-in-two-zones": lambda: test_search.deploy(store_plans.search(zones=2)),
    "search-in-one-zone": lambda: test_search.deploy(
        store_plans.search(zones=1, masters=0), protect=False
    ),
    "objects": lambda: test_objects.deploy(
        store_plans.bucket(),
        store_plans.bucket("metrics", versioned=False, transition_to_ia_days=30, expire_days=90),
    ),
    "backups": lambda: test_backups.deploy(store_plans.backups()),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_nothing_of_a_store_is_refused(build: Callable[[], Recorder]) -> None:
    registered = [one for one in build().resources if one.custom]
    assert any(one.type in RULES_BY_TYPE for one in registered), "no rule looks at this store"
    assert [str(no) for one in registered for no in refusals(one.type, one.inputs)] == []


def test_the_rules_see_a_store_that_would_be_refused() -> None:
    plan = replace(SINGLE, iops=12_000, storage_gib=200)
    made = test_postgres.server(test_postgres.deploy(plan))
    assert refusals(made.type, made.inputs)
