"""What the account's roles may do, as IAM's JSON: a deployer that can build stacks and no more.

Pure. Only the boundary names whole services: it bounds what other policies give, and gives nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bootstrap.actions import (
    BOUNDED_SERVICES,
    BUCKET_ACTIONS,
    CLUSTER,
    DATA,
    NETWORK,
    PASSED_TO,
    ROLE_READS,
    ROLE_UPKEEP,
    ROLE_WRITES,
    SECRET_ACTIONS,
    STACK_BUCKETS,
)
from bootstrap.edge_actions import EDGE, RECORD_READS, RECORD_TYPES, RECORD_WRITES
from sizing.model import Json

POLICY_LIMIT: Final = 6_144
"""Characters of a managed policy that IAM takes, white space not counted."""

KEY_COPIES: Final = "mrk.kms.amazonaws.com"
"""Keeps a key of several regions alike in all; nobody but KMS can make its role.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html
"""

BOOTSTRAP_PATH: Final = "/aigw-bootstrap/"
"""Where the bootstrap's own roles live: the deployer may change nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where policies hold: one account, one region, and the path of the stacks' roles.

    Attributes:
        recovery_region: where keys may be made as well, "" for nowhere else.
    """

    account_id: str
    region: str
    partition: str
    stack_path: str
    recovery_region: str = ""

    def arn(self, service: str, resource: str) -> str:
        """Return a regional ARN of the account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def iam(self, resource: str) -> str:
        """Return an IAM ARN of the account ("role/aigw/*")."""
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    @property
    def boundary(self) -> str:
        """Return the ARN of the permissions boundary."""
        return self.iam(f"policy{BOOTSTRAP_PATH}aigw-boundary")


def document(*statements: Mapping[str, Json]) -> str:
    """Return a policy, as short as JSON can be: IAM counts characters."""
    body: Json = {"Version": "2012-10-17", "Statement": [dict(one) for one in statements]}
    return json.dumps(body, separators=(",", ":"))


def _allow(
    sid: str,
    actions: Sequence[str],
    resources: str | Sequence[str],
    condition: Mapping[str, Mapping[str, Json]] | None = None,
) -> dict[str, Json]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": resources if isinstance(resources, str) else list(resources),
        **(
            {"Condition": {key: dict(value) for key, value in condition.items()}}
            if condition
            else {}
        ),
    }


def _in_region(
    sid: str, services: Mapping[str, Sequence[str]], place: Place, region: str = ""
) -> dict[str, Json]:
    # most creating actions take no narrower resource; the region bounds them all
    actions = [f"{service}:{verb}" for service, verbs in services.items() for verb in verbs]
    bound: Mapping[str, Json] = {"aws:RequestedRegion": region or place.region}
    return _allow(sid, actions, "*", {"StringEquals": bound})


def _recovery(place: Place) -> list[dict[str, Json]]:
    """Return what is done in another region: keys; buckets are bounded by their names alone."""
    if not place.recovery_region:
        return []
    keys = {"kms": CLUSTER["kms"]}
    return [_in_region("RecoveryKeys", keys, place, place.recovery_region)]


