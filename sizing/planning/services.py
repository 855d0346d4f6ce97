"""The workloads in the cluster: replicas, requests, limits and the pool each runs on."""

from __future__ import annotations

from sizing.planning.archestra import archestra
from sizing.planning.controllers import controllers
from sizing.planning.engines import GpuPool, engines
from sizing.planning.environment import Setting
from sizing.planning.gateways import PROXY, gateways
from sizing.planning.observability import observability
from sizing.planning.osmen import osmen, osmen_notes
from sizing.planning.parts import part_notes, parts
from sizing.planning.readings import readings
from sizing.planning.service_notes import service_notes
from sizing.planning.stateful import data
from sizing.planning.tracing import tracing_notes
from sizing.planning.vault import vault
from sizing.plans import Adjustment, ServicePlan


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
            *parts(setting),
            *archestra(setting),
            *osmen(setting, gpus),
            *data(setting),
            *vault(setting),
            *observability(setting, proxies),
            *controllers(setting),
        ),
        key=lambda one: one.name,
    )
    plans = tuple(one.plan(setting) for one in wanted)
    notes = [
        *readings(setting),
        *part_notes(setting),
        *osmen_notes(setting, gpus),
        *tracing_notes(setting),
    ]
    for one, plan in zip(wanted, plans, strict=True):
        notes += service_notes(setting, one, plan)
    return plans, tuple(notes)
