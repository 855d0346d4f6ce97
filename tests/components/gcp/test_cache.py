"""What Memorystore alone asks of a cache: tiers by name, connections, an account to borrow."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from components.gcp.stores import bundle, window
from sizing.catalog.google import redis_nodes
from sizing.rules.gcp.redis import NODE_TYPES
from sizing.words import CacheRole
from tests.components.gcp import store_plans as known
from tests.components.gcp.make_stores import REDIS, REDIS_CLUSTER, SUBNET
from tests.components.gcp.make_stores import cache as deploy
from tests.components.gcp.samples import (
    KEY,
    LABELS,
    LONGEST_STACK,
    NETWORK,
    PROJECT,
    unlabelled,
)
from tests.components.support import GENERATED
from tests.sizing.gcp.requests import planned


def test_an_instance_has_the_tier_and_size_of_its_name() -> None:
    for node_type, replicas, tier, gib, mode in (
        ("redis-basic-2gib", 0, "BASIC", 2, "READ_REPLICAS_DISABLED"),
        ("redis-standard-5gib", 1, "STANDARD_HA", 5, "READ_REPLICAS_DISABLED"),
        ("redis-standard-39gib", 2, "STANDARD_HA", 39, "READ_REPLICAS_ENABLED"),
    ):
        found = deploy(known.cache(node_type=node_type, replicas=replicas)).one(REDIS).inputs
        assert (found["tier"], found["memorySizeGb"], found["replicaCount"]) == (
            tier,
            gib,
            replicas,
        )
        assert found["readReplicasMode"] == mode
        assert found["redisVersion"] == "REDIS_7_2"


def test_every_node_type_of_the_catalogue_has_a_name_that_memorystore_takes() -> None:
    for node in (one.name for one in redis_nodes()):
        made = deploy(replace(known.cluster(), node_type=node)).one(REDIS_CLUSTER)
        assert made.inputs["nodeType"] in NODE_TYPES


def test_an_instance_s_token_is_memorystore_s_and_stands_in_its_secret_alone() -> None:
    seen: dict[str, object] = {}
    recorder = deploy(known.cache(), seen=seen)
    holders = [one for one in recorder.resources if GENERATED in json.dumps(one.inputs)]
    assert [(one.type.rsplit(":", 1)[-1], one.secrets) for one in holders] == [
        ("SecretVersion", ("secretData",))
    ]
    secret = recorder.one("Secret")
    assert seen["secret_id"] == secret.inputs["secretId"] == "aigw-prod-large-cache-state"
    assert seen["service_account"] is None
    assert (seen["host"], seen["port"]) == ("10.64.64.3", 6378)
    assert seen["authority"] == "PEM-old\nPEM-new\n"


def test_a_cluster_lets_in_one_account_which_named_clients_borrow() -> None:
    seen: dict[str, object] = {}
    recorder = deploy(known.cluster(), seen=seen)
    right = recorder.one("IAMMember", "connects").inputs
    account = recorder.one("Account").inputs["accountId"]
    email = f"{account}@{PROJECT}.iam.gserviceaccount.com"
    assert (right["role"], right["member"]) == (
        "roles/redis.dbConnectionUser",
        f"serviceAccount:{email}",
    )
    assert right["condition"]["expression"] == 'resource.name == "cache-cache-cluster-id"'
    borrowed = recorder.one("IAMMember", "client-of-gateway").inputs
    assert (borrowed["role"], borrowed["member"]) == (
        "roles/iam.workloadIdentityUser",
        known.CLIENTS["gateway"],
    )
    assert seen["service_account"] == f"projects/-/serviceAccounts/{email}"
    assert seen["secret_id"] is None
    assert not recorder.all("Secret")
    assert (seen["host"], seen["port"]) == ("10.64.64.4", 6379)
    assert seen["authority"] == "PEM-one\nPEM-two\n"


def test_a_cluster_waits_for_its_connections() -> None:
    recorder = deploy(known.cluster())
    policy = recorder.one("ServiceConnectionPolicy")
    assert policy.urn in recorder.before(recorder.one(REDIS_CLUSTER))
    assert policy.inputs["serviceClass"] == "gcp-memorystore-redis"
    assert policy.inputs["pscConfig"]["subnetworks"] == [SUBNET]
    assert policy.inputs["network"] == NETWORK


def test_a_cluster_that_no_table_plans_keeps_what_an_instance_does() -> None:
    for protect in (True, False):
        cluster = deploy(known.cluster(), protect=protect).one(REDIS_CLUSTER)
        assert cluster.protect is cluster.inputs["deletionProtectionEnabled"] is protect
        assert cluster.inputs["kmsKey"] == KEY
        assert cluster.inputs["nodeType"] == "REDIS_HIGHMEM_MEDIUM"
    assert unlabelled(deploy(known.cluster()), "aigw:gcp:Cache", LABELS) == []


def test_a_store_is_replaced_in_its_own_place() -> None:
    assert deploy(known.cache()).one(REDIS).delete_before_replace
    assert deploy(known.cluster()).one(REDIS_CLUSTER).delete_before_replace


def test_names_of_a_cluster_and_its_account_are_legal_for_every_role() -> None:
    for role in CacheRole:
        recorder = deploy(replace(known.cluster(), role=role), stack=LONGEST_STACK)
        name = recorder.one(REDIS_CLUSTER).inputs["name"]
        assert re.fullmatch(r"[a-z][a-z0-9-]{0,61}[a-z0-9]", name)
        account = recorder.one("Account").inputs["accountId"]
        assert re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", account)


def test_one_cache_of_a_stack_at_most_is_a_cluster() -> None:
    # a network has one policy of connections a region and service
    for tier, environment in known.STACKS:
        assert sum(one.cluster_mode for one in planned(tier, environment).caches) <= 1


def test_a_window_is_read_as_its_day_and_hour_and_nothing_else_is_one() -> None:
    first, last = window("mon:00:00-mon:01:00"), window("sun:23:00-mon:00:00")
    assert (first.day, first.number, first.hour) == ("MONDAY", 1, 0)
    assert (last.day, last.number, last.hour) == ("SUNDAY", 7, 23)
    for text in ("", "sunday:05:00-sunday:06:00", "sun:05:30-sun:06:30", "sun"):
        with pytest.raises(ValueError, match="window"):
            window(text)


def test_a_bundle_ends_every_certificate_with_a_line() -> None:
    assert bundle(["one\n", None, "two", ""]) == "one\ntwo\n"
    assert bundle(None) == ""
