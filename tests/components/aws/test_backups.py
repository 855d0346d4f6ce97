"""What AWS Backup alone asks: a tag to select by, and a role that can restore."""

from __future__ import annotations

from components.aws.stores import backup_tag
from tests.components.aws import store_plans as known
from tests.components.aws.make_stores import backups as deploy


def test_only_stores_with_this_stack_s_tag_are_taken() -> None:
    selection = deploy(known.backups()).one("Selection").inputs
    ((key, value),) = backup_tag(known.STACK).items()
    assert selection["selectionTags"] == [{"type": "STRINGEQUALS", "key": key, "value": value}]
    assert not {"resources", "conditions"} & selection.keys()


def test_the_role_can_back_up_and_restore_before_anything_is_selected() -> None:
    recorder = deploy(known.backups())
    attachments = recorder.all("RolePolicyAttachment")
    assert {one.inputs["policyArn"].rsplit("/", 1)[-1] for one in attachments} == {
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForRestores",
    }
    assert {one.urn for one in attachments} <= set(recorder.one("Selection").depends_on)
    assert recorder.one("Role").inputs["permissionsBoundary"] == known.IAM.permissions_boundary


def test_backups_of_one_stack_never_select_another_s_stores() -> None:
    assert backup_tag("dev-small") != backup_tag("staging-medium")
