"""A cache has the shape of its role, speaks TLS only and shows its token to nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.aws.cache import Cache, CacheArgs
from sizing.plans import CachePlan
from sizing.words import CacheRole
from tests.components.aws import store_plans as known
from tests.components.support import (
    GENERATED,
    TAGS,
    Recorder,
    children_of,
    record,
    untagged,
)

COMPONENT = "aigw:aws:Cache"


def deploy(plan: CachePlan, *, protect: bool = True) -> Recorder:
    return record(
        lambda: Cache(
            f"cache-{plan.role.value}",
            CacheArgs(
                plan=plan,
                stack=known.STACK,
                vpc_id="vpc-1",
                subnet_ids=known.SUBNETS,
                client_security_group_ids=known.CLIENTS,
                data_key_arn=known.DATA_KEY,
                logs_key_arn=known.LOGS_KEY,
                tags=TAGS,
                protect=protect,
            ),
        )
    )


def sharded() -> CachePlan:
    return known.cache(CacheRole.CACHE, shards=3, replicas=1, cluster=True)


def is_private(group: dict[str, Any]) -> bool:
    return bool(
        group.get("transitEncryptionEnabled")
        and group.get("transitEncryptionMode") == "required"
        and group.get("atRestEncryptionEnabled")
        and group.get("kmsKeyId") == known.DATA_KEY
        and group.get("authToken")
        and group.get("subnetGroupName")
        and not group.get("userGroupIds")
    )


def test_a_cluster_has_shards_and_no_node_count() -> None:
    group = deploy(sharded()).one("ReplicationGroup").inputs
    assert (group["clusterMode"], group["numNodeGroups"], group["replicasPerNodeGroup"]) == (
        "enabled",
        3,
        1,
    )
    assert "numCacheClusters" not in group
    assert group["automaticFailoverEnabled"]
    assert group["multiAzEnabled"]


@pytest.mark.parametrize(("replicas", "failover"), [(0, False), (1, True), (2, True)])
def test_without_shards_there_is_a_node_count_and_failover_with_a_second_node(
    replicas: int, failover: bool
) -> None:
    group = deploy(known.cache(replicas=replicas)).one("ReplicationGroup").inputs
    assert (group["clusterMode"], group["numCacheClusters"]) == ("disabled", 1 + replicas)
    assert not {"numNodeGroups", "replicasPerNodeGroup"} & group.keys()
    assert group["automaticFailoverEnabled"] is failover
    assert group["multiAzEnabled"] is failover


@pytest.mark.parametrize(
    ("plan", "enabled", "policy"),
    [(sharded(), "yes", "allkeys-lru"), (known.cache(), "no", "noeviction")],
)
def test_the_parameter_group_carries_mode_eviction_and_the_plan_s_own(
    plan: CachePlan, enabled: str, policy: str
) -> None:
    group = deploy(plan).one("ParameterGroup").inputs
    values = {one["name"]: one["value"] for one in group["parameters"]}
    assert values == {"cluster-enabled": enabled, "maxmemory-policy": policy, "timeout": "300"}
    assert group["family"] == "valkey8"


def test_every_cache_is_private() -> None:
    for plan in (sharded(), known.cache()):
        assert is_private(deploy(plan).one("ReplicationGroup").inputs)


@pytest.mark.parametrize(
    "field",
    [
        "transitEncryptionEnabled",
        "transitEncryptionMode",
        "atRestEncryptionEnabled",
        "kmsKeyId",
        "authToken",
        "subnetGroupName",
    ],
)
def test_the_predicate_sees_each_way_to_be_open(field: str) -> None:
    assert not is_private({**deploy(sharded()).one("ReplicationGroup").inputs, field: None})


def test_the_token_is_what_elasticache_accepts() -> None:
    password = deploy(known.cache()).one("RandomPassword").inputs
    assert 16 <= password["length"] <= 128
    assert set(password["overrideSpecial"]) <= set("!&#$^<>-")


def test_the_token_is_a_secret_wherever_it_stands() -> None:
    recorder = deploy(known.cache())
    holders = [r for r in recorder.resources if GENERATED in json.dumps(r.inputs)]
    assert {(r.type.rsplit(":", 1)[-1], r.secrets) for r in holders} == {
        ("ReplicationGroup", ("authToken",)),
        ("SecretVersion", ("secretString",)),
    }


@pytest.mark.parametrize(("protect", "days"), [(True, 30), (False, 0)])
def test_the_secret_can_be_recovered_where_the_stack_is_protected(protect: bool, days: int) -> None:
    secret = deploy(known.cache(), protect=protect).one("Secret")
    assert secret.inputs["name"] == "aigw/prod-large/cache-state"
    assert secret.inputs["kmsKeyId"] == known.DATA_KEY
    assert secret.inputs["recoveryWindowInDays"] == days
    assert secret.protect is protect


def test_both_logs_go_to_encrypted_groups_of_known_names() -> None:
    recorder = deploy(known.cache())
    deliveries = recorder.one("ReplicationGroup").inputs["logDeliveryConfigurations"]
    assert {one["logType"]: one["destination"] for one in deliveries} == {
        kind: f"/aws/vendedlogs/elasticache/prod-large/cache-state/{kind}"
        for kind in ("engine-log", "slow-log")
    }
    for group in recorder.all("LogGroup"):
        assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (known.LOGS_KEY, 90)


def test_snapshots_and_the_last_one_follow_the_plan() -> None:
    kept = deploy(known.cache()).one("ReplicationGroup").inputs
    assert (kept["snapshotRetentionLimit"], kept["snapshotWindow"]) == (7, "02:00-03:00")
    assert kept["finalSnapshotIdentifier"].startswith("aigw-prod-large-cache-state-final-")

    plan = replace(known.cache(), snapshot_days=0, final_snapshot=False)
    none = deploy(plan, protect=False).one("ReplicationGroup").inputs
    assert none["snapshotRetentionLimit"] == 0
    assert not {"snapshotWindow", "finalSnapshotIdentifier"} & none.keys()


def test_only_the_clients_get_in() -> None:
    rules = deploy(known.cache()).all("SecurityGroupIngressRule")
    assert {
        (rule.inputs["referencedSecurityGroupId"], rule.inputs["fromPort"]) for rule in rules
    } == {("sg-nodes", 6379), ("sg-bastion", 6379)}


def test_the_identifier_is_legal_for_every_role() -> None:
    for role in CacheRole:
        identifier = deploy(known.cache(role)).one("ReplicationGroup").inputs["replicationGroupId"]
        assert len(identifier) <= 40
        assert identifier[0].isalpha()
        assert "--" not in identifier
        assert identifier[-1] != "-"


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy(sharded())
    custom = [resource for resource in recorder.resources if resource.custom]
    assert children_of(recorder, COMPONENT) == custom
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "cache"}) == []
    assert recorder.one("ReplicationGroup").protect
