"""What backups on Google Cloud alone ask: a vault, volumes without secrets, a window a day."""

from __future__ import annotations

import pytest

from components.gcp.backups import daily
from tests.components.gcp import make_stores, samples
from tests.components.gcp.make_stores import backups as deploy
from tests.components.support import Recorder


def made(recorder: Recorder) -> list[str]:
    return [one.type for one in recorder.resources if one.type.startswith("gcp:")]


def test_every_volume_is_copied_and_no_secret() -> None:
    recorder = deploy()
    for kind in ("gcp:gkebackup/backupPlan:BackupPlan", "BackupVault"):
        waits = recorder.one(kind).depends_on
        assert recorder.one("Grant").urn in waits, "the service may use the key by then"
    plan = recorder.one("gcp:gkebackup/backupPlan:BackupPlan").inputs
    assert plan["cluster"] == make_stores.CLUSTER
    config = plan["backupConfig"]
    assert (config["allNamespaces"], config["includeVolumeData"]) == (True, True)
    assert config["includeSecrets"] is False
    assert config["encryptionKey"] == {"gcpKmsEncryptionKey": samples.KEY}


def test_the_shared_files_are_joined_to_their_plan() -> None:
    taken = deploy().one("BackupPlanAssociation").inputs
    assert (taken["resource"], taken["resourceType"]) == (
        make_stores.SHARED_FILES,
        "file.googleapis.com/Instance",
    )
    assert taken["backupPlan"] == "backups-files"


def test_a_copy_of_files_cannot_be_taken_away_at_once_or_from_outside() -> None:
    vault = deploy().one("BackupVault").inputs
    assert vault["backupMinimumEnforcedRetentionDuration"] == "86400s"
    assert vault["accessRestriction"] == "WITHIN_PROJECT"


def test_the_vault_is_under_the_key_that_is_given() -> None:
    for key in (None, samples.KEY):
        vault = deploy(vault_key=key).one("BackupVault").inputs
        assert vault.get("encryptionConfig") == (None if key is None else {"kmsKeyName": key})


def test_without_files_only_volumes_are_copied() -> None:
    assert made(deploy(files=None)) == ["gcp:gkebackup/backupPlan:BackupPlan"]


def test_a_schedule_that_is_no_window_of_a_day_is_refused() -> None:
    for schedule in ("cron(0 2 * * ? *)", "0 2 * * 0", "0 19 * * *"):
        with pytest.raises(ValueError, match="expected '<minute> <hour>"):
            daily(schedule)
