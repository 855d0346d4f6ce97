"""Key policies: who may use which KMS key, service by service (pure).

A key's administration is the account's; its use is open only through the services that the plan
names. A service missing here cannot read what it encrypted, often days after `up`.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from components.naming import partition, service_host
from sizing.model import Json

_VERSION = "2012-10-17"
_ADMINISTER = (
    "CancelKeyDeletion",
    "CreateAlias",
    "DeleteAlias",
    "DescribeKey",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListGrants",
    "ListKeyPolicies",
    "ListResourceTags",
    "PutKeyPolicy",
    "RevokeGrant",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
)
_USE = (
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
)
# S3 encrypts each object in its caller's name, without a grant
_WITHOUT_GRANTS = ("s3",)
_THROUGH = (
    "backup",
    "ec2",
    "elasticache",
    "elasticfilesystem",
    "es",
    "rds",
    "secretsmanager",
    *_WITHOUT_GRANTS,
)


def _actions(*names: str) -> list[Json]:
    return [f"kms:{name}" for name in names]


def _statement(
    sid: str, principal: dict[str, Json], actions: list[Json], condition: dict[str, Json]
) -> dict[str, Json]:
    # in a key policy "*" is this key, and nothing else can be named
    made: dict[str, Json] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": "*",
    }
    return {**made, "Condition": condition} if condition else made


def _account(account_id: str, region: str) -> dict[str, Json]:
    return {"AWS": f"arn:{partition(region)}:iam::{account_id}:root"}


def _logs(account_id: str, region: str) -> list[dict[str, Json]]:
    arn = f"arn:{partition(region)}:logs:{region}:{account_id}:log-group:*"
    return [
        _statement(
            "UseByLogs",
            {"Service": service_host("logs", region)},
            _actions(*_USE),
            # log groups of this account alone
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}},
        )
    ]


def _autoscaling(account_id: str, region: str) -> list[dict[str, Json]]:
    arn = f"arn:{partition(region)}:iam::{account_id}:role/aws-service-role"
    principal: dict[str, Json] = {
        "AWS": f"{arn}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    }
    return [
        _statement("UseByAutoscaling", principal, _actions(*_USE), {}),
        _statement(
            "GrantByAutoscaling",
            principal,
            _actions("CreateGrant"),
            # the service may hand the key on to its instances' volumes, not to anyone else
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _eks(account_id: str, region: str) -> list[dict[str, Json]]:
    # EKS checks the deployer's and the cluster role's rights by direct calls, and its grant is
    # not "for an AWS resource": neither condition may stand here
    return [
        _statement(
            "UseByEks",
            _account(account_id, region),
            _actions("CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "ListGrants"),
            {"StringEquals": {"kms:CallerAccount": account_id}},
        )
    ]


def _vault(account_id: str, region: str) -> list[dict[str, Json]]:
    # its pods open the store with the key themselves, by what their role is allowed: no service
    # stands between, no grant is made, and nothing is encrypted but Vault's own root key
    return [
        _statement(
            "UseByVault",
            _account(account_id, region),
            _actions("Decrypt", "DescribeKey", "Encrypt"),
            {
                "StringEquals": {"kms:CallerAccount": account_id},
                "Null": {"kms:ViaService": "true"},
            },
        ),
        _statement(
            "CopyByAccount",
            _account(account_id, region),
            _actions("ReplicateKey"),
            {"StringEquals": {"kms:CallerAccount": account_id}},
        ),
    ]


def _through(service: str, account_id: str, region: str) -> list[dict[str, Json]]:
    word = service.capitalize()
    principal = _account(account_id, region)
    by_service: dict[str, Json] = {
        "kms:CallerAccount": account_id,
        "kms:ViaService": service_host(service, region),
    }
    use = _statement(f"UseBy{word}", principal, _actions(*_USE), {"StringEquals": by_service})
    if service in _WITHOUT_GRANTS:
        return [use]
    grant = _statement(
        f"GrantBy{word}",
        principal,
        _actions("CreateGrant"),
        {"StringEquals": by_service, "Bool": {"kms:GrantIsForAWSResource": "true"}},
    )
    return [use, grant]


_OWN: dict[str, Callable[[str, str], list[dict[str, Json]]]] = {
    "autoscaling": _autoscaling,
    "eks": _eks,
    "logs": _logs,
    "vault": _vault,
}


def key_policy(services: tuple[str, ...], account_id: str, region: str) -> str:
    """Return the policy of a key that exactly these services use, as KMS' JSON.

    Args:
        services: AWS' own endpoint prefixes ("rds", "elasticfilesystem", "es", "logs").

    Raises:
        ValueError: a service whose way of using keys is not known here.
    """
    administer = _statement(
        "AdministerByAccount", _account(account_id, region), _actions(*_ADMINISTER), {}
    )
    statements: list[Json] = [administer]
    for service in services:
        if service in _OWN:
            statements += _OWN[service](account_id, region)
        elif service in _THROUGH:
            statements += _through(service, account_id, region)
        else:
            known = ", ".join(sorted((*_OWN, *_THROUGH)))
            raise ValueError(f"no key policy is known for service {service!r}; known: {known}")
    return json.dumps({"Version": _VERSION, "Statement": statements})
