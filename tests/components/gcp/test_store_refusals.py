"""No store is made of anything that Google Cloud refuses, in whatever form it is planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from sizing.rules import RULES_BY_TYPE, refusals
from sizing.rules.gcp import REPLACES
from sizing.words import Environment, PostgresForm, Tier
from tests.components.gcp import store_plans as known
from tests.components.gcp import test_cache, test_files, test_postgres
from tests.components.support import Recorder
from tests.sizing.gcp.requests import planned

BUILDS: dict[str, Callable[[], Recorder]] = {
    "postgres-alone": lambda: test_postgres.deploy(known.postgres(PostgresForm.SINGLE, nodes=1)),
    "postgres-with-replica": lambda: test_postgres.deploy(known.postgres()),
    "postgres-plus": lambda: test_postgres.deploy(
        replace(known.postgres(), instance_class="db-perf-optimized-N-8")
    ),
    "postgres-short-lived": lambda: test_postgres.deploy(
        replace(known.postgres(), final_snapshot=False, deletion_protection=False), protect=False
    ),
    "cache-alone": lambda: test_cache.deploy(
        known.cache(node_type="redis-basic-1gib", replicas=0, snapshot_days=0), protect=False
    ),
    "cache-with-standby": lambda: test_cache.deploy(known.cache()),
    "cache-with-readers": lambda: test_cache.deploy(
        known.cache(node_type="redis-standard-39gib", replicas=2)
    ),
    "cache-sharded": lambda: test_cache.deploy(known.cluster()),
    "files-of-a-zone": lambda: test_files.deploy(known.files("BASIC_HDD"), protect=False),
    "files-of-a-region": lambda: test_files.deploy(known.files()),
}


def refused(recorder: Recorder) -> list[str]:
    made = known.made(recorder)
    assert any(one.type in RULES_BY_TYPE for one in made), "no rule looks at this store"
    return [str(no) for one in made for no in refusals(one.type, one.inputs)]


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_nothing_of_a_store_is_refused(build: Callable[[], Recorder]) -> None:
    assert refused(build()) == []


@pytest.mark.parametrize(("tier", "environment"), known.STACKS)
def test_nothing_of_a_planned_store_is_refused(tier: Tier, environment: Environment) -> None:
    plan = planned(tier, environment)
    builds = [partial(test_postgres.deploy, plan.postgres), partial(test_files.deploy, plan.files)]
    builds += [partial(test_cache.deploy, one) for one in plan.caches]
    assert [no for build in builds for no in refused(build())] == []


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_what_makes_a_store_anew_is_known(build: Callable[[], Recorder]) -> None:
    stores = {
        one.type
        for one in known.made(build())
        if one.type.split(":")[1].split("/")[0]
        in {"sql", "redis", "filestore", "dns", "networkconnectivity", "secretmanager"}
    }
    assert stores
    assert stores <= REPLACES.keys()


def test_the_rules_see_stores_that_would_be_refused() -> None:
    server = test_postgres.primary(test_postgres.deploy(replace(known.postgres(), storage_gib=5)))
    instance = test_cache.deploy(known.cache(node_type="redis-basic-1gib", replicas=1)).one(
        test_cache.INSTANCE
    )
    share = test_files.deploy(known.files(gib=50)).one(test_files.INSTANCE)
    for made in (server, instance, share):
        assert refusals(made.type, made.inputs), made.type
