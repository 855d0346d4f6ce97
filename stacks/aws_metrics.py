"""What programs that keep and read metrics may do on AWS: a role for each that needs one."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws import metrics_policies as policies
from components.aws.identity import Statement
from components.aws.workload_identity import Workload, WorkloadPlan
from sizing.planning.observability import (
    PROMETHEUS,
    SEARCH_EXPORTER,
    THANOS_COMPACT,
    THANOS_STORE,
)
from stacks.aws_ground import Ground
from stacks.exports import Stores


def metrics_workloads(on: Ground, stores: Stores) -> Iterator[Workload]:
    """Return who brings metrics to the bucket, who reads and who tidies them up."""
    planned = {one.name: one for one in on.plan.services}
    bucket, key, region = stores.objects.arns["metrics"], on.keys["objects"], on.config.region
    rights: dict[str, list[Statement]] = {}
    if THANOS_STORE in planned:
        rights[PROMETHEUS] = policies.shipper_statements(bucket, key, region)
        rights[THANOS_STORE] = policies.store_statements(bucket, key, region)
        rights[THANOS_COMPACT] = policies.compactor_statements(bucket, key, region)
    if SEARCH_EXPORTER in planned:
        domain = stores.domain.arn
        rights[SEARCH_EXPORTER] = policies.search_metrics_statements(domain)
    for name, statements in rights.items():
        plan = WorkloadPlan(name=name, namespace=planned[name].namespace, service_account=name)
        yield Workload(plan=plan, statements=statements)
