"""How a service differs from the tables, and why."""

from __future__ import annotations

from sizing.planning.environment import Setting
from sizing.planning.gateways import PROXY
from sizing.planning.notes import note, share_note
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment, ServicePlan
from sizing.units import format_cpu, format_memory
from sizing.words import Direction


def service_notes(setting: Setting, wanted: Wanted, plan: ServicePlan) -> tuple[Adjustment, ...]:
    """Return the notes of one service: its size, its replicas, then the rest."""
    sizes = _proxy_size(setting, plan) if plan.name == PROXY else ()
    return (*sizes, *_replicas(setting, wanted, plan), *wanted.notes)


def _replicas(setting: Setting, wanted: Wanted, plan: ServicePlan) -> tuple[Adjustment, ...]:
    field, floor = f"services.{plan.name}.scale.planned", wanted.floor(setting)
    documented = wanted.minimum if wanted.documented is None else wanted.documented
    if plan.model:  # engines are told by their pool
        return ()
    lowered = share_note(setting, field, documented, floor)
    if plan.scale.planned <= floor:
        return lowered
    raised = note(
        field,
        floor,
        plan.scale.planned,
        direction=Direction.RAISED,
        rule="peak-with-zone-lost",
        reason=f"{plan.needed} carry the peak, and as many must stand with a zone lost",
    )
    return (*lowered, raised)


def _proxy_size(setting: Setting, plan: ServicePlan) -> tuple[Adjustment, ...]:
    row, notes = setting.tables.litellm, []
    if plan.cpu_request_millis > row.cpu_request_millis:
        notes.append(
            note(
                f"services.{plan.name}.cpu_request_millis",
                format_cpu(row.cpu_request_millis),
                format_cpu(plan.cpu_request_millis),
                direction=Direction.RAISED,
                rule="litellm-worker",
                reason="a worker takes one vCPU",
            )
        )
    if plan.memory_request_bytes > row.memory_request_bytes:
        notes.append(
            note(
                f"services.{plan.name}.memory_request_bytes",
                format_memory(row.memory_request_bytes),
                format_memory(plan.memory_request_bytes),
                direction=Direction.RAISED,
                rule="litellm-worker",
                reason=f"4 GiB a worker, {plan.workers} a pod: the vendor's floor",
            )
        )
    return tuple(notes)
