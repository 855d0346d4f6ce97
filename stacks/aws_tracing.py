"""What keeps and reads traces and log lines may do on AWS, and who gives them their rights."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi

from components.aws.identity import associate
from components.aws.metrics_policies import search_metrics_statements
from components.aws.tracing_policies import reader_statements, writer_statements
from components.aws.workload_identity import Identity, Workload, WorkloadPlan
from components.kubernetes.cluster import Identity as Bound
from sizing.planning.observability import SEARCH_EXPORTER
from sizing.planning.tracing import (
    COLLECTOR,
    JAEGER,
    JAEGER_COLLECTOR,
    JAEGER_QUERY,
    SEARCH_SETUP,
)
from stacks.aws_ground import Ground
from stacks.exports import Stores

HOME = "observability"


def tracing_workloads(on: Ground, stores: Stores) -> Iterator[Workload]:
    """Return who writes to the search domain and who reads from it."""
    names, switches = {one.name for one in on.plan.services}, on.plan.request.switches
    domain = stores.domain.arn
    writers = [JAEGER, JAEGER_COLLECTOR, *([COLLECTOR] if switches.logs else [])]
    for name in writers:
        if name in names:
            yield Workload(plan=_plan(on, name), statements=writer_statements(domain))
    if JAEGER_QUERY in names:
        yield Workload(plan=_plan(on, JAEGER_QUERY), statements=reader_statements(domain))


def search_metrics(on: Ground, stores: Stores) -> Iterator[Workload]:
    """Return who asks the search domain how it is."""
    if any(one.name == SEARCH_EXPORTER for one in on.plan.services):
        statements = search_metrics_statements(stores.domain.arn)
        yield Workload(plan=_plan(on, SEARCH_EXPORTER), statements=statements)


def search_administrator(
    on: Ground, stores: Stores, owner: Identity, cluster_name: pulumi.Input[str]
) -> dict[str, Bound]:
    """Bind the search domain's administrator to the job that gives the others their rights."""
    if stores.search is None or not any(one.name == SEARCH_SETUP for one in on.plan.helpers):
        return {}
    plan, granted = _plan(on, SEARCH_SETUP), stores.search.administrator
    binding = associate(
        owner,
        f"workloads-{SEARCH_SETUP}",
        cluster_name=cluster_name,
        namespace=plan.namespace,
        service_account=plan.service_account,
        granted=granted,
        tags=on.tags,
    )
    account = f"{plan.namespace}/{plan.service_account}"
    return {account: Bound(ready=(binding,), role=granted.arn)}


def _plan(on: Ground, account: str) -> WorkloadPlan:
    namespace = next(one.name for one in on.plan.namespaces if one.role == HOME)
    return WorkloadPlan(name=account, namespace=namespace, service_account=account)
