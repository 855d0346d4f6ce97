"""What the data stores share: who may connect, where their logs go, what they are called.

A store is named by hand only where another name repeats it: its log groups must exist, encrypted
and with a retention, before the service would make its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_random as random
from pulumi_aws import cloudwatch, ec2, vpc

from components.base import PlatformComponent
from components.naming import PROJECT

_SNAPSHOT_SUFFIX_BYTES = 4
SECRET_RECOVERY_DAYS = 30
"""How long a deleted secret of a protected stack can be restored; Secrets Manager takes 7-30."""


def secret_name(stack: str, store: str) -> str:
    """Return the name of a store's secret; roles are allowed to read by its first parts."""
    return f"{PROJECT}/{stack}/{store}"


def backup_tag(stack: str) -> dict[str, str]:
    """Return the tag by which a stack's backup plan selects, never another stack's stores."""
    return {f"{PROJECT}-backup": stack}


def closed_group(
    owner: PlatformComponent,
    name: str,
    *,
    vpc_id: pulumi.Input[str],
    port: int,
    clients: Mapping[str, pulumi.Input[str]],
    tags: Mapping[str, str],
) -> ec2.SecurityGroup:
    """Create a security group that lets only the clients' groups in, on one port, and nothing out.

    Args:
        clients: security group ids by the client's name, so that their order does not matter.
    """
    group = ec2.SecurityGroup(
        f"{name}-access",
        # a change replaces the group, so it says only what never changes
        description=f"{name}: named clients only",
        vpc_id=vpc_id,
        tags=owner.tags(tags, name),
        opts=owner.child,
    )
    for client, client_group in clients.items():
        vpc.SecurityGroupIngressRule(
            f"{name}-from-{client}",
            security_group_id=group.id,
            referenced_security_group_id=client_group,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=f"{client} to {name}",
            tags=owner.tags(tags),
            opts=owner.child,
        )
    return group


def log_group(
    owner: PlatformComponent,
    name: str,
    *,
    path: str,
    retention_days: int,
    key_arn: pulumi.Input[str],
    tags: Mapping[str, str],
) -> cloudwatch.LogGroup:
    """Create an encrypted log group under the name that the service writes to."""
    return cloudwatch.LogGroup(
        name,
        name=path,
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        tags=owner.tags(tags),
        opts=owner.child,
    )


def final_snapshot(owner: PlatformComponent, name: str, store: str) -> pulumi.Output[str]:
    """Return the name of a store's last snapshot, unique so that the next life's does not clash."""
    suffix = random.RandomId(
        f"{name}-final-snapshot",
        byte_length=_SNAPSHOT_SUFFIX_BYTES,
        keepers={"store": store},
        opts=owner.child,
    )
    return pulumi.Output.concat(store, "-final-", suffix.hex)
