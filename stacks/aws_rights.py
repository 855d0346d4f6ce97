"""What service accounts of a stack may do on AWS, by what they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulumi

from components.aws import metrics_policies, vault_policies
from components.aws import workload_policies as policies
from components.aws.guest_policies import (
    hosts_secret_statements,
    operator_statements,
    reader_arn,
)
from components.aws.identity import Statement
from components.aws.secrets import Secrets
from stacks.apps import offer, vault
from stacks.apps.accounts import Purpose
from stacks.apps.secrets import existing_names
from stacks.aws_ground import Floor, Ground
from stacks.aws_own_stores import OwnStores
from stacks.aws_recovery import Recovery
from stacks.config_aws import AwsConfig
from stacks.exports import Stores
from stacks.hosting import guests_password, told

Rights = Mapping[Purpose, Callable[[], list[Statement]]]
"""Statements by purpose, made only for what a stack has."""


def own_rights(on: Floor, stores: OwnStores, domain: pulumi.Input[str]) -> Rights:
    """Return what a stack's accounts do in whatever cluster they run.

    Args:
        on: what the stack stands on.
        stores: its own.
        domain: ARN of the search domain that its application uses.
    """
    config, buckets, key = on.config, stores.objects.arns, on.keys["objects"]
    region, data = config.region, {"data": buckets["data"]}
    return {
        Purpose.KEEPS_VECTORS: lambda: policies.snapshot_statements(
            buckets["backups"], key, region
        ),
        Purpose.ASKS_MODELS: lambda: policies.bedrock_statements(
            offer.models_by_identity(config), region, config.account_id
        ),
        Purpose.IS_APPLICATION: lambda: [
            *policies.application_statements(data, key, region),
            # the domain itself knows this role for indices of its own prefix alone
            *policies.search_statements(domain),
        ],
    }


def rights(on: Ground, stores: Stores, secrets: Secrets, far: Recovery | None) -> Rights:
    """Return what the accounts of a stack with a cluster of its own do.

    Args:
        on: what the stack stands on.
        stores: what workloads use.
        secrets: what the stack made, or was given.
        far: the bucket of another region, None where copies stay in this one.
    """
    buckets, key, region = stores.objects.arns, on.keys["objects"], on.config.region
    metrics = buckets["metrics"], key, region
    return {
        **own_rights(on, stores, stores.domain.arn),
        Purpose.COPIES_SECRETS: lambda: _operator(on, stores, secrets),
        Purpose.BRINGS_METRICS: lambda: metrics_policies.shipper_statements(*metrics),
        Purpose.READS_METRICS: lambda: metrics_policies.store_statements(*metrics),
        Purpose.TIDIES_METRICS: lambda: metrics_policies.compactor_statements(*metrics),
        Purpose.READS_WEIGHTS: lambda: policies.model_reader_statements(
            buckets["models"], key, region
        ),
        Purpose.FILLS_WEIGHTS: lambda: policies.model_writer_statements(
            buckets["models"], key, region
        ),
        **_vault(on, stores, secrets, far),
    }


def _operator(on: Ground, stores: Stores, secrets: Secrets) -> list[Statement]:
    config = on.config
    return [
        *policies.secret_store_statements(
            [*secrets.arns.values(), *_certificates(secrets), *_stores_own(stores)],
            existing_names(config),
            region=config.region,
            account_id=config.account_id,
            data_key_arn=on.keys["data"],
        ),
        *_of_guests(config),
        *_of_host(on),
    ]


def _of_guests(config: AwsConfig) -> list[Statement]:
    """Return what lets the operator read the secrets of guests, each by a role of its own."""
    readers = [
        reader_arn(one.platform, region=one.region, account_id=one.account_id, path=one.iam.path)
        for one in config.guests
        if isinstance(one, AwsConfig) and one.in_hosts_cluster
    ]
    return operator_statements(readers) if readers else []


def _of_host(on: Ground) -> list[Statement]:
    """Return what reads the password that a host keeps for its guest; nothing without one."""
    if on.host is None:
        return []
    password, key = guests_password(on.config, on.host), told(on.host, "key")
    return hosts_secret_statements([password], key, on.config.region)


def _certificates(secrets: Secrets) -> list[pulumi.Input[str]]:
    """Return the certificate of Vault's servers: of what jobs keep, all that the cluster reads."""
    return [arn for name, arn in secrets.kept_arns.items() if name == vault.SERVER]


def _stores_own(stores: Stores) -> list[pulumi.Input[str]]:
    """Return the secrets that the stores keep themselves: masters' passwords, and tokens."""
    documents = [stores.documents.secret_arn] if stores.documents else []
    server = [stores.postgres.secret_arn] if stores.postgres else []
    return [
        *server,
        *(one.secret_arn for one in stores.caches.values()),
        *documents,
    ]


def _vault(on: Ground, stores: Stores, secrets: Secrets, far: Recovery | None) -> Rights:
    region, kept, data = on.config.region, secrets.kept_arns, on.keys["data"]
    buckets = [
        vault_policies.SnapshotBucket(
            name="here",
            arn=stores.objects.arns["backups"],
            key_arn=on.keys["objects"],
            region=region,
        )
    ]
    if far is not None:
        buckets.append(
            vault_policies.SnapshotBucket(
                name="there", arn=far.bucket_arn, key_arn=far.key_arn, region=far.region
            )
        )
    return {
        Purpose.OPENS_VAULT: lambda: vault_policies.server_statements(on.keys["vault"]),
        Purpose.SETS_VAULT_UP: lambda: vault_policies.setup_statements(
            kept[vault.RECOVERY], kept[vault.SESSION], data, region
        ),
        Purpose.CERTIFIES_VAULT: lambda: vault_policies.certificate_statements(
            kept[vault.SERVER], kept[vault.AUTHORITY], data, region
        ),
        Purpose.KEEPS_VAULT: lambda: vault_policies.snapshot_statements(buckets),
    }
