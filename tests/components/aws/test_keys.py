"""Each service of AWS uses a key in its own way, for this account and for nothing else."""

from __future__ import annotations

import json
from typing import Any

from components.aws.key_policy import key_policy
from tests.components.aws.make_ground import keys
from tests.components.support import ACCOUNT, REGION


def statements(*services: str) -> dict[str, dict[str, Any]]:
    document = json.loads(key_policy(services, ACCOUNT, REGION))
    return {one["Sid"]: one for one in document["Statement"]}


def test_a_key_is_found_by_an_alias_of_its_stack() -> None:
    alias = keys().one("Alias", "nodes").inputs
    assert alias["name"] == "alias/aigw/prod-large/nodes"
    assert alias["targetKeyId"] == "keys-nodes-id"


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


def test_stores_use_the_key_through_their_service_and_for_this_account() -> None:
    for service in ("rds", "elasticache", "elasticfilesystem", "es", "backup"):
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
