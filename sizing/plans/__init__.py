"""The finished decision: what each component gets, complete, so that none has to decide.

Everything here is plain, frozen data. Sizes are integers in base units, named in the field
(`_millis` thousandths of a vCPU, `_bytes`, `_gib`). A tuple is in a stable order: a change of
order would be a change in every pull request.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.plans.cluster import (
    AddonPlan,
    ClusterPlan,
    EndpointPlan,
    NetworkPlan,
    NodePoolPlan,
    Scale,
    ServicePlan,
    SubnetPlan,
    TaintPlan,
)
from sizing.plans.report import Adjustment, Bill, BillComparison, BillItem, Finding, QuotaRequest
from sizing.plans.request import Overrides, PlanRequest, PoolOverride
from sizing.plans.stores import (
    AccessPointPlan,
    BackupPlan,
    BucketPlan,
    CachePlan,
    FilesPlan,
    KeyPlan,
    Parameter,
    PostgresPlan,
    SearchPlan,
)

__all__ = [
    "AccessPointPlan",
    "AddonPlan",
    "Adjustment",
    "BackupPlan",
    "Bill",
    "BillComparison",
    "BillItem",
    "BucketPlan",
    "CachePlan",
    "ClusterPlan",
    "EndpointPlan",
    "FilesPlan",
    "Finding",
    "KeyPlan",
    "NetworkPlan",
    "NodePoolPlan",
    "Overrides",
    "Parameter",
    "PlanRequest",
    "PlatformPlan",
    "PoolOverride",
    "PostgresPlan",
    "QuotaRequest",
    "Scale",
    "SearchPlan",
    "ServicePlan",
    "SubnetPlan",
    "TaintPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlan:
    """The whole platform, decided."""

    request: PlanRequest
    protect: bool
    network: NetworkPlan
    cluster: ClusterPlan
    node_pools: tuple[NodePoolPlan, ...]
    services: tuple[ServicePlan, ...]
    postgres: PostgresPlan
    caches: tuple[CachePlan, ...]
    files: FilesPlan
    search: SearchPlan
    buckets: tuple[BucketPlan, ...]
    keys: tuple[KeyPlan, ...]
    backups: BackupPlan
    adjustments: tuple[Adjustment, ...]
