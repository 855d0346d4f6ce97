"""Every form that a part of a platform has on AWS, beyond those that the tables plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from components.aws.vault_policies import server_statements
from components.aws.workload_identity import autoscaler_statements, bucket_statements
from components.aws.workload_policies import bedrock_statements
from sizing.words import Access, CacheRole, CapacityType, PostgresForm
from tests.components.aws import edge_plans, make_edge, make_ground, make_stores
from tests.components.aws import store_plans as known
from tests.components.aws.samples import ADDONS, network_plan, pool
from tests.components.clouds.common import AGENTS, PROXY, given
from tests.components.support import ACCOUNT, REGION, Recorder

Forms = tuple[Callable[[], Recorder], ...]
SHORT_LIVED = replace(
    known.postgres(PostgresForm.SINGLE),
    final_snapshot=False,
    deletion_protection=False,
    insights_mode="standard",
    insights_retention_days=0,
    monitoring_interval_s=0,
)
SPOT = pool("spot", instance_types=("m5.xlarge", "m5a.xlarge"), capacity_type=CapacityType.SPOT)
BUCKET = "arn:aws:s3:::models"

STORES: Mapping[str, Forms] = {
    "postgres": (
        *(partial(make_stores.postgres, known.postgres(form)) for form in PostgresForm),
        partial(make_stores.postgres, SHORT_LIVED, protect=False),
    ),
    "cache": (
        partial(make_stores.cache, make_stores.sharded()),
        partial(make_stores.cache, known.cache(CacheRole.STATE)),
        partial(
            make_stores.cache,
            replace(known.cache(replicas=0), snapshot_days=0, final_snapshot=False),
            protect=False,
        ),
    ),
    "files": (
        partial(make_stores.files, known.files()),
        partial(make_stores.files, known.files(), roles={}),
    ),
    "objects": (
        partial(
            make_stores.objects,
            known.bucket(),
            known.bucket("metrics", versioned=False, transition_to_ia_days=30, expire_days=90),
        ),
    ),
    "backups": (partial(make_stores.backups, known.backups()),),
}


def _rights() -> Recorder:
    """Register workloads with rights of every kind: an output is of the run that makes it."""
    return make_edge.rights(
        autoscaler=autoscaler_statements(REGION, ACCOUNT, "aigw-prod-large"),
        reader=bucket_statements(BUCKET, known.OBJECTS_KEY, REGION, write=False),
        writer=bucket_statements(BUCKET, known.OBJECTS_KEY, REGION, write=True),
        vault=server_statements(known.DATA_KEY),
        proxy=bedrock_statements(["anthropic.claude-sonnet-4-5-v1:0"], REGION, ACCOUNT),
    )


FORMS: Mapping[str, Forms] = {
    **STORES,
    "network": (
        make_ground.network,
        partial(make_ground.network, network_plan(nat_zone_ids=())),
        partial(make_ground.network, network_plan(interfaces=())),
    ),
    "keys": (make_ground.keys,),
    "cluster": (make_ground.cluster, partial(make_ground.cluster, Access.PRIVATE)),
    "node-pools": (
        partial(
            make_ground.pools,
            pool(),
            SPOT,
            make_ground.gpu_pool(minimum=0),
            pool("r", reservation="cr-0123456789abcdef0"),
        ),
    ),
    "storage-class": (make_ground.storage_class,),
    "ingress": (
        make_edge.ingress,
        partial(make_edge.ingress, edge_plans.ingress(internal=True)),
        partial(make_edge.ingress, access_logs=False, protect=False),
    ),
    "firewall-policy": (make_edge.firewall,),
    "registry": (make_edge.registry,),
    "secrets": (
        lambda: make_edge.secrets(PROXY, AGENTS, given=(given(),)),
        partial(make_edge.secrets, PROXY, protect=True),
    ),
    "workload-identity": (_rights,),
    "of this cloud alone": (
        partial(make_ground.addons, *ADDONS),
        make_ground.peering,
        partial(make_stores.search, known.search()),
        partial(make_stores.search, known.search(zones=2)),
        partial(make_stores.search, known.search(zones=1, masters=0), protect=False),
        make_stores.documents,
        partial(
            make_stores.documents,
            replace(edge_plans.documents(), instances=1, final_snapshot=False),
            protect=False,
        ),
    ),
}
"""By twin, and for what the other cloud has not."""


def refused() -> list[tuple[Recorder, str, str]]:
    """Return what would be refused: what is made, the resource's type, and by which rule."""
    ingress = replace(edge_plans.ingress(), slow_start_seconds=60)
    server = replace(known.postgres(PostgresForm.SINGLE), iops=12_000, storage_gib=200)
    return [
        (make_ground.pools(pool(minimum=6)), "NodeGroup", "node-group.minimum-below-desired"),
        (make_edge.ingress(ingress), "TargetGroup", "elbv2.slow-start"),
        (make_stores.postgres(server), "Instance", "rds.gp3-baseline"),
    ]


STAYS: Mapping[str, frozenset[str]] = {
    "aws:lb/loadBalancer:LoadBalancer": frozenset({"idleTimeout", "accessLogs", "securityGroups"}),
    "aws:lb/targetGroup:TargetGroup": frozenset({"healthCheck", "deregistrationDelay"}),
    "aws:wafv2/webAcl:WebAcl": frozenset({"rules", "description"}),
    "aws:docdb/cluster:Cluster": frozenset(
        {"engineVersion", "storageType", "backupRetentionPeriod"}
    ),
    "aws:docdb/clusterInstance:ClusterInstance": frozenset({"instanceClass", "promotionTier"}),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": frozenset({"credentialArn"}),
}
"""What changes in place, by type."""
