"""The shared file system on EFS: encrypted, reached by TLS through access points only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import efs

from components.aws import stores
from components.base import PlatformComponent
from components.naming import store_name
from sizing.plans import FilesPlan

PORT = 2049


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesArgs:
    """What the file system needs from its surroundings; its shape stands in `plan`.

    Attributes:
        stack: name of the stack, value of the backup tag.
        subnet_ids: one subnet per zone id with nodes: a node mounts through its own zone's target.
        client_security_group_ids: who may connect, by name.
        client_role_arns: roles that may mount and write through an access point, by name. Where
            there are none, a role needs a policy of its own; nobody mounts without a role.
    """

    plan: FilesPlan
    stack: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    client_role_arns: Mapping[str, pulumi.Input[str]]
    data_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool


class Files(PlatformComponent):
    """A file system with a mount target per zone and a folder per access point.

    A change of the key replaces it, which protection refuses; an access point's path, identity
    and permissions are fixed at creation, so their change replaces the access point alone.
    """

    file_system_id: pulumi.Output[str]
    """What volumes name."""
    host: pulumi.Output[str]
    """Name that resolves to the mount target of the client's own zone."""
    access_point_ids: dict[str, pulumi.Output[str]]
    """Access point ids by their planned names."""
    security_group_id: pulumi.Output[str]
    """Group of the mount targets, for rules that name it."""
    ready: list[pulumi.Resource]
    """What a pod that mounts a folder waits for."""

    def __init__(
        self, name: str, args: FilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Files", name, args.plan, opts)
        access = stores.closed_group(
            self,
            name,
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_group_ids,
            tags=args.tags,
        )
        system = self._system(name, args)
        self._policies(name, args, system)
        self.ready = [
            efs.MountTarget(
                f"{name}-{zone_id}",
                file_system_id=system.id,
                subnet_id=subnet_id,
                security_groups=[access.id],
                opts=self.child,
            )
            for zone_id, subnet_id in args.subnet_ids.items()
        ]
        self.access_point_ids = self._access_points(name, args, system)
        self.file_system_id, self.host = system.id, system.dns_name
        self.security_group_id = access.id
        self.register_outputs(
            {
                "file_system_id": self.file_system_id,
                "host": self.host,
                "access_point_ids": self.access_point_ids,
                "security_group_id": self.security_group_id,
            }
        )

    def _system(self, name: str, args: FilesArgs) -> efs.FileSystem:
        plan = args.plan
        # one block per transition: EFS refuses two in one
        transitions = [
            efs.FileSystemLifecyclePolicyArgs(
                transition_to_ia=_after_days(plan.transition_to_ia_days)
            ),
            efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
        ]
        return efs.FileSystem(
            f"{name}-system",
            encrypted=True,
            kms_key_id=args.data_key_arn,
            performance_mode="generalPurpose",
            throughput_mode=plan.throughput_mode,
            lifecycle_policies=transitions if plan.transition_to_ia_days else [],
            tags={
                **self.tags(args.tags, store_name(args.stack, name, most=255)),
                **(stores.backup_tag(args.stack) if plan.backup else {}),
            },
            opts=self.child_with(protect=args.protect),
        )

    def _policies(self, name: str, args: FilesArgs, system: efs.FileSystem) -> None:
        efs.FileSystemPolicy(
            f"{name}-policy",
            file_system_id=system.id,
            policy=file_system_policy(system.arn, list(args.client_role_arns.values())),
            opts=self.child,
        )
        # EFS' own backups would be a second mechanism beside the stack's backup plan
        efs.BackupPolicy(
            f"{name}-own-backups",
            file_system_id=system.id,
            backup_policy=efs.BackupPolicyBackupPolicyArgs(status="DISABLED"),
            opts=self.child,
        )

    def _access_points(
        self, name: str, args: FilesArgs, system: efs.FileSystem
    ) -> dict[str, pulumi.Output[str]]:
        return {
            point.name: efs.AccessPoint(
                f"{name}-{point.name}",
                file_system_id=system.id,
                posix_user=efs.AccessPointPosixUserArgs(uid=point.uid, gid=point.gid),
                root_directory=efs.AccessPointRootDirectoryArgs(
                    path=point.path,
                    # mounts fail on a folder that does not exist yet
                    creation_info=efs.AccessPointRootDirectoryCreationInfoArgs(
                        owner_uid=point.uid, owner_gid=point.gid, permissions=point.permissions
                    ),
                ),
                tags=self.tags(args.tags, f"{name}-{point.name}"),
                opts=self.child,
            ).id
            for point in args.plan.access_points
        }


def file_system_policy(
    arn: pulumi.Input[str], roles: Sequence[pulumi.Input[str]]
) -> pulumi.Output[str]:
    """Return the policy that refuses plain NFS, and everyone but the roles.

    Any policy ends EFS' default, which lets every client of the network in without a name.
    """
    refuse = {
        "Sid": "RefuseWithoutTls",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    allow = {
        "Sid": "MountThroughAccessPoints",
        "Effect": "Allow",
        "Principal": {"AWS": list(roles)},
        # no root access: an access point gives every user its own identity
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Resource": arn,
        "Condition": {
            "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
            "StringLike": {"elasticfilesystem:AccessPointArn": "*"},
        },
    }
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [refuse, *([allow] if roles else [])]}
    )


def _after_days(days: int) -> str:
    return "AFTER_1_DAY" if days == 1 else f"AFTER_{days}_DAYS"
