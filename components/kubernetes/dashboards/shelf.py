"""Which dashboards a plan has: one for each part that is there."""

from __future__ import annotations

from dataclasses import replace

from components.kubernetes.dashboards.apps import archestra, osmen
from components.kubernetes.dashboards.capacity import capacity
from components.kubernetes.dashboards.costs import costs
from components.kubernetes.dashboards.facts import facts
from components.kubernetes.dashboards.gateway import gateway
from components.kubernetes.dashboards.model import Dashboard, Panel
from components.kubernetes.dashboards.overview import UID as HOME
from components.kubernetes.dashboards.overview import overview
from components.kubernetes.dashboards.serving import serving
from components.kubernetes.dashboards.stores import stores
from components.kubernetes.dashboards.system import system
from components.kubernetes.dashboards.telemetry import telemetry
from sizing.alerts.scope import Scope, scope, scoped
from sizing.plan import plan as planned
from sizing.planning.lodging import lodgers
from sizing.plans import PlatformPlan
from sizing.plans.request import Neighbour

__all__ = ["HOME", "dashboards"]

OSMEN = ("n8n", "n8n-worker", "osmen-gateway")


def dashboards(plan: PlatformPlan) -> tuple[Dashboard, ...]:
    """Return the dashboards of a plan, by their uids, each of the stack's own series.

    Of each guest of its cluster there is the gateways' page as well, by the guest's own plan.
    """
    made = [*_own(plan), *(_of_guest(plan, one) for one in lodgers(plan.request))]
    return tuple(sorted(made, key=lambda one: one.uid))


def _own(plan: PlatformPlan) -> list[Dashboard]:
    found, to = facts(plan), scope(plan.request)
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
    return [bound(one, to) for one in made]


def _of_guest(host: PlatformPlan, guest: Neighbour) -> Dashboard:
    whole = replace(guest.request, host=Neighbour(stack="", request=host.request))
    page = gateway(facts(planned(whole)))
    named = replace(
        page,
        uid=f"{page.uid}-{guest.request.environment}",
        title=f"{page.title} of {guest.stack}",
    )
    return bound(named, scope(whole))


def bound(page: Dashboard, to: Scope) -> Dashboard:
    """Return a dashboard whose queries look at a scope alone."""
    rows = tuple(
        replace(row, panels=tuple(_bound(panel, to) for panel in row.panels)) for row in page.rows
    )
    return replace(page, rows=rows)


def _bound(panel: Panel, to: Scope) -> Panel:
    queries = tuple(replace(one, expr=scoped(one.expr, to)) for one in panel.queries)
    return replace(panel, queries=queries)
