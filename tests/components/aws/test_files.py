"""What EFS alone asks of shared files: targets, folders, and a policy that asks for TLS."""

from __future__ import annotations

from typing import Any

from components.aws.stores import backup_tag
from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import ROLE
from tests.components.aws.make_stores import files as deploy
from tests.components.support import Recorder


def statements(recorder: Recorder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = recorder.one("FileSystemPolicy").document("policy")["Statement"]
    return found


def is_closed(found: list[dict[str, Any]]) -> bool:
    """Plain NFS is refused to all, and nobody is let in without a name."""
    refuses = any(
        one["Effect"] == "Deny"
        and one["Principal"] == {"AWS": "*"}
        and one["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for one in found
    )
    named = all("*" not in str(one["Principal"]) for one in found if one["Effect"] == "Allow")
    return refuses and named


def test_each_transition_is_a_block_of_its_own() -> None:
    system = deploy(known.files()).one("FileSystem").inputs
    assert "provisionedThroughputInMibps" not in system
    assert system["lifecyclePolicies"] == [
        {"transitionToIa": "AFTER_30_DAYS"},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]


def test_there_is_one_mount_target_in_each_zone() -> None:
    recorder = deploy(known.files())
    targets = recorder.all("MountTarget")
    assert {one.inputs["subnetId"] for one in targets} == set(known.SUBNETS.values())
    assert len(targets) == len(known.SUBNETS)
    group = recorder.one("SecurityGroup")
    assert all(one.inputs["securityGroups"] == [f"{group.name}-id"] for one in targets)


def test_a_missing_folder_is_made_for_the_identity_that_uses_it() -> None:
    point = deploy(known.files()).one("AccessPoint", "flows").inputs
    assert point["posixUser"] == {"uid": 1001, "gid": 1001}
    assert point["rootDirectory"] == {
        "path": "/flows",
        "creationInfo": {"ownerUid": 1001, "ownerGid": 1001, "permissions": "0770"},
    }


def test_the_policy_lets_named_roles_mount_through_access_points_without_root() -> None:
    found = statements(deploy(known.files()))
    (allow,) = [one for one in found if one["Effect"] == "Allow"]
    assert allow["Principal"] == {"AWS": [ROLE]}
    assert allow["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    assert "elasticfilesystem:AccessPointArn" in allow["Condition"]["StringLike"]


def test_the_policy_is_closed_with_and_without_roles_and_each_way_to_be_open_is_seen() -> None:
    assert is_closed(statements(deploy(known.files(), roles={})))
    found = statements(deploy(known.files()))
    assert is_closed(found)
    for opened in (
        [one for one in found if one["Effect"] != "Deny"],
        [{**one, "Principal": {"AWS": "*"}} for one in found],
        [{**one, "Condition": {}} for one in found],
    ):
        assert not is_closed(opened)


def test_the_stack_s_plan_is_the_only_backup_mechanism() -> None:
    for planned in (True, False):
        recorder = deploy(known.files(backup=planned))
        own = recorder.one("BackupPolicy").inputs["backupPolicy"]
        assert own == {"status": "DISABLED"}
        tags = recorder.one("FileSystem").inputs["tags"].items()
        assert (backup_tag(known.STACK).items() <= tags) is planned
