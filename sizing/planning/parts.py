"""Parts that a stack may have or not: routers before engines and providers, and an application."""

from __future__ import annotations

from sizing.capacity import agent_router
from sizing.planning import sizes
from sizing.planning.connections import GRAFANA
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.wanted import Wanted, cell_size, row_size
from sizing.plans import Adjustment, Scale
from sizing.queueing.staffing import with_zone_lost
from sizing.tiers import HPA, VLLM_STACK, cells
from sizing.words import Direction

ENGINE_ROUTER = "vllm-router"
ROUTER = "agent-router"
ROUTER_CONTROLLER = "agent-router-controller"
APPLICATION = "application"


def parts(setting: Setting) -> tuple[Wanted, ...]:
    """Return the parts that the stack has switched on."""
    return (*_engine_router(setting), *_agent_router(setting), *_application(setting))


def part_notes(setting: Setting) -> tuple[Adjustment, ...]:
    """Return what the documents ask for and the stack does without."""
    return (*_router_notes(setting), *_grafana_notes(setting))


def _grafana_notes(setting: Setting) -> tuple[Adjustment, ...]:
    if setting.request.switches.grafana:
        return ()
    return (
        note(
            f"services.{GRAFANA}",
            cells.replicas(setting.tables.grafana),
            "none",
            direction=Direction.LOWERED,
            rule="grafana-off",
            reason="services: dashboards are switched off in the stack's file",
        ),
    )


def _router_notes(setting: Setting) -> tuple[Adjustment, ...]:
    if not setting.load.self_hosted_share or _routed(setting):
        return ()
    return (
        note(
            f"services.{ENGINE_ROUTER}",
            f"{VLLM_STACK.router_replicas} routers",
            "none",
            direction=Direction.REPLACED,
            rule="router-replaced",
            reason="the proxy balances over a Service for each model: a router adds a hop that "
            "fails by itself, and answers 404 while engines are away",
        ),
    )


def _routed(setting: Setting) -> bool:
    asked = setting.request.switches.vllm_router and setting.load.self_hosted_share > 0
    return not setting.proven or asked


def _engine_router(setting: Setting) -> tuple[Wanted, ...]:
    if not _routed(setting):
        return ()
    return (
        Wanted(
            name=ENGINE_ROUTER,
            pool_role="general",
            minimum=VLLM_STACK.router_replicas,
            size=sizes.ROUTER,
            reason="block of chapter 2.3; its requests are assumed",
        ),
    )


def _agent_router(setting: Setting) -> tuple[Wanted, ...]:
    if not setting.request.switches.agent_router:
        return ()
    needed = agent_router.replicas_needed(setting.load, lost=0)
    spare = 0 if setting.is_dev else 1
    proxy = Wanted(
        name=ROUTER,
        pool_role="general",
        minimum=sizes.AGENT_ROUTER_REPLICAS,
        needed=needed,
        peak=max(needed + spare, with_zone_lost(needed, setting.survived_zones)),
        maximum=HPA.maximum_over_minimum * sizes.AGENT_ROUTER_REPLICAS,
        tabled=False,
        size=row_size(setting.tables.agent_gateway),
        reason="document 004: requests in flight at peak over the slots of a replica; requests "
        "are table 2.2's, whose gateway is a proxy of the same kind",
    )
    controller = Wanted(
        name=ROUTER_CONTROLLER,
        pool_role="general",
        minimum=sizes.AGENT_ROUTER_REPLICAS,
        tabled=False,
        size=sizes.AGENT_ROUTER_CONTROLLER,
        reason="document 004: one leads, one waits; its requests are assumed",
    )
    return (proxy, controller)


def _application(setting: Setting) -> tuple[Wanted, ...]:
    asked = setting.request.switches.application
    if asked is None:
        return ()
    return (
        Wanted(
            name=APPLICATION,
            pool_role="general",
            minimum=asked.replicas,
            by_hand=Scale(
                minimum=asked.replicas,
                planned=asked.replicas,
                maximum=max(asked.replicas, asked.maximum),
            ),
            tabled=False,
            size=cell_size(asked.cpu_millis, asked.memory_bytes),
            reason="document 000; replicas and requests as the stack file sets them",
        ),
    )