def deploy_policies(place: Place) -> dict[str, str]:
    """Return what a deployer may do, by name; IAM's size limit asks for several policies."""
    roles = place.iam(f"role{place.stack_path}*")
    bounded = {"StringEquals": {"iam:PermissionsBoundary": place.boundary}}
    passed: Mapping[str, Mapping[str, Json]] = {
        "StringEquals": {"iam:PassedToService": list(PASSED_TO)}
    }
    # KMS makes the role that keeps copies of a key alike, in the name of who makes the first one
    linked = place.iam(f"role/aws-service-role/{KEY_COPIES}/*")
    copies: Mapping[str, Mapping[str, Json]] = {"StringEquals": {"iam:AWSServiceName": KEY_COPIES}}
    # "for all values" holds of a request that names no type at all, which is none that changes one
    records: Mapping[str, Mapping[str, Json]] = {
        "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsRecordTypes": list(RECORD_TYPES)
        }
    }
    zones = [f"arn:{place.partition}:route53:::{one}/*" for one in ("change", "hostedzone")]
    buckets = [f"arn:{place.partition}:s3:::{name}" for name in STACK_BUCKETS]
    return {
        "network": document(_in_region("Network", NETWORK, place)),
        "cluster": document(_in_region("Cluster", CLUSTER, place)),
        "data": document(
            _in_region("Data", DATA, place),
            _allow("Buckets", BUCKET_ACTIONS, [*buckets, *(f"{one}/*" for one in buckets)]),
            _allow(
                "Secrets",
                SECRET_ACTIONS,
                # ours, and those that RDS makes for a managed password in the caller's name
                [
                    place.arn("secretsmanager", "secret:aigw/*"),
                    place.arn("secretsmanager", "secret:rds!*"),
                ],
            ),
        ),
        "edge": document(
            *_recovery(place),
            _in_region("Edge", EDGE, place),
            _allow("ReadRecords", RECORD_READS, zones),
            # a zone holds more than ours: its mail, and who else answers for it
            _allow("Records", RECORD_WRITES, zones, records),
        ),
        "roles": document(
            _allow("ReadRoles", ROLE_READS, "*"),
            # a role without the boundary could be given anything
            _allow("BoundedRoles", ROLE_WRITES, roles, bounded),
            _allow("RoleUpkeep", ROLE_UPKEEP, roles),
            _allow("PassRoles", ["iam:PassRole"], roles, passed),
            _allow("KeyCopies", ["iam:CreateServiceLinkedRole"], linked, copies),
        ),
    }


def boundary_policy(place: Place) -> str:
    """Return the ceiling of every role that a stack creates."""
    return document(
        _allow("Platform", [f"{service}:*" for service in BOUNDED_SERVICES], "*"),
        # the EKS control plane asks for its balancers' role; AWS Backup hands its own on
        _allow("LinkedRoles", ["iam:CreateServiceLinkedRole", "iam:GetRole"], "*"),
        _allow("PassStackRoles", ["iam:PassRole"], place.iam(f"role{place.stack_path}*")),
        {
            "Sid": "NeverTheBootstrap",
            "Effect": "Deny",
            "Action": ["sts:AssumeRole"],
            "Resource": place.iam(f"role{BOOTSTRAP_PATH}*"),
        },
    )


def state_policy(bucket_arn: str, key_arns: Sequence[str], *, writes: bool) -> str:
    """Return the right to read a stack's state, or to write it, too, with the keys it takes."""
    objects = ["s3:GetObject", *(["s3:DeleteObject", "s3:PutObject"] if writes else [])]
    keys = ["kms:Decrypt", *(["kms:Encrypt", "kms:GenerateDataKey"] if writes else [])]
    return document(
        _allow("ListState", ["s3:GetBucketLocation", "s3:ListBucket"], bucket_arn),
        _allow("State", sorted(objects), f"{bucket_arn}/*"),
        _allow("StateKeys", sorted(keys), key_arns),
    )


def trust_policy(
    provider_arn: str, issuer: str, subjects: Sequence[str], operators: Sequence[str]
) -> str:
    """Return who may assume a role: the issuer's named subjects, and operators by hand."""
    workflows: dict[str, Json] = {
        "Sid": "Workflows",
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                # without it every repository of the issuer could deploy
                f"{issuer}:sub": list(subjects),
            }
        },
    }
    people: dict[str, Json] = {
        "Sid": "Operators",
        "Effect": "Allow",
        "Principal": {"AWS": list(operators)},
        "Action": "sts:AssumeRole",
    }
    return document(*([workflows] if subjects else []), *([people] if operators else []))


def secrets_key_statement(roles: Sequence[str]) -> dict[str, Json]:
    """Return the key policy's statement that lets roles use the secrets provider's key."""
    return {
        "Sid": "UseBySecretsProvider",
        "Effect": "Allow",
        "Principal": {"AWS": list(roles)},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"],
        "Resource": "*",
    }
