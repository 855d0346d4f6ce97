"""All alerts of a stack, from its own plan."""

from __future__ import annotations

from sizing.alerts.gateway import gateway
from sizing.alerts.model import AlertPlan, Facts
from sizing.alerts.objectives import objectives
from sizing.alerts.platform import monitoring, secrets
from sizing.alerts.serving import serving
from sizing.alerts.stores import stores
from sizing.alerts.workloads import workloads
from sizing.plans import PlatformPlan


def alert_plans(plan: PlatformPlan, facts: Facts | None = None) -> tuple[AlertPlan, ...]:
    """Return the alerts of a plan, by family in a stable order.

    Args:
        facts: what the stack says besides; None for nothing.
    """
    known = facts or Facts()
    return (
        *objectives(plan, known),
        *gateway(plan),
        *serving(plan),
        *stores(plan),
        *workloads(plan),
        *secrets(plan),
        *monitoring(plan, known),
    )
