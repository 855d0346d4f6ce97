"""The shared file system lets nobody in without TLS, a role and an access point."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws.files import Files, FilesArgs
from components.aws.stores import backup_tag
from sizing.plans import FilesPlan
from tests.components.aws import store_plans as known
from tests.components.support import TAGS, Recorder, children_of, record, untagged

COMPONENT = "aigw:aws:Files"
ROLE = "arn:aws:iam::123456789012:role/csi"


def deploy(
    plan: FilesPlan, *, roles: dict[str, str] | None = None, protect: bool = True
) -> Recorder:
    return record(
        lambda: Files(
            "files",
            FilesArgs(
                plan=plan,
                stack=known.STACK,
                vpc_id="vpc-1",
                subnet_ids=known.SUBNETS,
                client_security_group_ids=known.CLIENTS,
                client_role_arns={"csi": ROLE} if roles is None else roles,
                data_key_arn=known.DATA_KEY,
                tags=TAGS,
                protect=protect,
            ),
        )
    )


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


def test_the_file_system_is_encrypted_protected_and_as_planned() -> None:
    system = deploy(known.files()).one("FileSystem")
    assert (system.inputs["encrypted"], system.inputs["kmsKeyId"]) == (True, known.DATA_KEY)
    assert system.inputs["throughputMode"] == "elastic"
    assert "provisionedThroughputInMibps" not in system.inputs
    assert system.protect


def test_each_transition_is_a_block_of_its_own() -> None:
    policies = deploy(known.files()).one("FileSystem").inputs["lifecyclePolicies"]
    assert policies == [
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


def test_only_the_clients_reach_nfs() -> None:
    rules = deploy(known.files()).all("SecurityGroupIngressRule")
    assert {
        (rule.inputs["referencedSecurityGroupId"], rule.inputs["toPort"]) for rule in rules
    } == {("sg-nodes", 2049), ("sg-bastion", 2049)}


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


@pytest.mark.parametrize("roles", [{"csi": ROLE}, {}])
def test_the_policy_is_closed_with_and_without_roles(roles: dict[str, str]) -> None:
    assert is_closed(statements(deploy(known.files(), roles=roles)))


@pytest.mark.parametrize(
    "mutate",
    [
        lambda found: [one for one in found if one["Effect"] != "Deny"],
        lambda found: [{**one, "Principal": {"AWS": "*"}} for one in found],
        lambda found: [{**one, "Condition": {}} for one in found],
    ],
)
def test_the_predicate_sees_each_way_to_be_open(mutate: Any) -> None:  # noqa: ANN401
    assert not is_closed(mutate(statements(deploy(known.files()))))


@pytest.mark.parametrize("planned", [True, False])
def test_the_stack_s_plan_is_the_only_backup_mechanism(planned: bool) -> None:
    recorder = deploy(known.files(backup=planned))
    own = recorder.one("BackupPolicy").inputs["backupPolicy"]
    assert own == {"status": "DISABLED"}
    tags = recorder.one("FileSystem").inputs["tags"].items()
    assert (backup_tag(known.STACK).items() <= tags) is planned


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy(known.files())
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "files"}) == []
