"""Every form that a part of a platform has on Google Cloud, beyond those that the tables plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from components.gcp.workload_policies import (
    secret_store_rights,
    vault_server_rights,
    vault_snapshot_rights,
)
from sizing.plans import Scale
from sizing.words import Access, CapacityType, PostgresForm
from tests.components.aws import edge_plans
from tests.components.aws import store_plans as buckets
from tests.components.clouds.common import AGENTS, PROXY, given
from tests.components.gcp import edge_samples, make_edge, make_ground, make_stores
from tests.components.gcp import store_plans as known
from tests.components.gcp.cluster_samples import (
    build_cluster,
    build_pools,
    cluster_plan,
    gke_args,
    gpu_pool,
    pool,
)
from tests.components.gcp.samples import KEY, LONGEST_STACK, PROJECT, network_plan
from tests.components.support import Recorder

Forms = tuple[Callable[[], Recorder], ...]
SHORT_LIVED = replace(known.postgres(), final_snapshot=False, deletion_protection=False)

STORES: Mapping[str, Forms] = {
    "postgres": (
        partial(make_stores.postgres, known.postgres(PostgresForm.SINGLE, nodes=1)),
        partial(make_stores.postgres, known.postgres()),
        partial(
            make_stores.postgres,
            replace(known.postgres(), instance_class="db-perf-optimized-N-8"),
        ),
        partial(make_stores.postgres, SHORT_LIVED, protect=False),
    ),
    "cache": (
        partial(
            make_stores.cache,
            known.cache(node_type="redis-basic-1gib", replicas=0, snapshot_days=0),
            protect=False,
        ),
        partial(make_stores.cache, known.cache()),
        partial(make_stores.cache, known.cache(node_type="redis-standard-39gib", replicas=2)),
        partial(make_stores.cache, known.cluster()),
    ),
    "files": (
        partial(make_stores.files, known.files("BASIC_HDD"), protect=False),
        partial(make_stores.files, known.files()),
    ),
    "objects": (
        partial(
            make_stores.objects,
            buckets.bucket("metrics", expire_days=90, transition_to_ia_days=30),
            buckets.bucket("models", versioned=False, force_destroy=True),
            stack=LONGEST_STACK,
        ),
    ),
    "backups": (make_stores.backups, partial(make_stores.backups, files=None, protect=False)),
}


def _rights() -> Recorder:
    """Register workloads with rights of every kind: an output is of the run that makes it."""
    return make_edge.rights(
        vault=[*vault_server_rights(KEY), *vault_snapshot_rights({"here": "backups"})],
        secrets=secret_store_rights({"a": "projects/p/secrets/a"}, [], project=PROJECT),
    )


FORMS: Mapping[str, Forms] = {
    **STORES,
    "network": (
        partial(make_ground.network, replace(network_plan(), nat_ports=1024)),
        partial(make_ground.network, network_plan(nat_zone_ids=())),
        partial(make_ground.network, restricted_apis=True),
    ),
    "keys": (make_ground.keys,),
    "cluster": (
        build_cluster,
        lambda: build_cluster(gke_args(cluster_plan(access=Access.PRIVATE))),
    ),
    "node-pools": (
        partial(
            build_pools,
            pool(),
            gpu_pool(),
            pool("s", capacity_type=CapacityType.SPOT),
            pool("r", reservation="r-1"),
        ),
    ),
    "storage-class": (make_ground.storage_class,),
    "ingress": (
        partial(make_edge.ingress, policy="policy", stack=LONGEST_STACK),
        partial(make_edge.ingress, edge_samples.ingress(internal=True), access_logs=False),
    ),
    "firewall-policy": (
        partial(make_edge.firewall, allow_list=make_edge.OFFICES),
        partial(make_edge.firewall, edge_samples.ingress(waf=False), allow_list=make_edge.OFFICES),
    ),
    "registry": (make_edge.registry,),
    "secrets": (
        lambda: make_edge.secrets(PROXY, AGENTS, given=(given(),), kept=("vault-init",)),
        partial(make_edge.secrets, PROXY, protect=True),
    ),
    "workload-identity": (_rights,),
    "of this cloud alone": (make_ground.services, make_ground.agents),
}
"""By twin, and for what the other cloud has not."""


def refused() -> list[tuple[Recorder, str, str]]:
    """Return what would be refused: what is made, the resource's type, and by which rule."""
    abroad = f"projects/{PROJECT}/locations/global/keyRings/r/cryptoKeys/k"
    words = make_edge.ingress(edge_plans.ingress())
    scale, labels = Scale(minimum=7, planned=7, maximum=6), (("node.kubernetes.io/role", "x"),)
    alone = known.cache(node_type="redis-basic-1gib", replicas=1)
    rate = replace(edge_samples.ingress(), waf_rate_limit=2_000_000)
    ports = make_ground.network(replace(network_plan(), nat_ports=1000))
    apart = make_ground.network(service_cidr="10.64.128.0/20")
    foreign = build_cluster(replace(gke_args(), secrets_key_id=abroad))
    small = make_stores.postgres(replace(known.postgres(), storage_gib=5))
    return [
        (build_pools(pool(scale=scale)), "NodePool", "gcp.pool.minimum-below-maximum"),
        (build_pools(replace(pool(), labels=labels)), "NodePool", "gcp.pool.labels"),
        (foreign, "gcp:container/cluster:Cluster", "gcp.gke.encryption"),
        (words, "RegionBackendService", "gcp.lb.algorithm"),
        (words, "RegionTargetHttpsProxy", "gcp.lb.keep-alive"),
        (make_edge.firewall(rate), "RegionSecurityPolicy", "gcp.armor.rate"),
        (ports, "RouterNat", "gcp.nat.ports"),
        (apart, "Subnetwork", "gcp.subnet.ranges-apart"),
        (small, "DatabaseInstance", "gcp.sql.disk"),
        (make_stores.cache(alone), make_stores.REDIS, "gcp.redis.replicas"),
        (make_stores.files(known.files(gib=50)), make_stores.SHARE, "gcp.filestore.capacity"),
    ]


STAYS: Mapping[str, frozenset[str]] = {
    "gcp:storage/bucket:Bucket": frozenset({"encryption", "lifecycleRules", "softDeletePolicy"}),
    "gcp:compute/regionBackendService:RegionBackendService": frozenset(
        {"backends", "localityLbPolicy", "logConfig", "securityPolicy", "timeoutSec"}
    ),
    "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": frozenset({"rules", "description"}),
    "gcp:compute/regionUrlMap:RegionUrlMap": frozenset({"hostRules", "pathMatchers"}),
    "gcp:secretmanager/secret:Secret": frozenset(
        {"versionDestroyTtl", "labels", "deletionProtection"}
    ),
}
"""What changes in place, by type."""
