"""Shared files let named nodes in alone; buckets are kept, cleaned and emptied as planned."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from components.aws.objects import bucket_prefix as aws_prefix
from components.gcp.objects import bucket_prefix as gcp_prefix
from sizing.plans import BackupPlan, BucketPlan, FilesPlan
from sizing.words import Cloud
from tests.components.aws import make_stores as aws
from tests.components.aws import store_plans as known
from tests.components.clouds.words import at
from tests.components.gcp import make_stores as gcp
from tests.components.gcp import store_plans as gcp_plans
from tests.components.gcp.samples import LONGEST_STACK
from tests.components.support import Recorder

CLEANED = "abandoned uploads"


def s3_rules(recorder: Recorder) -> dict[str, object]:
    """Return what a bucket of S3 does with age, each with its days."""
    rules = recorder.one("BucketLifecycleConfiguration").inputs["rules"]
    assert all(one["status"] == "Enabled" for one in rules)
    paths = {
        "abandoned-uploads": (CLEANED, "abortIncompleteMultipartUpload.daysAfterInitiation"),
        "old-versions": ("old versions", "noncurrentVersionExpiration.noncurrentDays"),
        "expiry": ("all", "expiration.days"),
        "infrequent-access": ("colder", "transitions.0.days"),
    }
    return {paths[one["id"]][0]: at(one, paths[one["id"]][1]) for one in rules}


def gcs_rules(recorder: Recorder) -> dict[str, object]:
    """Return what a bucket of Cloud Storage does with age, each with its days."""
    found: dict[str, object] = {}
    for one in recorder.one("Bucket").inputs["lifecycleRules"]:
        kind, when = one["action"]["type"], one["condition"]
        if kind == "AbortIncompleteMultipartUpload":
            found[CLEANED] = when["age"]
        elif kind == "SetStorageClass":
            found["colder"] = when["age"]
        elif when["withState"] == "ARCHIVED":
            found["old versions"] = when["daysSinceNoncurrentTime"]
        else:
            found["all"] = when["age"]
    return found


def s3_versions(recorder: Recorder) -> bool:
    kept = recorder.all("BucketVersioning")
    assert all(one.inputs["versioningConfiguration"] == {"status": "Enabled"} for one in kept)
    return bool(kept)


def gcs_versions(recorder: Recorder) -> bool:
    kept = recorder.one("Bucket").inputs["versioning"]["enabled"]
    assert isinstance(kept, bool)
    return kept


def doors(recorder: Recorder) -> set[tuple[object, object]]:
    """Return who reaches a file system of AWS, and at which port."""
    rules = [one.inputs for one in recorder.all("SecurityGroupIngressRule")]
    return {(one["referencedSecurityGroupId"], one["toPort"]) for one in rules}


def exports(recorder: Recorder) -> set[tuple[object, object]]:
    """Return who reaches a share of Google Cloud, and how; no other protocol is served."""
    options = recorder.one(gcp.SHARE).inputs["fileShares"]["nfsExportOptions"]
    return {(block, one["accessMode"]) for one in options for block in one["ipRanges"]}


def gcp_name(stack: str, bucket: str) -> str:
    """Return the name that a bucket of Google Cloud gets, its random end included."""
    made = gcp.objects(known.bucket(bucket), stack=stack).one("Bucket").inputs["name"]
    assert made.startswith(gcp_prefix(stack, bucket))
    return str(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes files, buckets and backups, and how they are read there."""

    files: Callable[[FilesPlan], Recorder]
    files_plan: FilesPlan
    reached: Callable[[Recorder], set[tuple[object, object]]]
    reached_by: set[tuple[object, object]]
    objects: Callable[..., Recorder]
    rules: Callable[[Recorder], Mapping[str, object]]
    versions: Callable[[Recorder], bool]
    name: Callable[[str], str]
    longest: int
    backups: Callable[..., Recorder]
    backup_plan: BackupPlan
    schedule: tuple[tuple[str, str, object], ...]
    vault: tuple[str, str]


