"""Who reads the secrets of a guest in its host's cluster: a role that the host's operator assumes.

The operator's own role reads the host's secrets alone, so that what a guest's store can name is
bounded by the guest's role, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from components.aws.identity import IamSettings, Statement, policy_document
from components.aws.workload_identity import secret_reader_statements
from components.base import PlatformComponent
from components.naming import cluster_name, partition

_ASSUME = ("sts:AssumeRole", "sts:TagSession")
"""A pod's session carries tags of its cluster, which it brings along."""


def reader_name(platform: str) -> str:
    """Return the name of the role that reads a guest's secrets, which its host's policy names."""
    return f"{cluster_name(platform)}-secrets"


def reader_arn(platform: str, *, region: str, account_id: str, path: str) -> str:
    """Return the ARN of the role that reads a guest's secrets."""
    return _arn(reader_name(platform), region=region, account_id=account_id, path=path)


def searcher_name(platform: str, account: str) -> str:
    """Return the name of a guest's role that its host's search domain lets in."""
    return f"{cluster_name(platform)}-{account}"


def searcher_arn(platform: str, account: str, *, region: str, account_id: str, path: str) -> str:
    """Return the ARN of a guest's role that its host's search domain lets in."""
    name = searcher_name(platform, account)
    return _arn(name, region=region, account_id=account_id, path=path)


def hosts_secret_statements(
    secrets: Sequence[pulumi.Input[str]], key_arn: pulumi.Input[str], region: str
) -> list[Statement]:
    """Return what reads the secrets that a host keeps for its guest.

    Args:
        secrets: their ARNs.
        key_arn: the host's, which they are under.
        region: of both.
    """
    return [_of_host(one) for one in secret_reader_statements(secrets, key_arn, region)]


def operator_statements(readers: Sequence[str]) -> list[Statement]:
    """Return what lets a host's operator become the readers of its guests, and nobody else."""
    return [Statement(sid="GuestSecrets", actions=[*_ASSUME], resources=sorted(readers))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPlan:
    """Whose secrets are read."""

    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReaderArgs:
    """What the role needs.

    Attributes:
        platform: of the guest.
        operator: ARN of the role of the host's operator.
        secrets: ARNs of the guest's own.
        data_key_arn: their key.
        hosts: ARNs of those that the host keeps for it.
        hosts_key_arn: their key.
    """

    platform: str
    region: str
    operator: pulumi.Input[str]
    secrets: Sequence[pulumi.Input[str]]
    data_key_arn: pulumi.Input[str]
    hosts: Sequence[pulumi.Input[str]]
    hosts_key_arn: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]


class SecretReader(PlatformComponent):
    """A role that reads a guest's secrets; its host's operator alone becomes it."""

    role_arn: pulumi.Output[str]
    """Who reads them."""
    ready: Sequence[pulumi.Resource]
    """What a store waits for: without its rights the role reads nothing."""

    def __init__(
        self, name: str, args: SecretReaderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:SecretReader", name, ReaderPlan(platform=args.platform), opts)
        role = iam.Role(
            f"{name}-role",
            name=reader_name(args.platform),
            assume_role_policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": args.operator},
                            "Action": [*_ASSUME],
                        }
                    ],
                }
            ),
            path=args.iam.path,
            permissions_boundary=args.iam.permissions_boundary,
            tags=self.tags(args.tags),
            opts=self.child,
        )
        policy = iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            policy=policy_document(_statements(args)),
            opts=self.child,
        )
        self.role_arn = role.arn
        self.ready = (policy,)
        self.register_outputs({"role_arn": self.role_arn})


def _statements(args: SecretReaderArgs) -> list[Statement]:
    own = secret_reader_statements(args.secrets, args.data_key_arn, args.region)
    return [*own, *hosts_secret_statements(args.hosts, args.hosts_key_arn, args.region)]


def _arn(role: str, *, region: str, account_id: str, path: str) -> str:
    return f"arn:{partition(region)}:iam::{account_id}:role{path}{role}"


def _of_host(one: Statement) -> Statement:
    return Statement(
        sid=f"{one.sid}OfHost",
        actions=one.actions,
        resources=one.resources,
        conditions=one.conditions,
    )
