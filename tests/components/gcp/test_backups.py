"""Backups take volumes and shared files, as often and as long as planned, and no secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.gcp.backups import Backups, BackupsArgs, daily
from sizing.plans import BackupPlan
from tests.components.aws import store_plans as known
from tests.components.gcp import samples
from tests.components.gcp.edge_samples import Grant
from tests.components.support import Recorder, children_of, record
from tests.sizing.gcp.requests import planned

COMPONENT = "aigw:gcp:Backups"
CLUSTER = f"projects/{samples.PROJECT}/locations/{samples.REGION}/clusters/aigw"
FILES = f"projects/{samples.PROJECT}/locations/{samples.REGION}/instances/files"
PLAN = replace(known.backups(), schedule="0 2 * * *")


def deploy(
    plan: BackupPlan = PLAN,
    *,
    files: str | None = FILES,
    vault_key: str | None = None,
    protect: bool = True,
    stack: str = "prod-large-gcp",
) -> Recorder:
    return record(
        lambda: Backups(
            "backups",
            BackupsArgs(
                plan=plan,
                stack=stack,
                project=samples.PROJECT,
                region=samples.REGION,
                cluster=CLUSTER,
                files=files,
                data_key=samples.KEY,
                key_ready=(Grant(),),
                vault_key=vault_key,
                labels=samples.LABELS,
                protect=protect,
            ),
        )
    )


def made(recorder: Recorder) -> list[str]:
    return [one.type for one in recorder.resources if one.type.startswith("gcp:")]


def test_every_volume_is_copied_and_no_secret() -> None:
    plan = deploy().one("gcp:gkebackup/backupPlan:BackupPlan").inputs
    assert plan["cluster"] == CLUSTER
    config = plan["backupConfig"]
    assert (config["allNamespaces"], config["includeVolumeData"]) == (True, True)
    assert config["includeSecrets"] is False
    assert config["encryptionKey"] == {"gcpKmsEncryptionKey": samples.KEY}


def test_schedule_and_retention_are_the_plan_s_for_both() -> None:
    recorder = deploy()
    volumes = recorder.one("gcp:gkebackup/backupPlan:BackupPlan").inputs
    assert volumes["backupSchedule"] == {"cronSchedule": "0 2 * * *"}
    assert volumes["retentionPolicy"] == {"backupRetainDays": 35}
    (rule,) = recorder.one("gcp:backupdisasterrecovery/backupPlan:BackupPlan").inputs["backupRules"]
    assert rule["backupRetentionDays"] == 35
    assert rule["standardSchedule"] == {
        "recurrenceType": "DAILY",
        "timeZone": "UTC",
        "backupWindow": {"startHourOfDay": 2, "endHourOfDay": 8},
    }


def test_the_shared_files_are_joined_to_their_plan() -> None:
    taken = deploy().one("BackupPlanAssociation").inputs
    assert (taken["resource"], taken["resourceType"]) == (FILES, "file.googleapis.com/Instance")
    assert taken["backupPlan"] == "backups-files"


def test_a_copy_of_files_cannot_be_taken_away_at_once_or_from_outside() -> None:
    vault = deploy().one("BackupVault").inputs
    assert vault["backupMinimumEnforcedRetentionDuration"] == "86400s"
    assert vault["accessRestriction"] == "WITHIN_PROJECT"


@pytest.mark.parametrize("key", [None, samples.KEY])
def test_the_vault_is_under_the_key_that_is_given(key: str | None) -> None:
    vault = deploy(vault_key=key).one("BackupVault").inputs
    assert vault.get("encryptionConfig") == (None if key is None else {"kmsKeyName": key})


@pytest.mark.parametrize("protect", [True, False])
def test_only_a_protected_stack_keeps_what_it_copied(protect: bool) -> None:
    recorder = deploy(protect=protect)
    vault = recorder.one("BackupVault")
    assert vault.protect is protect
    assert recorder.one("gcp:gkebackup/backupPlan:BackupPlan").protect is protect
    assert vault.inputs["ignoreBackupPlanReferences"] is not protect


def test_both_wait_until_the_service_may_use_its_key() -> None:
    recorder = deploy()
    grant = recorder.one("Grant").urn
    for kind in ("gcp:gkebackup/backupPlan:BackupPlan", "BackupVault"):
        assert grant in recorder.one(kind).depends_on


def test_without_files_only_volumes_are_copied() -> None:
    assert made(deploy(files=None)) == ["gcp:gkebackup/backupPlan:BackupPlan"]


def test_a_plan_that_is_not_enabled_makes_nothing() -> None:
    assert made(deploy(replace(PLAN, enabled=False))) == []


def test_names_are_short_enough_whatever_the_stack_is_called() -> None:
    assert len(deploy(stack="s" * 90).one("BackupVault").inputs["backupVaultId"]) <= 63


def test_the_planned_schedule_is_one_that_both_take() -> None:
    plan = planned().backups
    assert plan.enabled
    assert len(made(deploy(plan))) == 4


@pytest.mark.parametrize("schedule", ["cron(0 2 * * ? *)", "0 2 * * 0", "0 19 * * *"])
def test_a_schedule_that_is_no_window_of_a_day_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="expected '<minute> <hour>"):
        daily(schedule)


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [
        one for one in recorder.resources if one.custom and one.type != "test:index:Grant"
    ]
    expected = {**samples.LABELS, "component": "backups"}
    assert samples.unlabelled(recorder, COMPONENT, expected) == []