SIDES = {
    Cloud.AWS: Side(
        files=aws.files,
        files_plan=known.files(),
        reached=doors,
        reached_by={("sg-nodes", 2049), ("sg-bastion", 2049)},
        objects=aws.objects,
        rules=s3_rules,
        versions=s3_versions,
        # S3 itself writes 26 characters behind the prefix that it is given
        name=lambda stack: aws_prefix(stack, "application-data"),
        longest=37,
        backups=aws.backups,
        backup_plan=known.backups(),
        schedule=(
            ("aws:backup/plan:Plan", "rules.0.schedule", "cron(0 1 * * ? *)"),
            ("aws:backup/plan:Plan", "rules.0.startWindow", 60),
            ("aws:backup/plan:Plan", "rules.0.completionWindow", 180),
            ("aws:backup/plan:Plan", "rules.0.lifecycle.deleteAfter", 35),
            ("aws:backup/plan:Plan", "rules.0.enableContinuousBackup", None),
        ),
        vault=("aws:backup/vault:Vault", "forceDestroy"),
    ),
    Cloud.GCP: Side(
        files=gcp.files,
        files_plan=gcp_plans.files(),
        reached=exports,
        reached_by={(block, "READ_WRITE") for block in gcp.NODES},
        objects=gcp.objects,
        rules=gcs_rules,
        versions=gcs_versions,
        name=lambda stack: gcp_name(stack, "application-data"),
        longest=63,
        backups=gcp.backups,
        backup_plan=gcp.DAILY,
        schedule=(
            (
                "gcp:gkebackup/backupPlan:BackupPlan",
                "backupSchedule.cronSchedule",
                "0 2 * * *",
            ),
            ("gcp:gkebackup/backupPlan:BackupPlan", "retentionPolicy.backupRetainDays", 35),
            (
                "gcp:backupdisasterrecovery/backupPlan:BackupPlan",
                "backupRules.0.backupRetentionDays",
                35,
            ),
            (
                "gcp:backupdisasterrecovery/backupPlan:BackupPlan",
                "backupRules.0.standardSchedule",
                {
                    "recurrenceType": "DAILY",
                    "timeZone": "UTC",
                    "backupWindow": {"startHourOfDay": 2, "endHourOfDay": 8},
                },
            ),
        ),
        vault=("BackupVault", "ignoreBackupPlanReferences"),
    ),
}


@pytest.fixture
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


def test_files_are_reached_by_the_clients_alone(side: Side) -> None:
    assert side.reached(side.files(side.files_plan)) == side.reached_by


@pytest.mark.parametrize(
    ("plan", "days"),
    [
        (known.bucket(), {"old versions": 30}),
        (known.bucket(versioned=False, expire_days=90), {"all": 90}),
        (known.bucket(versioned=False, transition_to_ia_days=45), {"colder": 45}),
    ],
    ids=["versioned", "expiring", "colder"],
)
def test_the_lifecycle_and_its_days_follow_the_plan(
    side: Side, plan: BucketPlan, days: dict[str, int]
) -> None:
    found = dict(side.rules(side.objects(plan)))
    assert found.pop(CLEANED)
    assert found == days


def test_versions_are_kept_only_where_planned(side: Side) -> None:
    assert side.versions(side.objects(known.bucket()))
    assert not side.versions(side.objects(known.bucket(versioned=False)))


def test_each_planned_bucket_is_made_once(side: Side) -> None:
    made = side.objects(known.bucket("backups"), known.bucket("metrics")).all("Bucket")
    assert sorted(one.name for one in made) == ["objects-backups", "objects-metrics"]


def test_a_bucket_has_room_for_its_unique_end_whatever_the_stack_is_called(side: Side) -> None:
    for stack in ("dev-small", "staging-enterprise-gcp", LONGEST_STACK, "a" * 63):
        name = side.name(stack)
        assert len(name) <= side.longest
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(-|-0123abcd)", name)


@pytest.mark.parametrize("destroy", [True, False])
def test_only_a_planned_bucket_is_emptied_at_its_end(side: Side, destroy: bool) -> None:
    plan = known.bucket(force_destroy=destroy)
    made = side.objects(plan, protect=not destroy).one("Bucket")
    assert (made.inputs["forceDestroy"], made.protect) == (destroy, not destroy)


def test_backups_run_when_planned_and_are_kept_as_long(side: Side) -> None:
    recorder = side.backups(side.backup_plan)
    for kind, path, wanted in side.schedule:
        assert at(recorder.one(kind).inputs, path) == wanted, path


@pytest.mark.parametrize("protect", [True, False])
def test_only_a_protected_stack_keeps_what_it_copied(side: Side, protect: bool) -> None:
    kind, let_go = side.vault
    vault = side.backups(side.backup_plan, protect=protect).one(kind)
    assert (vault.protect, vault.inputs[let_go]) == (protect, not protect)


def test_a_plan_that_is_not_enabled_makes_nothing(side: Side) -> None:
    recorder = side.backups(known.backups(enabled=False))
    assert [one for one in recorder.resources if one.type.startswith(("aws:", "gcp:"))] == []
