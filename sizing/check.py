"""Every constraint of a plan with demand, capacity, verdict and fix."""

from __future__ import annotations

from sizing.checks.caches import check_caches
from sizing.checks.cluster import check_cluster
from sizing.checks.data import check_data
from sizing.checks.gcp import cluster as gcp_cluster
from sizing.checks.gcp import network as gcp_network
from sizing.checks.gcp import nodes as gcp_nodes
from sizing.checks.gcp import postgres as gcp_postgres
from sizing.checks.gcp import refused as gcp_refused
from sizing.checks.gcp import stores as gcp_stores
from sizing.checks.gcp.sources import own_source
from sizing.checks.load import check_load
from sizing.checks.network import check_network
from sizing.checks.nodes import check_nodes
from sizing.checks.observability import check_observability
from sizing.checks.postgres import check_postgres
from sizing.checks.providers import check_providers
from sizing.checks.quotas import check_quotas
from sizing.checks.refused import check_refused
from sizing.checks.serving import check_serving
from sizing.checks.stores import check_stores
from sizing.checks.traffic import check_traffic
from sizing.checks.triggers import check_triggers
from sizing.checks.verdicts import Subject
from sizing.planning.environment import setting
from sizing.plans import Finding, PlatformPlan
from sizing.words import Cloud

# What is asked of the load is asked on every cloud.
SHARED = (
    check_load,
    check_serving,
    check_quotas,
    check_traffic,
    check_caches,
    check_data,
    check_observability,
    check_providers,
    check_triggers,
)
PARTS = {
    Cloud.AWS: (
        check_cluster,
        check_network,
        check_nodes,
        *SHARED,
        check_postgres,
        check_stores,
        check_refused,
    ),
    Cloud.GCP: (
        gcp_cluster.check_cluster,
        gcp_network.check_network,
        gcp_nodes.check_pools,
        *SHARED,
        gcp_postgres.check_postgres,
        gcp_stores.check_stores,
        gcp_refused.check_refused,
    ),
}


def check(plan: PlatformPlan) -> tuple[Finding, ...]:
    """Return one finding per constraint, those that hold included; a plan is never changed."""
    subject = Subject(plan=plan, setting=setting(plan.request))
    found = tuple(one for part in PARTS[plan.request.cloud] for one in part(subject))
    return tuple(map(own_source, found)) if plan.request.cloud is Cloud.GCP else found
