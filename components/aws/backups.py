"""AWS Backup for the stores that have no backups of their own; one mechanism per store.

RDS, ElastiCache, OpenSearch and versioned buckets are left alone: a second mechanism would take
over their windows and retention, and every later change would drift or fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import backup

from components.aws import stores
from components.aws.identity import Granted, IamSettings, managed_policy_arn, service_role
from components.base import PlatformComponent
from sizing.plans import BackupPlan

_POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsArgs:
    """What the backups need from their surroundings; when and how long stands in `plan`.

    Attributes:
        stack: name of the stack: only stores that carry its backup tag are taken.
        data_key_arn: key of the vault.
    """

    plan: BackupPlan
    stack: str
    region: str
    data_key_arn: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]
    protect: bool


class Backups(PlatformComponent):
    """A vault, a daily rule and the role that fills it; nothing where the plan is not enabled.

    The vault keeps what it holds when a protected stack is destroyed, and is then refused
    deletion; any other stack's goes with its recovery points.
    """

    vault_name: pulumi.Output[str] | None
    """Where recovery points are, None without backups."""
    vault_arn: pulumi.Output[str] | None
    """ARN of the vault."""
    role_arn: pulumi.Output[str] | None
    """Role that a restore is started with."""

    def __init__(
        self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Backups", name, args.plan, opts)
        self.vault_name = self.vault_arn = self.role_arn = None
        if args.plan.enabled:
            vault = backup.Vault(
                f"{name}-vault",
                kms_key_arn=args.data_key_arn,
                force_destroy=not args.protect,
                tags=self.tags(args.tags),
                opts=self.child_with(protect=args.protect),
            )
            role = self._role(name, args)
            self._schedule(name, args, vault, role)
            self.vault_name, self.vault_arn = vault.name, vault.arn
            self.role_arn = role.arn
        self.register_outputs(
            {
                "vault_name": self.vault_name,
                "vault_arn": self.vault_arn,
                "role_arn": self.role_arn,
            }
        )

    def _role(self, name: str, args: BackupsArgs) -> Granted:
        return service_role(
            self,
            f"{name}-role",
            service="backup.amazonaws.com",
            iam_settings=args.iam,
            tags=args.tags,
            managed_policy_arns=[managed_policy_arn(args.region, policy) for policy in _POLICIES],
        )

    def _schedule(self, name: str, args: BackupsArgs, vault: backup.Vault, role: Granted) -> None:
        plan = args.plan
        schedule = backup.Plan(
            f"{name}-plan",
            rules=[
                backup.PlanRuleArgs(
                    rule_name="scheduled",
                    target_vault_name=vault.name,
                    schedule=plan.schedule,
                    start_window=plan.start_window_minutes,
                    completion_window=plan.completion_window_minutes,
                    lifecycle=backup.PlanRuleLifecycleArgs(delete_after=plan.retention_days),
                    recovery_point_tags=self.tags(args.tags),
                )
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )
        backup.Selection(
            f"{name}-selection",
            plan_id=schedule.id,
            iam_role_arn=role.arn,
            selection_tags=[
                backup.SelectionSelectionTagArgs(type="STRINGEQUALS", key=key, value=value)
                for key, value in stores.backup_tag(args.stack).items()
            ],
            # a role without its grants is refused when the first backup starts
            opts=self.child_with(depends_on=role.grants),
        )
