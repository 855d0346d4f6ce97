"""Every constraint of a plan with demand, capacity, verdict and fix."""

from __future__ import annotations

from sizing.checks.cluster import check_cluster
from sizing.checks.load import check_load
from sizing.checks.network import check_network
from sizing.checks.nodes import check_nodes
from sizing.checks.postgres import check_postgres
from sizing.checks.refused import check_refused
from sizing.checks.stores import check_stores
from sizing.checks.verdicts import Subject
from sizing.planning.environment import setting
from sizing.plans import Finding, PlatformPlan

PARTS = (
    check_cluster,
    check_network,
    check_nodes,
    check_load,
    check_postgres,
    check_stores,
    check_refused,
)


def check(plan: PlatformPlan) -> tuple[Finding, ...]:
    """Return one finding per constraint, those that hold included; a plan is never changed."""
    subject = Subject(plan=plan, setting=setting(plan.request))
    return tuple(found for part in PARTS for found in part(subject))
