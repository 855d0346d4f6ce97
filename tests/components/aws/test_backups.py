"""Backups take this stack's tagged stores, into an encrypted vault, as long as planned."""

from __future__ import annotations

import pytest

from components.aws.backups import Backups, BackupsArgs
from components.aws.stores import backup_tag
from sizing.plans import BackupPlan
from tests.components.aws import store_plans as known
from tests.components.support import REGION, TAGS, Recorder, children_of, record, untagged

COMPONENT = "aigw:aws:Backups"


def deploy(plan: BackupPlan, *, protect: bool = True) -> Recorder:
    return record(
        lambda: Backups(
            "backups",
            BackupsArgs(
                plan=plan,
                stack=known.STACK,
                region=REGION,
                data_key_arn=known.DATA_KEY,
                iam=known.IAM,
                tags=TAGS,
                protect=protect,
            ),
        )
    )


@pytest.mark.parametrize("protect", [True, False])
def test_the_vault_is_encrypted_and_kept_where_the_stack_is_protected(protect: bool) -> None:
    vault = deploy(known.backups(), protect=protect).one("Vault")
    assert vault.inputs["kmsKeyArn"] == known.DATA_KEY
    assert (vault.protect, vault.inputs["forceDestroy"]) == (protect, not protect)


def test_the_rule_is_the_plan_s() -> None:
    recorder = deploy(known.backups())
    (rule,) = recorder.one("Plan").inputs["rules"]
    assert rule["schedule"] == "cron(0 1 * * ? *)"
    assert (rule["startWindow"], rule["completionWindow"]) == (60, 180)
    assert rule["lifecycle"] == {"deleteAfter": 35}
    assert "enableContinuousBackup" not in rule


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


def test_a_plan_that_is_not_enabled_makes_nothing() -> None:
    recorder = deploy(known.backups(enabled=False))
    assert [one for one in recorder.resources if one.custom] == []


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy(known.backups())
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "backups"}) == []
