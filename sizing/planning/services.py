"""The workloads in the cluster: replicas, requests, limits and the pool each runs on."""

from __future__ import annotations

from sizing.planning import sizes
from sizing.planning.engines import GpuPool, engines
from sizing.planning.environment import Setting
from sizing.planning.gateways import PROXY, gateways
from sizing.planning.readings import readings
from sizing.planning.service_notes import service_notes
from sizing.planning.stateful import data, observability
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment, ServicePlan
from sizing.tiers import VLLM_STACK


def services(
    setting: Setting, gpus: tuple[GpuPool, ...]
) -> tuple[tuple[ServicePlan, ...], tuple[Adjustment, ...]]:
    """Return every in-cluster workload, by name, and how they differ from document 001."""
    path = gateways(setting)
    proxies = next(one for one in path if one.name == PROXY).ceiling(setting)
    wanted = sorted(
        (
            *path,
            *engines(gpus),
            _router(),
            *data(setting),
            *observability(setting, proxies),
            _controllers(setting),
        ),
        key=lambda one: one.name,
    )
    plans = tuple(one.plan(setting) for one in wanted)
    notes = [*readings(setting)]
    for one, plan in zip(wanted, plans, strict=True):
        notes += service_notes(setting, one, plan)
    return plans, tuple(notes)


def _router() -> Wanted:
    return Wanted(
        name="vllm-router",
        pool_role="general",
        minimum=VLLM_STACK.router_replicas,
        size=sizes.ROUTER,
        reason="block of chapter 2.3; its requests are assumed",
    )


def _controllers(setting: Setting) -> Wanted:
    return Wanted(
        name="controllers",
        pool_role="system",
        minimum=sizes.CONTROLLER_REPLICAS,
        size=sizes.CONTROLLERS[setting.request.tier],
        reason="all controllers of the cluster together, assumed",
    )
