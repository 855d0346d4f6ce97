"""A key's copy is found in its region by the same alias, and nobody else may use it."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.key_copy import KeyCopy, KeyCopyArgs
from sizing.plans import KeyPlan
from tests.components.support import ACCOUNT, TAGS, Recorder, record

PRIMARY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-1"
PLAN: dict[str, Any] = {
    "name": "vault",
    "services": ("vault",),
    "deletion_window_days": 30,
    "rotation_days": 365,
    "multi_region": True,
}


def copied(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of the plan)
    args = KeyCopyArgs(
        plan=KeyPlan(**{**PLAN, **changes}),
        primary_arn=PRIMARY,
        account_id=ACCOUNT,
        region="us-west-2",
        tags=TAGS,
        protect=True,
    )
    return record(lambda: KeyCopy("copy", args))


def test_the_copy_is_of_the_first_key_and_has_its_alias() -> None:
    made = copied()
    assert made.one("ReplicaKey").inputs["primaryKeyArn"] == PRIMARY
    assert made.one("Alias").inputs["name"].endswith("/vault")


def test_its_users_are_those_of_the_first() -> None:
    policy = copied().one("ReplicaKey").document("policy")
    (use,) = (one for one in policy["Statement"] if one["Sid"] == "UseByVault")
    assert use["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]


def test_a_key_of_one_region_cannot_be_copied() -> None:
    with pytest.raises(ValueError, match="of one region"):
        copied(multi_region=False)
