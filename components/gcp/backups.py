"""Backups of what has none of its own: volumes of pods, and the shared files.

Volumes are backed up by Backup for GKE, shared files by Backup and DR (Filestore by itself backs up
on demand alone). Cloud SQL, Memorystore and versioned buckets are left alone: each store has one
mechanism.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import backupdisasterrecovery as recovery
from pulumi_gcp import gkebackup

from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans import BackupPlan

FILESTORE = "file.googleapis.com/Instance"
_NAME_LENGTH = 63
_DAILY = re.compile(r"(?P<minute>\d+) (?P<hour>\d+) \* \* \*")
# A window begins when the plan says and is long enough for a whole share.
_WINDOW_HOURS = 6
_HOURS = 24
# The least that a vault is made with: for a day nobody can take a backup away, not even we.
_ENFORCED = f"{86_400}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsArgs:
    """What the backups need from their surroundings; when and how long stands in `plan`.

    Attributes:
        stack: name of the stack, part of the vault's name.
        cluster: whole resource name of the cluster, which runs the agent of Backup for GKE.
        files: whole resource name of the Filestore instance, None where none is backed up.
        data_key: key of what is kept of a cluster's objects; copies of volumes stay under the
            volumes' own.
        key_ready: what lets the service use that key.
        vault_key: key of the vault of files, None for Google's: it must be open to the agent of
            Backup and DR.
    """

    plan: BackupPlan
    stack: str
    project: str
    region: str
    cluster: pulumi.Input[str]
    files: pulumi.Input[str] | None
    data_key: pulumi.Input[str]
    key_ready: Sequence[pulumi.Resource]
    vault_key: pulumi.Input[str] | None = None
    labels: Mapping[str, str]
    protect: bool


class Backups(PlatformComponent):
    """A plan for volumes, a vault and a plan for files; nothing where the plan is not enabled.

    Neither goes while it holds a backup: a plan's copies of volumes are deleted by hand first, and
    a copy of files cannot be for a day. Secrets are not copied; they come from the cloud's store.

    Raises:
        ValueError: the plan's schedule is not once a day.
    """

    volumes: pulumi.Output[str] | None
    """Backup plan of the volumes, None without backups."""
    vault: pulumi.Output[str] | None
    """Vault of the files' backups, None where there are none."""

    def __init__(
        self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Backups", name, args.plan, opts)
        self._name, self._args = name, args
        self.volumes = self.vault = None
        if args.plan.enabled:
            self.volumes = self._volumes().id
            if args.files is not None:
                self.vault = self._files(args.files).id
        self.register_outputs({"volumes": self.volumes, "vault": self.vault})

    def _volumes(self) -> gkebackup.BackupPlan:
        args = self._args
        key = gkebackup.BackupPlanBackupConfigEncryptionKeyArgs(
            gcp_kms_encryption_key=args.data_key
        )
        return gkebackup.BackupPlan(
            f"{self._name}-volumes",
            project=args.project,
            location=args.region,
            cluster=args.cluster,
            description=f"{args.stack}: volumes of pods",
            backup_config=gkebackup.BackupPlanBackupConfigArgs(
                all_namespaces=True,
                include_volume_data=True,
                include_secrets=False,
                # an object that would be hard to bring back must not keep volumes from a copy
                permissive_mode=True,
                encryption_key=key,
            ),
            backup_schedule=gkebackup.BackupPlanBackupScheduleArgs(
                cron_schedule=args.plan.schedule
            ),
            retention_policy=gkebackup.BackupPlanRetentionPolicyArgs(
                backup_retain_days=args.plan.retention_days
            ),
            labels=self.tags(args.labels),
            opts=self.child_with(protect=args.protect, depends_on=args.key_ready),
        )

    def _files(self, files: pulumi.Input[str]) -> recovery.BackupVault:
        args, called = self._args, store_name(self._args.stack, "files", _NAME_LENGTH)
        vault = recovery.BackupVault(
            f"{self._name}-files-vault",
            project=args.project,
            location=args.region,
            backup_vault_id=called,
            description=f"{args.stack}: shared files",
            access_restriction="WITHIN_PROJECT",
            backup_minimum_enforced_retention_duration=_ENFORCED,
            encryption_config=(
                None
                if args.vault_key is None
                else recovery.BackupVaultEncryptionConfigArgs(kms_key_name=args.vault_key)
            ),
            # of an unprotected stack it goes once what it holds may
            ignore_backup_plan_references=not args.protect,
            ignore_inactive_datasources=not args.protect,
            labels=self.tags(args.labels),
            opts=self.child_with(protect=args.protect, depends_on=args.key_ready),
        )
        plan = recovery.BackupPlan(
            f"{self._name}-files",
            project=args.project,
            location=args.region,
            backup_plan_id=called,
            backup_vault=vault.id,
            resource_type=FILESTORE,
            description=f"{args.stack}: shared files",
            backup_rules=[
                recovery.BackupPlanBackupRuleArgs(
                    rule_id="daily",
                    backup_retention_days=args.plan.retention_days,
                    standard_schedule=daily(args.plan.schedule),
                )
            ],
            opts=self.child,
        )
        recovery.BackupPlanAssociation(
            f"{self._name}-files-taken",
            project=args.project,
            location=args.region,
            backup_plan_association_id=called,
            backup_plan=plan.name,
            resource=files,
            resource_type=FILESTORE,
            opts=self.child,
        )
        return vault


def daily(schedule: str) -> recovery.BackupPlanBackupRuleStandardScheduleArgs:
    """Return a daily cron schedule as a window of hours, which is how Backup and DR takes it.

    Raises:
        ValueError: not once a day, or later than a window of that day can begin.
    """
    found = _DAILY.fullmatch(schedule)
    hour = int(found["hour"]) if found else None
    if hour is None or hour + _WINDOW_HOURS > _HOURS:
        raise ValueError(
            f"{schedule!r}: expected '<minute> <hour> * * *', the hour at most "
            f"{_HOURS - _WINDOW_HOURS}"
        )
    return recovery.BackupPlanBackupRuleStandardScheduleArgs(
        recurrence_type="DAILY",
        time_zone="UTC",
        backup_window=recovery.BackupPlanBackupRuleStandardScheduleBackupWindowArgs(
            start_hour_of_day=hour, end_hour_of_day=hour + _WINDOW_HOURS
        ),
    )
