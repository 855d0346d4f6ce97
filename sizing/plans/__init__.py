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
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan
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
from sizing.plans.workloads import (
    HelperPlan,
    ModelPlan,
    NamespacePlan,
    PoolerPlan,
    ScalingPlan,
    VaultPlan,
    VectorsPlan,
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
    "DocumentDatabasePlan",
    "EndpointPlan",
    "FilesPlan",
    "Finding",
    "HelperPlan",
    "IngressPlan",
    "KeyPlan",
    "ModelPlan",
    "NamespacePlan",
    "NetworkPlan",
    "NodePoolPlan",
    "Overrides",
    "Parameter",
    "PlanRequest",
    "PlatformPlan",
    "PoolOverride",
    "PoolerPlan",
    "PostgresPlan",
    "QuotaRequest",
    "Scale",
    "ScalingPlan",
    "SearchPlan",
    "ServicePlan",
    "SubnetPlan",
    "TaintPlan",
    "VaultPlan",
    "VectorsPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlan:
    """The whole platform, decided.

    Attributes:
        helpers: jobs and DaemonSets, which the namespaces hold beside the services.
        vault: None where the stack does without.
        document_database: None where PostgreSQL keeps documents.
    """

    request: PlanRequest
    protect: bool
    network: NetworkPlan
    cluster: ClusterPlan
    node_pools: tuple[NodePoolPlan, ...]
    services: tuple[ServicePlan, ...]
    helpers: tuple[HelperPlan, ...]
    namespaces: tuple[NamespacePlan, ...]
    models: tuple[ModelPlan, ...]
    pooler: PoolerPlan
    vectors: VectorsPlan
    vault: VaultPlan | None
    ingress: IngressPlan
    document_database: DocumentDatabasePlan | None
    postgres: PostgresPlan
    caches: tuple[CachePlan, ...]
    files: FilesPlan
    search: SearchPlan
    buckets: tuple[BucketPlan, ...]
    keys: tuple[KeyPlan, ...]
    backups: BackupPlan
    adjustments: tuple[Adjustment, ...]
