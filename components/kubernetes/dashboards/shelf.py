"""Which dashboards a plan has: one for each part that is there."""

from __future__ import annotations

from components.kubernetes.dashboards.apps import archestra, osmen
from components.kubernetes.dashboards.capacity import capacity
from components.kubernetes.dashboards.costs import costs
from components.kubernetes.dashboards.facts import facts
from components.kubernetes.dashboards.gateway import gateway
from components.kubernetes.dashboards.model import Dashboard
from components.kubernetes.dashboards.overview import UID as HOME
from components.kubernetes.dashboards.overview import overview
from components.kubernetes.dashboards.serving import serving
from components.kubernetes.dashboards.stores import stores
from components.kubernetes.dashboards.system import system
from components.kubernetes.dashboards.telemetry import telemetry
from sizing.plans import PlatformPlan

__all__ = ["HOME", "dashboards"]

OSMEN = ("n8n", "n8n-worker", "osmen-gateway")


def dashboards(plan: PlatformPlan) -> tuple[Dashboard, ...]:
    """Return the dashboards of a plan, by their uids."""
    found = facts(plan)
    made = [
        capacity(found),
        costs(found),
        gateway(found),
        overview(found),
        stores(found),
        system(found),
        telemetry(found),
    ]
    if found.engines:
        made.append(serving(found))
    if found.has("archestra"):
        made.append(archestra())
    if found.has(*OSMEN):
        made.append(osmen(found))
    return tuple(sorted(made, key=lambda one: one.uid))
