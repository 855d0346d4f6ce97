"""Keys rotate, survive in prod, and open to exactly the services that the plan names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws.key_policy import key_policy
from components.aws.keys import Keys, KeysArgs
from sizing.plans import KeyPlan
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, record, untagged

PLANS = (
    KeyPlan(
        name="nodes", services=("autoscaling", "ec2"), deletion_window_days=30, rotation_days=365
    ),
    KeyPlan(name="logs", services=("logs",), deletion_window_days=7, rotation_days=365),
)


def build(*, protect: bool = True) -> Recorder:
    args = KeysArgs(plans=PLANS, account_id=ACCOUNT, region=REGION, tags=TAGS, protect=protect)
    return record(lambda: Keys("keys", args))


def statements(*services: str) -> dict[str, dict[str, Any]]:
    document = json.loads(key_policy(services, ACCOUNT, REGION))
    return {one["Sid"]: one for one in document["Statement"]}


def test_every_key_rotates_and_waits_before_it_is_gone_as_planned() -> None:
    recorder = build()
    for plan in PLANS:
        key = recorder.one("Key", plan.name).inputs
        assert key["enableKeyRotation"]
        assert key["rotationPeriodInDays"] == plan.rotation_days
        assert key["deletionWindowInDays"] == plan.deletion_window_days


def test_a_key_is_found_by_an_alias_of_its_stack() -> None:
    alias = build().one("Alias", "nodes").inputs
    assert alias["name"] == "alias/aigw/prod-large/nodes"
    assert alias["targetKeyId"] == "keys-nodes-id"


@pytest.mark.parametrize("protect", [True, False])
def test_keys_are_protected_where_the_stack_says_so(protect: bool) -> None:
    assert {key.protect for key in build(protect=protect).all("Key")} == {protect}


def test_keys_carry_the_tags() -> None:
    assert not untagged(build(), "aigw:aws:Keys", {**TAGS, "component": "keys"})


def test_each_key_opens_to_its_own_services_alone() -> None:
    recorder = build()
    nodes = recorder.one("Key", "nodes").document("policy")["Statement"]
    logs = recorder.one("Key", "logs").document("policy")["Statement"]
    assert {one["Sid"] for one in logs} == {"AdministerByAccount", "UseByLogs"}
    assert {"UseByAutoscaling", "GrantByAutoscaling", "UseByEc2"} <= {one["Sid"] for one in nodes}


def test_the_account_administers_a_key_and_cannot_use_it_past_the_services() -> None:
    administer = statements("rds")["AdministerByAccount"]
    assert administer["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert "kms:PutKeyPolicy" in administer["Action"]
    assert not {"kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"} & set(administer["Action"])


def test_logs_use_the_key_for_groups_of_this_account_alone() -> None:
    use = statements("logs")["UseByLogs"]
    assert use["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    (pattern,) = use["Condition"]["ArnLike"].values()
    assert pattern == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"
    assert {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"} <= set(
        use["Action"]
    )


def test_autoscaling_hands_the_key_to_volumes_and_to_nothing_else() -> None:
    made = statements("autoscaling")
    role = made["UseByAutoscaling"]["Principal"]["AWS"]
    assert role.endswith(
        ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )
    grant = made["GrantByAutoscaling"]
    assert grant["Action"] == ["kms:CreateGrant"]
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


@pytest.mark.parametrize("service", ["rds", "elasticache", "elasticfilesystem", "es", "backup"])
def test_stores_use_the_key_through_their_service_and_for_this_account(service: str) -> None:
    for statement in list(statements(service).values())[1:]:
        equal = statement["Condition"]["StringEquals"]
        assert equal["kms:ViaService"] == f"{service}.us-east-1.amazonaws.com"
        assert equal["kms:CallerAccount"] == ACCOUNT


def test_eks_may_grant_without_the_condition_that_its_own_grant_would_fail() -> None:
    use = statements("eks")["UseByEks"]
    assert "kms:CreateGrant" in use["Action"]
    assert "Bool" not in use["Condition"]


def test_no_key_policy_allows_actions_by_pattern() -> None:
    every = statements("autoscaling", "backup", "ec2", "eks", "es", "logs", "rds", "s3")
    assert not [a for one in every.values() for a in one["Action"] if "*" in a]


def test_a_service_whose_ways_are_unknown_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'redshift'"):
        key_policy(("redshift",), ACCOUNT, REGION)
