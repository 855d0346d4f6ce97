"""A store has the shape, settings and end that its plan says, and hides what lets one in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sizing.plans import Parameter
from sizing.words import CacheRole, Cloud, PostgresForm
from tests.components.clouds.stores import SIDES, Side, redis
from tests.components.clouds.words import at
from tests.components.support import GENERATED


@pytest.fixture
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.mark.parametrize("form", PostgresForm)
def test_each_form_of_a_server_is_what_the_cloud_calls_it(side: Side, form: PostgresForm) -> None:
    plan, shape = side.forms[form]
    assert side.shape(side.postgres(plan)) == shape


def test_a_server_has_the_plans_settings(side: Side) -> None:
    parameters = (Parameter(name="work_mem", value="65536", static=False),)
    recorder = side.postgres(replace(side.plan, parameters=parameters))
    assert side.settings(recorder) == {"work_mem": "65536", **side.always}


def test_a_servers_disk_is_as_large_as_planned_and_grows_no_further(side: Side) -> None:
    made = side.server(side.postgres(side.plan)).inputs
    assert {path: at(made, path) for path in side.disk} == side.disk


def test_backups_and_maintenance_of_a_server_begin_when_the_plan_says(side: Side) -> None:
    made = side.server(side.postgres(side.plan)).inputs
    assert {path: at(made, path) for path in side.windows} == side.windows


def test_maintenance_of_a_cache_begins_when_the_plan_says(side: Side) -> None:
    path, window = side.cache_window
    for plan in (side.cache_plan(), side.sharded):
        recorder = side.cache(plan)
        (made,) = [*recorder.all("ReplicationGroup"), *redis(recorder)]
        assert at(made.inputs, path) == window


def test_a_server_leaves_a_last_copy_where_the_plan_says_so_and_nothing_else(side: Side) -> None:
    kept = side.server(side.postgres(side.plan))
    assert {path: at(kept.inputs, path) for path in side.kept} == side.kept

    plan = replace(side.plan, final_snapshot=False, deletion_protection=False)
    gone = side.server(side.postgres(plan, protect=False))
    assert {path: at(gone.inputs, path) for path in side.gone} == side.gone
    assert not gone.protect
    assert not gone.retain_on_delete


def test_a_cache_has_shards_and_copies_over_the_zones(side: Side) -> None:
    assert side.cache_shape(side.cache(side.sharded)) == (3, 1, True)
    for replicas in (1, 2):
        recorder = side.cache(side.cache_plan(replicas=replicas))
        assert side.cache_shape(recorder) == (1, replicas, True)
    alone = side.cache(side.cache_plan(replicas=0, **side.alone))
    assert side.cache_shape(alone) == (1, 0, False)


def test_eviction_and_the_plans_own_settings_are_set(side: Side) -> None:
    state, cache = side.cache(side.cache_plan(CacheRole.STATE)), side.cache(side.sharded)
    assert side.cache_settings(state) == {"maxmemory-policy": "noeviction", "timeout": "300"}
    assert side.cache_settings(cache) == {"maxmemory-policy": "allkeys-lru", "timeout": "300"}


def test_snapshots_of_a_cache_follow_the_plan(side: Side) -> None:
    for plan in (side.cache_plan(), side.sharded):
        assert side.snapshots(side.cache(plan))
        assert not side.snapshots(side.cache(replace(plan, snapshot_days=0)))


def test_a_token_stands_where_it_is_needed_alone_and_is_a_secret_there(side: Side) -> None:
    recorder = side.cache(side.cache_plan())
    holders = [one for one in recorder.resources if GENERATED in json.dumps(one.inputs)]
    assert {(one.type.rpartition(":")[2], one.secrets) for one in holders} == side.holders
