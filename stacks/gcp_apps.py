"""What runs in the cluster of a plan on Google Cloud: the cloud's side, then the workloads."""

from __future__ import annotations

from components.gcp.keys import multi_region
from components.gcp.storage_class import StorageClass, StorageClassArgs
from components.kubernetes.external_secrets import GoogleSecretManager
from components.naming import gke_cluster_name
from stacks import gcp_inside
from stacks import inside as shared
from stacks.apps.build import build_apps, generated, kept
from stacks.apps.facts import AppFacts, model_names
from stacks.apps.site import FarBucket, Site
from stacks.apps.vault import ROLE
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_edge import build_ingress, build_registry, way_in
from stacks.gcp_ground import Ground
from stacks.gcp_recovery import build_recovery
from stacks.gcp_secrets import build_secrets
from stacks.gcp_side import GcpSide
from stacks.gcp_stores import Stores
from stacks.gcp_workloads import build_identities

SECRET_STORE = "cloud"


def build_gcp_apps(on: Ground, parts: ClusterParts, stores: Stores) -> AppFacts:
    """Register the load balancer, secrets, rights, and everything in the cluster."""
    secrets = build_secrets(on, generated(on.config, on.plan), kept(on.plan))
    ingress = build_ingress(on, parts)
    mirror = build_registry(on, parts)
    inside = gcp_inside.inside(on, parts)
    plan, config = on.plan, on.config
    classes = StorageClass(
        "storage-class",
        StorageClassArgs(
            volume_key=on.keys.ids["nodes"],
            driver=[*parts.gke.ready, *parts.pools.pools.values(), *on.keys.ready],
            labels=on.labels,
        ),
        inside,
    )
    far = build_recovery(on)
    identities = build_identities(on, stores, secrets, far, pool=parts.gke.workload_pool)
    site = Site(
        config=config,
        plan=plan,
        cloud=GcpSide(
            project=config.project,
            place=_place(on),
            vault_key=on.keys.ids.get("vault", ""),
            secrets=GoogleSecretManager(project=config.project),
        ),
        cluster=shared.cluster(
            config,
            plan,
            gcp_inside.CLOUD,
            namespaces={one.role: one.name for one in plan.namespaces},
            storage_class=classes.name,
            secret_store=SECRET_STORE,
            identities=identities,
            # pods and stores have ranges of it
            addresses=(plan.network.vpc_cidr,),
        ),
        cluster_name=gke_cluster_name(config.platform),
        region=config.region,
        secrets=secrets.names,
        kept=secrets.kept_ids,
        postgres=gcp_inside.server(stores),
        documents=None,
        stores=gcp_inside.redis(on, stores),
        search=gcp_inside.search(plan),
        buckets=stores.objects.names,
        recovery=FarBucket(bucket=far.bucket, region=far.region) if far else None,
        files=gcp_inside.folders(on, stores),
        way_in=way_in(ingress),
        opts=inside,
    )
    build_apps(site, [*parts.pools.pools.values(), *classes.ready, *mirror])
    return AppFacts(
        secrets=secrets.names,
        urls=ingress.urls if ingress else {},
        models=model_names(config, plan),
        storage_class=classes.name,
        search=site.search.host,
    )


def _place(on: Ground) -> str:
    """Return where the key stands that opens Vault."""
    keys = {one.name: one for one in on.plan.keys}
    wide = ROLE in keys and keys[ROLE].multi_region
    return multi_region(on.config.region) if wide else on.config.region
