"""What the workloads of a stack may do on AWS: a role for each service account that needs one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pulumi

from components.aws import vault_policies
from components.aws import workload_policies as policies
from components.aws.guest_policies import (
    hosts_secret_statements,
    operator_statements,
    reader_arn,
    searcher_arn,
    searcher_name,
)
from components.aws.identity import Statement
from components.aws.secrets import Secrets
from components.aws.workload_identity import (
    Identity,
    IdentityArgs,
    Workload,
    WorkloadPlan,
    autoscaler_statements,
)
from components.kubernetes import external_secrets
from components.kubernetes.cluster import Identity as Bound
from components.naming import cluster_name
from stacks import aws_inside
from stacks.apps import offer, vault
from stacks.apps.secrets import existing_names
from stacks.apps.tracing_rules import ACCOUNTS, APPLICATION, lodgers_account
from stacks.aws_ground import Ground, told
from stacks.aws_metrics import metrics_workloads
from stacks.aws_recovery import Recovery
from stacks.aws_tracing import search_administrator, tracing_workloads
from stacks.config_aws import AwsConfig
from stacks.exports import Stores

AUTOSCALER, BALANCERS = "cluster-autoscaler", "aws-load-balancer-controller"


def build_identities(
    on: Ground,
    stores: Stores,
    secrets: Secrets,
    groups: Sequence[pulumi.Input[str]],
    far: Recovery | None,
    *,
    name: pulumi.Input[str],
) -> dict[str, Bound]:
    """Register the roles and their bindings; returned by "<namespace>/<service account>".

    Args:
        on: what everything stands on.
        stores: what workloads use.
        secrets: what the operator of secrets reads.
        groups: target groups that pods are registered in, none without a load balancer.
        far: the bucket of another region, None where copies stay in this one.
        name: of the cluster, known once it exists.
    """
    workloads = [*_workloads(on, stores, secrets, groups), *_vault(on, stores, secrets, far)]
    if on.host is not None:
        workloads = [_known(one, on.config) for one in workloads]
    made = Identity(
        "workloads",
        IdentityArgs(workloads=workloads, cluster_name=name, iam=on.iam, tags=on.tags),
        on.opts,
    )
    return search_administrator(on, stores, made, name) | {
        f"{one.plan.namespace}/{one.plan.service_account}": Bound(
            role=made.role_arns[one.plan.name], ready=(made.bindings[one.plan.name],)
        )
        for one in workloads
    }


def _workloads(
    on: Ground, stores: Stores, secrets: Secrets, groups: Sequence[pulumi.Input[str]]
) -> Iterator[Workload]:
    config, homes = on.config, {one.role: one.name for one in on.plan.namespaces}
    region, account = config.region, config.account_id
    buckets, key = stores.objects.arns, on.keys["objects"]

    def bound(account_name: str, role: str, statements: Sequence[Statement]) -> Workload:
        plan = WorkloadPlan(name=account_name, namespace=homes[role], service_account=account_name)
        return Workload(plan=plan, statements=statements)

    yield bound(
        AUTOSCALER, "system", autoscaler_statements(region, account, cluster_name(config.platform))
    )
    yield bound(
        external_secrets.OPERATOR,
        "system",
        [
            *policies.secret_store_statements(
                [*secrets.arns.values(), *_certificates(secrets), *_stores_own(stores)],
                existing_names(config),
                region=region,
                account_id=account,
                data_key_arn=on.keys["data"],
            ),
            *_of_guests(config),
            *_of_host(on),
        ],
    )
    if groups:
        yield bound(BALANCERS, "system", policies.balancer_controller_statements(groups))
    snapshots = policies.snapshot_statements(buckets["backups"], key, region)
    yield bound("qdrant", "data", snapshots)
    yield from metrics_workloads(on, stores)
    for model in on.plan.models:
        reads = policies.model_reader_statements(buckets["models"], key, region)
        yield bound(model.service, "serving", reads)
    if on.plan.models:
        writes = policies.model_writer_statements(buckets["models"], key, region)
        yield bound("model-sync", "serving", writes)
    yield from tracing_workloads(on, stores)
    asked = offer.bedrock_models(config)
    if asked:
        yield bound("litellm", "gateway", policies.bedrock_statements(asked, region, account))
    if config.services.application is not None:
        own: Mapping[str, pulumi.Input[str]] = {"data": buckets["data"]}
        statements = [
            *policies.application_statements(own, key, region),
            *policies.search_statements(stores.domain.arn),
        ]
        yield bound("application", "apps", statements)


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
    password, key = aws_inside.password(on, on.host), told(on.host, "key")
    return hosts_secret_statements([password], key, on.config.region)


def _known(one: Workload, config: AwsConfig) -> Workload:
    """Return a workload with a role that the host's search domain knows beforehand, if it does."""
    account = one.plan.service_account
    if account not in ACCOUNTS:
        return one
    return replace(one, role=searcher_name(config.platform, account))


def searchers(config: AwsConfig) -> dict[str, str]:
    """Return the roles of a stack's guests that its search domain lets in.

    By service account; of the application of a guest in its cluster, by its environment as well.
    """
    lodging = {
        lodgers_account(one.environment): searcher_arn(
            one.platform,
            APPLICATION,
            region=one.region,
            account_id=one.account_id,
            path=one.iam.path,
        )
        for one in config.guests
        if isinstance(one, AwsConfig) and one.in_hosts_cluster and one.services.application
    }
    return lodging | {
        account: searcher_arn(
            one.platform,
            account,
            region=one.region,
            account_id=one.account_id,
            path=one.iam.path,
        )
        for one in config.guests
        if isinstance(one, AwsConfig) and one.on_hosts_stores
        for account in ACCOUNTS
    }


def _vault(
    on: Ground, stores: Stores, secrets: Secrets, far: Recovery | None
) -> Iterator[Workload]:
    if on.plan.vault is None:
        return
    (home,) = (one.name for one in on.plan.namespaces if one.role == vault.ROLE)
    region, kept = on.config.region, secrets.kept_arns

    def bound(account: str, statements: Sequence[Statement]) -> Workload:
        plan = WorkloadPlan(name=account, namespace=home, service_account=account)
        return Workload(plan=plan, statements=statements)

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
    keeps = vault_policies.setup_statements(
        kept[vault.RECOVERY], kept[vault.SESSION], on.keys["data"], region
    )
    yield bound("vault", vault_policies.server_statements(on.keys["vault"]))
    yield bound("vault-setup", keeps)
    signs = vault_policies.certificate_statements(
        kept[vault.SERVER], kept[vault.AUTHORITY], on.keys["data"], region
    )
    yield bound("vault-certificates", signs)
    yield bound("vault-snapshots", vault_policies.snapshot_statements(buckets))


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
