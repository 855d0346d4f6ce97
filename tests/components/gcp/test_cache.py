"""A cache has the shape of its role, speaks TLS only and lets nobody in without a proof."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.gcp.cache import Cache, CacheArgs
from components.gcp.stores import bundle, window
from sizing.catalog.google import redis_nodes
from sizing.plans import CachePlan
from sizing.rules.gcp.redis import NODE_TYPES
from sizing.words import CacheRole, Environment, Tier
from tests.components.gcp import store_plans as known
from tests.components.gcp.samples import (
    KEY,
    LABELS,
    LONGEST_STACK,
    NETWORK,
    PROJECT,
    REGION,
    unlabelled,
)
from tests.components.support import GENERATED, Recorder, children_of, record
from tests.sizing.gcp.requests import planned

COMPONENT = "aigw:gcp:Cache"
INSTANCE = "gcp:redis/instance:Instance"
CLUSTER = "gcp:redis/cluster:Cluster"
SUBNET = f"projects/{PROJECT}/regions/{REGION}/subnetworks/services"


def deploy(
    plan: CachePlan,
    *,
    protect: bool = True,
    stack: str = known.STACK,
    seen: dict[str, object] | None = None,
) -> Recorder:
    def build() -> None:
        made = Cache(
            f"cache-{plan.role.value}",
            CacheArgs(
                plan=plan,
                stack=stack,
                project=PROJECT,
                region=REGION,
                network_id=NETWORK,
                subnet_id=SUBNET,
                private_services=known.peering(),
                client_principals=known.CLIENTS,
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "port": made.port,
                "authority": made.authority,
                "secret_id": made.secret_id,
                "service_account": made.service_account,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def is_private(inputs: dict[str, Any]) -> bool:
    """Say so of an instance and of a cluster, each in its own words."""
    instance = (
        inputs.get("authEnabled") is True
        and inputs.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
        and inputs.get("customerManagedKey") == KEY
        and inputs.get("authorizedNetwork") == NETWORK
        and inputs.get("connectMode") == "PRIVATE_SERVICE_ACCESS"
    )
    cluster = (
        inputs.get("authorizationMode") == "AUTH_MODE_IAM_AUTH"
        and inputs.get("transitEncryptionMode") == "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
        and inputs.get("kmsKey") == KEY
        and inputs.get("pscConfigs") == [{"network": NETWORK}]
    )
    return instance or cluster


def test_every_cache_is_private() -> None:
    assert is_private(deploy(known.cache()).one(INSTANCE).inputs)
    assert is_private(deploy(known.cluster()).one(CLUSTER).inputs)


@pytest.mark.parametrize(
    "field",
    [
        *("authEnabled", "transitEncryptionMode", "customerManagedKey"),
        *("authorizedNetwork", "connectMode"),
    ],
)
def test_the_predicate_sees_each_way_an_instance_can_be_open(field: str) -> None:
    assert not is_private({**deploy(known.cache()).one(INSTANCE).inputs, field: None})


@pytest.mark.parametrize(
    "field", ["authorizationMode", "transitEncryptionMode", "kmsKey", "pscConfigs"]
)
def test_the_predicate_sees_each_way_a_cluster_can_be_open(field: str) -> None:
    assert not is_private({**deploy(known.cluster()).one(CLUSTER).inputs, field: None})


@pytest.mark.parametrize(
    ("node_type", "replicas", "tier", "gib", "mode"),
    [
        ("redis-basic-2gib", 0, "BASIC", 2, "READ_REPLICAS_DISABLED"),
        ("redis-standard-5gib", 1, "STANDARD_HA", 5, "READ_REPLICAS_DISABLED"),
        ("redis-standard-39gib", 2, "STANDARD_HA", 39, "READ_REPLICAS_ENABLED"),
    ],
)
def test_an_instance_has_the_tier_and_size_of_its_name(
    node_type: str, replicas: int, tier: str, gib: int, mode: str
) -> None:
    found = deploy(known.cache(node_type=node_type, replicas=replicas)).one(INSTANCE).inputs
    assert (found["tier"], found["memorySizeGb"], found["replicaCount"]) == (tier, gib, replicas)
    assert found["readReplicasMode"] == mode
    assert found["redisVersion"] == "REDIS_7_2"


def test_a_cluster_has_shards_and_replicas_over_the_zones() -> None:
    found = deploy(known.cluster()).one(CLUSTER).inputs
    assert (found["nodeType"], found["shardCount"], found["replicaCount"]) == (
        "REDIS_HIGHMEM_MEDIUM",
        3,
        1,
    )
    assert found["zoneDistributionConfig"] == {"mode": "MULTI_ZONE"}


@pytest.mark.parametrize("node", [one.name for one in redis_nodes()])
def test_every_node_type_of_the_catalogue_has_a_name_that_memorystore_takes(node: str) -> None:
    made = deploy(replace(known.cluster(), node_type=node)).one(CLUSTER)
    assert made.inputs["nodeType"] in NODE_TYPES


def test_eviction_and_the_plan_s_own_settings_are_set() -> None:
    state = deploy(known.cache()).one(INSTANCE).inputs["redisConfigs"]
    cache = deploy(known.cluster()).one(CLUSTER).inputs["redisConfigs"]
    assert state == {"maxmemory-policy": "noeviction", "timeout": "300"}
    assert cache == {"maxmemory-policy": "allkeys-lru", "timeout": "300"}


def test_snapshots_follow_the_plan() -> None:
    kept = deploy(known.cache()).one(INSTANCE).inputs["persistenceConfig"]
    assert kept == {"persistenceMode": "RDB", "rdbSnapshotPeriod": "ONE_HOUR"}
    none = deploy(known.cache(snapshot_days=0)).one(INSTANCE).inputs["persistenceConfig"]
    assert none == {"persistenceMode": "DISABLED"}
    cluster = deploy(known.cluster()).one(CLUSTER).inputs["persistenceConfig"]
    assert cluster == {"mode": "RDB", "rdbConfig": {"rdbSnapshotPeriod": "ONE_HOUR"}}
    bare = deploy(replace(known.cluster(), snapshot_days=0)).one(CLUSTER)
    assert bare.inputs["persistenceConfig"] == {"mode": "DISABLED"}


def test_maintenance_begins_when_the_plan_says() -> None:
    for recorder, kind in ((deploy(known.cache()), INSTANCE), (deploy(known.cluster()), CLUSTER)):
        (weekly,) = recorder.one(kind).inputs["maintenancePolicy"]["weeklyMaintenanceWindows"]
        assert (weekly["day"], weekly["startTime"]["hours"]) == ("SUNDAY", 6)


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


def test_an_instance_waits_for_private_services_and_a_cluster_for_its_connections() -> None:
    recorder = deploy(known.cache())
    assert known.waits_for_peering(recorder, recorder.one(INSTANCE))

    recorder = deploy(known.cluster())
    policy = recorder.one("ServiceConnectionPolicy")
    assert policy.urn in recorder.before(recorder.one(CLUSTER))
    assert policy.inputs["serviceClass"] == "gcp-memorystore-redis"
    assert policy.inputs["pscConfig"]["subnetworks"] == [SUBNET]
    assert policy.inputs["network"] == NETWORK


@pytest.mark.parametrize("protect", [True, False])
def test_a_store_is_protected_where_the_stack_is(protect: bool) -> None:
    instance = deploy(known.cache(), protect=protect).one(INSTANCE)
    cluster = deploy(known.cluster(), protect=protect).one(CLUSTER)
    assert instance.protect is instance.inputs["deletionProtection"] is protect
    assert cluster.protect is cluster.inputs["deletionProtectionEnabled"] is protect
    assert instance.delete_before_replace
    assert cluster.delete_before_replace


@pytest.mark.parametrize("stack", [known.STACK, LONGEST_STACK])
@pytest.mark.parametrize("role", CacheRole)
def test_names_are_legal_for_every_role(stack: str, role: CacheRole) -> None:
    instance = deploy(known.cache(role), stack=stack).one(INSTANCE)
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,38}[a-z0-9]", instance.inputs["name"])
    recorder = deploy(replace(known.cluster(), role=role), stack=stack)
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,61}[a-z0-9]", recorder.one(CLUSTER).inputs["name"])
    account = recorder.one("Account").inputs["accountId"]
    assert re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", account)


@pytest.mark.parametrize(("tier", "environment"), known.STACKS)
def test_every_planned_cache_is_private_and_in_its_form(
    tier: Tier, environment: Environment
) -> None:
    for plan in planned(tier, environment).caches:
        recorder = deploy(plan)
        made = recorder.one(CLUSTER if plan.cluster_mode else INSTANCE)
        assert is_private(made.inputs)
        assert made.inputs["replicaCount"] == plan.replicas_per_shard


def test_one_cache_of_a_stack_at_most_is_a_cluster() -> None:
    # a network has one policy of connections a region and service
    for tier, environment in known.STACKS:
        assert sum(one.cluster_mode for one in planned(tier, environment).caches) <= 1


@pytest.mark.parametrize("plan", [known.cache(), known.cluster()], ids=["instance", "cluster"])
def test_everything_stands_below_the_component_with_its_labels(plan: CachePlan) -> None:
    recorder = deploy(plan)
    assert children_of(recorder, COMPONENT) == known.made(recorder)
    assert unlabelled(recorder, COMPONENT, {**LABELS, "component": "cache"}) == []


def test_a_window_is_read_as_its_day_and_hour() -> None:
    first, last = window("mon:00:00-mon:01:00"), window("sun:23:00-mon:00:00")
    assert (first.day, first.number, first.hour) == ("MONDAY", 1, 0)
    assert (last.day, last.number, last.hour) == ("SUNDAY", 7, 23)


@pytest.mark.parametrize("text", ["", "sunday:05:00-sunday:06:00", "sun:05:30-sun:06:30", "sun"])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        window(text)


def test_a_bundle_ends_every_certificate_with_a_line() -> None:
    assert bundle(["one\n", None, "two", ""]) == "one\ntwo\n"
    assert bundle(None) == ""
