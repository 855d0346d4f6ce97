"""What ElastiCache alone asks of a cache: its token, its logs, its groups."""

from __future__ import annotations

from dataclasses import replace

from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import cache as deploy
from tests.components.aws.make_stores import sharded


def test_the_token_is_what_elasticache_accepts() -> None:
    password = deploy(known.cache()).one("RandomPassword").inputs
    assert 16 <= password["length"] <= 128
    assert set(password["overrideSpecial"]) <= set("!&#$^<>-")


def test_the_secret_can_be_recovered_where_the_stack_is_protected() -> None:
    for protect, days in ((True, 30), (False, 0)):
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


def test_mode_and_family_stand_in_the_parameter_group() -> None:
    for plan, enabled in ((sharded(), "yes"), (known.cache(), "no")):
        group = deploy(plan).one("ParameterGroup").inputs
        values = {one["name"]: one["value"] for one in group["parameters"]}
        assert (values["cluster-enabled"], group["family"]) == (enabled, "valkey8")


def test_only_the_clients_get_in() -> None:
    rules = deploy(known.cache()).all("SecurityGroupIngressRule")
    assert {
        (rule.inputs["referencedSecurityGroupId"], rule.inputs["fromPort"]) for rule in rules
    } == {("sg-nodes", 6379), ("sg-bastion", 6379)}
