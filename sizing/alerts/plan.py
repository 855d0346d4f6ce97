"""All alerts of a stack, from its own plan."""

from __future__ import annotations

import re

from sizing.alerts.certificates import certificates
from sizing.alerts.gateway import gateway
from sizing.alerts.lodged import guests_alerts, guests_recordings
from sizing.alerts.model import AlertPlan, Facts, Recording
from sizing.alerts.objectives import objectives
from sizing.alerts.objectives import recordings as written
from sizing.alerts.platform import SERVER, monitoring, secrets
from sizing.alerts.scope import scope, scoped_alerts, scoped_recordings
from sizing.alerts.serving import serving
from sizing.alerts.stores import stores
from sizing.alerts.workloads import workloads
from sizing.plans import PlatformPlan
from sizing.triggers import STORES, TABLE

_MATCHERS = re.compile(r"\{[^}]*\}")


def alert_plans(plan: PlatformPlan, facts: Facts | None = None) -> tuple[AlertPlan, ...]:
    """Return the alerts of a plan, by family in a stable order.

    A guest of a cluster has no Prometheus: its host's evaluates the rules of both, each of its own
    plan and of its own namespaces.

    Args:
        facts: what the stack says besides; None for nothing.
    """
    known = facts or Facts()
    if plan.request.in_hosts_cluster:
        return guests_alerts(plan, known)
    if not any(one.name == SERVER for one in plan.services):
        return ()
    return scoped_alerts(_all(plan, known), scope(plan.request))


def recordings(plan: PlatformPlan) -> tuple[Recording, ...]:
    """Return the series that alerts of a plan look at, over each window.

    Raises:
        ValueError: the objective of first tokens is below every bucket.
    """
    made = scoped_recordings(written(plan), scope(plan.request))
    return guests_recordings(plan, made) if plan.request.in_hosts_cluster else made


def _all(plan: PlatformPlan, known: Facts) -> tuple[AlertPlan, ...]:
    return (
        *objectives(plan, known),
        *gateway(plan),
        *serving(plan),
        *stores(plan),
        *workloads(plan),
        *secrets(plan),
        *certificates(plan),
        *monitoring(plan, known),
    )


def of_triggers(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of a plan that ask what a trigger of table 5.2 or of the stores asks."""
    asked = tuple(_bare(one.query) for one in (*TABLE, *STORES) if one.query)
    made = (*gateway(plan), *serving(plan), *stores(plan), *workloads(plan))
    found = (one for one in made if any(query in _bare(one.query) for query in asked))
    return scoped_alerts(found, scope(plan.request))


def _bare(query: str) -> str:
    """Return a query of all series of its metrics, whichever are left out."""
    return _MATCHERS.sub("", query)
