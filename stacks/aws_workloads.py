"""What the workloads of a stack may do on AWS: a role for each service account that needs one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pulumi

from components.aws import workload_policies as policies
from components.aws.guest_policies import searcher_arn, searcher_name
from components.aws.secrets import Secrets
from components.aws.workload_identity import (
    Identity,
    IdentityArgs,
    Workload,
    WorkloadPlan,
    autoscaler_statements,
)
from components.kubernetes.cluster import Identity as Bound
from components.naming import cluster_name
from stacks.apps.accounts import accounts
from stacks.apps.tracing_rules import ACCOUNTS, APPLICATION, lodgers_account
from stacks.aws_ground import Ground
from stacks.aws_recovery import Recovery
from stacks.aws_rights import rights
from stacks.aws_tracing import search_administrator, search_metrics, tracing_workloads
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
    allowed = rights(on, stores, secrets, far)
    workloads = [
        *_controllers(on, groups),
        *(
            Workload(plan=one.plan, statements=allowed[one.purpose]())
            for one in accounts(on.config, on.plan)
        ),
        *tracing_workloads(on, stores),
        *search_metrics(on, stores),
    ]
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


def _controllers(on: Ground, groups: Sequence[pulumi.Input[str]]) -> Iterator[Workload]:
    """Return the controllers of AWS' own: what adds nodes, and what registers pods."""
    config = on.config
    (home,) = (one.name for one in on.plan.namespaces if one.role == "system")
    statements = {
        AUTOSCALER: autoscaler_statements(
            config.region, config.account_id, cluster_name(config.platform)
        ),
        **({BALANCERS: policies.balancer_controller_statements(groups)} if groups else {}),
    }
    for name, allowed in statements.items():
        plan = WorkloadPlan(name=name, namespace=home, service_account=name)
        yield Workload(plan=plan, statements=allowed)


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
