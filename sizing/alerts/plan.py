"""All alerts of a stack, from its own plan."""

from __future__ import annotations

import re

from sizing.alerts.certificates import certificates
from sizing.alerts.gateway import gateway
from sizing.alerts.model import AlertPlan, Facts
from sizing.alerts.objectives import objectives
from sizing.alerts.platform import SERVER, monitoring, secrets
from sizing.alerts.serving import serving
from sizing.alerts.stores import stores
from sizing.alerts.workloads import workloads
from sizing.plans import PlatformPlan
from sizing.triggers import STORES, TABLE

_MATCHERS = re.compile(r"\{[^}]*\}")


def alert_plans(plan: PlatformPlan, facts: Facts | None = None) -> tuple[AlertPlan, ...]:
    """Return the alerts of a plan, by family in a stable order.

    A guest has no Prometheus and no alerts of its own: its host watches the cluster and its stores.

    Args:
        facts: what the stack says besides; None for nothing.
    """
    if not any(one.name == SERVER for one in plan.services):
        return ()
    known = facts or Facts()
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
    return tuple(
        one
        for one in (*gateway(plan), *serving(plan), *stores(plan), *workloads(plan))
        if any(query in _bare(one.query) for query in asked)
    )


def _bare(query: str) -> str:
    """Return a query of all series of its metrics, whichever are left out."""
    return _MATCHERS.sub("", query)
