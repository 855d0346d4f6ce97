"""The agent router of document 004: requests in flight, and what its controller keeps in step."""

from __future__ import annotations

from sizing.capacity import agent_router
from sizing.checks.constraints import constrained
from sizing.checks.load import named
from sizing.checks.verdicts import Subject
from sizing.planning.items import per_zone
from sizing.planning.parts import ROUTER, ROUTER_CONTROLLER
from sizing.plans import Finding


def check_routers(subject: Subject) -> list[Finding]:
    """Return the findings of the agent router; none where the stack has none."""
    if not subject.plan.request.switches.agent_router:
        return []
    load, router = subject.setting.load, named(subject, ROUTER)
    zones = subject.setting.survived_zones
    lost = per_zone(router, zones) if zones > 1 else 0
    return [
        constrained(
            subject,
            f"services.{ROUTER}",
            agent_router.in_flight(load, router.scale.planned, lost=lost),
            fix=f"plan in proven mode, which raises replicas to {router.needed}",
        ),
        constrained(
            subject,
            f"services.{ROUTER_CONTROLLER}",
            # a rule sends a name that callers know to whoever serves it
            agent_router.controller(load, rules=load.model_names),
        ),
    ]
